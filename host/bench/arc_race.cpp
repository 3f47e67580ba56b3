#include "host/bench/arc_race.hpp"

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "host/command/timing_file.hpp"

namespace longwatch {

using namespace arc_2000;

namespace {

double farthest_m(Ends const& a, Ends const& b)
{
    double out = 0;
    for (std::size_t i = 0; i < a.x_m.size(); ++i) {
        double const off =
            std::hypot(a.x_m[i] - b.x_m[i], a.y_m[i] - b.y_m[i], a.z_m[i] - b.z_m[i]);
        // What is no number must not pass for the best.
        out = std::isfinite(off) ? std::max(out, off) : 1e30;
    }
    return out;
}

/// Has every thread fly everything `times` over; the CPU seconds of all threads.
double cpu_s(FlightTable const& table, Request const& request, int times, std::vector<Ends>& ends)
{
    Stopwatch const watch;
    std::vector<std::jthread> threads;
    for (auto& own : ends) {
        threads.emplace_back([&] {
            for (int k = 0; k < times; ++k) { fly(table, 0, table.count(), request, own); }
        });
    }
    threads.clear();
    return std::max(watch.elapsed().cpu_s, 1e-6);
}

}  // namespace

ArcRate ArcRace::run(Request const& request, int rounds) const
{
    Ends truth(table_.count());
    fly(table_, 0, table_.count(), {request.variant, Accuracy::converged, Numbers::all_double},
        truth);
    std::vector<Ends> ends(static_cast<std::size_t>(threads_), Ends(table_.count()));
    ArcRate out;
    auto const flown = fly(table_, 0, table_.count(), request, ends[0]);
    out.failed = flown.failed;
    out.occupancy = static_cast<double>(flown.useful_steps) / static_cast<double>(flown.lane_steps);
    double const once_s = cpu_s(table_, request, 1, ends) / threads_;
    int const times = std::clamp(static_cast<int>(0.05 / once_s), 1, 1000);
    std::vector<double> rates;
    for (int k = 0; k < rounds; ++k) {
        double const each_s = cpu_s(table_, request, times, ends) / threads_;
        rates.push_back(threads_ * times * static_cast<double>(table_.count()) / each_s);
    }
    out.arcs_per_s = median_spread(rates);
    for (auto const& own : ends) {
        out.max_error_m = std::max(out.max_error_m, farthest_m(own, truth));
    }
    return out;
}

ArcRate ArcRace::run_on_cuda(Request const& request, int device, std::int64_t flights, int rounds)
{
    auto const table = arc_2000::flights(flights);
    std::int64_t const judged = std::min(flights, flight_count);
    Ends truth(judged), ends(flights);
    fly(table, 0, judged, {request.variant, Accuracy::converged, Numbers::all_double}, truth);
    auto const flown = arc_2000::fly_on_cuda(table, request, {device, rounds + 1}, ends);
    std::vector<double> rates;
    for (std::size_t k = 1; k < flown.times_ms.size(); ++k) {
        rates.push_back(1e3 * static_cast<double>(flights) / flown.times_ms[k]);
    }
    ArcRate out;
    out.arcs_per_s = median_spread(rates);
    out.failed = flown.failed;
    out.max_error_m = farthest_m(truth, ends);
    return out;
}

}  // namespace longwatch
