// What a geostationary infrared sensor sees: a plume above the clouds on its side of the Earth.
#pragma once

#include "models/earth/wgs84.hpp"
#include "models/sensing/sensor.hpp"

namespace longwatch {

inline constexpr double geostationary_radius_m = 42164.17e3;

LW_FUNC Vec3<double, Ecef> geostationary_position_m(double longitude_rad)
{
    return {geostationary_radius_m * cos(longitude_rad),
            geostationary_radius_m * sin(longitude_rad), 0};
}

/// The straight line between two points clears the ellipsoid. Stretching the polar axis by a/b
/// makes the ellipsoid a sphere of radius a and keeps lines straight, so this is exact: the line
/// clears the sphere where the point nearest the centre is behind the target, or lies outside the
/// sphere.
template <class Real>
LW_FUNC Mask<Real> line_of_sight(Vec3<Real, Ecef> const& target_m,
                                 Vec3<Real, Ecef> const& observer_m)
{
    constexpr double stretch = wgs84_semi_major_m / wgs84_semi_minor_m;
    Vec3<Real, Ecef> const r{target_m.x, target_m.y, Real(stretch) * target_m.z};
    Vec3<Real, Ecef> const line{observer_m.x - target_m.x, observer_m.y - target_m.y,
                                Real(stretch) * (observer_m.z - target_m.z)};
    Real const outward = dot(r, line);
    // |r|^2 |line|^2 - (r . line)^2 = (nearest distance)^2 |line|^2
    Real const line2 = dot(line, line);
    Real const nearest2_line2 = dot(r, r) * line2 - outward * outward;
    return outward >= Real(0) ||
           nearest2_line2 >= Real(wgs84_semi_major_m * wgs84_semi_major_m) * line2;
}

/// A burning plume at this place is above the cloud top and not behind the Earth.
/// Clouds hide it wholly or not at all; glow through cloud and the air's absorption are left out.
template <class Real>
LW_FUNC Mask<Real> plume_visible(InfraredParams const& p, Vec3<Real, Ecef> const& position_m,
                                 Real const& altitude_m, Real const& cloud_top_m)
{
    auto const at = geostationary_position_m(p.satellite_longitude_rad);
    Vec3<Real, Ecef> const satellite{Real(at.x), Real(at.y), Real(at.z)};
    return altitude_m > cloud_top_m && line_of_sight(position_m, satellite);
}

}  // namespace longwatch
