// The quantities of a result that a regression watches, each as counts or sums that a test can be made of.
#pragma once

#include <string>
#include <vector>

#include "results/comparison/difference.hpp"
#include "results/comparison/two_sample.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

/// Width of the bins of a watched distribution of warning times.
inline constexpr double watched_bin_s = 10;

struct Measured {
    enum class Kind { fraction, mean, distribution };
    std::string arm;       ///< "" where it is of all arms
    std::string subject;   ///< consumer, battery, sensor or threat; "" where it is of the arm
    std::string quantity;  ///< "p_warned", "delay_link_mean_s"
    std::string unit;      ///< "1", "s", "m", "rad"
    Kind kind = Kind::fraction;
    Counted counted;     ///< of a fraction
    Summary summary;     ///< of a mean, in its unit, over its flights or raids
    double first_s = 0;  ///< of a distribution: lower edge of its first bin
    std::vector<std::int64_t> bins;
    /// Under latin-hypercube and sobol, and of flights in raids: the value in each randomisation or group
    /// that has flights of it. Flights are not independent then, and these are.
    std::vector<double> of_each;
    bool is_grouped = false;

    std::string name() const;  ///< "arm via-us-hub, tokyo: p_warned"
};

/// All of them, in an order that depends only on the study.
std::vector<Measured> measure(ResultFile const& result);

/// Its value with a 95 % interval; absent without flights, and of a distribution.
MaybeEstimate estimate_of(Measured const& m);

/// May both be of one quantity? The p-value of the test that suits its kind (two_sample.hpp). Of grouped quantities the values in
/// each group are the sample; of fractions with fewer than five hits or misses to a group also
/// single flights, and the larger p-value counts.
double same_quantity(Measured const& a, Measured const& b);

/// Of b - a. Fractions: Cohen's h. Means: Cohen's d. Distributions: the largest difference of the two cumulative fractions,
/// "kolmogorov_distance".
std::optional<EffectSize> effect_of(Measured const& a, Measured const& b);

}  // namespace longwatch
