// In what a tally counts: the quanta of its sums, the bins of its histograms.
#pragma once

#include <cstdint>

#include "models/math/real.hpp"
#include "models/warning/delay.hpp"

namespace longwatch {

// Warning times and gains are counted in microseconds.
inline constexpr double time_quantum_s = 1e-6;
// What is told of launches: metres, microradians.
inline constexpr double launch_quantum_m = 1;
inline constexpr double azimuth_quantum_rad = 1e-6;

// Weights of raids, whole numbers of these: a weight is at most 5, so that sums stay within a moment's range. Leakers of a
// raid, weighted, are counted in leak_quantum.
inline constexpr double weight_quantum = 4e-12;
inline constexpr double least_plain = 0.2;  ///< see Importance::plain
LW_FUNC double leak_quantum(int raid_size) { return raid_size * weight_quantum; }
inline constexpr double shots_quantum = 1e-6;

// The warning-time histogram, with one bin below and one above it.
inline constexpr double warning_bin_s = 0.5;
inline constexpr double warning_first_s = -1800.0;
inline constexpr int warning_bins = 14400;  // to +5400 s
inline constexpr int warning_cells = warning_bins + 2;

// The histogram of a delay, in whole milliseconds, with one bin below (negative) and one above it: bins of 1 ms up to 128 ms, then
// 64 to each doubling, so none is wider than 1/64 of its lower edge. To 2^22 ms, 70 minutes.
inline constexpr int delay_octave_bins = 64;
inline constexpr int delay_octaves = 15;
inline constexpr int delay_bins = 2 * delay_octave_bins + delay_octaves * delay_octave_bins;
inline constexpr int delay_cells = delay_bins + 2;
/// The parts of delay.hpp, and the whole.
inline constexpr int delay_total = delay_part_count;
inline constexpr int delay_count = delay_part_count + 1;

/// Lower edge of a bin; the upper edge of the last for bin = delay_bins.
LW_FUNC double delay_bin_edge_s(int bin)
{
    if (bin < 2 * delay_octave_bins) { return 1e-3 * bin; }
    int const octave = bin / delay_octave_bins - 1;
    int const place = bin % delay_octave_bins + delay_octave_bins;
    return 1e-3 * static_cast<double>(std::int64_t{place} << octave);
}

/// Warning times that a gain in the chance of is counted for.
inline constexpr int gain_threshold_count = 3;
LW_FUNC double gain_threshold_s(int k)
{
    constexpr double least_s[gain_threshold_count] = {180, 300, 600};
    return least_s[k];
}

LW_FUNC double warning_bin_edge_s(int bin) { return warning_first_s + warning_bin_s * bin; }

}  // namespace longwatch
