// engage: the doctrine, per raid and arm.
#pragma once

#include "kernels/stages/raid_world.hpp"

namespace longwatch {

/// What each battery could do at each flight of the raid if nothing kept it busy.
template <class Real>
LW_FUNC void find_opportunities(EngagementParams const& p, RaidWorld<Real> const& world,
                                Columns const& c, std::int64_t place, int arm)
{
    for (int m = 0; m < p.raid_size; ++m) {
        std::int64_t const i = m * c.raid_capacity + place;
        for (int b = 0; b < p.battery_count; ++b) {
            if (!world.may_take(m, b)) { continue; }
            auto const found = opportunities(p.grid, world.t_commit_s(m, b),
                                             p.battery[b].assessment_s, world.latest_launch(m, b));
            int const at = arm * p.battery_count + b;
            c.t_first_intercept_s.store(i, at, found.first_s);
            c.t_last_intercept_s.store(i, at, found.last_s);
            c.opportunities.store(i, at, found.count);
        }
    }
}

/// All that a battery goes by is, in every lane, what it was in the arm before.
template <class Real>
LW_FUNC bool goes_by_the_same(Scenario const& scenario, Columns const& c, std::int64_t i, int b,
                              int arm)
{
    int const now = arm * scenario.battery_count + b, before = now - scenario.battery_count;
    Real const quality = c.t_quality_s.load<Real>(i, now);
    if (!all(quality == c.t_quality_s.load<Real>(i, before) &&
             c.t_commit_s.load<Real>(i, now) == c.t_commit_s.load<Real>(i, before))) {
        return false;
    }
    auto const knows = quality < Real(never_s);
    if (!scenario.battery[b].interceptor.is_simulated || !any(knows)) { return true; }
    auto same = !knows || c.known_step_s.load<Real>(i, now) == c.known_step_s.load<Real>(i, before);
    for (int k = 0; k < known_instants && all(same); ++k) {
        auto const run = [&](int slot) {
            return Real(static_cast<double>(slot * known_instants + k));
        };
        Real told[information_size], told_before[information_size];
        c.known.load(i, run(now), told);
        c.known.load(i, run(before), told_before);
        for (int e = 0; e < information_size; ++e) {
            same = same && (!knows || told[e] == told_before[e]);
        }
    }
    return all(same);
}

/// All batteries go by the same: the arm ends as the one before did.
template <class Real>
LW_FUNC bool repeats(Scenario const& scenario, RaidLaunch const& raids, Columns const& c,
                     std::int64_t place, int arm)
{
    for (int m = 0; m < scenario.raid.size; ++m) {
        for (int b = 0; b < scenario.battery_count; ++b) {
            if (may_take(scenario.battery[b], raids.threat_of(scenario, m)) &&
                !goes_by_the_same<Real>(scenario, c, m * c.raid_capacity + place, b, arm)) {
                return false;
            }
        }
    }
    return true;
}

template <class Real>
LW_FUNC void take_over(Scenario const& scenario, Columns const& c, std::int64_t place, int arm)
{
    auto const copy = [&](Column const& column, std::int64_t i, int count) {
        for (int k = 0; k < count; ++k) {
            column.store(i, arm * count + k, column.load<Real>(i, (arm - 1) * count + k));
        }
    };
    copy(c.raid_weight, place, 1);
    copy(c.battery_left, place, scenario.battery_count);
    for (int m = 0; m < scenario.raid.size; ++m) {
        std::int64_t const i = m * c.raid_capacity + place;
        for (Column const* of_flight : {&c.killed_by, &c.t_kill_s, &c.shot_count, &c.is_aimed_at}) {
            copy(*of_flight, i, 1);
        }
        for (Column const* of_pair :
             {&c.battery_shots, &c.t_first_intercept_s, &c.t_last_intercept_s, &c.opportunities,
              &c.shots_wasted, &c.shots_acquired, &c.shots_close, &c.shots_hit}) {
            copy(*of_pair, i, scenario.battery_count);
        }
    }
}

template <class Real>
LW_FUNC void engage_at(Scenario const& scenario, RaidLaunch const& raids, Columns const& c,
                       std::int64_t place)
{
    EngagementParams const p{scenario.battery,
                             scenario.battery_count,
                             scenario.raid.size,
                             {c.battlespace_slots, battlespace_step_s}};
    for (int arm = 0; arm < scenario.network.arm_count; ++arm) {
        // Draws belong to the flight, whatever the arm.
        if (arm > 0 && !scenario.keeps_shots && repeats<Real>(scenario, raids, c, place, arm)) {
            take_over<Real>(scenario, c, place, arm);
            continue;
        }
        RaidWorld<Real> world(scenario, raids, c, place, arm);
        Real const u = world.draws(Real(0)).uniform({DrawKind::importance}, 0);
        BiasedDraws<Real> biased(scenario.importance, u);
        RaidEngagement<Real, RaidWorld<Real>> engagement(p, world, biased);
        engagement.run();
        world.store_raid(engagement, biased.weight());
        find_opportunities(p, world, c, place, arm);
    }
}

}  // namespace longwatch
