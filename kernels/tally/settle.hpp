// Carries between the limbs of a tally's moments, settled once a tally holds more flights than raw limbs can.
#pragma once

#include <cstdint>

#include "kernels/tally/tally_layout.hpp"

namespace longwatch {

/// Most flights that a run may have: sums and counts of a merged tally are exact up to here, sums of squares as long as the
/// root mean square of the values is below 2^40 quanta (12 days in microseconds; twice what weights can come to).
inline constexpr std::int64_t run_flights_max = std::int64_t{1} << 40;

/// Moments over at most so many values keep the limbs as they were added; those over more have every limb but the last in
/// 0 .. 2^28 - 1. So the cells of a tally depend on what was counted alone, never on how it was split and merged.
inline constexpr std::int64_t settled_above = std::int64_t{1} << 33;

/// Calls visit(cells) for every moment of the first randomisation of a layout.
template <class Visit>
void for_each_moment(TallyLayout const& l, Visit const& visit)
{
    for (int arm = 0; arm < l.arm_count; ++arm) {
        for (int consumer = 0; consumer < l.consumer_count; ++consumer) {
            visit(l.warning_time(arm, consumer));
            for (int part = 0; part < delay_count; ++part) { visit(l.delay(arm, consumer, part)); }
            visit(l.false_warning(arm, consumer));
            visit(l.all_clear(arm, consumer));
            for (int versus = 0; versus < arm; ++versus) {
                visit(l.gain(l.pair(arm, versus), consumer));
                visit(l.usable_gain(l.pair(arm, versus), consumer));
            }
        }
        visit(l.shots(arm));
        for (int k = 0; k < raid_moment_count; ++k) {
            visit(l.of_raid(arm, static_cast<RaidMoment>(k)));
        }
        for (int k = 0; k <= l.raid_size; ++k) { visit(l.raids_with_leakers(arm, k)); }
        for (int battery = 0; battery < l.battery_count; ++battery) {
            for (int k = 0; k < battery_moment_count; ++k) {
                visit(l.battery_moment(arm, battery, static_cast<BatteryMoment>(k)));
            }
        }
        for (int versus = 0; versus < arm; ++versus) {
            for (int k = 0; k < raid_gain_count; ++k) {
                visit(l.raid_gain(l.pair(arm, versus), static_cast<RaidGain>(k)));
            }
        }
    }
    for (int sensor = 0; sensor < l.sensor_count; ++sensor) {
        for (int when = 0; when < 2; ++when) {
            visit(l.launch_place(sensor, when));
            visit(l.launch_azimuth(sensor, when));
        }
    }
}

/// Hands on what the limbs of a moment hold above their 28 bits. The last limb of a sum is signed: two's complement adds
/// alike. `cells` are those of a randomisation.
inline void settle(std::uint64_t* cells, MomentCells const& at)
{
    if (cells[at.count] <= static_cast<std::uint64_t>(settled_above)) { return; }
    auto const carry = [cells](int first, int limbs) {
        for (int k = first; k + 1 < first + limbs; ++k) {
            cells[k + 1] += cells[k] >> limb_bits;
            cells[k] &= (std::uint64_t{1} << limb_bits) - 1;
        }
    };
    carry(at.sum, sum_limbs);
    carry(at.sum_squares, sum_squares_limbs);
}

}  // namespace longwatch
