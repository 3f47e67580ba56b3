// Arithmetic for code that is asked for speed more than for the last bit, in plain numbers; lanes have theirs in
// twin_lanes.hpp.
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

inline double fused(double a, double b, double c) { return __builtin_fma(a, b, c); }
inline float fused(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

inline double quick_inverse(double x) { return 1 / x; }
inline float quick_inverse(float x) { return 1 / x; }
inline double quick_inverse_root(double x) { return 1 / ::sqrt(x); }
inline float quick_inverse_root(float x) { return 1 / __builtin_sqrtf(x); }

/// exp within 1e-9 (double) and 2e-7 (float) of the value, -600 < x < 80.
inline double quick_exp(double x) { return ::exp(x); }
inline float quick_exp(float x) { return __builtin_expf(x); }
inline float quick_log(float x) { return __builtin_logf(x); }

template <class To>
inline To cast(double x)
{
    return static_cast<To>(x);
}
template <class To>
inline To cast(float x)
{
    return static_cast<To>(x);
}

}  // namespace longwatch
