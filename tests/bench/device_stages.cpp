// Time of each stage on a CUDA device, one launch at a time.
//   build/release/bench/device_stages [STUDY [FLIGHTS [DEVICE]]] ; build with -DLW_BENCH=ON
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"
#include "kernels/backend/backend.hpp"

using namespace longwatch;

namespace {

constexpr std::size_t rounds = 5;

double median(std::vector<double> x)
{
    std::sort(x.begin(), x.end());
    return x[x.size() / 2];
}

void measure(Study const& study, FlightRange const& range, Dealing const& dealing)
{
    std::vector<std::vector<StageTime>> told;
    stage_times_on_cuda(*study.scenario, range, dealing);  // the first launch loads the kernels
    for (std::size_t n = 0; n < rounds; ++n) {
        told.push_back(stage_times_on_cuda(*study.scenario, range, dealing));
    }
    for (std::size_t stage = 0; stage < told.front().size(); ++stage) {
        std::vector<double> times_ms, off_ms;
        for (auto const& round : told) { times_ms.push_back(round[stage].time_ms); }
        double const middle_ms = median(times_ms);
        for (double const t : times_ms) { off_ms.push_back(std::abs(t - middle_ms)); }
        fmt::print("{:12}  {:9.3f} +- {:6.3f}  {:12.0f}\n", told.front()[stage].stage, middle_ms,
                   median(off_ms), static_cast<double>(range.count) / middle_ms * 1e3);
    }
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        Study study = read_study(argc > 1 ? argv[1] : "studies/trilateral-warning.toml");
        std::int64_t const flights = argc > 2 ? std::atoll(argv[2]) : 65536;
        Dealing dealing;
        dealing.chunk = static_cast<int>(flights);
        dealing.device = argc > 3 ? std::atoi(argv[3]) : 0;
        prepare(study);
        fmt::print("{} flights; median and median absolute deviation of {}\n", flights, rounds);
        fmt::print("{:12}  {:>19}  {:>12}\n", "stage", "ms", "flights/s");
        measure(study, {study.seed, 0, flights}, dealing);
        return 0;
    } catch (std::exception const& error) {
        fmt::print(stderr, "device_stages: {}\n", error.what());
        return 3;
    }
}
