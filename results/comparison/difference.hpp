// Differences of two estimates with their intervals, and effect sizes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/statistics/intervals.hpp"

namespace longwatch {

using MaybeEstimate = std::optional<Estimate>;

/// The same difference taken the other way round: the sign changes, the ends change places.
MaybeEstimate negated(MaybeEstimate e);

/// a - b of two estimates that share no flight, by recovering each one's variance from its own interval, so that intervals
/// that are not symmetric (Wilson's, of order statistics) stay so. For two proportions with Wilson intervals it is method 10
/// of Newcombe (1998). An end that an estimate leaves open is open. Absent where one is, or where a value lies beyond the
/// range of its tally.
/// Source: Zou and Donner, Stat. Med. 27 (2008) 1693-1702; Newcombe, Stat. Med. 17 (1998) 873-890.
MaybeEstimate difference_of_independent(MaybeEstimate const& a, MaybeEstimate const& b);

/// a - b of two estimates from the same flights whose joint outcomes are not known: from the lowest a less the highest b
/// to the reverse. Whatever the correlation, the standard deviation of a - b is at most the sum of the two
/// (Cauchy-Schwarz), so it covers at least as often as each interval does; absent as above.
MaybeEstimate difference_whatever_correlation(MaybeEstimate const& a, MaybeEstimate const& b);

/// What the size of a difference is measured by.
struct EffectSize {
    std::string name;  ///< "cohen_h" or "cohen_d"
    double value = 0;

    bool operator==(EffectSize const&) const = default;
};

/// Of two proportions: 2 asin(sqrt(a)) - 2 asin(sqrt(b)). Source: Cohen, "Statistical Power Analysis for the Behavioral
/// Sciences", 2nd ed. (1988), section 6.2.
EffectSize cohen_h(double a, double b);

/// Of two means: their difference in standard deviations of single values, the root of the mean of the two variances.
/// Absent where nothing varies. Source: Cohen (1988), section 2.5, equation 2.3.2 for unequal spreads.
std::optional<EffectSize> cohen_d(double difference, double sd_a, double sd_b);

}  // namespace longwatch
