// Two bodies that close: the line of sight between them, the time to go, and by how much they will miss.
#pragma once

#include "models/math/vec3.hpp"

namespace longwatch {

/// Of one body relative to another, in axes that do not turn.
template <class Real>
using RelativeVec = Vec3<Real, Eci>;

/// In place of a divisor that is zero; what it divides is zero too, or is not used.
inline constexpr double homing_least = 1e-30;

/// The length of a vector and its inverse, which is at most 1 / homing_least.
template <class Real>
struct Sized {
    Real length, inverse_length;
};

template <class Real>
LW_FUNC Sized<Real> sized(RelativeVec<Real> const& a)
{
    Real const square = length2(a);
    Real const inverse_length = inverse_sqrt(larger(square, Real(homing_least * homing_least)));
    return {square * inverse_length, inverse_length};
}

/// The part of a vector across a direction; the direction need not be a unit vector.
template <class Real>
LW_FUNC RelativeVec<Real> across(RelativeVec<Real> const& a, RelativeVec<Real> const& direction)
{
    Real const square = larger(length2(direction), Real(homing_least));
    return multiply_add(-(dot(a, direction) * inverse(square)), direction, a);
}

/// Time to the closest approach of two that do not accelerate, -r.v / v.v, s; zero where they do not close.
template <class Real>
LW_FUNC Real time_to_go_s(RelativeVec<Real> const& r_m, RelativeVec<Real> const& v_mps)
{
    Real const time = -dot(r_m, v_mps) * inverse(larger(length2(v_mps), Real(homing_least)));
    return larger(time, Real(0));
}

/// Where the target will pass if the interceptor does nothing more, m: r + v t + a_T t^2 / 2 after a time to go t,
/// the part across the line of sight. Proportional navigation commands N' times it over t^2; the augmented law
/// counts the target's acceleration, the plain one takes it as zero. With t = range over closing speed this is the
/// command N' Vc x (rate of the line of sight) exactly.
template <class Real>
LW_FUNC RelativeVec<Real> zero_effort_miss(RelativeVec<Real> const& r_m,
                                           RelativeVec<Real> const& v_mps,
                                           RelativeVec<Real> const& target_mps2, Real const& t)
{
    return across(r_m + t * v_mps + (Real(0.5) * t * t) * target_mps2, r_m);
}

}  // namespace longwatch
