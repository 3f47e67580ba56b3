// A flight under way: steps, knots, events.
#pragma once

#include "models/flight/arc.hpp"
#include "models/flight/forces.hpp"
#include "models/limits.hpp"
#include "models/math/dormand_prince.hpp"

namespace longwatch {

template <class Real>
struct FlightSummary {
    Real t_burnout_s;                ///< thrust termination
    Real t_stage_end_s[max_stages];  ///< of each stage; never_s where it does not burn
    Real t_apogee_s, apogee_m;       ///< farthest from the Earth's centre; its geodetic altitude
    Real t_ascend_100km_s, t_descend_100km_s;  ///< never_s if it does not go so high
    Real t_impact_s;
    Vec3<Real, Ecef> impact_m;
    Real burnout_speed_mps;  ///< inertial
    Mask<Real> landed;       ///< false: aloft beyond the longest time, or out of attempts
    Mask<Real> finite;       ///< false: a number of the flight is not finite
};

inline constexpr double entry_altitude_m = 100000.0;

/// Error allowed per step: with these every event lies within 1 ms and every impact within 10 m of a
/// converged flight (tests/physics/test_flight_convergence.cpp; how they were chosen: docs/physics/flight.md).
/// What a powered phase gets wrong grows until impact, so it is kept tighter than the free arc.
struct FlightTolerance {
    StepTolerance boost, ballistic;
};
LW_FUNC FlightTolerance flight_tolerance() { return {{2.5e-5, 2.5e-7}, {1.5e-2, 1.5e-4}}; }
inline constexpr int flight_attempts_max = 3000;  ///< steps tried, the rejected ones included

/// A step in which something happens to a flight, at an instant still to be found.
template <class Real>
struct EventfulStep {
    Knot<Real> from, to;
    Real altitude_before_m, altitude_after_m;
    Real climb_before, climb_after;          ///< r . v
    Mask<Real> apogee, rises, falls, lands;  ///< rises, falls: through 100 km

    LW_FUNC Mask<Real> happens() const { return apogee || rises || falls || lands; }
};

template <class Real>
LW_FUNC EventfulStep<Real> select(Mask<Real> const& mask, EventfulStep<Real> const& a,
                                  EventfulStep<Real> const& b)
{
    auto const either = [&](Mask<Real> const& x, Mask<Real> const& y) {
        return (mask && x) || (!mask && y);
    };
    return {select(mask, a.from, b.from),
            select(mask, a.to, b.to),
            select(mask, a.altitude_before_m, b.altitude_before_m),
            select(mask, a.altitude_after_m, b.altitude_after_m),
            select(mask, a.climb_before, b.climb_before),
            select(mask, a.climb_after, b.climb_after),
            either(a.apogee, b.apogee),
            either(a.rises, b.rises),
            either(a.falls, b.falls),
            either(a.lands, b.lands)};
}

/// A flight under way: one lane a flight, each with its own step.
template <class Real, class Knots, class Method = DormandPrince5>
class FlightRun {
public:
    LW_FUNC FlightRun(Knots& knots, Vec3<Real, Eci> const& r, Vec3<Real, Eci> const& v,
                      Real const& t_s = Real(0))
        : knots_(knots)
    {
        Vec3<Real, Eci> const zero{Real(0), Real(0), Real(0)};
        now_ = {t_s, r, v, zero};
        altitude_m_ = geodetic_altitude_m(r);
        out_.t_apogee_s = out_.t_ascend_100km_s = out_.t_descend_100km_s = Real(never_s);
        out_.t_burnout_s = Real(0);
        for (Real& t : out_.t_stage_end_s) { t = Real(never_s); }
        out_.t_impact_s = Real(never_s);
        out_.apogee_m = out_.burnout_speed_mps = Real(0);
        out_.impact_m = {Real(0), Real(0), Real(0)};
        auto const no = Real(0) > Real(1);
        noted_ = {now_, now_, altitude_m_, altitude_m_, Real(0), Real(0), no, no, no, no};
        out_.landed = no;
        out_.finite = Real(0) < Real(1);
    }

    /// Integrates under a force that is smooth until t_end. A phase of no length leaves no knot.
    template <class Force>
    LW_DEVICE_APART void advance(Force const& force, StepTolerance const& tolerance,
                                 Real const& t_end)
    {
        auto const begins = aloft() && t_end > now_.t_s;
        if (!any(begins)) { return; }
        now_.a_mps2 = select(begins, force(now_.t_s, now_.r_m, now_.v_mps), now_.a_mps2);
        knots_.add(begins, now_);
        for (;;) {
            Real const left = t_end - now_.t_s;
            auto const moving = aloft() && left > Real(0) && attempts_ < Real(flight_attempts_max);
            if (!any(moving)) { break; }
            // The last step ends on t_end itself; a shortfall of rounding does not make one more.
            auto const is_last = step_s_ >= left * Real(1.0 - 1e-12);
            Real const h = select(moving, select(is_last, left, step_s_), Real(0));
            auto const next =
                Method::step(force, now_.t_s, now_.r_m, now_.v_mps, now_.a_mps2, h, tolerance);
            attempts_ = attempts_ + select(moving, Real(1), Real(0));
            out_.finite = out_.finite && (is_finite(next.error) || !moving);
            auto const accept = moving && next.error <= Real(1);
            Real const wanted = h * Method::factor(next.error);
            auto const cut_short = accept && is_last;
            step_s_ = select(moving, select(cut_short, larger(step_s_, wanted), wanted), step_s_);
            if (any(accept)) {
                Real const t = select(is_last, t_end, now_.t_s + h);
                take(accept, {t, next.r_m, next.v_mps, next.a_mps2});
            }
        }
        if (!is_alone && any(noted_.happens())) { settle(); }
    }

