// Time of each stage on a CUDA device, one launch at a time; and of the whole chain there and on the CPU.
//   build/cuda/bench/device_stages [STUDY [FLIGHTS [DEVICE [ROUNDS]]]] ; build with -DLW_BENCH=ON
#include <fmt/format.h>

#include <cstdlib>

#include "host/bench/chain_rate.hpp"
#include "host/plan/prepare.hpp"

using namespace longwatch;

namespace {

void tell(std::string const& what, double us, double off_us)
{
    fmt::print("{:28}  {:10.4f} ± {:.4f}  {:>12.0f}\n", what, us, off_us, 1e6 / us);
}

void tell_chain(std::string const& what, MedianSpread const& per_s)
{
    double const us = 1e6 / per_s.median;
    tell(what, us, us * per_s.deviation / per_s.median);
}

void measure(Study const& study, std::int64_t flights, int device, int rounds)
{
    double sum_us = 0;
    for (auto const& stage : device_stage_rates(study, device, flights, rounds)) {
        tell(stage.stage, stage.us_per_flight.median, stage.us_per_flight.deviation);
        sum_us += stage.us_per_flight.median;
    }
    fmt::print("{:28}  {:10.4f}{:>{}.0f}\n", "all, one launch at a time", sum_us, 1e6 / sum_us, 23);
    Dealing dealing;
    dealing.device = device;
    tell_chain("chain, launches side by side",
               chain_flights_per_s(study, true, dealing, flights, rounds));
    dealing.threads = cpu_info().threads;
    tell_chain(fmt::format("chain on {} CPU threads", dealing.threads),
               chain_flights_per_s(study, false, dealing, flights, rounds));
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        auto const number = [&](int k, int otherwise) {
            return argc > k ? std::atoi(argv[k]) : otherwise;
        };
        Study study = read_study(argc > 1 ? argv[1] : "studies/trilateral-warning.toml");
        int const flights = number(2, 65536), device = number(3, 0), rounds = number(4, 5);
        auto const cuda = cuda_info();
        if (device < 0 || static_cast<std::size_t>(device) >= cuda.devices.size()) {
            throw DeviceError(cuda.problem.empty() ? "there is no such CUDA device" : cuda.problem);
        }
        prepare(study);
        fmt::print("{}, {} flights; median and median absolute deviation of {}\n",
                   cuda.devices[static_cast<std::size_t>(device)], flights, rounds);
        fmt::print("{:28}  {:>10}            {:>12}\n", "stage", "us/flight", "flights/s");
        measure(study, flights, device, rounds);
        return 0;
    } catch (std::exception const& error) {
        fmt::print(stderr, "device_stages: {}\n", error.what());
        return 3;
    }
}
