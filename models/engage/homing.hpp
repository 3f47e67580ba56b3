// The end of an interception: a kill vehicle's flight from its seeker's acquisition of the target to the closest
// approach, by proportional navigation.
//
// All is relative to the target, r = target - interceptor, in Eci axes (any that do not turn would do). Both fall
// freely: gravity acts on both alike and drops out; its change from one to the other is left out, about
// 2 g / (Earth's radius) x distance, 0.9 m/s^2 at 300 km, and less as they close.
//
// Source of the guidance and of the closed forms that tests/physics/test_homing.cpp meets: Zarchan, "Tactical and
// Strategic Missile Guidance".
#pragma once

#include "models/engage/interceptor.hpp"
#include "models/engage/line_of_sight.hpp"

namespace longwatch {

/// At acquisition.
template <class Real>
struct HomingStart {
    RelativeVec<Real> r_m, v_mps;   ///< target - interceptor
    RelativeVec<Real> target_mps2;  ///< constant, beside gravity
};

/// At the closest approach.
template <class Real>
struct HomingEnd {
    Real miss_m;
    Real divert_mps;              ///< all that the interceptor changed its velocity by
    RelativeVec<Real> closest_m;  ///< target - interceptor; its length is the miss
};

template <class Real>
struct HomingState {
    RelativeVec<Real> r_m, v_mps;
    RelativeVec<Real> a_mps2;  ///< achieved by the interceptor
    RelativeVec<Real> seen;    ///< direction of the target, as filtered by the seeker
    Real divert_mps;
};

/// How finely the flight is stepped. Errors of the defaults: docs/physics/engagement.md.
struct HomingSteps {
    int per_fold = 16;  ///< a step is the time to go over this
    double end_of_lags_frac =
        0.1;  ///< of both lags together: with less time to go the rest is extrapolated
    double end_of_time_frac = 1e-4;  ///< of the first time to go: the same, for small or no lags
};

/// Acquisition a time T before the predicted intercept: without guidance the two pass at T exactly by the error of
/// the target's predicted position. v_f is the velocity, target - interceptor, at the intercept; the target
/// accelerates all the while:
///     r = error - v_f T + a_T T^2 / 2,   v = v_f - a_T T.
template <class Real>
LW_FUNC HomingStart<Real> homing_start(RelativeVec<Real> const& v_f_mps,
                                       RelativeVec<Real> const& error_m,
                                       RelativeVec<Real> const& target_mps2, Real const& time_s)
{
    return {error_m - time_s * v_f_mps + (Real(0.5) * time_s * time_s) * target_mps2,
            v_f_mps - time_s * target_mps2, target_mps2};
}

/// A first-order lag, y' = (input - y) / lag, over a step h with a constant input:
///     y(h) = input + (y0 - input) kept,
///     integral of y = input h + (y0 - input) once,   of that = input h^2 / 2 + (y0 - input) twice.
/// Without a lag all three are zero.
template <class Real>
struct LagStep {
    Real kept, once_s, twice_s2;
};

template <class Real>
LW_FUNC LagStep<Real> lag_step(double lag_s, Real const& h)
{
    if (!(lag_s > 0)) { return {Real(0), Real(0), Real(0)}; }
    Real const kept = exponential(Real(Real(-1 / lag_s) * h)),
               once = Real(lag_s) * (Real(1) - kept);
    return {kept, once, Real(lag_s) * (h - once)};
}

/// Line of sight and range at both ends of a step, and the change of the seen direction over it.
template <class Real>
struct StepSight {
    RelativeVec<Real> u0, u1, turned;
    Real range0_m, range1_m;
};

/// The commanded acceleration over a step, m/s^2, across the mean line of sight and limited in length:
///     c = N' Vc omega (+ N'/2 a_T where augmented).
template <class Real>
LW_FUNC RelativeVec<Real> homing_command(KillVehicleParams const& p, StepSight<Real> const& s,
                                         RelativeVec<Real> const& target_mps2, Real const& h)
{
    Real const rate = inverse(h), closing = (s.range0_m - s.range1_m) * rate,
               N = Real(p.navigation_constant);
    RelativeVec<Real> wish = (N * closing * rate) * s.turned;
    if (p.augmented) { wish = wish + (Real(0.5) * N) * target_mps2; }
    RelativeVec<Real> const c = across(wish, s.u0 + s.u1);
    double const limit = p.acceleration_max_mps2;
    double const limit2 = larger(limit * limit, homing_least * homing_least);
    return (Real(limit) * inverse_sqrt(larger(length2(c), Real(limit2)))) * c;
}

/// One step h > 0, of second order. The line of sight at its end is predicted with the acceleration at its start. Seen
/// direction x' = (u + noise - x) / seeker lag, with u linear and the noise constant over the step; its mean rate
/// makes the command, which is held; a' = (c - a) / lag. Both lags are solved exactly. Without a seeker lag the rate
/// is that of the true line of sight, without noise (white noise has no rate). Where the divert is used up within the
/// step, a share f of the change of velocity is had, and f (2 - f) of the displacement, as at constant acceleration.
template <class Real>
LW_FUNC HomingState<Real> step_homing(KillVehicleParams const& p, HomingState<Real> const& s,
                                      RelativeVec<Real> const& target_mps2,
                                      RelativeVec<Real> const& noise_rad, Real const& h)
{
    using Vec = RelativeVec<Real>;
    Real const half_h2 = Real(0.5) * h * h;
    Vec const drifted = multiply_add(h, s.v_mps, s.r_m);
    Vec const predicted = multiply_add(half_h2, target_mps2 - s.a_mps2, drifted);
    StepSight<Real> sight;
    auto const from = sized(s.r_m), to = sized(predicted);
    sight.range0_m = from.length;
    sight.range1_m = to.length;
    sight.u0 = from.inverse_length * s.r_m;
    sight.u1 = to.inverse_length * predicted;
    sight.turned = sight.u1 - sight.u0;
    Vec seen = sight.u1;
    if (p.seeker_lag_s > 0) {
        auto const filter = lag_step(p.seeker_lag_s, h);
        Real const linear = Real(1) - filter.once_s * inverse(h);
        sight.turned =
            (Real(1) - filter.kept) * (sight.u0 + noise_rad - s.seen) + linear * sight.turned;
        seen = s.seen + sight.turned;
    }
    Vec const c = homing_command(p, sight, target_mps2, h);
    auto const lag = lag_step(p.lag_s, h);
    Vec const behind = s.a_mps2 - c;
    Vec const dv = multiply_add(lag.once_s, behind, h * c);
    Vec const dr = multiply_add(lag.twice_s2, behind, half_h2 * c);
    Vec const a = multiply_add(lag.kept, behind, c);

    auto const spent = sized(dv);
    Real share = Real(1);
    if (p.divert_max_mps > 0) {
        Real const left = Real(p.divert_max_mps) - s.divert_mps;
        share = clamp(left * spent.inverse_length, Real(0), Real(1));
    }
    Vec const none{Real(0), Real(0), Real(0)};
    Vec const r = multiply_add(half_h2, target_mps2, drifted);
    Vec const v = multiply_add(h, target_mps2, s.v_mps);
    return {multiply_add(share * (share - Real(2)), dr, r), multiply_add(-share, dv, v),
            select(share < Real(1), none, a), seen,
            multiply_add(share, spent.length, s.divert_mps)};
}

/// Closest approach with both accelerations as they are; the present place where the two do not close.
template <class Real>
LW_FUNC RelativeVec<Real> closest_approach(HomingState<Real> const& s,
                                           RelativeVec<Real> const& target_mps2)
{
    Real const t = time_to_go_s(s.r_m, s.v_mps);
    RelativeVec<Real> const w = target_mps2 - s.a_mps2;
    RelativeVec<Real> const there = s.r_m + t * s.v_mps + (Real(0.5) * t * t) * w;
    return select(t > Real(0), across(there, s.v_mps + t * w), s.r_m);
}

/// What the seeker's measurement is off by: white noise down to a sample, a constant over it. A sample is a step, or
/// as many steps as make a quarter of the seeker's lag, whatever is longer: the filter then has some samples to work
/// on, and how much of a noisy command the limit cuts does not depend on the step.
template <class Real>
struct SeekerNoise {
    RelativeVec<Real> first, second;  ///< unit vectors across the line of sight at acquisition
    RelativeVec<Real> error_rad;
    Real steps_left;  ///< of the sample

