// Where each statistic of a tally lies. A tally is a row of 64-bit cells to which only whole numbers
// are added (modulo 2^64), so that adding two tallies cell by cell gives the same in any order, on
// any device.
#pragma once

#include <cstdint>

#include "kernels/fate.hpp"
#include "kernels/tally/tally_bins.hpp"

namespace longwatch {

/// A moment: values counted (1 cell), their sum (2 cells) and the sum of their squares (3 cells), in
/// quanta and squared quanta. A number wider than a cell is kept as limbs of 28 bits, lowest first,
/// each limb summed in a cell of its own: value = sum over k of cell[k] 2^(28 k), the last limb signed
/// for the sum. So cells add without carries; exact up to 2^35 flights and |value| < 2^41 quanta.
struct MomentCells {
    int count, sum, sum_squares;
};
inline constexpr std::int64_t tally_flights_max = std::int64_t{1} << 35;
inline constexpr int limb_bits = 28;
inline constexpr int sum_limbs = 2;
inline constexpr int sum_squares_limbs = 3;
inline constexpr int moment_cells = 1 + sum_limbs + sum_squares_limbs;

/// Of a raid: its flights that some battery may take, n; w times its leakers l, and with n added (their covariance makes
/// ratios); w; w times its shots, and with n added.
enum class RaidMoment : int {
    flights,
    leakers,
    leakers_and_flights,
    weight,
    shots,
    shots_and_flights
};
inline constexpr int raid_moment_count = 6;
/// Arm less other: kills, raids without a leaker. Other less arm: shots.
enum class RaidGain : int { killed, no_leaker, shots_saved };
inline constexpr int raid_gain_count = 3;
enum class BatteryCount : int { engaged, remote, shots, wasted, acquired, close, hit, killed };
inline constexpr int battery_count_count = 8;
enum class BatteryMoment : int { left, opportunities, first_intercept_s, last_intercept_s };
inline constexpr int battery_moment_count = 4;

/// Offsets of the cells. Sizes are those of the study; pair p compares arm pair_arm(p) with the
/// earlier arm pair_versus(p), all pairs in the order (1,0), (2,0), (2,1), (3,0), ...
struct TallyLayout {
    int threat_count = 0, arm_count = 0, consumer_count = 0, battery_count = 0;
    /// The cells below once for each, one randomisation after the other.
    int randomisation_count = 1;
    int sensor_count = 0;
    int raid_size = 1;

    LW_FUNC int pair_count() const { return arm_count * (arm_count - 1) / 2; }
    LW_FUNC int pair(int arm, int versus) const { return arm * (arm - 1) / 2 + versus; }

