// A ship that may stand anywhere in its patrol area.
#pragma once

#include "models/earth/site.hpp"

namespace longwatch {

/// Where a ship stands in one flight: its station turned about the Earth's centre towards a bearing. It does not
/// move during a flight. Turning a station over the ellipsoid as over a sphere errs by up to 0.4 % of the way in
/// height, 0.4 km for a patrol of 100 km.
template <class Real>
struct Patrol {
    Vec3<Real, Ecef> axis;
    Real sine, cosine;
};

/// east and north as fractions of the radius.
template <class Real>
LW_FUNC Patrol<Real> patrol(SiteFrame const& station, double radius_m, Real const& east,
                            Real const& north)
{
    Real const distance = sqrt(east * east + north * north);
    Real const angle = Real(radius_m / earth_mean_radius_m) * distance;
    Real const per = Real(1) / larger(distance, Real(1e-12));
    // Up x (towards the bearing): north x east part, less east x north part.
    auto const axis = (per * east) * in_every_lane<Real>(station.enu_from_ecef.row_y) -
                      (per * north) * in_every_lane<Real>(station.enu_from_ecef.row_x);
    return {axis, sin(angle), cos(angle)};
}

/// Turned as the ship is from its station.
template <class Real>
LW_FUNC Vec3<Real, Ecef> from_station(Patrol<Real> const& p, Vec3<Real, Ecef> const& r)
{
    return p.cosine * r + p.sine * cross(p.axis, r) +
           ((Real(1) - p.cosine) * dot(p.axis, r)) * p.axis;
}

/// Turned back: what the ship sees of r is what its station would see of this.
template <class Real>
LW_FUNC Vec3<Real, Ecef> to_station(Patrol<Real> const& p, Vec3<Real, Ecef> const& r)
{
    return p.cosine * r - p.sine * cross(p.axis, r) +
           ((Real(1) - p.cosine) * dot(p.axis, r)) * p.axis;
}

}  // namespace longwatch
