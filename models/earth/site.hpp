// A fixed place as a radar or a battery sees the world from it.
#pragma once

#include "models/earth/wgs84.hpp"

namespace longwatch {

/// A number or vector that is the same for all flights, as every lane holds it.
template <class Real, class Frame>
LW_FUNC Vec3<Real, Frame> in_every_lane(Vec3<double, Frame> const& a)
{
    return {Real(a.x), Real(a.y), Real(a.z)};
}

struct SiteFrame {
    Vec3<double, Ecef> position_m;
    Vec3<double, Ecef> direction;  ///< unit, from the Earth's centre
    Rotation<double, Enu, Ecef> enu_from_ecef;
    double altitude_m = 0;
};

LW_FUNC SiteFrame site_frame(Geodetic const& place)
{
    SiteFrame site;
    site.position_m = ecef_from_geodetic(
        GeodeticPoint<double>{place.latitude_rad, place.longitude_rad, place.altitude_m});
    site.direction = unit(site.position_m);
    site.enu_from_ecef = enu_from_ecef(place.latitude_rad, place.longitude_rad);
    site.altitude_m = place.altitude_m;
    return site;
}

/// Angle at the Earth's centre between the site and a point. Times the mean radius it is the ground
/// range, which differs from the length along the ellipsoid by up to 0.25 %.
/// From the chord of the unit vectors, which keeps its precision for near and for far points.
template <class Real>
LW_FUNC Real ground_angle_towards_rad(SiteFrame const& site, Vec3<Real, Ecef> const& direction)
{
    Real const half_chord = Real(0.5) * norm(direction - in_every_lane<Real>(site.direction));
    return Real(2) * asin(smaller(half_chord, Real(1)));
}

template <class Real>
LW_FUNC Real ground_angle_rad(SiteFrame const& site, Vec3<Real, Ecef> const& r)
{
    return ground_angle_towards_rad(site, unit(r));
}

}  // namespace longwatch
