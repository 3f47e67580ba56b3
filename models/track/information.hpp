// How well a track tells where the flight will come down.
//
// Each cued hit measures position with information w = 1/variance per axis (sensing/radar.hpp). With
// gravity known, what remains to be found is a position and a velocity per axis: a straight line
// through measurements of weight w_i at times t_i. Its information matrix is the sum of
// w_i (1, t_i; t_i, t_i^2), so tracks of several sensors add, and the line's value at the time of
// impact t has the variance
//     (Q - 2 S t + W t^2) / (W Q - S^2),   W = sum w, S = sum w t, Q = sum w t^2.
// Adding measurements never makes it larger. Left out: the change of gravity along the arc, drag, and
// any correlation between sensors. Source: weighted least squares, e.g. Bar-Shalom, Li and
// Kirubarajan, "Estimation with Applications to Tracking and Navigation" (2001), section 3.5.
#pragma once

#include "models/math/real.hpp"

namespace longwatch {

/// Times from any origin that all share; burnout is used, since only the free arc tells the impact.
template <class Real>
struct TrackInformation {
    Real W, S, Q;
};

template <class Real>
LW_FUNC TrackInformation<Real> operator+(TrackInformation<Real> const& a,
                                         TrackInformation<Real> const& b)
{
    return {a.W + b.W, a.S + b.S, a.Q + b.Q};
}

/// The predicted position at t is known to sigma per axis or better. Division-free, so false without
/// measurements or with all of them at one time.
template <class Real>
LW_FUNC Mask<Real> predicts_within(TrackInformation<Real> const& I, Real const& t_s, double sigma_m)
{
    Real const determinant = I.W * I.Q - I.S * I.S;
    Real const numerator = I.Q - Real(2) * I.S * t_s + I.W * t_s * t_s;
    // Below this the spread in time is rounding only: 1e-14 of the squared times.
    auto const has_spread = determinant > Real(1e-14) * I.W * I.Q;
    return has_spread && numerator <= Real(sigma_m * sigma_m) * determinant;
}

}  // namespace longwatch