    template <class Noise>
    LW_FUNC void step(KillVehicleParams const& p, Noise const& noise, int k, Real const& h)
    {
        Real const steps =
            larger(Real(0) - floor(Real(-0.25 * p.seeker_lag_s) * inverse(h)), Real(1));
        Real const sigma = Real(sqrt(p.noise_density_rad2s)) * inverse_sqrt(Real(steps * h));
        auto const sampled = steps_left < Real(0.5);
        Real const n0 = sigma * noise(k, 0), n1 = sigma * noise(k, 1);  // in this order
        error_rad = select(sampled, n0 * first + n1 * second, error_rad);
        steps_left = select(sampled, steps, steps_left) - Real(1);
    }
};

template <class Real>
LW_FUNC SeekerNoise<Real> seeker_noise(RelativeVec<Real> const& r_m)
{
    RelativeVec<Real> const x{Real(1), Real(0), Real(0)}, z{Real(0), Real(0), Real(1)};
    auto const a = select(r_m.z * r_m.z > r_m.x * r_m.x, cross(r_m, x), cross(r_m, z)),
               b = cross(r_m, a);
    return {(Real(1) / larger(norm(a), Real(homing_least))) * a,
            (Real(1) / larger(norm(b), Real(homing_least))) * b,
            {Real(0), Real(0), Real(0)},
            Real(0)};
}

/// Flies the wanted lanes to their closest approach. A step is the time to go over steps.per_fold, so time to go
/// falls by one e-fold in about as many steps; a lane that is done keeps its state, and so does one that is not
/// wanted or does not close. A lane that meets the limit of steps is extrapolated from where it is, as all are.
///
/// noise(step, axis) returns a number of mean 0 and variance 1 per lane, independent for every step 0, 1, ... and
/// axis 0 and 1; it is not called where the noise density or the seeker's lag is zero.
template <class Real, class Noise>
LW_FUNC HomingEnd<Real> home(KillVehicleParams const& p, HomingStart<Real> const& start,
                             Noise const& noise, Mask<Real> const& wanted,
                             HomingSteps const& steps = {})
{
    Real const per_range = Real(1) / larger(norm(start.r_m), Real(homing_least));
    HomingState<Real> s{
        start.r_m, start.v_mps, {Real(0), Real(0), Real(0)}, per_range * start.r_m, Real(0)};
    Real const first_s = time_to_go_s(s.r_m, s.v_mps);
    Real const end_s = larger(Real(steps.end_of_time_frac) * first_s,
                              Real(steps.end_of_lags_frac * (p.lag_s + p.seeker_lag_s)));
    bool const noisy = p.noise_density_rad2s > 0 && p.seeker_lag_s > 0;
    auto seeker = seeker_noise(s.r_m);
    int const steps_max = static_cast<int>(-1.5 * steps.per_fold * log(steps.end_of_time_frac)) + 1;

    Real time_s = first_s;
    auto flying = wanted && time_s > end_s;
    for (int k = 0; k < steps_max && any(flying); ++k) {
        Real const h = select(flying, Real(1.0 / steps.per_fold) * time_s, Real(1));
        if (noisy) { seeker.step(p, noise, k, h); }
        auto const next = step_homing(p, s, start.target_mps2, seeker.error_rad, h);
        s = {select(flying, next.r_m, s.r_m), select(flying, next.v_mps, s.v_mps),
             select(flying, next.a_mps2, s.a_mps2), select(flying, next.seen, s.seen),
             select(flying, next.divert_mps, s.divert_mps)};
        time_s = time_to_go_s(s.r_m, s.v_mps);
        flying = flying && time_s > end_s;
    }
    auto const closest = closest_approach(s, start.target_mps2);
    return {norm(closest), s.divert_mps, closest};
}

}  // namespace longwatch
