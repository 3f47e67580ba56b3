#include "results/comparison/two_sample.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace longwatch {

namespace {

constexpr double exact_margin_max = 20000;
constexpr double bin_part_least = 0.05;
constexpr double expected_least = 25;

/// To about 1e-10 where k or n - k is at most exact_margin_max, whatever n: of large numbers lgamma has few digits left of
/// what differs. log(n! / (n - k)!) by Stirling's series then.
double log_choose(double n, double k)
{
    constexpr double stirling_least = 1000;
    k = std::min(k, n - k);
    double const rest = n - k;
    if (n < stirling_least) {
        return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(rest + 1);
    }
    double const falling =
        k * std::log(rest) - (n + 0.5) * std::log1p(-k / n) - k + (1 / n - 1 / rest) / 12;
    return falling - std::lgamma(k + 1);
}

double two_sided_normal(double z)
{
    return 2 * cdf(complement(boost::math::normal(), std::fabs(z)));
}

double two_sided_students(double t, double degrees_of_freedom)
{
    return 2 * cdf(complement(boost::math::students_t(degrees_of_freedom), std::fabs(t)));
}

/// Sum of the hypergeometric probabilities of at most that of `seen`: of n and m things `drawn` are drawn, at most
/// exact_margin_max, and `seen` of them are of the n.
double fisher(double seen, double drawn, double n, double m)
{
    double const least = std::max(0.0, drawn - m), most = std::min(drawn, n);
    double const of_seen =
        log_choose(n, seen) + log_choose(m, drawn - seen) - log_choose(n + m, drawn);
    // What all of them could not lift above the smallest double.
    if (of_seen + std::log(most - least + 1) < -746) { return 0; }
    // Relative to the one seen, by the ratio of neighbours. What differs by rounding only counts as equal, as in SciPy;
    // probabilities rise to the one mode and fall, and those below e^-40 add less than 1e-13 together.
    constexpr double rounding = 1e-7, negligible = -40;
    double sum = 1;
    double up = 0, down = 0;
    for (double k = seen; k < most && up > negligible; ++k) {
        up += std::log((n - k) * (drawn - k) / ((k + 1) * (m - drawn + k + 1)));
        if (up <= rounding) { sum += std::exp(up); }
    }
    for (double k = seen; k > least && down > negligible; --k) {
        down += std::log(k * (m - drawn + k) / ((n - k + 1) * (drawn - k + 1)));
        if (down <= rounding) { sum += std::exp(down); }
    }
    return std::min(std::exp(of_seen) * sum, 1.0);
}

/// The same whichever of hits, misses and samples counts as drawn: the rarest has the shortest sum.
double fisher_of_rarest(Counted const& a, Counted const& b)
{
    auto const hits_a = static_cast<double>(a.hits), hits_b = static_cast<double>(b.hits);
    auto const n = static_cast<double>(a.trials), m = static_cast<double>(b.trials);
    double const hits = hits_a + hits_b, misses = n + m - hits;
    double const rarest = std::min({hits, misses, n, m});
    if (rarest == hits) { return fisher(hits_a, hits, n, m); }
    if (rarest == misses) { return fisher(n - hits_a, misses, n, m); }
    return rarest == n ? fisher(hits_a, n, hits, misses) : fisher(hits_b, m, hits, misses);
}

}  // namespace

double same_proportion(Counted const& a, Counted const& b)
{
    if (a.trials <= 0 || b.trials <= 0) { return 1; }
    auto const n = static_cast<double>(a.trials), m = static_cast<double>(b.trials);
    auto const hits = static_cast<double>(a.hits + b.hits);
    double const misses = n + m - hits;
    if (hits == 0 || misses == 0) { return 1; }
    if (std::min({hits, misses, n, m}) <= exact_margin_max) { return fisher_of_rarest(a, b); }
    double const p = hits / (n + m);
    double const difference = static_cast<double>(a.hits) / n - static_cast<double>(b.hits) / m;
    return two_sided_normal(difference / std::sqrt(p * (1 - p) * (1 / n + 1 / m)));
}

