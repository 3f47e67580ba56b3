// engage: the battlespace of each battery, once per flight; then the doctrine, per arm.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/launch.hpp"
#include "models/engage/battlespace.hpp"
#include "models/engage/engagement.hpp"

namespace longwatch {

/// Latest launch of every battery for an intercept at each slot of time.
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
        auto const threat = ecef_from_eci(t, arc.position_at(t));
        Real const altitude = geodetic_altitude_m(threat);
        for (int b = 0; b < scenario.battery_count; ++b) {
            BatteryParams const& battery = scenario.battery[b];
            if (!may_take(battery, launch.threat)) { continue; }
            Real const latest = latest_launch_s(battery, t, threat, altitude);
            c.latest_launch_s.store(i, b * c.battlespace_slots + slot,
                                    select(in_flight, latest, Real(-never_s)));
        }
    }
}

template <class Real>
LW_FUNC void engage_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                       std::int64_t i)
{
    battlespace_at<Real>(scenario, launch, c, i);
    EngagementParams const p{scenario.battery, scenario.battery_count, c.battlespace_slots,
                             battlespace_step_s};
    auto const draws = launch.draws<Real>(i);
    auto const latest_launch = [&](int b, int slot) {
        return c.latest_launch_s.load<Real>(i, b * c.battlespace_slots + slot);
    };
    for (int arm = 0; arm < scenario.network.arm_count; ++arm) {
        int const first = arm * scenario.battery_count;
        auto const t_commit = [&](int b) {
            return may_take(scenario.battery[b], launch.threat)
                       ? c.t_commit_s.load<Real>(i, first + b)
                       : Real(never_s);
        };
        auto const result = engage<Real>(p, t_commit, latest_launch, draws);
        c.killed_by.store(i, arm, result.killed_by);
        c.shots.store(i, arm, result.shots);
        c.t_kill_s.store(i, arm, result.t_kill_s);
        for (int b = 0; b < scenario.battery_count; ++b) {
            Real const shots = result.battery_shots[b];
            c.battery_shots.store(i, first + b, shots);
            c.battery_engaged.store(i, first + b, select(shots > Real(0), Real(1), Real(0)));
        }
    }
}

}  // namespace longwatch