    LW_FUNC void mark_burnout()
    {
        out_.t_burnout_s = now_.t_s;
        out_.burnout_speed_mps = norm(now_.v_mps);
    }

    /// Thrust of stage i ended, where it burnt at all.
    LW_FUNC void mark_stage_end(int i, Mask<Real> const& burnt)
    {
        out_.t_stage_end_s[i] = select(burnt, now_.t_s, Real(never_s));
    }

    LW_FUNC Real const& t_s() const { return now_.t_s; }
    LW_FUNC FlightSummary<Real> const& summary() const { return out_; }

private:
    static constexpr bool is_alone = Lane<Real>::width == 1;

    LW_FUNC Mask<Real> aloft() const { return !out_.landed && out_.finite; }

    /// Makes an accepted step the present. Where it lands, its end is found later.
    LW_FUNC void take(Mask<Real> const& accept, Knot<Real> const& knot)
    {
        Real const entry = Real(entry_altitude_m);
        EventfulStep<Real> step;
        step.from = now_;
        step.to = knot;
        step.altitude_before_m = altitude_m_;
        step.altitude_after_m = altitude_by_series_m(knot.r_m);
        step.climb_before = dot(now_.r_m, now_.v_mps);
        step.climb_after = dot(knot.r_m, knot.v_mps);
        Real const &before = step.altitude_before_m, &after = step.altitude_after_m;
        step.apogee = accept && step.climb_before > Real(0) && step.climb_after <= Real(0);
        step.rises = accept && before < entry && after >= entry;
        step.falls = accept && before >= entry && after < entry;
        step.lands = accept && after < Real(0) && step.climb_after < Real(0);
        altitude_m_ = select(accept, step.altitude_after_m, altitude_m_);
        now_ = select(accept, knot, now_);
        knots_.add(accept && !step.lands, now_);
        if (any(step.happens())) { note(step); }
    }

    /// Flights of a pack come to the same event in steps of their own: a step is kept until one of them
    /// has another, so that their instants are found together.
    LW_FUNC void note(EventfulStep<Real> const& step)
    {
        out_.landed = out_.landed || step.lands;
        auto const happens = step.happens();
        if (any(happens && noted_.happens())) { settle(); }
        noted_ = select(happens, step, noted_);
        if (is_alone) { settle(); }
    }

    /// Finds the instants of what is noted; where a flight lands, its last knot is the impact.
    LW_FUNC void settle()
    {
        auto const& is = noted_;
        auto const interval = arc_interval(is.from, is.to);
        Real const &before = is.altitude_before_m, &after = is.altitude_after_m;
        Real peak_s = Real(1), peak = Real(0);
        if (any(is.apogee)) {
            auto const climb = [&](Real const& s) {
                auto const k = knot_at(interval, s);
                return dot(k.r_m, k.v_mps);
            };
            peak_s = crossing(climb, is.apogee, is.climb_before, is.climb_after);
            peak = geodetic_altitude_m(position_m(interval, peak_s));
            auto const higher = is.apogee && peak > out_.apogee_m;
            Real const t = interval.t0_s + peak_s * interval.step_s;
            out_.t_apogee_s = select(higher, t, out_.t_apogee_s);
            out_.apogee_m = select(higher, peak, out_.apogee_m);
        }
        // The part of the interval in which 100 km is passed upward, and downward: where one step holds
        // apogee and both, they lie on either side of it.
        Real const entry = Real(entry_altitude_m);
        auto const peaks = is.apogee && before < entry && after < entry && peak >= entry;
        auto const passed = [&](Mask<Real> const& passes, Real const& from, Real const& to,
                                Real const& g0, Real const& g1, Real& t_s) {
            if (!any(passes)) { return; }
            auto const g = [&](Real const& s) {
                return altitude_by_series_m(position_m(interval, from + s * (to - from))) - entry;
            };
            Real const s = from + crossing(g, passes, g0, g1) * (to - from);
            t_s = select(passes, interval.t0_s + s * interval.step_s, t_s);
        };
        passed(is.rises || peaks, Real(0), select(peaks, peak_s, Real(1)), before - entry,
               select(peaks, peak, after) - entry, out_.t_ascend_100km_s);
        passed(is.falls || peaks, select(peaks, peak_s, Real(0)), Real(1),
               select(peaks, peak, before) - entry, after - entry, out_.t_descend_100km_s);
        if (any(is.lands)) {
            // A flight that has not left the ground yet starts at or a rounding below zero.
            Real const start = larger(before, Real(1e-6));
            auto const height = [&](Real const& x) {
                return altitude_by_series_m(position_m(interval, x));
            };
            Real const s = crossing(height, is.lands, start, after);
            now_ = select(is.lands, knot_at(interval, s), now_);
            knots_.add(is.lands, now_);
            out_.t_impact_s = select(is.lands, now_.t_s, out_.t_impact_s);
            out_.impact_m = select(is.lands, ecef_from_eci(now_.t_s, now_.r_m), out_.impact_m);
        }
        noted_.apogee = noted_.rises = noted_.falls = noted_.lands = Real(0) > Real(1);
    }

    Knots& knots_;
    Knot<Real> now_;
    Real altitude_m_;
    EventfulStep<Real> noted_;
    Real step_s_ = Real(0.5);
    Real attempts_ = Real(0);
    FlightSummary<Real> out_;
};

}  // namespace longwatch
