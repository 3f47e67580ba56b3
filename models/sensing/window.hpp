// When a radar could see a flight at all: a bound, to look no longer than that.
#pragma once

#include "models/sensing/radar.hpp"

namespace longwatch {

/// The radar may have the target in coverage at some instant in which it is within `reach_m` of this
/// point; false only if it surely has not. Bounds range and elevation, not azimuth: the target's
/// height over the site's horizontal plane changes by no more than it moves, the height it must have by
/// no more than three times that, and refraction for a k-Earth lifts it by about (1 - 1/k)/2 of the
/// ground angle, of which one and a half are allowed.
template <class Real>
LW_FUNC Mask<Real> may_see(SensorParams const& sensor, double sin_elevation_min,
                           Vec3<Real, Ecef> const& point_m, Real const& reach_m)
{
    RadarParams const& radar = sensor.radar;
    double const bending_prad = 0.75 * (1 - 1 / radar.earth_radius_factor) / earth_mean_radius_m;
    auto const line = point_m - in_every_lane<Real>(sensor.frame.position_m);
    Real const distance2 = dot(line, line);
    auto const near = distance2 <= square(Real(radar.instrumented_range_m) + reach_m);
    if (!any(near)) { return near; }
    Real const height = dot(in_every_lane<Real>(sensor.frame.enu_from_ecef.row_z), line);
    Real const distance = sqrt(distance2);
    Real const lowest = distance * (Real(sin_elevation_min) - Real(bending_prad) * distance);
    return near && height + Real(4) * reach_m >= lowest;
}

}  // namespace longwatch
