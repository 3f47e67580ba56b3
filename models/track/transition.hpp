// How a small error of a free flight's state at burnout grows: the state transition of free fall.
//
// An error (dr, dv) of position and velocity at burnout is one of Phi_r (dr, dv) in position later on, with
//     d2 Phi_r / dt2 = G(r(t)) Phi_r,   G = mu/r^3 (3 r^ r^T - 1)
// along the flight's own arc. Left out of G: the Earth's oblateness, a thousandth of it, and the air.
// Source: Montenbruck and Gill, "Satellite Orbits" (2000), section 7.2.
#pragma once

#include "models/earth/gravity.hpp"

namespace longwatch {

inline constexpr int state_size = 6;
/// Errors of velocity are told in metres per this time, so that all six are lengths of like size.
inline constexpr double velocity_unit_s = 1000;

/// Three rows (x, y, z), a column for each part of the state at burnout.
template <class Real>
struct StateRows {
    Real row[3][state_size];
};

/// Of position and of velocity, and their rate of change.
template <class Real>
struct Transition {
    StateRows<Real> r, v, a;
};

/// G rows.
template <class Real>
LW_FUNC StateRows<Real> pulled(Vec3<Real, Eci> const& r_m, StateRows<Real> const& rows)
{
    Real const inverse_r = inverse_sqrt(dot(r_m, r_m)), inverse_r2 = inverse_r * inverse_r;
    Real const mu_r3 = Real(egm96_mu_m3ps2) * inverse_r2 * inverse_r;
    StateRows<Real> out;
    for (int k = 0; k < state_size; ++k) {
        Vec3<Real, Eci> const d{rows.row[0][k], rows.row[1][k], rows.row[2][k]};
        Real const along = Real(3) * inverse_r2 * dot(r_m, d);
        out.row[0][k] = mu_r3 * (along * r_m.x - d.x);
        out.row[1][k] = mu_r3 * (along * r_m.y - d.y);
        out.row[2][k] = mu_r3 * (along * r_m.z - d.z);
    }
    return out;
}

template <class Real>
LW_FUNC Transition<Real> transition_at_burnout(Vec3<Real, Eci> const& r_m)
{
    Transition<Real> out;
    for (int axis = 0; axis < 3; ++axis) {
        for (int k = 0; k < state_size; ++k) {
            out.r.row[axis][k] = Real(k == axis ? 1 : 0);
            out.v.row[axis][k] = Real(k == axis + 3 ? 1 / velocity_unit_s : 0);
        }
    }
    out.a = pulled(r_m, out.r);
    return out;
}

/// h later, at r_m: kick, drift, kick. Of second order; 2e-4 of the whole after an ICBM's flight in steps of
/// 15 s.
template <class Real>
LW_FUNC void step_transition(Transition<Real>& t, Real const& h_s, Vec3<Real, Eci> const& r_m)
{
    Real const half_s = Real(0.5) * h_s;
    for (int axis = 0; axis < 3; ++axis) {
        for (int k = 0; k < state_size; ++k) {
            Real& v = t.v.row[axis][k];
            v = multiply_add(half_s, t.a.row[axis][k], v);
            t.r.row[axis][k] = multiply_add(h_s, v, t.r.row[axis][k]);
        }
    }
    t.a = pulled(r_m, t.r);
    for (int axis = 0; axis < 3; ++axis) {
        for (int k = 0; k < state_size; ++k) {
            t.v.row[axis][k] = multiply_add(half_s, t.a.row[axis][k], t.v.row[axis][k]);
        }
    }
}

/// Of position, a time after t of at most a minute: what is left out is 2e-4 of it.
template <class Real>
LW_FUNC StateRows<Real> position_rows(Transition<Real> const& t, Real const& since_s)
{
    Real const half_square = Real(0.5) * since_s * since_s;
    StateRows<Real> out;
    for (int axis = 0; axis < 3; ++axis) {
        for (int k = 0; k < state_size; ++k) {
            out.row[axis][k] =
                multiply_add(since_s, t.v.row[axis][k],
                             multiply_add(half_square, t.a.row[axis][k], t.r.row[axis][k]));
        }
    }
    return out;
}

template <class Real>
LW_FUNC StateRows<Real> velocity_rows(Transition<Real> const& t, Real const& since_s)
{
    StateRows<Real> out;
    for (int axis = 0; axis < 3; ++axis) {
        for (int k = 0; k < state_size; ++k) {
            out.row[axis][k] = t.v.row[axis][k] + since_s * t.a.row[axis][k];
        }
    }
    return out;
}

}  // namespace longwatch
