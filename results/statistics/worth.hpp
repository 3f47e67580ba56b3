// What is lost when something is taken away, from paired flights: the worth of the thing.
#pragma once

#include <vector>

#include "results/statistics/estimates.hpp"

namespace longwatch {

/// One consumer's loss, on the flights that concern it.
struct ConsumerLoss {
    MaybeEstimate usable_s;                          ///< mean usable warning; see usable_gain_s
    MaybeEstimate warning_s;                         ///< mean over flights with a message in both
    MaybeEstimate p_warned;                          ///< fraction warned
    MaybeEstimate p_at_least[gain_threshold_count];  ///< per gain_threshold_s
};

struct Loss {
    std::vector<ConsumerLoss> consumers;
    MaybeEstimate pk;
    /// The consumer who loses most usable warning; -1 where nobody's flights tell.
    int most = -1;
};

/// The loss by an arm that lacks something, against the arm (0) that has it.
Loss loss_of(Estimates const& estimates, TallyLayout const& layout, int arm);

}  // namespace longwatch
