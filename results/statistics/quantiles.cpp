#include "results/statistics/quantiles.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <numeric>

namespace longwatch {

namespace {

// P(B <= k), B binomial.
double binomial_cdf(std::int64_t count, double p, std::int64_t k)
{
    if (k < 0) { return 0; }
    if (k >= count) { return 1; }
    return boost::math::cdf(boost::math::binomial(static_cast<double>(count), p),
                            static_cast<double>(k));
}

// Largest k in [-1, count] for which P(B <= k) meets the condition; the condition holds up to some k
// and not beyond. Steps outward from the mean, then halves.
template <class Condition>
std::int64_t last_meeting(std::int64_t count, double p, Condition const& meets)
{
    auto const holds = [&](std::int64_t k) {
        return k < 0 || (k < count && meets(binomial_cdf(count, p, k)));
    };
    auto const mean = static_cast<double>(count) * p;
    auto step = std::max<std::int64_t>(1, std::llround(std::sqrt(mean * (1 - p))));
    std::int64_t good = std::llround(mean);
    while (!holds(good)) { good = std::max<std::int64_t>(-1, good - step); }
    std::int64_t bad = good + step;
    while (holds(bad)) { bad = std::min(count, bad + step); }
    while (bad - good > 1) {
        auto const middle = good + (bad - good) / 2;
        (holds(middle) ? good : bad) = middle;
    }
    return good;
}

struct Place {
    std::int64_t cell = 0;
    double fraction = 0;  ///< of the cell's values that lie below the middle of this one
};

// Where the value of a rank lies; 1 <= rank <= count.
Place place_of(Histogram const& histogram, std::int64_t rank)
{
    std::int64_t before = 0;
    std::int64_t cell = 0;
    for (auto const held : histogram.cells) {
        auto const here = static_cast<std::int64_t>(held);
        if (before + here >= rank) {
            return {cell, (static_cast<double>(rank - before) - 0.5) / static_cast<double>(here)};
        }
        before += here;
        ++cell;
    }
    return {cell - 1, 1};
}

}  // namespace

double rank_coverage(std::int64_t count, double p, RankInterval ranks)
{
    return binomial_cdf(count, p, ranks.upper - 1) - binomial_cdf(count, p, ranks.lower - 1);
}

RankInterval quantile_ranks(std::int64_t count, double p, double confidence)
{
    double const tail = (1 - confidence) / 2;
    auto const lower = last_meeting(count, p, [&](double cdf) { return cdf <= tail; }) + 1;
    auto const upper = last_meeting(count, p, [&](double cdf) { return cdf < 1 - tail; }) + 2;
    return {lower, upper};
}

std::int64_t wilks_count(double p, double confidence, int order)
{
    // The order-th largest of n lies above the quantile when at most n - order values lie below it.
    std::int64_t n = order;
    while (binomial_cdf(n, p, n - order) < confidence) { ++n; }
    return n;
}

std::int64_t Histogram::count() const
{
    return static_cast<std::int64_t>(std::accumulate(cells.begin(), cells.end(), std::uint64_t{0}));
}

std::optional<Estimate> quantile_estimate(Histogram const& histogram, double p, double confidence)
{
    auto const count = histogram.count();
    if (count <= 0) { return std::nullopt; }
    auto const below = std::int64_t{0};
    auto const above = histogram.bins() + 1;
    // Edges of a cell: cell c holds bin c - 1.
    auto const lower_edge = [&](std::int64_t cell) {
        return histogram.edge(std::max(cell - 1, below));
    };
    auto const upper_edge = [&](std::int64_t cell) {
        return histogram.edge(std::min(cell, above - 1));
    };

    // A product that should be whole must not be rounded up to the next rank.
    auto const product = static_cast<double>(count) * p * (1 - 1e-12);
    auto const rank = std::clamp<std::int64_t>(std::llround(std::ceil(product)), 1, count);
    auto const ranks = quantile_ranks(count, p, confidence);
    auto const at = place_of(histogram, rank);
    auto const from = place_of(histogram, std::max<std::int64_t>(ranks.lower, 1));
    auto const to = place_of(histogram, std::min(ranks.upper, count));

    Estimate result;
    result.value =
        at.cell == below || at.cell == above
            ? lower_edge(at.cell)
            : lower_edge(at.cell) + (upper_edge(at.cell) - lower_edge(at.cell)) * at.fraction;
    result.low = lower_edge(from.cell);
    result.high = upper_edge(to.cell);
    result.low_open = ranks.lower < 1 || from.cell == below;
    result.high_open = ranks.upper > count || to.cell == above;
    result.value_below = at.cell == below;
    result.value_above = at.cell == above;
    return result;
}

}  // namespace longwatch
