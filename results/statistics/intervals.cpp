#include "results/statistics/intervals.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace longwatch {

namespace {

// z with P(-z < Z < z) = confidence.
double two_sided_z(double confidence)
{
    return boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2);
}

}  // namespace

Interval wilson_of(double k, double n, double confidence)
{
    double const z = two_sided_z(confidence);
    double const centre = (k + z * z / 2) / (n + z * z);
    double const half = z / (n + z * z) * std::sqrt(k * (n - k) / n + z * z / 4);
    // At no hits and at nothing but hits the end is known exactly; rounding must not spoil it.
    return {k == 0 ? 0.0 : centre - half, k == n ? 1.0 : centre + half};
}

Interval wilson(std::int64_t hits, std::int64_t trials, double confidence)
{
    return wilson_of(static_cast<double>(hits), static_cast<double>(trials), confidence);
}

Interval wilson_continuity(std::int64_t hits, std::int64_t trials, double confidence)
{
    auto const n = static_cast<double>(trials);
    double const p = static_cast<double>(hits) / n;
    double const q = 1 - p;
    double const z = two_sided_z(confidence);
    double const scale = 2 * (n + z * z);
    double const middle = 2 * n * p + z * z;
    double const lower = z * std::sqrt(z * z - 2 - 1 / n + 4 * p * (n * q + 1));
    double const upper = z * std::sqrt(z * z + 2 - 1 / n + 4 * p * (n * q - 1));
    return {hits == 0 ? 0.0 : (middle - 1 - lower) / scale,
            hits == trials ? 1.0 : (middle + 1 + upper) / scale};
}

Interval clopper_pearson_of(double k, double n, double confidence)
{
    // Of so many trials the two are one, and of parts of a trial the beta distribution's end is nought.
    constexpr double many = 1e9, hardly_any = 1e-3;
    if (n > many) { return wilson_of(k, n, confidence); }
    double const tail = (1 - confidence) / 2;
    using boost::math::beta_distribution;
    using boost::math::complement;
    using boost::math::quantile;
    return {
        k < hardly_any ? 0.0 : quantile(beta_distribution<>(k, n - k + 1), tail),
        n - k < hardly_any ? 1.0 : quantile(complement(beta_distribution<>(k + 1, n - k), tail))};
}

Interval clopper_pearson(std::int64_t hits, std::int64_t trials, double confidence)
{
    return clopper_pearson_of(static_cast<double>(hits), static_cast<double>(trials), confidence);
}

double normal_half_width(double standard_error, double confidence)
{
    return two_sided_z(confidence) * standard_error;
}

double students_half_width(double standard_error, double degrees_of_freedom, double confidence)
{
    boost::math::students_t const t(degrees_of_freedom);
    return boost::math::quantile(t, 0.5 + confidence / 2) * standard_error;
}

Interval paired_difference(std::int64_t gained, std::int64_t lost, std::int64_t trials,
                           double confidence)
{
    double const n = static_cast<double>(trials) + 2;
    double const p_gained = (static_cast<double>(gained) + 1) / n;
    double const p_lost = (static_cast<double>(lost) + 1) / n;
    double const difference = p_gained - p_lost;
    double const half =
        two_sided_z(confidence) * std::sqrt((p_gained + p_lost - difference * difference) / n);
    return {std::max(difference - half, -1.0), std::min(difference + half, 1.0)};
}

std::optional<Estimate> proportion_estimate(std::int64_t hits, std::int64_t trials,
                                            double confidence)
{
    if (trials <= 0) { return std::nullopt; }
    auto const interval = wilson(hits, trials, confidence);
    return Estimate{static_cast<double>(hits) / static_cast<double>(trials), interval.low,
                    interval.high};
}

std::optional<Estimate> paired_estimate(std::int64_t gained, std::int64_t lost, std::int64_t trials)
{
    if (trials <= 0) { return std::nullopt; }
    auto const interval = paired_difference(gained, lost, trials);
    return Estimate{static_cast<double>(gained - lost) / static_cast<double>(trials), interval.low,
                    interval.high};
}

std::optional<Estimate> mean_estimate(Moment const& moment, double quantum, double confidence)
{
    if (moment.count <= 0) { return std::nullopt; }
    auto const s = spread(moment);
    double const mean = s.mean * quantum;
    if (moment.count == 1 || (moment.count < spread_count_min && !(s.variance > 0))) {
        return Estimate{mean, mean, mean, true, true};
    }
    auto const n = static_cast<double>(moment.count);
    double const half = students_half_width(std::sqrt(s.variance / n), n - 1, confidence) * quantum;
    return Estimate{mean, mean - half, mean + half};
}

Estimate widened(Estimate e, int raid_size, Interval const& bounds)
{
    e.low = std::max(e.value - raid_size * (e.value - e.low), bounds.low);
    e.high = std::min(e.value + raid_size * (e.high - e.value), bounds.high);
    return e;
}

Estimate randomised_estimate(double value, std::vector<double> const& of_each,
                             Interval const& bounds, double confidence)
{
    auto const n = static_cast<double>(of_each.size());
    double mean = 0, squares = 0;
    for (double const x : of_each) { mean += x / n; }
    for (double const x : of_each) { squares += (x - mean) * (x - mean); }
    auto const [least, most] = std::minmax_element(of_each.begin(), of_each.end());
    if (*least == *most) { return {value, value, value, value > bounds.low, value < bounds.high}; }
    double const half = students_half_width(std::sqrt(squares / (n * (n - 1))), n - 1, confidence);
    return {value, std::max(value - half, bounds.low), std::min(value + half, bounds.high)};
}

}  // namespace longwatch
