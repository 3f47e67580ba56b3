// battlespace: per battery, the latest launch that meets the flight at each slot of time. Once per flight, for all arms.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/launch.hpp"
#include "models/engage/battlespace.hpp"

namespace longwatch {

/// A flight where it may be met.
template <class Real>
struct ThreatPoint {
    Real t_s, altitude_m;
    Vec3<Real, Ecef> r_m, direction;  ///< direction: unit, from the Earth's centre
    Vec3<Real, Ecef> v_mps;           ///< over the turning Earth
};

template <class Real>
LW_FUNC ThreatPoint<Real> threat_point(Knot<Real> const& at)
{
    auto const turn = earth_turn(at.t_s);
    auto const r = ecef_from_eci(turn, at.r_m);
    Real const r2 = length2(r), inverse_r = inverse_sqrt(r2);
    auto const direction = inverse_r * r;
    return {at.t_s, altitude_by_series_m(Real(r2 * inverse_r), inverse_r, direction.z), r,
            direction, ecef_from_eci(turn, velocity_relative_to_air(at.r_m, at.v_mps))};
}

template <class Real>
LW_FUNC Real latest_launch_at(BatteryParams const& battery, FlyoutSurface const& surface,
                              ThreatPoint<Real> const& threat, Reach<Real> const& here)
{
    if (!any(here.inside)) { return Real(-never_s); }
    auto const arrival = flyout_arrival(surface, here.range_m, threat.altitude_m);
    Real const latest = latest_launch_s(battery, here, arrival, threat.t_s);
    if (battery.interceptor.crossing_angle_max_rad >= pi || !any(latest > Real(-never_s))) {
        return latest;
    }
    auto const velocity = interceptor_velocity(battery.frame, threat.r_m, arrival);
    auto const allowed = crosses_within(battery.interceptor, velocity, threat.v_mps);
    return select(allowed, latest, Real(-never_s));
}

template <class Real>
LW_FUNC Real latest_launch_at(BatteryParams const& battery, FlyoutSurface const& surface,
                              ThreatPoint<Real> const& threat)
{
    return latest_launch_at(battery, surface, threat,
                            reach(battery, threat.direction, threat.altitude_m));
}

template <class Real>
LW_FUNC void battlespace_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                            std::int64_t i)
{
    if (!is_defended(scenario, launch.threat)) { return; }
    Real const t_end = end_of_flight_s<Real>(c, i);
    ArcReader<Real> arc(c, i);
    int due_slot[max_batteries] = {};  ///< no lane's flight is in the battery's reach before
    for (int slot = 0; slot < c.battlespace_slots; ++slot) {
        Real const t = Real(slot * battlespace_step_s);
        auto const in_flight = t < t_end;
        bool const is_over = !any(in_flight);
        auto const is_due = [&](int b) {
            return !is_over && due_slot[b] <= slot && may_take(scenario.battery[b], launch.threat);
        };
        bool any_due = false;
        for (int b = 0; b < scenario.battery_count; ++b) { any_due = any_due || is_due(b); }
        ThreatPoint<Real> threat{};
        if (any_due) {
            auto state = arc.state_at(t);
            state.t_s = t;
            threat = threat_point(state);
        }
        for (int b = 0; b < scenario.battery_count; ++b) {
            Real latest = Real(-never_s);
            if (is_due(b)) {
                BatteryParams const& battery = scenario.battery[b];
                auto const here = reach(battery, threat.direction, threat.altitude_m);
                latest = select(
                    in_flight,
                    latest_launch_at(battery, scenario.surface[battery.surface], threat, here),
                    latest);
                if (!any(here.inside)) {
                    due_slot[b] = slot + slots_out_of_reach(battery, here, threat.altitude_m,
                                                            battlespace_step_s);
                }
            }
            c.latest_launch_s.store(i, b * c.battlespace_slots + slot, latest);
        }
    }
}

}  // namespace longwatch
