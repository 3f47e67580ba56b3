// Quantiles with distribution-free intervals from order statistics.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "results/statistics/intervals.hpp"

namespace longwatch {

/// Ranks (1-based, ascending) of the order statistics that bound a quantile. Rank 0 or count + 1:
/// no value of the sample bounds it on that side.
struct RankInterval {
    std::int64_t lower = 0, upper = 0;
};

/// P(x[lower] <= quantile < x[upper]) for a continuous quantity = P(lower <= B < upper), where B
/// is the number of the `count` values below the quantile `p`, binomial.
double rank_coverage(std::int64_t count, double p, RankInterval ranks);

/// The narrowest pair with at most (1 - confidence) / 2 in each tail, by the exact binomial
/// distribution at every count.
/// Source: David and Nagaraja, "Order Statistics", 3rd ed. (2003), section 7.1.
RankInterval quantile_ranks(std::int64_t count, double p, double confidence = result_confidence);

/// Least count at which the `order`-th largest value lies above the quantile p with that confidence.
/// Source: Wilks, Ann. Math. Stat. 12 (1941) 91-96.
std::int64_t wilks_count(double p, double confidence, int order);

/// Bins; the first and the last cell count what lies below and above them.
struct Histogram {
    std::span<std::uint64_t const> cells;
    double (*bin_edge)(int bin) =
        nullptr;  ///< lower edge; of bin = bins() the last one's upper edge

    std::int64_t bins() const { return static_cast<std::int64_t>(cells.size()) - 2; }
    double edge(std::int64_t bin) const { return bin_edge(static_cast<int>(bin)); }
    std::int64_t count() const;
};

/// The quantile p: the value of rank ceil(count p), placed inside its bin as if the bin's values were
/// spread evenly. The interval ends on bin edges: the lower edge of the bin with the lower rank, the
/// upper edge of the bin with the upper rank, so that binning can only widen it. Where a rank lies
/// in the cell below or above the bins, that end is open at the range's end; a quantile that lies
/// there itself is put on the range's end and marked as below or above it. Absent where there are no
/// values.
std::optional<Estimate> quantile_estimate(Histogram const& histogram, double p,
                                          double confidence = result_confidence);

}  // namespace longwatch
