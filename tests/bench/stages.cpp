// Time per flight of each stage on CPU lanes, one thread: for every threat of a study.
//   build/release/bench/stages [STUDY] ; build with -DLW_BENCH=ON
#include <fmt/format.h>

#include "host/bench/spread.hpp"
#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"
#include "kernels/backend/backend.hpp"
#include "kernels/backend/chunks.hpp"
#include "kernels/backend/stage_times.hpp"

using namespace longwatch;

namespace {

constexpr int packs_measured = 200;

/// Packs of raids of one make-up, stage by stage.
void measure(Study const& study, std::int64_t makeup)
{
    Scenario const& scenario = *study.scenario;
    int const size = scenario.raid.size;
    auto const threat = static_cast<std::size_t>(scenario.mix[makeup * size % scenario.mix_count]);
    fmt::print("{:24}", size == 1 ? study.threats[threat] : "raid of " + std::to_string(size));
    for (auto const& stage : stage_times(scenario, study.seed, makeup, packs_measured)) {
        MedianSpread const s = median_spread(stage);
        fmt::print("  {:7.1f} +- {:5.1f}", s.median, s.deviation);
    }
    fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv)
{
    Study study = read_study(argc > 1 ? argv[1] : "studies/trilateral-warning.toml");
    prepare(study);
    fmt::print("microseconds per flight, median and median absolute deviation of {} packs of {}\n",
               packs_measured, cpu_info().lanes);
    fmt::print("{:24}", "threat");
    for (char const* name : stage_names) { fmt::print("  {:>16}", name); }
    fmt::print("\n");
    for (std::int64_t makeup = 0; makeup < makeups(*study.scenario); ++makeup) {
        measure(study, makeup);
    }
    return 0;
}
