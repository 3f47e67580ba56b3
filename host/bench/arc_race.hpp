// ARC-2000 on this machine: how many arcs a second, and how far they end from where they should.
#pragma once

#include <cstdint>

#include "host/bench/spread.hpp"
#include "kernels/arc_2000/arc_2000.hpp"

namespace longwatch {

struct ArcRate {
    MedianSpread arcs_per_s;  ///< of all threads together, by their CPU time; or of a device
    double max_error_m = 0;   ///< over every flight of every thread, against the converged ones
    double occupancy = 0;     ///< of the lanes of the descent
    std::int64_t failed = 0;
};

/// Every thread flies the same flights over and over; `rounds` timings of some 50 ms each.
class ArcRace {
public:
    explicit ArcRace(int threads) : threads_(threads), table_(arc_2000::flights(flight_count)) {}
    ArcRate run(arc_2000::Request const& request, int rounds) const;
    /// Of so many flights on a CUDA device, by its time, after a round that loads what is loaded on the way; errors of the
    /// first `flight_count`. No occupancy is told.
    static ArcRate run_on_cuda(arc_2000::Request const& request, int device, std::int64_t flights,
                               int rounds);

    static constexpr std::int64_t flight_count = 4096;

private:
    int threads_;
    arc_2000::FlightTable table_;
};

}  // namespace longwatch
