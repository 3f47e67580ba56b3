// The stages of the chain by number, in the order of stage_names.
#pragma once

#include "kernels/stages/battlespace_stage.hpp"
#include "kernels/stages/clock_stage.hpp"
#include "kernels/stages/engage_stage.hpp"
#include "kernels/stages/fly_stage.hpp"
#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/observe_stage.hpp"
#include "kernels/stages/share_stage.hpp"

namespace longwatch {

/// One stage of member m, of the raids at a place of the pack and, by lanes, its neighbours.
template <class Real>
void run_stage_of(std::size_t stage, Scenario const& scenario, RaidLaunch const& pack, int m,
                  Columns const& c, std::int64_t place)
{
    Launch const flights = pack.of_member(scenario, m, c.raid_capacity);
    std::int64_t const i = flights.column_first + place;
    switch (stage) {
    case 0: return fly_at<Real>(scenario, flights, c, i);
    case 1: return clock_at<Real>(scenario, flights, c, i);
    case 2: return observe_at<Real>(scenario, flights, c, i);
    case 3: return measure_at<Real>(scenario, flights, c, i);
    case 4: return share_at<Real>(scenario, flights, c, i);
    case 5: return battlespace_at<Real>(scenario, flights, c, i);
    case 6: return engage_at<Real>(scenario, pack, c, pack.column_first + place);
    default: return;
    }
}

}  // namespace longwatch
