// The one place where a model meets its number type.
//
// Models are templates on Real. On a GPU thread Real is double (or float) and a comparison is a
// bool; in the CPU backend Real is a batch of lanes and a comparison is a lane mask. What differs
// between the two is gathered in Lane<Real>; kernels/lanes specialises it for batches.
#pragma once

#include <cmath>
#include <cstdint>

#if defined(__CUDACC__)
#define LW_FUNC __host__ __device__ inline
/// A large function that is called from several places, and is to be there once.
#define LW_APART __host__ __device__ __noinline__
/// A large function of a loop: on a device there once, so that the loop fits the instruction cache; inlined into lanes.
#define LW_DEVICE_APART LW_APART
#else
#define LW_FUNC inline
#define LW_DEVICE_APART inline
#define LW_APART [[gnu::noinline]] inline
#endif

namespace longwatch {

using ::acos;
using ::asin;
using ::atan2;
using ::cos;
using ::exp;
using ::floor;
using ::log;
using ::sin;
using ::sqrt;

LW_FUNC double abs(double x) { return ::fabs(x); }
LW_FUNC float abs(float x) { return ::fabsf(x); }

/// The type of a comparison of two Reals: bool, or a mask of lanes.
template <class Real>
using Mask = decltype(Real() < Real());

LW_FUNC bool any(bool mask) { return mask; }
LW_FUNC bool all(bool mask) { return mask; }
LW_FUNC double select(bool mask, double a, double b) { return mask ? a : b; }
LW_FUNC float select(bool mask, float a, float b) { return mask ? a : b; }

/// What a number type must offer beyond arithmetic, and how it meets memory: a column keeps the
/// values of one slot for neighbouring flights side by side, `stride` numbers per slot. This is the
/// scalar case.
template <class Real>
struct Lane {
    static constexpr int width = 1;

    /// table[index]; index is a whole number held in a Real.
    LW_FUNC static Real lookup(double const* table, Real index)
    {
        return static_cast<Real>(table[static_cast<int>(index)]);
    }
    LW_FUNC static Real lookup_of_eight(double const* table, Real index)
    {
        return lookup(table, index);
    }
    LW_FUNC static bool is_finite(Real x) { return x - x == Real(0); }

    LW_FUNC static Real load(double const* p) { return static_cast<Real>(*p); }
    LW_FUNC static void store(double* p, Real value) { *p = static_cast<double>(value); }
    LW_FUNC static Real load_slot(double const* p, std::int64_t stride, Real slot)
    {
        return static_cast<Real>(p[static_cast<std::int64_t>(slot) * stride]);
    }
    /// A run of numbers of one flight side by side; the next flight's lies `flight_stride` further.
    template <int count>
    LW_FUNC static void load_run(double const* p, std::int64_t, Real run, Real (&out)[count])
    {
        double const* const first = p + static_cast<std::int64_t>(run) * count;
        for (int k = 0; k < count; ++k) { out[k] = static_cast<Real>(first[k]); }
    }
    template <int count>
    LW_FUNC static void store_run(double* p, std::int64_t, Real const (&run)[count])
    {
        for (int k = 0; k < count; ++k) { p[k] = static_cast<double>(run[k]); }
    }
    LW_FUNC static void store_slot(bool mask, double* p, std::int64_t stride, Real slot, Real value)
    {
        if (mask) { p[static_cast<std::int64_t>(slot) * stride] = static_cast<double>(value); }
    }
    template <class Function>
    LW_FUNC static Real generate(Function const& f)
    {
        return static_cast<Real>(f(0));
    }
    template <class Function>
    LW_FUNC static void generate_four(Function const& f, Real (&out)[4])
    {
        double values[4];
        f(0, values);
        for (int k = 0; k < 4; ++k) { out[k] = static_cast<Real>(values[k]); }
    }
    LW_FUNC static double at(Real x, int) { return static_cast<double>(x); }
    LW_FUNC static bool at(bool m, int) { return m; }
};

/// table[index] for every lane. The index must lie inside the table in every lane.
template <class Real>
LW_FUNC Real lookup(double const* table, Real const& index)
{
    return Lane<Real>::lookup(table, index);
}

/// The same of a table of exactly eight numbers, which fits a register.
template <class Real>
LW_FUNC Real lookup_of_eight(double const (&table)[8], Real const& index)
{
    return Lane<Real>::lookup_of_eight(table, index);
}

template <class Real>
LW_FUNC Mask<Real> is_finite(Real const& x)
{
    return Lane<Real>::is_finite(x);
}

// Named so as not to be confused with std::min, which takes references and orders NaN differently.
template <class Real>
LW_FUNC Real smaller(Real const& a, Real const& b)
{
    return select(b < a, b, a);
}

template <class Real>
LW_FUNC Real larger(Real const& a, Real const& b)
{
    return select(a < b, b, a);
}

template <class Real>
LW_FUNC Real clamp(Real const& x, Real const& low, Real const& high)
{
    return smaller(larger(x, low), high);
}

template <class Real>
LW_FUNC Real square(Real const& x)
{
    return x * x;
}

inline constexpr double pi = 3.14159265358979323846;
inline constexpr double rad_per_deg = pi / 180.0;

/// A time that never comes: the arrival of a message that is never sent.
inline constexpr double never_s = 1e30;

}  // namespace longwatch
