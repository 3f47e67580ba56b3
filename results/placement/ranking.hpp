// Candidate places, each by itself: what it gives to whom, and how likely it is the best.
#pragma once

#include <vector>

#include "kernels/tally/placement_tally.hpp"
#include "results/placement/objective.hpp"
#include "results/statistics/engagement_estimates.hpp"
#include "results/statistics/intervals.hpp"

namespace longwatch {

struct ConsumerAtPlace {
    MaybeEstimate p50_s, p05_s;  ///< warning time over the flights with a message
    MaybeEstimate gain_s;        ///< mean gain in usable warning over the flights that concern it
    MaybeEstimate
        p_at_least_gain;  ///< in the fraction with that much warning; of kills, where it stands for them
    std::int64_t newly_warned = 0, lost_warning = 0;
};

struct CandidateEstimates {
    MaybeEstimate
        coverage;  ///< fraction of the flights that did not fail of which it makes a firm track
    std::vector<ConsumerAtPlace> consumers;
    MaybeEstimate objective, objective_gain;  ///< seconds, or a fraction
    double p_best = 0;
};

struct PlacementEstimates {
    std::int64_t flights = 0;
    std::vector<std::int64_t> concerned;   ///< [consumer]
    std::vector<ConsumerAtPlace> present;  ///< quantiles only
    MaybeEstimate present_objective;
    std::vector<CandidateEstimates> candidates;
    std::vector<int> order;  ///< of candidates, largest gain first
};

/// Replicates behind p_best, whose standard error is at most 0.5 / sqrt of this.
inline constexpr int best_replicates = 4000;

/// Means and fractions are ratios of sums over groups of flights, with Student's t over the groups that hold any (Cochran, "Sampling
/// Techniques", 3rd ed. (1977), section 6.3), so that raids and randomisations count as what they are; quantiles have intervals by
/// flights, too narrow in raids and too wide under latin-hypercube and sobol sampling. The candidates share their flights, so their gains are paired with the present and with each other.
/// p_best: how often a candidate has the largest gain when groups get random weights, the same for all candidates (Rubin's
/// Bayesian bootstrap, Ann. Stat. 9 (1981) 130-134); candidates that are equal in every flight share it.
PlacementEstimates estimate_placement(PlacementTally const& tally, PlacementAim const& aim);

}  // namespace longwatch
