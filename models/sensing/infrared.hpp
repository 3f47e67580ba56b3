// What an infrared sensor on a satellite sees: a plume above the clouds on its side of the Earth, if it is bright
// enough.
#pragma once

#include "models/earth/gravity.hpp"
#include "models/earth/site.hpp"
#include "models/earth/wgs84.hpp"
#include "models/sensing/sensor.hpp"
#include "models/vehicle/vehicle.hpp"

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

// A Molniya orbit: half a sidereal day, so that the same ground track is flown every day; the inclination at
// which its apogee does not drift; eccentric, so that it lingers there.
// Source: Vallado, "Fundamentals of Astrodynamics and Applications" (2013), section 11.4.
inline constexpr double molniya_eccentricity = 0.74;
inline constexpr double molniya_inclination_rad = 63.4349488 * rad_per_deg;
inline constexpr double molniya_period_s = 43082.045;

/// A satellite on a Molniya orbit, t after its northern apogee over a longitude. Kepler's equation by Newton's
/// method from the apogee: E - pi is odd in t, and eight rounds leave rounding within five hours.
template <class Real>
LW_FUNC Vec3<Real, Ecef> molniya_position_m(double apogee_longitude_rad, Real const& t_s)
{
    constexpr double e = molniya_eccentricity, i = molniya_inclination_rad;
    double const rate_radps = 2 * pi / molniya_period_s;
    double const a = cbrt(egm96_mu_m3ps2 / (rate_radps * rate_radps));
    // From apogee: x + e sin x = n t, x = E - pi.
    Real const M = Real(rate_radps) * t_s;
    Real x = M * Real(1 / (1 + e));
    for (int round = 0; round < 8; ++round) {
        x = x - (x + Real(e) * sin(x) - M) / (Real(1) + Real(e) * cos(x));
    }
    // Along the line from perigee to apogee, and across it towards the motion at apogee.
    Real const along = Real(a) * (cos(x) + Real(e));
    Real const across = Real(a * sqrt(1 - e * e)) * sin(x);
    // At apogee the satellite stands over its longitude and moves east; the Earth turns below.
    Real const turned = Real(apogee_longitude_rad) - Real(earth_rotation_radps) * t_s;
    Real const north = cos(turned), east = sin(turned);
    Real const level = Real(cos(i)) * along;
    return {level * north - across * east, level * east + across * north, Real(sin(i)) * along};
}

/// Where a flight finds the satellite; u is uniform in (0, 1). Taken to stand still during a boost.
template <class Real>
LW_FUNC Vec3<Real, Ecef> satellite_position_m(InfraredParams const& p, Real const& u)
{
    if (p.elliptical) {
        return molniya_position_m(p.satellite_longitude_rad,
                                  Real(p.apogee_side_s) * (Real(2) * u - Real(1)));
    }
    return in_every_lane<Real>(geostationary_position_m(p.satellite_longitude_rad));
}

template <class Real>
LW_FUNC Real brightness(BrightnessTable const& table, Real const& altitude_m)
{
    Real factor = Real(table.factor[0]);
    for (int k = 1; k < table.count; ++k) {
        double const low = table.altitude_m[k - 1], high = table.altitude_m[k];
        Real const part = (altitude_m - Real(low)) * Real(1 / (high - low));
        Real const between =
            Real(table.factor[k - 1]) + part * Real(table.factor[k] - table.factor[k - 1]);
        factor = select(altitude_m > Real(low), between, factor);
    }
    Real const last = Real(table.factor[table.count - 1]);
    return select(altitude_m > Real(table.altitude_m[table.count - 1]), last, factor);
}

/// A plume at this place burns, is above the cloud top, not behind the Earth, and bright enough.
/// Clouds hide it wholly or not at all; glow through cloud and the air's absorption are left out.
template <class Real>
LW_FUNC Mask<Real> plume_visible(InfraredParams const& p, Vec3<Real, Ecef> const& satellite_m,
                                 Vec3<Real, Ecef> const& position_m, Real const& altitude_m,
                                 Real const& cloud_top_m, Plume<Real> const& plume)
{
    auto const in_view =
        plume.burns && altitude_m > cloud_top_m && line_of_sight(position_m, satellite_m);
    if (!(p.threshold_wpsr > 0)) { return in_view; }
    return in_view &&
           plume.intensity_wpsr * brightness(p.brightness, altitude_m) >= Real(p.threshold_wpsr);
}

}  // namespace longwatch
