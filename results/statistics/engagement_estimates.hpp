// What a tally says of engagements: per arm, battery and pair of arms. Raids are the clusters of all intervals.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/tally/tally.hpp"
#include "results/statistics/intervals.hpp"

namespace longwatch {

using MaybeEstimate = std::optional<Estimate>;

/// A proportion, and the exact interval beside the usual one.
struct Proportion {
    Estimate estimate;
    Interval exact;
};

/// Over the flights that some battery may take, and the raids they belong to.
struct EngagementEstimates {
    std::int64_t flights = 0, raids = 0;
    Proportion pk, p_leak;            ///< of the flights
    Proportion p_no_leaker;           ///< of the raids
    Estimate leakers_mean;            ///< per raid
    Estimate shots_mean;              ///< per flight
    std::vector<Estimate> p_leakers;  ///< fraction of raids with so many leakers, from none to all
    bool is_weighted = false;
    double effective_raids = 0;  ///< (sum of weights)^2 / sum of squares; as many as raids without
};

/// Counts are of the draws as made; absent where nothing can be said, and proportions of biased draws are not.
struct BatteryEstimates {
    std::int64_t engaged = 0, remote = 0, shots = 0, wasted = 0, acquired = 0, close = 0, hit = 0,
                 killed = 0;
    MaybeEstimate pk;  ///< killed, of the flights it fired at
    MaybeEstimate
        p_remote;         ///< of the flights it fired at: on a track that came through the network
    MaybeEstimate p_hit;  ///< of its shots at flights that lived
    MaybeEstimate left_mean;                            ///< interceptors after a raid
    MaybeEstimate opportunities_mean;                   ///< tries at a flight that it may take
    MaybeEstimate p_reached;                            ///< of these flights: at least one try
    MaybeEstimate first_intercept_s, last_intercept_s;  ///< means over flights it can meet
};

/// One arm against an earlier one, on the same raids.
struct EngagementGain {
    std::int64_t newly_killed = 0, lost_kill = 0;
    MaybeEstimate pk;           ///< gain in the fraction killed
    MaybeEstimate p_no_leaker;  ///< gain in the fraction of raids without a leaker
    MaybeEstimate leakers;      ///< fewer leakers per raid
    MaybeEstimate shots_saved;  ///< per raid
};

/// Some raid's weight is not 1. Of a part of a run that must be asked of the whole.
bool is_weighted(Tally const& tally);

/// Nothing without flights, or where all weights are nought.
std::optional<EngagementEstimates> estimate_engagement(Tally const& tally, int arm,
                                                       double confidence, bool weighted);
std::optional<EngagementEstimates> estimate_engagement(Tally const& tally, int arm,
                                                       double confidence = result_confidence);
BatteryEstimates estimate_battery(Tally const& tally, int arm, int battery, bool weighted = false);
EngagementGain estimate_engagement_gain(Tally const& tally, int arm, int versus,
                                        bool weighted = false);

}  // namespace longwatch
