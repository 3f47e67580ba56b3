// What has moved between a baseline and a new result, and how sure that is.
#pragma once

#include <string>
#include <vector>

#include "results/comparison/baseline.hpp"

namespace longwatch {

/// Chance that a comparison of two results of one truth calls anything moved: of all its tests together.
inline constexpr double family_level = 0.001;
/// A mean rate this much lower is called slower, if its 95 % interval lies below too: machines vary from night to night by more
/// than repeats of one night tell.
inline constexpr double slowdown_tolerance = 0.10;

/// Differences of less than this are of no consequence, however sure: in fractions and counts; s; m; rad.
double tolerance_of(std::string const& unit);

struct Finding {
    Measured before, after;
    MaybeEstimate difference;  ///< after less before; absent of a distribution
    std::optional<EffectSize> effect;
    double p_value = 1, p_adjusted = 1;
    bool moved = false;
};

struct SpeedFinding {
    Throughput before, after;
    Estimate ratio;  ///< of mean rates, after to before; open where one of them has a single repeat
    bool slower = false;
};

enum class Verdict { clean, moved, not_comparable };

struct Regression {
    Verdict verdict = Verdict::clean;
    std::string why;  ///< where they are not comparable
    /// Same study, seed, flights and backend: every cell must be equal.
    bool must_be_identical = false, is_identical = false;
    std::string first_difference;              ///< where it is not, in words
    std::vector<std::string> changed_entries;  ///< of the study
    std::vector<std::string> untested;         ///< quantities that only one of them has
    std::vector<Finding> findings;             ///< everything tested, in the baseline's order
    std::vector<SpeedFinding> speeds;

    int moved_count() const;
};

/// Everything is tested at family_level by Holm's procedure; what is significant and beyond its tolerance has moved. Where
/// nothing could be tested, they are not comparable.
Regression regress(Baseline const& before, Baseline const& after);

}  // namespace longwatch
