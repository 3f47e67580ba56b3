// The arc of a flight: knots (t, r, v, a), between which position is the quintic that meets both
// knots in position, velocity and acceleration.
#pragma once

#include "models/math/vec3.hpp"

namespace longwatch {

template <class Real>
struct Knot {
    Real t_s;
    Vec3<Real, Eci> r_m, v_mps, a_mps2;
};

template <class Real>
LW_FUNC Knot<Real> select(Mask<Real> const& mask, Knot<Real> const& a, Knot<Real> const& b)
{
    return {select(mask, a.t_s, b.t_s), select(mask, a.r_m, b.r_m), select(mask, a.v_mps, b.v_mps),
            select(mask, a.a_mps2, b.a_mps2)};
}

/// One interval of an arc as a polynomial in s = (t - t0) / h, 0 <= s <= 1:
/// r(s) = c0 + c1 s + ... + c5 s^5. An interval of no length is its first knot throughout.
template <class Real>
struct ArcInterval {
    Real t0_s, step_s;
    Vec3<Real, Eci> c0, c1, c2, c3, c4, c5;
};

template <class Real>
LW_FUNC ArcInterval<Real> arc_interval(Knot<Real> const& k0, Knot<Real> const& k1)
{
    Real const h = k1.t_s - k0.t_s;
    auto const half = [](Vec3<Real, Eci> const& a) { return Real(0.5) * a; };
    // What the second-order expansion from the first knot misses at the second one.
    auto const c1 = h * k0.v_mps;
    auto const c2 = (h * h) * half(k0.a_mps2);
    auto const dr = k1.r_m - (k0.r_m + c1 + c2);
    auto const dv = h * (k1.v_mps - k0.v_mps) - (h * h) * k0.a_mps2;
    auto const da = (h * h) * half(k1.a_mps2 - k0.a_mps2);
    auto const has_length = h > Real(0);
    auto const where_long = [&](Vec3<Real, Eci> const& c) {
        Vec3<Real, Eci> const zero{Real(0), Real(0), Real(0)};
        return select(has_length, c, zero);
    };
    auto const c3 = Real(10) * dr - Real(4) * dv + da;
    auto const c4 = Real(-15) * dr + Real(7) * dv - Real(2) * da;
    auto const c5 = Real(6) * dr - Real(3) * dv + da;
    return {k0.t_s, h, k0.r_m, c1, c2, where_long(c3), where_long(c4), where_long(c5)};
}

/// Part of an interval that has passed at t, held inside [0, 1].
template <class Real>
LW_FUNC Real fraction(Real const& t0_s, Real const& step_s, Real const& t_s)
{
    auto const has_length = step_s > Real(0);
    Real const step = select(has_length, step_s, Real(1));
    return select(has_length, clamp((t_s - t0_s) / step, Real(0), Real(1)), Real(0));
}
template <class Real>
LW_FUNC Real fraction(ArcInterval<Real> const& p, Real const& t_s)
{
    return fraction(p.t0_s, p.step_s, t_s);
}

template <class Real>
LW_FUNC Vec3<Real, Eci> position_m(ArcInterval<Real> const& p, Real const& s)
{
    return p.c0 + s * (p.c1 + s * (p.c2 + s * (p.c3 + s * (p.c4 + s * p.c5))));
}

/// Position on the interval between two knots at part s of it, for an interval that is asked once or twice: from the knots
/// themselves, by the weights of each.
template <class Real>
LW_FUNC Vec3<Real, Eci> position_between_m(Knot<Real> const& k0, Knot<Real> const& k1,
                                           Real const& s)
{
    Real const h = k1.t_s - k0.t_s, s2 = s * s, s3 = s2 * s, rest = Real(1) - s;
    // What c3, c4 and c5 make of dr, dv and da.
    Real const dr = s3 * (Real(10) + s * (Real(6) * s - Real(15)));
    Real const dv = s3 * rest * (Real(3) * s - Real(4));
    Real const da = s3 * rest * rest;
    Real const half_h2 = Real(0.5) * h * h;
    auto r = multiply_add(dr, k1.r_m - k0.r_m, k0.r_m);
    r = multiply_add(h * (s - dr - dv), k0.v_mps, r);
    r = multiply_add(h * dv, k1.v_mps, r);
    r = multiply_add(half_h2 * (s2 - dr - Real(2) * dv - da), k0.a_mps2, r);
    return multiply_add(half_h2 * da, k1.a_mps2, r);
}

/// Position, velocity and acceleration. The interval must have a length in the lanes that count.
template <class Real>
LW_FUNC Knot<Real> knot_at(ArcInterval<Real> const& p, Real const& s)
{
    Real const rate = Real(1) / select(p.step_s > Real(0), p.step_s, Real(1));
    auto const dr = p.c1 + s * (Real(2) * p.c2 +
                                s * (Real(3) * p.c3 + s * (Real(4) * p.c4 + s * (Real(5) * p.c5))));
    auto const ddr =
        Real(2) * p.c2 + s * (Real(6) * p.c3 + s * (Real(12) * p.c4 + s * (Real(20) * p.c5)));
    return {p.t0_s + s * p.step_s, position_m(p, s), rate * dr, (rate * rate) * ddr};
}

/// s where g(r(s)) changes sign from g0 at s = 0 to g1 at s = 1, for the lanes of `crossed`.
/// Illinois variant of false position; 14 rounds bring any smooth crossing of an arc interval below
/// a microsecond (tests/models/flight/test_arc.cpp). Source: Dowell and Jarratt, BIT 11 (1971) 168.
template <class Real, class Function>
LW_FUNC Real crossing(Function const& g, Mask<Real> const& crossed, Real const& g0, Real const& g1)
{
    Real low = Real(0), high = Real(1);
    Real g_low = select(crossed, g0, Real(-1)), g_high = select(crossed, g1, Real(1));
    Real s = Real(0.5);
    Real stayed = Real(0);  // 1: the high end in the last round, -1: the low end
    for (int round = 0; round < 14; ++round) {
        Real const span = g_high - g_low;
        Real const safe = select(abs(span) > Real(0), span, Real(1));
        s = clamp(low - g_low * (high - low) / safe, low, high);
        Real const value = g(s);
        auto const same_side_as_low = value * g_low > Real(0);
        // An end that stays twice running counts half, so that neither can stay for ever.
        Real const less_high = select(stayed > Real(0), Real(0.5) * g_high, g_high);
        Real const less_low = select(stayed < Real(0), Real(0.5) * g_low, g_low);
        g_high = select(same_side_as_low, less_high, value);
        g_low = select(same_side_as_low, value, less_low);
        low = select(same_side_as_low, s, low);
        high = select(same_side_as_low, high, s);
        stayed = select(same_side_as_low, Real(1), Real(-1));
    }
    return s;
}

}  // namespace longwatch
