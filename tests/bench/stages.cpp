// Time per flight of each stage on CPU lanes, one thread: for every threat of a study.
//   build/release/bench/stages [STUDY] ; build with -DLW_BENCH=ON
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"
#include "kernels/backend/backend.hpp"
#include "kernels/backend/chunks.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"
#include "kernels/stages/battlespace_stage.hpp"
#include "kernels/stages/clock_stage.hpp"
#include "kernels/stages/engage_stage.hpp"
#include "kernels/stages/fly_stage.hpp"
#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/observe_stage.hpp"
#include "kernels/stages/share_stage.hpp"

using namespace longwatch;

namespace {

constexpr int packs_measured = 200;

struct Spread {
    double median_us, deviation_us;  ///< median absolute deviation
};

Spread spread(std::vector<double> x)
{
    auto const median = [](std::vector<double>& v) {
        auto const middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
        std::nth_element(v.begin(), middle, v.end());
        return *middle;
    };
    double const m = median(x);
    for (double& v : x) { v = std::abs(v - m); }
    return {m, median(x)};
}

constexpr char const* stage_names[] = {"fly",   "clock",       "observe", "measure",
                                       "share", "battlespace", "engage"};
constexpr int stage_count = 7;

/// Packs of raids of one make-up, stage by stage.
void measure(Study const& study, std::int64_t makeup)
{
    Scenario const& scenario = *study.scenario;
    int const size = scenario.raid.size;
    std::int64_t const width = Lane<Lanes>::width, capacity = width * size;
    std::vector<double, xsimd::aligned_allocator<double, 64>> memory(
        static_cast<std::size_t>(column_doubles(scenario, capacity)));
    Columns const c = lay_out(scenario, capacity, memory.data());
    std::vector<double> times_us[stage_count];
    for (std::int64_t pack = 0; pack < packs_measured; ++pack) {
        std::int64_t const step = makeups(scenario);
        RaidLaunch const raids{study.seed, makeup + pack * width * step, step, width, 0};
        double took_us[stage_count] = {};
        auto const time = [&](int stage, auto const& body) {
            auto const start = std::chrono::steady_clock::now();
            body();
            took_us[stage] +=
                std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
                    .count();
        };
        for (int m = 0; m < size; ++m) {
            Launch const flights = raids.of_member(scenario, m, c.raid_capacity);
            std::int64_t const i = flights.column_first;
            time(0, [&] { fly_at<Lanes>(scenario, flights, c, i); });
            time(1, [&] { clock_at<Lanes>(scenario, flights, c, i); });
            time(2, [&] { observe_at<Lanes>(scenario, flights, c, i); });
            time(3, [&] { measure_at<Lanes>(scenario, flights, c, i); });
            time(4, [&] { share_at<Lanes>(scenario, flights, c, i); });
            time(5, [&] { battlespace_at<Lanes>(scenario, flights, c, i); });
        }
        time(6, [&] { engage_at<Lanes>(scenario, raids, c, 0); });
        for (int stage = 0; stage < stage_count; ++stage) {
            times_us[stage].push_back(took_us[stage] / static_cast<double>(capacity));
        }
    }
    auto const threat = static_cast<std::size_t>(scenario.mix[makeup * size % scenario.mix_count]);
    fmt::print("{:24}", size == 1 ? study.threats[threat] : "raid of " + std::to_string(size));
    for (auto const& stage : times_us) {
        Spread const s = spread(stage);
        fmt::print("  {:7.1f} +- {:5.1f}", s.median_us, s.deviation_us);
    }
    fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv)
{
    Study study = read_study(argc > 1 ? argv[1] : "studies/trilateral-warning.toml");
    prepare(study);
    fmt::print("microseconds per flight, median and median absolute deviation of {} packs of {}\n",
               packs_measured, Lane<Lanes>::width);
    fmt::print("{:24}", "threat");
    for (char const* name : stage_names) { fmt::print("  {:>16}", name); }
    fmt::print("\n");
    for (std::int64_t makeup = 0; makeup < makeups(*study.scenario); ++makeup) {
        measure(study, makeup);
    }
    return 0;
}
