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

template <class Real>
LW_FUNC void engage_at(Scenario const& scenario, RaidLaunch const& raids, Columns const& c,
                       std::int64_t place)
{
    EngagementParams const p{scenario.battery,
                             scenario.battery_count,
                             scenario.raid.size,
                             {c.battlespace_slots, battlespace_step_s}};
    for (int arm = 0; arm < scenario.network.arm_count; ++arm) {
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
