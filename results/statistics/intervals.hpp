// Estimates with their uncertainty: proportions, means, paired differences.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "results/statistics/moment.hpp"

namespace longwatch {

/// The confidence of every interval in a result.
inline constexpr double result_confidence = 0.95;

struct Interval {
    double low = 0, high = 0;
};

/// A value and its confidence interval. An end is open where the flights set no bound on that side:
/// too few of them, or values beyond the range of the tally. The number given there is the farthest
/// that the flights reach; the interval goes on beyond it. The value too may lie beyond that range:
/// then it is put on the range's end and marked.
struct Estimate {
    double value = 0, low = 0, high = 0;
    bool low_open = false, high_open = false;
    bool value_below = false, value_above = false;

    /// Some side is bounded, so that there is an interval to speak of.
    bool is_bounded() const { return !(low_open && high_open); }
    bool is_above_zero() const { return low > 0 && !low_open; }
    bool is_below_zero() const { return high < 0 && !high_open; }
    bool operator==(Estimate const&) const = default;
};

/// Score interval of a proportion of `hits` in `trials` > 0.
/// Source: Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212; numbered 3 by Newcombe, Stat. Med. 17
/// (1998) 857-872, whose method 4 is the one with continuity correction.
Interval wilson(std::int64_t hits, std::int64_t trials, double confidence = result_confidence);
/// The same for hits and trials that need not be whole: of as many independent trials as a spread is worth.
Interval wilson_of(double hits, double trials, double confidence = result_confidence);
Interval wilson_continuity(std::int64_t hits, std::int64_t trials,
                           double confidence = result_confidence);

/// Exact interval of a proportion: never covers less than the confidence asked for, often more.
/// Source: Clopper and Pearson, Biometrika 26 (1934) 404-413, by quantiles of the beta distribution.
Interval clopper_pearson(std::int64_t hits, std::int64_t trials,
                         double confidence = result_confidence);
Interval clopper_pearson_of(double hits, double trials, double confidence = result_confidence);

/// Half of the normal, and of Student's, interval about a mean.
double normal_half_width(double standard_error, double confidence);
double students_half_width(double standard_error, double degrees_of_freedom, double confidence);

/// Difference of two proportions seen on the same `trials` flights: `gained` of them are hits of the
/// first arm only, `lost` of the second only. Adjusted Wald interval with one added to each
/// discordant count; ends are cut to [-1, 1].
/// Source: Bonett and Price, J. Educ. Behav. Stat. 37 (2012) 479-488.
Interval paired_difference(std::int64_t gained, std::int64_t lost, std::int64_t trials,
                           double confidence = result_confidence);

// The same as estimates; absent where there are no flights.
std::optional<Estimate> proportion_estimate(std::int64_t hits, std::int64_t trials,
                                            double confidence = result_confidence);
std::optional<Estimate> paired_estimate(std::int64_t gained, std::int64_t lost,
                                        std::int64_t trials);

/// The value of all randomisations together, with Student's interval from what each of at least two
/// says alone, cut to the bounds of the quantity. Where all say exactly the same there is no spread to
/// judge by: the interval is open, but for an end on a bound.
/// Source: Owen, "Monte Carlo theory, methods and examples" (2013), chapter 17.
Estimate randomised_estimate(double value, std::vector<double> const& of_each,
                             Interval const& bounds, double confidence = result_confidence);

/// An interval of flights as if each raid were worth one: where no group of raids differs from another there is nothing
/// else to judge by.
Estimate widened(Estimate e, int raid_size, Interval const& bounds);

/// Fewer values than this, all equal, do not say how far others may lie.
inline constexpr std::int64_t spread_count_min = 30;

/// Mean in units of `quantum`, with Student's interval on count - 1 degrees of freedom. One value
/// alone bounds nothing, nor do fewer than spread_count_min equal ones: both ends are open then.
std::optional<Estimate> mean_estimate(Moment const& moment, double quantum,
                                      double confidence = result_confidence);

}  // namespace longwatch
