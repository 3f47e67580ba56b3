// Adding one flight's outcome to a tally. A sink has add(cell, amount): plain addition on the CPU,
// an atomic one on a GPU. Amounts are whole numbers modulo 2^64, so the order does not matter.
#pragma once

#include <cstdint>

#include "kernels/tally/tally_layout.hpp"

namespace longwatch {

/// Adds a value in quanta; |value| < 2^41.
template <class Sink>
LW_FUNC void add_value(Sink& sink, MomentCells const& cells, std::int64_t value)
{
    constexpr std::uint64_t limb_mask = (std::uint64_t{1} << limb_bits) - 1;
    sink.add(cells.count, 1);
    sink.add(cells.sum, static_cast<std::uint64_t>(value) & limb_mask);
    sink.add(cells.sum + 1, static_cast<std::uint64_t>(value >> limb_bits));

    // |value| = high 2^28 + low, squared term by term.
    auto const size = static_cast<std::uint64_t>(value < 0 ? -value : value);
    std::uint64_t const low = size & limb_mask;
    std::uint64_t const high = size >> limb_bits;
    std::uint64_t const low2 = low * low;
    std::uint64_t const cross = 2 * high * low;
    sink.add(cells.sum_squares, low2 & limb_mask);
    sink.add(cells.sum_squares + 1, (low2 >> limb_bits) + (cross & limb_mask));
    sink.add(cells.sum_squares + 2, (cross >> limb_bits) + high * high);
}

/// In whole quanta, the nearest.
LW_FUNC std::int64_t quanta(double value, double quantum)
{
    return static_cast<std::int64_t>(floor(value * (1.0 / quantum) + 0.5));
}
/// A time in whole microseconds, the nearest.
LW_FUNC std::int64_t time_quanta(double t_s) { return quanta(t_s, time_quantum_s); }

/// The histogram cell of a warning time, counted from the first: below, bins, above. Decided on
/// whole microseconds, so that a value never lies in another bin than its sum says.
LW_FUNC int warning_cell(std::int64_t warning_quanta)
{
    constexpr auto bin = static_cast<std::int64_t>(warning_bin_s / time_quantum_s + 0.5);
    constexpr auto first = static_cast<std::int64_t>(warning_first_s / time_quantum_s - 0.5);
    std::int64_t const offset = warning_quanta - first;
    if (offset < 0) { return 0; }
    std::int64_t const index = offset / bin;
    return index < warning_bins ? static_cast<int>(index) + 1 : warning_bins + 1;
}

/// The histogram cell of a delay, counted from the first: below, bins, above.
LW_FUNC int delay_cell(std::int64_t delay_quanta)
{
    constexpr auto quanta_per_ms = static_cast<std::int64_t>(1e-3 / time_quantum_s + 0.5);
    if (delay_quanta < 0) { return 0; }
    std::int64_t place = delay_quanta / quanta_per_ms;
    int octave = 0;
    for (; place >= 2 * delay_octave_bins; place /= 2) { ++octave; }
    if (octave > delay_octaves) { return delay_bins + 1; }
    return octave * delay_octave_bins + static_cast<int>(place) + 1;
}

}  // namespace longwatch
