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
    Vec3<Real, Ecef> r_m, v_mps;  ///< velocity over the turning Earth
};

template <class Real>
LW_FUNC ThreatPoint<Real> threat_point(Knot<Real> const& at)
{
    auto const r = ecef_from_eci(at.t_s, at.r_m);
    return {at.t_s, geodetic_altitude_m(r), r,
            ecef_from_eci(at.t_s, velocity_relative_to_air(at.r_m, at.v_mps))};
}

template <class Real>
LW_FUNC Real latest_launch_at(BatteryParams const& battery, FlyoutSurface const& surface,
                              ThreatPoint<Real> const& threat)
{
    Real latest = latest_launch_s(battery, surface, threat.t_s, threat.r_m, threat.altitude_m);
    if (battery.interceptor.crossing_angle_max_rad >= pi || !any(latest > Real(-never_s))) {
        return latest;
    }
    auto const arrival =
        flyout_arrival(surface, ground_range_m(battery.frame, threat.r_m), threat.altitude_m);
    auto const velocity = interceptor_velocity(battery.frame, threat.r_m, arrival);
    auto const allowed = crosses_within(battery.interceptor, velocity, threat.v_mps);
    return select(allowed, latest, Real(-never_s));
}

template <class Real>
LW_FUNC void battlespace_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                            std::int64_t i)
{
    if (!is_defended(scenario, launch.threat)) { return; }
    Real const t_end = end_of_flight_s<Real>(c, i);
    ArcReader<Real> arc(c, i);
    for (int slot = 0; slot < c.battlespace_slots; ++slot) {
        Real const t = Real(slot * battlespace_step_s);
        auto const in_flight = t < t_end;
        // Nothing can be met after the last impact of the lanes.
        if (!any(in_flight)) {
            for (int b = 0; b < scenario.battery_count; ++b) {
                c.latest_launch_s.store(i, b * c.battlespace_slots + slot, Real(-never_s));
            }
            continue;
        }
        auto state = arc.state_at(t);
        state.t_s = t;
        auto const threat = threat_point(state);
        for (int b = 0; b < scenario.battery_count; ++b) {
            BatteryParams const& battery = scenario.battery[b];
            if (!may_take(battery, launch.threat)) { continue; }
            Real const latest =
                latest_launch_at(battery, scenario.surface[battery.surface], threat);
            c.latest_launch_s.store(i, b * c.battlespace_slots + slot,
                                    select(in_flight, latest, Real(-never_s)));
        }
    }
}

}  // namespace longwatch
