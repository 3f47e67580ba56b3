// What a tally says: every estimate of a result, with its interval. Absent means: no flights.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/tally/tally.hpp"
#include "results/statistics/engagement_estimates.hpp"
#include "results/statistics/intervals.hpp"

namespace longwatch {

/// A time over the flights with a message, in time or too late.
struct TimeEstimates {
    Estimate mean, p05, p50, p95;
};

/// Fractions are of the flights that concern the consumer; the first three add up to 1.
struct ConsumerEstimates {
    std::int64_t flights = 0;   ///< that concern it
    std::int64_t messages = 0;  ///< of these, with a message
    std::int64_t warned = 0, too_late = 0, none = 0;
    std::int64_t precautions = 0;     ///< of the messages, those that were only a precaution
    std::int64_t false_warnings = 0;  ///< flights warned of that broke up or came nowhere near
    std::int64_t all_clears = 0;      ///< of the messages, those followed by an all-clear
    MaybeEstimate p_precaution;       ///< of the messages
    MaybeEstimate false_warning_s;    ///< mean, from ignition to acting
    MaybeEstimate all_clear_s;        ///< mean, from the end of the clock
    MaybeEstimate p_warned, p_too_late, p_none;
    std::optional<TimeEstimates> warning_time_s;
    /// Parts of the delay in the order of DelayPart, and the whole: from ignition to an actionable message.
    std::optional<TimeEstimates> delay_s[delay_count];
    std::vector<MaybeEstimate> p_at_least;  ///< that much warning, per threshold of threshold_s()
};

struct ArmEstimates {
    std::vector<ConsumerEstimates> consumers;
    std::optional<EngagementEstimates> engagement;
    std::vector<BatteryEstimates> batteries;
};

/// One arm against an earlier one, on the same flights.
struct PairedEstimates {
    std::int64_t concerned = 0;  ///< flights that concern the consumer
    std::int64_t flights = 0;    ///< with a message in both arms: those of gain_s
    std::int64_t newly_reached = 0, lost_message = 0, newly_warned = 0, lost_warning = 0;
    MaybeEstimate gain_s;  ///< mean gain in warning time
    /// Mean gain in usable warning over all flights that concern it: too late or never counts as 0.
    MaybeEstimate usable_gain_s;
    MaybeEstimate p_warned_gain;                          ///< difference of p_warned
    MaybeEstimate p_at_least_gain[gain_threshold_count];  ///< per gain_threshold_s
};

struct PairEstimates {
    int arm = 0, versus = 0;
    std::vector<PairedEstimates> consumers;
    EngagementGain engagement;
};

/// What an infrared sensor tells of launches: means over the flights it reports, of one standard deviation.
struct MeanEllipse {
    MaybeEstimate half_axis_m, azimuth_rad;
};
struct LaunchEstimates {
    std::int64_t flights = 0;
    MeanEllipse at[2];  ///< at its report; at burnout
};

struct Estimates {
    std::vector<LaunchEstimates> launches;         ///< per sensor
    std::vector<std::vector<std::int64_t>> fates;  ///< [threat][fate]
    std::vector<ArmEstimates> arms;
    std::vector<PairEstimates> pairs;  ///< in the order of TallyLayout::pair
};

/// Thresholds of p_at_least, on edges of the histogram's bins.
inline constexpr double threshold_step_s = 10;
inline constexpr int threshold_bins = static_cast<int>(threshold_step_s / warning_bin_s);
inline constexpr int threshold_count = warning_bins / threshold_bins + 1;
static_assert(threshold_bins * warning_bin_s == threshold_step_s);
static_assert((threshold_count - 1) * threshold_bins == warning_bins);
inline constexpr int threshold_index(double t_s)
{
    return static_cast<int>((t_s - warning_first_s) / threshold_step_s + 0.5);
}
inline constexpr double threshold_s(int i) { return warning_first_s + i * threshold_step_s; }

/// With randomisations, which add up to the tally, every interval is Student's t over what each of them
/// says; without, the flights are independent and have the intervals of intervals.hpp and quantiles.hpp. Where a raid is
/// more than one flight, engagements have intervals of their own, by raids.
Estimates estimate(Tally const& tally, std::vector<Tally> const& randomisations = {});

}  // namespace longwatch
