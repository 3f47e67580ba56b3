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
#include "kernels/lanes/xsimd_lanes.hpp"
#include "kernels/stages/clock_stage.hpp"
#include "kernels/stages/engage_stage.hpp"
#include "kernels/stages/fly_stage.hpp"
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

template <class Stage>
double microseconds_per_flight(Stage const& stage)
{
    auto const start = std::chrono::steady_clock::now();
    stage();
    std::chrono::duration<double, std::micro> const took = std::chrono::steady_clock::now() - start;
    return took.count() / Lane<Lanes>::width;
}

void measure(Study const& study, int threat)
{
    Scenario const& scenario = *study.scenario;
    std::int64_t const capacity = Lane<Lanes>::width;
    std::vector<double> memory(static_cast<std::size_t>(column_doubles(scenario, capacity)));
    Columns const c = lay_out(scenario, capacity, memory.data());
    std::vector<double> times_us[5];
    for (std::int64_t pack = 0; pack < packs_measured; ++pack) {
        Launch const launch{study.seed,         threat, pack * Lane<Lanes>::width, 1,
                            Lane<Lanes>::width, 0};
        auto const time = [&](int stage, auto const& body) {
            times_us[stage].push_back(
                microseconds_per_flight([&] { body(scenario, launch, c, std::int64_t{0}); }));
        };
        time(0, [](auto const&... a) { fly_at<Lanes>(a...); });
        time(1, [](auto const&... a) { clock_at<Lanes>(a...); });
        time(2, [](auto const&... a) { observe_at<Lanes>(a...); });
        time(3, [](auto const&... a) { share_at<Lanes>(a...); });
        time(4, [](auto const&... a) { engage_at<Lanes>(a...); });
    }
    fmt::print("{:24}", study.threats[static_cast<std::size_t>(threat)]);
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
    fmt::print("{:24}  {:>16}  {:>16}  {:>16}  {:>16}  {:>16}\n", "threat", "fly", "clock",
               "observe", "share", "engage");
    for (int threat = 0; threat < study.scenario->threat_count; ++threat) {
        measure(study, threat);
    }
    return 0;
}
