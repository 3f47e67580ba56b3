// Time per flight and candidate of placing, one thread: a thousand places around the Sea of Japan.
//   build/release/bench/placing [STUDY] [FLIGHTS]
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "host/plan/placement.hpp"
#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"
#include "kernels/backend/place.hpp"

using namespace longwatch;

namespace {

constexpr int candidates_wanted = 1000, repeats = 5;

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// CPU seconds of judging so many of the candidates, the least of the repeats.
double time_s(Scenario const& scenario, std::vector<SensorParams> candidates, std::size_t count,
              std::int64_t flights)
{
    candidates.resize(count, candidates.front());
    PlacementShape shape;
    shape.candidates = static_cast<int>(count);
    shape.consumers = scenario.network.consumer_count;
    double least = 1e9;
    for (int k = 0; k < repeats; ++k) {
        double const before = cpu_s();
        place_on_cpu(scenario, candidates, shape, {20231219, 0, flights}, {1, 0}, {});
        least = std::min(least, cpu_s() - before);
    }
    return least;
}

}  // namespace

int main(int argc, char** argv)
{
    auto study = read_study(argc > 1 ? argv[1] : "studies/radar-placement.toml");
    std::int64_t const flights = argc > 2 ? std::stoll(argv[2]) : 960;
    prepare(study);
    auto const scenario = with_seat(study);
    auto candidates = candidates_of(study);
    auto const some = candidates;
    while (candidates.size() < candidates_wanted) {
        candidates.insert(candidates.end(), some.begin(), some.end());
    }
    double const one = time_s(*scenario, candidates, 1, flights);
    double const all = time_s(*scenario, candidates, candidates_wanted, flights);
    auto const n = static_cast<double>(flights);
    fmt::print("{:.1f} us per flight, {:.2f} us per flight and candidate (CPU time, least of {})\n",
               1e6 * one / n, 1e6 * (all - one) / n / (candidates_wanted - 1), repeats);
}
