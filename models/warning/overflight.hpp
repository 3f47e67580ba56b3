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

/// The rate of the closeness times |r|^3, with the velocity over the turning Earth: positive while the
/// ground track nears the place.
template <class Real>
LW_FUNC Real closeness_rate(SiteFrame const& place, Vec3<Real, Ecef> const& r,
                            Vec3<Real, Ecef> const& v)
{
    auto const d = in_every_lane<Real>(place.direction);
    return dot(v, d) * dot(r, r) - dot(r, d) * dot(r, v);
}

}  // namespace longwatch
