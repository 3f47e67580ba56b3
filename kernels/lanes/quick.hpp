// Arithmetic for code that is asked for speed more than for the last bit, in plain numbers, host and device; lanes have
// theirs in twin_lanes.hpp.
#pragma once

#include "models/math/real.hpp"

namespace longwatch {

/// The number type of half the width: where a quantity's rounding to seven digits does no harm.
template <class Real>
struct Narrow {
    using type = float;
};
template <class Real>
using NarrowOf = typename Narrow<Real>::type;

LW_FUNC double fused(double a, double b, double c) { return ::fma(a, b, c); }
LW_FUNC float fused(float a, float b, float c) { return ::fmaf(a, b, c); }

LW_FUNC double quick_inverse(double x) { return 1 / x; }
LW_FUNC float quick_inverse(float x) { return 1 / x; }
LW_FUNC double quick_inverse_root(double x) { return 1 / ::sqrt(x); }
LW_FUNC float quick_inverse_root(float x) { return 1 / ::sqrtf(x); }

/// exp within 1e-9 (double) and 2e-7 (float) of the value, -600 < x < 80.
LW_FUNC double quick_exp(double x) { return ::exp(x); }
LW_FUNC float quick_exp(float x) { return ::expf(x); }
LW_FUNC float quick_log(float x) { return ::logf(x); }

template <class To>
LW_FUNC To cast(double x)
{
    return static_cast<To>(x);
}
template <class To>
LW_FUNC To cast(float x)
{
    return static_cast<To>(x);
}

}  // namespace longwatch
