// The benchmark arc ARC-2000, as fast as one core can: its flights, and flying them (docs/benchmarks.md).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace longwatch::arc_2000 {

/// Flights as columns: place (m), velocity (m/s) and drag area per mass (m2/kg) at t = 0.
struct FlightTable {
    std::array<std::vector<double>, 7> column;
    std::int64_t count() const { return static_cast<std::int64_t>(column[0].size()); }
};

/// Flight 0 is nominal; the others deviate by 0.5 km, 5 m/s and 5 %, one sigma each.
FlightTable flights(std::int64_t count);

enum class Variant {
    to_instant,  ///< A: to 2000 s
    to_ground,   ///< B: to zero altitude
    with_radars  ///< C: as B, and when it rises and sets over two radars
};

/// Largest error of place over a few thousand flights (tests/kernels/arc_2000). `converged` strides nowhere, steps all the way
/// with the 5(4) pair and is what
/// the others are measured by.
enum class Accuracy { ten_metres, metre, centimetres, millimetre, converged };

/// mixed: forces in float. Not for `millimetre` and `converged`, which are all double whatever is asked.
enum class Numbers { all_double, mixed };

/// Where and when each flight ends; in C also when it is over each radar's horizon, 1e30 where it never is.
struct Ends {
    std::vector<double> t_s, x_m, y_m, z_m;
    std::array<std::vector<double>, 2> rise_s, set_s;
    explicit Ends(std::int64_t count);
};

struct Flown {
    std::int64_t failed = 0;  ///< flights that came to no end
    std::int64_t useful_steps = 0,
                 lane_steps = 0;  ///< of the descent: their ratio is the occupancy of lanes
};

struct Request {
    Variant variant = Variant::to_instant;
    Accuracy accuracy = Accuracy::metre;
    Numbers numbers = Numbers::all_double;
    double step_error_m = 1e-7;  ///< allowed per step; of `converged` alone
};

/// Flies flights [first, first + count) of the table, on the thread that calls, into their places in `ends`.
Flown fly(FlightTable const& table, std::int64_t first, std::int64_t count, Request const& request,
          Ends& ends);

/// The same one after the other in plain numbers, for comparison.
Flown fly_plain(FlightTable const& table, std::int64_t first, std::int64_t count,
                Request const& request, Ends& ends);

struct DeviceRounds {
    int device = 0;
    int rounds = 1;  ///< at least one
};
struct DeviceFlown {
    std::int64_t failed = 0;
    std::vector<double> times_ms;  ///< of each round on the device; columns lie there already
};

/// The whole table on a CUDA device at Accuracy::metre, over and over; the other settings are not built for it. Throws a
/// DeviceError.
DeviceFlown fly_on_cuda(FlightTable const& table, Request const& request, DeviceRounds const& how,
                        Ends& ends);

}  // namespace longwatch::arc_2000
