// The middle of repeated timings and how far they scatter.
#pragma once

#include <vector>

namespace longwatch {

struct MedianSpread {
    double median = 0, deviation = 0;  ///< deviation: the median of the absolute deviations
};

/// Of at least one number.
MedianSpread median_spread(std::vector<double> numbers);

}  // namespace longwatch
