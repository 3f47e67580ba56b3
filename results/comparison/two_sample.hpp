// Two-sample tests: may two samples be of one distribution? Each returns a p-value; two-sided.
#pragma once

#include <cstdint>
#include <vector>

namespace longwatch {

struct Counted {
    std::int64_t hits = 0, trials = 0;
};

/// Proportions: Fisher's exact test where hits, misses or a sample number at most 20,000; beyond, the score test with pooled
/// variance, whose probabilities are then right to a few per cent as far out as 1e-9. 1 where a sample is empty.
/// Source: Fisher, "Statistical Methods for Research Workers", 5th ed. (1934), section 21.02; two-sided by summing
/// the tables no more probable than the one seen.
double same_proportion(Counted const& a, Counted const& b);

/// Count, mean and standard deviation (of n - 1) of a sample.
struct Summary {
    std::int64_t count = 0;
    double mean = 0, standard_deviation = 0;
};

/// Means: the larger of the p-values of Welch's t test and of the permutation variance (that of both samples taken as one).
/// The first errs where the smaller sample happens to lack rare values, the second where it alone has them. No p-value is
/// below that of one dealing of the values, and its mirror image where counts are equal, out of all; where nothing varies
/// in either sample that is the exact p-value. 1 where a sample is empty.
/// Source: Welch, Biometrika 34 (1947) 28-35; Pitman, J. R. Stat. Soc. Suppl. 4 (1937) 119-130.
double same_mean(Summary const& a, Summary const& b);

/// Counts in the same bins: adjacent bins are merged until each holds a twentieth of all values and both samples may expect 25 there, then
/// Pearson's test of homogeneity. How bins are merged depends on both samples taken as one, never on which value is
/// whose, so the test keeps its level. 1 where one bin is left.
/// Source: Pearson, Biometrika 8 (1911) 250-254; Cochran, Biometrics 10 (1954) 417-451 on the least expected counts.
double same_distribution(std::vector<std::int64_t> const& a, std::vector<std::int64_t> const& b);

/// Holm's adjusted p-values: rejecting those below a level keeps the chance of any false rejection below it, however
/// the tests depend on each other. Source: Holm, Scand. J. Stat. 6 (1979) 65-70.
std::vector<double> holm_adjusted(std::vector<double> const& p_values);

}  // namespace longwatch
