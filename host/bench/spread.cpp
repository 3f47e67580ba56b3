#include "host/bench/spread.hpp"

#include <algorithm>
#include <cmath>

namespace longwatch {

MedianSpread median_spread(std::vector<double> numbers)
{
    auto const median = [](std::vector<double>& v) {
        auto const middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
        std::nth_element(v.begin(), middle, v.end());
        return *middle;
    };
    double const m = median(numbers);
    for (double& x : numbers) { x = std::fabs(x - m); }
    return {m, median(numbers)};
}

}  // namespace longwatch