    /// Flights of a threat that ended so.
    LW_FUNC int fate(int threat, Fate fate) const
    {
        return threat * fate_count + static_cast<int>(fate);
    }
    /// Per arm and consumer: warned, too late, none. They add up to the flights that concern it.
    LW_FUNC int warned(int arm, int consumer) const { return outcome(arm, consumer); }
    LW_FUNC int too_late(int arm, int consumer) const { return outcome(arm, consumer) + 1; }
    LW_FUNC int none(int arm, int consumer) const { return outcome(arm, consumer) + 2; }
    /// Warning time over the flights whose message arrived, in time or too late.
    LW_FUNC MomentCells warning_time(int arm, int consumer) const
    {
        return moment(outcome(arm, consumer) + 3);
    }
    /// First of warning_cells: below the range, the bins, above the range.
    LW_FUNC int warning_histogram(int arm, int consumer) const
    {
        return outcome(arm, consumer) + 3 + moment_cells;
    }
    /// Per arm and consumer, over the same flights: a part of the delay of the message, or delay_total.
    LW_FUNC MomentCells delay(int arm, int consumer, int part) const
    {
        return moment(delay_first(arm, consumer, part));
    }
    /// First of delay_cells: below the range, the bins, above the range.
    LW_FUNC int delay_histogram(int arm, int consumer, int part) const
    {
        return delay_first(arm, consumer, part) + moment_cells;
    }
    /// Per arm and consumer: flights whose message was only a precaution.
    LW_FUNC int precaution(int arm, int consumer) const { return further(arm, consumer); }
    /// Time from ignition to acting, over the flights it was warned of that did not concern it.
    LW_FUNC MomentCells false_warning(int arm, int consumer) const
    {
        return moment(further(arm, consumer) + 1);
    }
    /// Time from the end of the clock to the all-clear, over the flights with a message and an all-clear.
    LW_FUNC MomentCells all_clear(int arm, int consumer) const
    {
        return moment(further(arm, consumer) + 1 + moment_cells);
    }
    /// Per infrared sensor that tells launches, at its report (0) and at burnout (1), over the flights it
    /// reports: the longer half axis of the launch place in metres, and the azimuth in microradians.
    LW_FUNC MomentCells launch_place(int sensor, int when) const
    {
        return moment(launch_first(sensor, when));
    }
    LW_FUNC MomentCells launch_azimuth(int sensor, int when) const
    {
        return moment(launch_first(sensor, when) + moment_cells);
    }
    /// Per pair and consumer: gain in warning time where both arms delivered a message.
    LW_FUNC MomentCells gain(int pair, int consumer) const
    {
        return moment(paired(pair, consumer));
    }
    /// Gain in usable warning over all flights that concern the consumer: what is too late, or never
    /// comes, counts as no warning.
    LW_FUNC MomentCells usable_gain(int pair, int consumer) const
    {
        return moment(paired(pair, consumer) + moment_cells + 4 + 2 * gain_threshold_count);
    }
    /// Flights with a message in the arm and none in the other, and the reverse.
    LW_FUNC int newly_reached(int pair, int consumer) const
    {
        return paired(pair, consumer) + moment_cells;
    }
    LW_FUNC int lost_message(int pair, int consumer) const
    {
        return paired(pair, consumer) + moment_cells + 1;
    }
    /// Flights warned in the arm and not in the other, and the reverse.
    LW_FUNC int newly_warned(int pair, int consumer) const
    {
        return paired(pair, consumer) + moment_cells + 2;
    }
    LW_FUNC int lost_warning(int pair, int consumer) const
    {
        return paired(pair, consumer) + moment_cells + 3;
    }
    /// Flights with at least gain_threshold_s(k) of warning in the arm and not in the other, and the
    /// reverse.
    LW_FUNC int newly_at_least(int pair, int consumer, int k) const
    {
        return paired(pair, consumer) + moment_cells + 4 + 2 * k;
    }
    LW_FUNC int lost_at_least(int pair, int consumer, int k) const
    {
        return newly_at_least(pair, consumer, k) + 1;
    }
    /// Per arm, over the flights some battery may take: killed, leaked, and shots fired (count: those
    /// flights; values: shots, quantum 1). Under importance sampling these are of the draws as biased.
    LW_FUNC int killed(int arm) const { return engagement(arm); }
    LW_FUNC int leaked(int arm) const { return engagement(arm) + 1; }
    LW_FUNC MomentCells shots(int arm) const { return moment(engagement(arm) + 2); }
    /// Per arm, over the raids with such flights. w is the raid's weight: 1 without importance sampling.
    LW_FUNC MomentCells of_raid(int arm, RaidMoment which) const
    {
        return moment(engagement(arm) + 2 + (1 + static_cast<int>(which)) * moment_cells);
    }
    /// w over the raids with so many leakers.
    LW_FUNC MomentCells raids_with_leakers(int arm, int leakers) const
    {
        return moment(engagement(arm) + 2 + (1 + raid_moment_count + leakers) * moment_cells);
    }
    /// Per arm and battery: flights it fired at while they lived, and of these those on a track that came through the
    /// network; shots, and of these those at flights that were dead already; those whose seeker acquired, those that came
    /// within the kill radius, those that hit; flights it killed.
    LW_FUNC int battery(int arm, int battery, BatteryCount which) const
    {
        return battery_first(arm, battery) + static_cast<int>(which);
    }
    /// Interceptors left after a raid; tries at a flight, over those it may take; times of the first and the last
    /// intercept, over those that it can meet.
    LW_FUNC MomentCells battery_moment(int arm, int battery, BatteryMoment which) const
    {
        return moment(battery_first(arm, battery) + battery_count_count +
                      static_cast<int>(which) * moment_cells);
    }
    /// Per pair: killed in the arm and not in the other, and the reverse.
    LW_FUNC int newly_killed(int pair) const { return engagement_pair(pair); }
    LW_FUNC int lost_kill(int pair) const { return engagement_pair(pair) + 1; }
    /// Raids of which a flight leaked in the other arm and none in the arm, and the reverse.
    LW_FUNC int newly_clean(int pair) const { return engagement_pair(pair) + 2; }
    LW_FUNC int lost_clean(int pair) const { return engagement_pair(pair) + 3; }
    /// Per pair, over raids: weighted differences.
    LW_FUNC MomentCells raid_gain(int pair, RaidGain which) const
    {
        return moment(engagement_pair(pair) + 4 + static_cast<int>(which) * moment_cells);
    }

    LW_FUNC int cells_of_one() const { return launch_first(sensor_count, 0); }
    LW_FUNC int randomisation_first(int r) const { return r * cells_of_one(); }
    LW_FUNC int cell_count() const { return randomisation_first(randomisation_count); }

private:
    static constexpr int one_delay_cells = moment_cells + delay_cells;
    static constexpr int further_cells = 1 + 2 * moment_cells;
    static constexpr int outcome_cells =
        3 + moment_cells + warning_cells + delay_count * one_delay_cells + further_cells;
    static constexpr int paired_cells = 2 * moment_cells + 4 + 2 * gain_threshold_count;
    static constexpr int battery_cells = battery_count_count + battery_moment_count * moment_cells;
    static constexpr int engagement_pair_cells = 4 + raid_gain_count * moment_cells;

    LW_FUNC static MomentCells moment(int first)
    {
        return {first, first + 1, first + 1 + sum_limbs};
    }
    LW_FUNC int outcome(int arm, int consumer) const
    {
        return threat_count * fate_count + (arm * consumer_count + consumer) * outcome_cells;
    }
    LW_FUNC int delay_first(int arm, int consumer, int part) const
    {
        return warning_histogram(arm, consumer) + warning_cells + part * one_delay_cells;
    }
    LW_FUNC int further(int arm, int consumer) const
    {
        return outcome(arm, consumer) + outcome_cells - further_cells;
    }
    LW_FUNC int launch_first(int sensor, int when) const
    {
        return engagement_pair(pair_count()) + (2 * sensor + when) * 2 * moment_cells;
    }
    LW_FUNC int paired(int pair, int consumer) const
    {
        return outcome(arm_count, 0) + (pair * consumer_count + consumer) * paired_cells;
    }
    LW_FUNC int engagement(int arm) const
    {
        int const cells = 2 + (1 + raid_moment_count + raid_size + 1) * moment_cells;
        return paired(pair_count(), 0) + arm * cells;
    }
    LW_FUNC int battery_first(int arm, int battery) const
    {
        return engagement(arm_count) + (arm * battery_count + battery) * battery_cells;
    }
    LW_FUNC int engagement_pair(int pair) const
    {
        return battery_first(arm_count, 0) + pair * engagement_pair_cells;
    }
};

}  // namespace longwatch
