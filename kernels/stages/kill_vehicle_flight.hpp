// A simulated shot: where the battery tells the kill vehicle to look, and what comes of it.
#pragma once

#include "kernels/columns/raid_place.hpp"
#include "kernels/draw/philox.hpp"
#include "kernels/stages/battlespace_stage.hpp"
#include "models/engage/homing.hpp"
#include "models/engage/salvo.hpp"
#include "models/math/normal.hpp"

namespace longwatch {

/// The beginning of the homing, the same for all shots of a salvo.
template <class Real>
struct Handover {
    HomingStart<Real> start;
    Mask<Real> in_view;
};

/// What the battery knows of the flight as time goes on, as share leaves it: of one arm and battery.
struct Known {
    Columns const& c;
    int slot;

    /// The information known at t, in flight time; between two instants that are kept, linear, as the looks that make it
    /// come at even intervals.
    template <class Real>
    LW_FUNC TrackInformation<Real> at(MemberColumns<Real> const& member, Real const& t_s) const
    {
        constexpr double last = known_instants - 1.0;
        Real const from = member.load(c.t_quality_s, slot);
        Real const step = member.load(c.known_step_s, slot);
        Real const place = clamp((t_s - from) / step, Real(0), Real(last));
        Real const k = smaller(floor(place), Real(last - 1)), part = place - k;
        Real const run = Real(static_cast<double>(slot) * known_instants) + k;
        Real before[information_size], after[information_size];
        member.load_run(c.known, run, before);
        member.load_run(c.known, run + Real(1), after);
        TrackInformation<Real> out;
        for (int e = 0; e < information_size; ++e) {
            out.entry[e] = before[e] + part * (after[e] - before[e]);
        }
        return out;
    }
};

/// The error of the predicted intercept: the state at burnout is mistaken by z, six standard normal numbers, scaled and
/// turned by the covariance that the information leaves; by the transition it becomes an error of position.
template <class Real>
LW_FUNC Vec3<Real, Eci> position_error(TrackInformation<Real> const& known,
                                       StateRows<Real> const& rows, Real const (&z)[state_size])
{
    auto const f = factored(known);
    Real error[3];
    for (int axis = 0; axis < 3; ++axis) {
        auto const part = reduced(f, rows.row[axis]);
        error[axis] = Real(0);
        for (int k = 0; k < state_size; ++k) {
            error[axis] = error[axis] + part.part[k] * sqrt(f.inverse_pivot[k]) * z[k];
        }
    }
    return {error[0], error[1], error[2]};
}

/// Where a salvo is aimed; and where it is the first at the flight, so that the error of its track counts.
template <class Real>
struct AimedAt {
    Mask<Real> mask, first;
};

template <class Real>
LW_APART Handover<Real> hand_over(Scenario const& scenario, int b, Salvo<Real> const& salvo,
                                  MemberColumns<Real> const& member, Known const& known,
                                  FlightDraws<Real> const& draws, BiasedDraws<Real>& biased,
                                  AimedAt<Real> const& at)
{
    BatteryParams const& battery = scenario.battery[b];
    KillVehicleParams const& p = battery.interceptor.kill_vehicle;
    Real const t = select(at.mask, salvo.t_intercept_s - salvo.ignition_s, Real(0));
    auto const state = member.state_at(t);
    auto const threat = threat_point(state);
    auto const arrival =
        flyout_arrival(scenario.surface[battery.surface], ground_range_m(battery.frame, threat.r_m),
                       threat.altitude_m);
    auto const velocity = interceptor_velocity(battery.frame, threat.r_m, arrival);
    auto const closing = eci_from_ecef(t, threat.v_mps - velocity);
    auto const unpredictable = state.a_mps2 - gravity(state.r_m);
    Real const closing_mps = larger(norm(closing), Real(1));

    // The seeker of the last one launched opens its eye no earlier than at burnout, and the last word from the battery is
    // older still. The battlespace leaves at least so long.
    Real const last_launch =
        salvo.t_launch_s + (salvo.shots - Real(1)) * Real(battery.launch_interval_s);
    Real const coast_s =
        salvo.t_intercept_s - last_launch - Real(boost_duration_s(battery.interceptor.booster));
    Real const time = larger(smaller(Real(p.acquisition_range_m) / closing_mps, coast_s),
                             Real(0.9 * least_homing_s));
    Real z[state_size];
    for (int k = 0; k < state_size; ++k) {
        z[k] = normal_quantile(draws.uniform({DrawKind::handover}, static_cast<std::uint32_t>(k)));
    }
    biased.scale(z, at.first);
    auto const rows =
        member.position_rows_at(larger(t - member.load(known.c.t_burnout_s, 0), Real(0)));
    auto const error = position_error(known.at(member, t - time - Real(p.uplink_s)), rows, z);
    auto const in_view =
        norm(across(error, closing)) <= Real(tan(p.half_view_rad)) * time * closing_mps;
    return {homing_start(closing, error, unpredictable, time), in_view};
}

/// Its noise is drawn four numbers at a time, two steps of two axes, uniform and of variance 1.
template <class Real>
LW_APART HomingResult<Real> fly_kill_vehicle(BatteryParams const& battery,
                                             Handover<Real> const& aimed,
                                             FlightDraws<Real> const& draws, Real const& number,
                                             Mask<Real> const& mask)
{
    constexpr double blocks_of_shot = 4096;
    auto const acquired = mask && aimed.in_view;
    if (!any(acquired)) { return {acquired, acquired, Real(0)}; }
    Real drawn[4];
    int block = -1;
    auto const noise = [&](int step, int axis) {
        if (step / 2 != block) {
            block = step / 2;
            draws.four_uniforms_at({DrawKind::seeker_noise, battery.name_hash},
                                   number * Real(blocks_of_shot) + Real(static_cast<double>(block)),
                                   drawn);
        }
        constexpr double root_12 = 3.4641016151377544;
        return Real(root_12) * (drawn[2 * (step % 2) + axis] - Real(0.5));
    };
    KillVehicleParams const& p = battery.interceptor.kill_vehicle;
    auto const end = home(p, aimed.start, noise, acquired);
    return {acquired, acquired && end.miss_m <= Real(p.kill_radius_m), end.miss_m};
}

}  // namespace longwatch
