// Whether two estimates of independent runs may be of one quantity.
#pragma once

#include <cmath>

#include "results/statistics/intervals.hpp"

namespace longwatch::test {

/// Within three standard errors of their difference, by their 95 % intervals.
inline bool agree(Estimate const& a, Estimate const& b)
{
    double const both = std::hypot((a.high - a.low) / 2, (b.high - b.low) / 2);
    return std::fabs(a.value - b.value) < 1.5 * both;
}

}  // namespace longwatch::test
