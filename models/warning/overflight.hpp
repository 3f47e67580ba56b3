// When a flight passes closest over a place.
#pragma once

#include "models/earth/site.hpp"

namespace longwatch {

/// Closeness of a ground track to a place: the cosine of the angle between them at the Earth's
/// centre. Largest at the closest overflight.
template <class Real>
LW_FUNC Real closeness(SiteFrame const& place, Vec3<Real, Ecef> const& r)
{
    return dot(unit(r), in_every_lane<Real>(place.direction));
}

/// The time of the largest value of f between two times, f having one maximum there: golden-section
/// search, 30 rounds, which leave 5e-7 of the interval. Source: Kiefer, Proc. AMS 4 (1953) 502-506.
template <class Real, class Function>
LW_FUNC Real time_of_maximum(Function const& f, Real low, Real high)
{
    Real const golden = Real(0.6180339887498949);
    for (int round = 0; round < 30; ++round) {
        Real const a = high - golden * (high - low);
        Real const b = low + golden * (high - low);
        auto const left = f(a) > f(b);
        high = select(left, b, high);
        low = select(left, low, a);
    }
    return Real(0.5) * (low + high);
}

}  // namespace longwatch
