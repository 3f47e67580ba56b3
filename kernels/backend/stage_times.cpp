#include "kernels/backend/stage_times.hpp"

#include <chrono>

#include "kernels/backend/chain.hpp"
#include "kernels/backend/chunks.hpp"
#include "kernels/backend/cpu_packs.hpp"

#include "kernels/lanes/xsimd_lanes.hpp"

namespace longwatch {

void run_stage(std::size_t stage, Scenario const& scenario, RaidLaunch const& pack, int m,
               Columns const& c)
{
    run_stage_of<Lanes>(stage, scenario, pack, m, c, 0);
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
