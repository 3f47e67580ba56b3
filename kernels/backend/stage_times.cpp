#include "kernels/backend/stage_times.hpp"

#include <chrono>

#include "kernels/backend/chunks.hpp"
#include "kernels/backend/cpu_packs.hpp"

#include "kernels/lanes/xsimd_lanes.hpp"
#include "kernels/stages/battlespace_stage.hpp"
#include "kernels/stages/clock_stage.hpp"
#include "kernels/stages/engage_stage.hpp"
#include "kernels/stages/fly_stage.hpp"
#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/observe_stage.hpp"
#include "kernels/stages/share_stage.hpp"

namespace longwatch {

void run_stage(std::size_t stage, Scenario const& scenario, RaidLaunch const& pack, int m,
               Columns const& c)
{
    Launch const flights = pack.of_member(scenario, m, c.raid_capacity);
    std::int64_t const i = flights.column_first;
    switch (stage) {
    case 0: return fly_at<Lanes>(scenario, flights, c, i);
    case 1: return clock_at<Lanes>(scenario, flights, c, i);
    case 2: return observe_at<Lanes>(scenario, flights, c, i);
    case 3: return measure_at<Lanes>(scenario, flights, c, i);
    case 4: return share_at<Lanes>(scenario, flights, c, i);
    case 5: return battlespace_at<Lanes>(scenario, flights, c, i);
    case 6: return engage_at<Lanes>(scenario, pack, c, pack.column_first);
    default: return;
    }
}

StageTimes stage_times(Scenario const& scenario, std::uint64_t seed, std::int64_t makeup, int packs)
{
    using Time = std::chrono::steady_clock;
    int const size = scenario.raid.size;
    std::int64_t const width = Lane<Lanes>::width, capacity = width * size;
    Workspace const workspace(scenario);
    Columns const& c = workspace.columns();

    StageTimes out;
    for (std::int64_t pack = 0; pack < packs; ++pack) {
        std::int64_t const step = makeups(scenario);
        RaidLaunch const raids{seed, makeup + pack * width * step, step, width, 0};
        std::array<double, stage_names.size()> took_us{};
        auto const run = [&](std::size_t stage, int m) {
            auto const start = Time::now();
            run_stage(stage, scenario, raids, m, c);
            std::chrono::duration<double, std::micro> const took = Time::now() - start;
            took_us[stage] += took.count();
        };
        std::size_t const last = stage_names.size() - 1;
        for (int m = 0; m < size; ++m) {
            for (std::size_t stage = 0; stage < last; ++stage) { run(stage, m); }
        }
        run(last, 0);
        for (std::size_t stage = 0; stage < out.size(); ++stage) {
            out[stage].push_back(took_us[stage] / static_cast<double>(capacity));
        }
    }
    return out;
}

}  // namespace longwatch
