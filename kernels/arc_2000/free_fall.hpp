// Flight outside the atmosphere in one stride: central gravity exactly, J2 by variation of the constants.
#pragma once

#include "kernels/arc_2000/force.hpp"
#include "kernels/arc_2000/gauss_rule.hpp"

namespace longwatch::arc_2000 {

/// Longest stride, as an angle about the Earth's centre, that the number of nodes is measured for.
inline constexpr double stride_rad_max = 1.55;

template <class Real>
struct Stride {
    Real t_s;
    Vec<Real> r_m, v_mps;
    Mask<Real> holds;  ///< false: the flight does not come down to the radius within a stride
};

/// What drifts under J2: the parts a, b of the eccentricity (times mu/h, in m/s), the angular momentum per mass h, and the
/// turn of the orbit's frame, as the vector part q of a quaternion.
template <class Work>
struct Drift {
    Work a, b, h;
    Vec<Work> q;
};

/// s + f d
template <class Work>
LW_FUNC Drift<Work> plus(Drift<Work> const& s, Work const& f, Drift<Work> const& d)
{
    return {fused(f, d.a, s.a), fused(f, d.b, s.b), fused(f, d.h, s.h), plus(s.q, f, d.q)};
}

/// a turned by q; backward: by its inverse.
template <class Work>
LW_FUNC Vec<Work> turned(Vec<Work> const& q, Vec<Work> const& a, double sign)
{
    Work const n = inner(q, q), scalar = fused(n, fused(n, Work(-0.125), Work(-0.5)), Work(1.0));
    Vec<Work> const qa = cross(q, a);
    return plus(plus(a, Work(2.0 * sign) * scalar, qa), Work(2.0), cross(q, qa));
}

/// From (r, v), at or after which the flight climbs or falls, down to the radius. With s the angle flown about the centre in
/// a frame that does not turn about the normal of the orbit,
///     h / r = mu/h + a cos s + b sin s,   r' = a sin s - b cos s,   dt/ds = r^2 / h,
/// a, b, h and the frame are constant under central gravity and drift under J2 (Gauss's equations; Pelaez, Hedo and
/// Rodriguez de Andres, Celest. Mech. Dyn. Astr. 97 (2007) 131). Their integrals are sums over Gauss's nodes, found by
/// Picard's rounds, each of which shrinks the error by a factor of about J2. Work: the number type of the drift.
template <int n, class Real, class Work>
class FreeFall {
public:
    LW_FUNC FreeFall(GaussRule<n> const& rule, Vec<Real> const& r, Vec<Real> const& v,
                     Real const& r_end_m)
        : rule_(rule)
    {
        Real const d2 = inner(r, r), inverse_d = quick_inverse_root(d2);
        Vec<Real> const normal = cross(r, v);
        Real const h2 = inner(normal, normal);
        inverse_h_ = quick_inverse_root(h2);
        h_ = h2 * inverse_h_;
        c_ = Real(mu_m3ps2) * inverse_h_;
        Real const vr = inner(r, v) * inverse_d, w = fused(h_, inverse_d, -c_);
        Real const w_end = fused(h_, quick_inverse(r_end_m), -c_);
        Real const e2 = fused(w, w, vr * vr), fall2 = fused(-w_end, w_end, e2);
        holds_ = fall2 > Real(0.0);
        Real const fall = select(holds_, fall2, Real(1.0));
        Real const vr_end = -(fall * quick_inverse_root(fall));
        Real const scale = quick_inverse(select(holds_, e2, Real(1.0)));
        Real const cos_end = fused(w, w_end, vr * vr_end) * scale;
        Real const sin_end = fused(w, vr_end, -(vr * w_end)) * scale;
        Real const angle = atan2(sin_end, cos_end);
        holds_ = holds_ && angle > Real(0.0) && angle < Real(stride_rad_max);
        half_ = Real(0.5) * select(holds_, angle, Real(1.0));
        cos_half_ = cos(half_);
        sin_half_ = sin(half_);
        a_ = fused(w, cos_half_, -(vr * sin_half_));
        b_ = -fused(w, sin_half_, vr * cos_half_);
        axis_normal_ = inverse_h_ * normal;
        Vec<Real> const up = inverse_d * r, ahead = cross(axis_normal_, up);
        axis_x_ = plus(cos_half_ * up, sin_half_, ahead);
        axis_y_ = plus(cos_half_ * ahead, -sin_half_, up);
        pole_ = {cast<Work>(axis_x_.z), cast<Work>(axis_y_.z), cast<Work>(axis_normal_.z)};
        find_nodes();
    }

    LW_FUNC Stride<Real> fly(int rounds)
    {
        Work const step = cast<Work>(half_ + half_);
        for (int i = 0; i < n; ++i) { at_[i] = none(); }
        for (int round = 0; round < rounds; ++round) {
            for (int i = 0; i < n; ++i) { slope_[i] = slope(i); }
            for (int i = 0; i < n; ++i) {
                Drift<Work> sum = none();
                for (int j = 0; j < n; ++j) { sum = plus(sum, Work(rule_.a[i][j]), slope_[j]); }
                at_[i] = plus(none(), step, sum);
            }
        }
        Drift<Work> sum = none();
        Real t = Real(0.0);
        for (int i = 0; i < n; ++i) {
            sum = plus(sum, Work(rule_.weight[i]), slope(i));
            t = fused(Real(rule_.weight[i]), time_slope(i), t);
        }
        return state((half_ + half_) * t, cos_half_, sin_half_, plus(none(), step, sum));
    }

