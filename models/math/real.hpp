// The one place where a model meets its number type.
//
// Models are templates on Real. On a GPU thread Real is double (or float) and a comparison is a
// bool; in the CPU backend Real is a batch of lanes and a comparison is a lane mask. What differs
// between the two is gathered in Lane<Real>; kernels/lanes specialises it for batches.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

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

/// a b + c, rounded once.
LW_FUNC double multiply_add(double a, double b, double c) { return ::fma(a, b, c); }
LW_FUNC float multiply_add(float a, float b, float c) { return ::fmaf(a, b, c); }

/// The type of a comparison of two Reals: bool, or a mask of lanes.
template <class Real>
using Mask = decltype(Real() < Real());

LW_FUNC bool any(bool mask) { return mask; }
LW_FUNC bool all(bool mask) { return mask; }
LW_FUNC double select(bool mask, double a, double b) { return mask ? a : b; }
LW_FUNC float select(bool mask, float a, float b) { return mask ? a : b; }

/// Numbers from one run of `count` to the next: whole lines of memory of eight.
LW_FUNC constexpr int run_size(int count) { return (count + 7) / 8 * 8; }

/// Where a number x >= 2^-1000 lies among cells that begin at 2^e (1 + n/16), n = 0 ... 15.
template <class Real>
struct BinaryCell {
    Real number;  ///< 16 (e + 1023) + n
    Real start;
};

LW_FUNC BinaryCell<double> binary_cell_of(double x)
{
    std::int64_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    std::int64_t const number = bits >> 48, start_bits = number << 48;
    double start = 0;
    std::memcpy(&start, &start_bits, sizeof start);
    return {static_cast<double>(number), start};
}

/// What a number type must offer beyond arithmetic, and how it meets memory: a column keeps the
/// values of one slot for neighbouring flights side by side, `stride` numbers per slot. This is the
/// scalar case.
template <class Real>
struct Lane {
    static constexpr int width = 1;
    /// Whether it draws blocks of random words for all lanes at once: see kernels/draw/philox.hpp.
    static constexpr bool has_philox = false;

    /// table[index]; index is a whole number held in a Real.
    LW_FUNC static Real lookup(double const* table, Real index)
    {
        return static_cast<Real>(table[static_cast<int>(index)]);
    }
    LW_FUNC static Real lookup_of_eight(double const* table, Real index)
    {
        return lookup(table, index);
    }
    /// The four numbers of row `row`.
    LW_FUNC static void lookup_row(double const (*table)[4], Real row, Real (&out)[4])
    {
        double const* const first = table[static_cast<int>(row)];
        for (int k = 0; k < 4; ++k) { out[k] = static_cast<Real>(first[k]); }
    }
    LW_FUNC static bool is_finite(Real x) { return x - x == Real(0); }

    LW_FUNC static Real multiply_add(Real a, Real b, Real c)
    {
        return longwatch::multiply_add(a, b, c);
    }
    LW_FUNC static Real inverse(Real x) { return Real(1) / x; }
    LW_FUNC static Real inverse_sqrt(Real x) { return Real(1) / sqrt(x); }
    LW_FUNC static Real root(Real x) { return sqrt(x); }
    LW_FUNC static Real exponential(Real x) { return exp(x); }
    LW_FUNC static BinaryCell<Real> binary_cell(Real x)
    {
        auto const cell = binary_cell_of(static_cast<double>(x));
        return {static_cast<Real>(cell.number), static_cast<Real>(cell.start)};
    }

    LW_FUNC static Real load(double const* p) { return static_cast<Real>(*p); }
    LW_FUNC static void store(double* p, Real value) { *p = static_cast<double>(value); }
    LW_FUNC static Real load_slot(double const* p, std::int64_t stride, Real slot)
    {
        return static_cast<Real>(p[static_cast<std::int64_t>(slot) * stride]);
    }
    /// A run of numbers of one flight side by side, run_size(count) from the next; the next flight's lies `flight_stride`
    /// further.
    template <int count>
    LW_FUNC static void load_run(double const* p, std::int64_t, Real run, Real (&out)[count])
    {
        double const* const first = p + static_cast<std::int64_t>(run) * run_size(count);
        for (int k = 0; k < count; ++k) { out[k] = static_cast<Real>(first[k]); }
    }
    template <int count>
    LW_FUNC static void store_run(double* p, std::int64_t, Real run, Real const (&values)[count])
    {
        double* const first = p + static_cast<std::int64_t>(run) * run_size(count);
        for (int k = 0; k < count; ++k) { first[k] = static_cast<double>(values[k]); }
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

/// a b + c, rounded once where the machine can.
template <class Real>
LW_FUNC Real multiply_add(Real const& a, Real const& b, Real const& c)
{
    return Lane<Real>::multiply_add(a, b, c);
}

/// 1 / x and 1 / sqrt(x) to two last places, for positive x of ordinary size: lanes refine an
/// estimate, a third of the time of a division or root.
template <class Real>
LW_FUNC Real inverse(Real const& x)
{
    return Lane<Real>::inverse(x);
}
template <class Real>
LW_FUNC Real inverse_sqrt(Real const& x)
{
    return Lane<Real>::inverse_sqrt(x);
}

/// sqrt(x) to two last places, for x of ordinary size or nil.
template <class Real>
LW_FUNC Real root(Real const& x)
{
    return Lane<Real>::root(x);
}

/// exp(x) to two last places; lanes need no division for it.
template <class Real>
LW_FUNC Real exponential(Real const& x)
{
    return Lane<Real>::exponential(x);
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
