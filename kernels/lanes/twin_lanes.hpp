// Two packs of lanes that go through the same code side by side: what one waits for, the other computes meanwhile. As
// many flights as a pack of float lanes has.
#pragma once

#include "kernels/lanes/quick.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"

namespace longwatch {

using FloatLanes = xsimd::batch<float>;

struct TwinMask {
    xsimd::batch_bool<double> low, high;
};
inline TwinMask operator&&(TwinMask a, TwinMask b) { return {a.low && b.low, a.high && b.high}; }
inline TwinMask operator||(TwinMask a, TwinMask b) { return {a.low || b.low, a.high || b.high}; }
inline TwinMask operator!(TwinMask a) { return {!a.low, !a.high}; }
inline bool any(TwinMask a) { return xsimd::any(a.low || a.high); }
inline bool all(TwinMask a) { return xsimd::all(a.low && a.high); }

struct TwinLanes {
    Lanes low, high;

    TwinLanes() = default;
    TwinLanes(Lanes l, Lanes h) : low(l), high(h) {}
    explicit TwinLanes(double x) : low(x), high(x) {}
    explicit TwinLanes(int x) : TwinLanes(static_cast<double>(x)) {}
};

inline TwinLanes operator+(TwinLanes a, TwinLanes b) { return {a.low + b.low, a.high + b.high}; }
inline TwinLanes operator-(TwinLanes a, TwinLanes b) { return {a.low - b.low, a.high - b.high}; }
inline TwinLanes operator*(TwinLanes a, TwinLanes b) { return {a.low * b.low, a.high * b.high}; }
inline TwinLanes operator/(TwinLanes a, TwinLanes b) { return {a.low / b.low, a.high / b.high}; }
inline TwinLanes operator-(TwinLanes a) { return {-a.low, -a.high}; }
inline TwinMask operator<(TwinLanes a, TwinLanes b) { return {a.low < b.low, a.high < b.high}; }
inline TwinMask operator>(TwinLanes a, TwinLanes b) { return {a.low > b.low, a.high > b.high}; }
inline TwinMask operator<=(TwinLanes a, TwinLanes b) { return {a.low <= b.low, a.high <= b.high}; }
inline TwinMask operator>=(TwinLanes a, TwinLanes b) { return {a.low >= b.low, a.high >= b.high}; }

inline TwinLanes select(TwinMask m, TwinLanes a, TwinLanes b)
{
    return {xsimd::select(m.low, a.low, b.low), xsimd::select(m.high, a.high, b.high)};
}
inline TwinLanes sqrt(TwinLanes a) { return {xsimd::sqrt(a.low), xsimd::sqrt(a.high)}; }
inline TwinLanes abs(TwinLanes a) { return {xsimd::abs(a.low), xsimd::abs(a.high)}; }
inline TwinLanes exp(TwinLanes a) { return {xsimd::exp(a.low), xsimd::exp(a.high)}; }
inline TwinLanes log(TwinLanes a) { return {xsimd::log(a.low), xsimd::log(a.high)}; }
inline TwinLanes sin(TwinLanes a) { return {xsimd::sin(a.low), xsimd::sin(a.high)}; }
inline TwinLanes cos(TwinLanes a) { return {xsimd::cos(a.low), xsimd::cos(a.high)}; }
inline TwinLanes atan2(TwinLanes y, TwinLanes x)
{
    return {xsimd::atan2(y.low, x.low), xsimd::atan2(y.high, x.high)};
}

template <>
struct Narrow<TwinLanes> {
    using type = FloatLanes;
};

inline Lanes fused(Lanes a, Lanes b, Lanes c) { return Lane<Lanes>::multiply_add(a, b, c); }
inline FloatLanes fused(FloatLanes a, FloatLanes b, FloatLanes c)
{
#if defined(__AVX512F__)
    return _mm512_fmadd_ps(a, b, c);  // xsimd 8.1 rounds twice here
#else
    return xsimd::fma(a, b, c);
#endif
}
inline TwinLanes fused(TwinLanes a, TwinLanes b, TwinLanes c)
{
    return {fused(a.low, b.low, c.low), fused(a.high, b.high, c.high)};
}

inline Lanes quick_inverse(Lanes x) { return Lane<Lanes>::inverse(x); }
/// Within 2e-7 of the value: the processor's 14 digits, doubled by Newton.
inline FloatLanes quick_inverse(FloatLanes x)
{
#if defined(__AVX512F__)
    FloatLanes const y = _mm512_rcp14_ps(x);
    return fused(y, fused(-x, y, FloatLanes(1.0F)), y);
#else
    return FloatLanes(1.0F) / x;
#endif
}
inline Lanes quick_inverse_root(Lanes x) { return Lane<Lanes>::inverse_sqrt(x); }
inline FloatLanes quick_inverse_root(FloatLanes x)
{
#if defined(__AVX512F__)
    FloatLanes const y = _mm512_rsqrt14_ps(x);
    return fused(FloatLanes(0.5F) * y, fused(-(x * y), y, FloatLanes(1.0F)), y);
#else
    return FloatLanes(1.0F) / xsimd::sqrt(x);
#endif
}

/// 2^k e^f with x = k ln 2 + f, |f| <= ln 2 / 2, and Taylor's polynomial of degree 8 (float: 6).
inline Lanes quick_exp(Lanes x)
{
#if defined(__AVX512F__)
    Lanes const k = _mm512_roundscale_pd(x * Lanes(1.4426950408889634), 8);
    Lanes const f = fused(k, Lanes(-0.6931471805599453), x), f2 = f * f;
    Lanes const a = fused(f, Lanes(1.0), Lanes(1.0)), b = fused(f, Lanes(1.0 / 6), Lanes(0.5));
    Lanes const c = fused(f, Lanes(1.0 / 120), Lanes(1.0 / 24));
    Lanes const d = fused(f, Lanes(1.0 / 5040), Lanes(1.0 / 720)), f4 = f2 * f2;
    Lanes const low = fused(f2, b, a), high = fused(f2, d, c);
    return _mm512_scalef_pd(fused(f4, fused(f4, Lanes(1.0 / 40320), high), low), k);
#else
    return xsimd::exp(x);
#endif
}
inline FloatLanes quick_exp(FloatLanes x)
{
#if defined(__AVX512F__)
    FloatLanes const k = _mm512_roundscale_ps(x * FloatLanes(1.442695041F), 8);
    FloatLanes f = fused(k, FloatLanes(-0.693359375F), x);
    f = fused(k, FloatLanes(2.12194440e-4F), f);
    FloatLanes y = fused(f, FloatLanes(1.0F / 720), FloatLanes(1.0F / 120));
    for (float const c : {1.0F / 24, 1.0F / 6, 0.5F, 1.0F, 1.0F}) {
        y = fused(y, f, FloatLanes(c));
    }
    return _mm512_scalef_ps(y, k);
#else
    return xsimd::exp(x);
#endif
}
inline FloatLanes quick_log(FloatLanes x) { return xsimd::log(x); }
inline TwinLanes quick_inverse(TwinLanes x)
{
    return {quick_inverse(x.low), quick_inverse(x.high)};
}
inline TwinLanes quick_inverse_root(TwinLanes x)
{
    return {quick_inverse_root(x.low), quick_inverse_root(x.high)};
}
inline TwinLanes quick_exp(TwinLanes x) { return {quick_exp(x.low), quick_exp(x.high)}; }

template <class To>
To cast(TwinLanes x);
template <>
inline TwinLanes cast<TwinLanes>(TwinLanes x)
{
    return x;
}
template <>
inline FloatLanes cast<FloatLanes>(TwinLanes x)
{
#if defined(__AVX512F__)
    return _mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps(x.low)),
                              _mm512_cvtpd_ps(x.high), 1);