    /// The flight at the i-th node, after fly.
    LW_FUNC Stride<Real> node(int i) const
    {
        Real t = Real(0.0);
        for (int j = 0; j < n; ++j) { t = fused(Real(rule_.a[i][j]), time_slope(j), t); }
        return state((half_ + half_) * t, cos_[i], sin_[i], at_[i]);
    }

private:
    LW_FUNC static Drift<Work> none()
    {
        Work const zero(0.0);
        return {zero, zero, zero, {zero, zero, zero}};
    }

    /// Sines and cosines of the nodes' angles from the middle, |x| < 0.85: Taylor's polynomials, within 1e-16.
    LW_FUNC void find_nodes()
    {
        for (int i = 0; i <= (n - 1) / 2; ++i) {
            Real const x = Real(1 - 2 * rule_.node[i]) * half_, x2 = x * x;
            Real s = Real(-1.0 / 1307674368000.0), c = Real(1.0 / 20922789888000.0);
            for (double const k : {1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040,
                                   1.0 / 120, -1.0 / 6, 1.0}) {
                s = fused(s, x2, Real(k));
            }
            for (double const k : {-1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320,
                                   -1.0 / 720, 1.0 / 24, -0.5, 1.0}) {
                c = fused(c, x2, Real(k));
            }
            cos_[i] = cos_[n - 1 - i] = c;
            sin_[n - 1 - i] = s * x;
            sin_[i] = -sin_[n - 1 - i];
        }
    }

    /// d/ds of the drift at the i-th node.
    LW_FUNC Drift<Work> slope(int i) const
    {
        Drift<Work> const& d = at_[i];
        Work const co = cast<Work>(cos_[i]), si = cast<Work>(sin_[i]);
        Work const ih = cast<Work>(inverse_h_), x = d.h * ih;
        Work const inverse_h = ih * fused(x, fused(x, Work(1.0) - x, Work(-1.0)), Work(1.0));
        Work const c = Work(mu_m3ps2) * inverse_h;
        Work const a = cast<Work>(a_) + d.a, b = cast<Work>(b_) + d.b;
        Work const vt = c + fused(a, co, b * si), inverse_vt = quick_inverse(vt);
        Vec<Work> const pole = turned(d.q, pole_, -1.0);
        Work const z = fused(pole.x, co, pole.y * si), z_ahead = fused(pole.y, co, -(pole.x * si));
        // J2's force in units of k = 1.5 J2 mu R^2 / r^4 is (3 z^2 - 1, -2 z z_ahead, -2 z z_normal); G = k r / vt.
        Work const vt_h = vt * inverse_h;
        Work const G =
            Work(1.5 * J2 * mu_m3ps2 * radius_m) * (Work(radius_m) * vt_h) * (vt_h * inverse_h);
        Work const z2 = Work(-2.0) * G * z, across = z2 * z_ahead;
        Work const P = across * fused(c, inverse_vt, Work(1.0));
        Work const Q = G * fused(Work(3.0) * z, z, Work(-1.0));
        Work const turn = Work(0.5) * z2 * pole.z * inverse_vt, wx = turn * co, wy = turn * si;
        Vec<Work> const& q = d.q;
        Work const r = (cast<Work>(h_) + d.h) * inverse_vt;
        Work const scalar = fused(Work(-0.5), inner(q, q), Work(1.0));
        return {fused(P, co, Q * si),
                fused(P, si, -(Q * co)),
                across * r,
                {fused(scalar, wx, -(q.z * wy)), fused(scalar, wy, q.z * wx),
                 fused(q.x, wy, -(q.y * wx))}};
    }

    LW_FUNC Real time_slope(int i) const
    {
        Real const h = h_ + cast<Real>(at_[i].h);
        Real const a = a_ + cast<Real>(at_[i].a), b = b_ + cast<Real>(at_[i].b);
        Real const vt = fused(Real(mu_m3ps2), quick_inverse(h), fused(a, cos_[i], b * sin_[i]));
        Real const inverse_vt = quick_inverse(vt);
        return h * inverse_vt * inverse_vt;
    }

    LW_FUNC Stride<Real> state(Real const& t, Real const& co, Real const& si,
                               Drift<Work> const& d) const
    {
        Real const h = h_ + cast<Real>(d.h), a = a_ + cast<Real>(d.a), b = b_ + cast<Real>(d.b);
        Real const vr = fused(a, si, -(b * co));
        Real const vt = fused(Real(mu_m3ps2), quick_inverse(h), fused(a, co, b * si));
        Vec<Real> const q = cast_vec<Real>(d.q);
        Real const zero(0.0);
        auto const outward = inertial(turned(q, Vec<Real>{co, si, zero}, 1.0));
        auto const ahead = inertial(turned(q, Vec<Real>{-si, co, zero}, 1.0));
        return {t, (h * quick_inverse(vt)) * outward, plus(vr * outward, vt, ahead), holds_};
    }

    LW_FUNC Vec<Real> inertial(Vec<Real> const& a) const
    {
        return plus(plus(a.x * axis_x_, a.y, axis_y_), a.z, axis_normal_);
    }

    GaussRule<n> const& rule_;
    Real h_, inverse_h_, c_, a_, b_, half_, cos_half_, sin_half_;
    Vec<Real> axis_x_, axis_y_, axis_normal_;
    Vec<Work> pole_;
    Mask<Real> holds_;
    Real cos_[n], sin_[n];
    Drift<Work> at_[n], slope_[n];
};

}  // namespace longwatch::arc_2000