double same_mean(Summary const& a, Summary const& b)
{
    if (a.count <= 0 || b.count <= 0 || a.mean == b.mean) { return 1; }
    auto const n = static_cast<double>(a.count), m = static_cast<double>(b.count);
    double const sd_a = a.count > 1 ? a.standard_deviation : 0;
    double const sd_b = b.count > 1 ? b.standard_deviation : 0;
    // The one dealing seen, and its mirror image, of all.
    double const least =
        std::min(1.0, (a.count == b.count ? 2 : 1) * std::exp(-log_choose(n + m, n)));
    if (sd_a == 0 && sd_b == 0) { return least; }
    // In units of the larger deviation, so that no square is too small or too large for a double.
    constexpr double very_far = 1e100;
    double const unit = std::max(sd_a, sd_b);
    double const difference = std::clamp((a.mean - b.mean) / unit, -very_far, very_far);
    double const variance_a = sd_a / unit * (sd_a / unit);
    double const variance_b = sd_b / unit * (sd_b / unit);
    // The variance of all values taken as one sample, and with it that of the difference over all ways to deal them.
    double const squares =
        (n - 1) * variance_a + (m - 1) * variance_b + n * m / (n + m) * difference * difference;
    double const z = difference / std::sqrt(squares / (n + m - 1) * (1 / n + 1 / m));
    double const by_permutation = std::max(least, two_sided_normal(z));
    if (a.count < 2 || b.count < 2) { return by_permutation; }
    double const of_a = variance_a / n, of_b = variance_b / m, of_both = of_a + of_b;
    double const freedom = of_both * of_both / (of_a * of_a / (n - 1) + of_b * of_b / (m - 1));
    double const by_welch = two_sided_students(difference / std::sqrt(of_both), freedom);
    return std::max(by_permutation, by_welch);
}

double same_distribution(std::vector<std::int64_t> const& a, std::vector<std::int64_t> const& b)
{
    auto const total = [](std::vector<std::int64_t> const& x) {
        return static_cast<double>(std::accumulate(x.begin(), x.end(), std::int64_t{0}));
    };
    double const n = total(a), m = total(b), all = n + m;
    if (n == 0 || m == 0) { return 1; }
    double const least = std::max(bin_part_least * all, expected_least * all / std::min(n, m));
    // Both samples' counts of each bin after merging.
    std::vector<std::pair<double, double>> merged;
    bool is_full = true;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        if (is_full) { merged.emplace_back(0, 0); }
        merged.back().first += i < a.size() ? static_cast<double>(a[i]) : 0;
        merged.back().second += i < b.size() ? static_cast<double>(b[i]) : 0;
        is_full = merged.back().first + merged.back().second >= least;
    }
    if (!is_full && merged.size() > 1) {
        auto const rest = merged.back();
        merged.pop_back();
        merged.back().first += rest.first;
        merged.back().second += rest.second;
    }
    if (merged.size() < 2) { return 1; }
    double statistic = 0;
    for (auto const& [x, y] : merged) {
        double const expected = (x + y) * n / all, other = (x + y) * m / all;
        statistic += (x - expected) * (x - expected) / expected + (y - other) * (y - other) / other;
    }
    auto const freedom = static_cast<double>(merged.size() - 1);
    return cdf(complement(boost::math::chi_squared(freedom), statistic));
}

std::vector<double> holm_adjusted(std::vector<double> const& p_values)
{
    std::vector<std::size_t> order(p_values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t i, std::size_t j) { return p_values[i] < p_values[j]; });
    std::vector<double> adjusted(p_values.size());
    double largest = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        auto const left = static_cast<double>(order.size() - rank);
        largest = std::max(largest, std::min(1.0, left * p_values[order[rank]]));
        adjusted[order[rank]] = largest;
    }
    return adjusted;
}

}  // namespace longwatch