#else
    alignas(64) double from[FloatLanes::size];
    alignas(64) float to[FloatLanes::size];
    x.low.store_aligned(from);
    x.high.store_aligned(from + Lanes::size);
    for (std::size_t i = 0; i < FloatLanes::size; ++i) { to[i] = static_cast<float>(from[i]); }
    return FloatLanes::load_aligned(to);
#endif
}
template <class To>
To cast(FloatLanes x);
template <>
inline FloatLanes cast<FloatLanes>(FloatLanes x)
{
    return x;
}
template <>
inline TwinLanes cast<TwinLanes>(FloatLanes x)
{
#if defined(__AVX512F__)
    return {_mm512_cvtps_pd(_mm512_castps512_ps256(x)),
            _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1))};
#else
    alignas(64) float from[FloatLanes::size];
    alignas(64) double to[FloatLanes::size];
    x.store_aligned(from);
    for (std::size_t i = 0; i < FloatLanes::size; ++i) { to[i] = from[i]; }
    return {Lanes::load_aligned(to), Lanes::load_aligned(to + Lanes::size)};
#endif
}

template <>
struct Lane<TwinLanes> {
    static constexpr int half = static_cast<int>(Lanes::size), width = 2 * half;

    static TwinLanes load(double const* p)
    {
        return {Lanes::load_unaligned(p), Lanes::load_unaligned(p + half)};
    }
    static void store(double* p, TwinLanes const& x)
    {
        x.low.store_unaligned(p);
        x.high.store_unaligned(p + half);
    }
    template <class Function>
    static TwinLanes generate(Function const& f)
    {
        alignas(64) double values[width];
        for (int lane = 0; lane < width; ++lane) { values[lane] = f(lane); }
        return load(values);
    }
    static double at(TwinLanes const& x, int lane)
    {
        auto const i = static_cast<std::size_t>(lane % half);
        return lane < half ? x.low.get(i) : x.high.get(i);
    }
    static bool at(TwinMask const& x, int lane)
    {
        auto const i = static_cast<std::size_t>(lane % half);
        return lane < half ? x.low.get(i) : x.high.get(i);
    }
    static TwinMask is_finite(TwinLanes const& x) { return (x - x) <= TwinLanes(0.0); }
};

}  // namespace longwatch
