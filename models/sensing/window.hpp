// When a radar could see a flight at all: a bound, to look no longer than that.
#pragma once

#include "models/sensing/radar.hpp"

namespace longwatch {

/// How far a target must move at least before the radar may have it in coverage, in range, elevation and azimuth; no more than
/// nothing where it may have it already, and, without refraction, has it. What is asked of each changes by no more than the
/// target moves; of the azimuth, where it is a distance along the ground against another, by no more than 1 + |cos| of the
/// sector's half width; of the least elevation under refraction by no more than four times: that for a k-Earth lifts
/// a target by about (1 - 1/k)/2 of the ground angle, of which one and a half are allowed.
template <class Real>
LW_FUNC Real out_of_view_m(RadarParams const& radar, RadarGeometry<Real> const& straight)
{
    RadarSector const& sector = radar.coverage;
    Real const range = straight.slant_range_m, up = straight.up_m, level = straight.level_m;
    Real const beyond = range - Real(radar.instrumented_range_m);
    Real const above = up * Real(sector.cos_elevation_max) - level * Real(sector.sin_elevation_max);
    Real below = level * Real(sector.sin_elevation_min) - up * Real(sector.cos_elevation_min);
    if (radar.earth_radius_factor != 1) {
        double const bending_prad =
            0.75 * (1 - 1 / radar.earth_radius_factor) / earth_mean_radius_m;
        Real const lowest = range * (Real(sector.sin_elevation_min) - Real(bending_prad) * range);
        below = Real(0.25) * (lowest - up);
    }
    Real const aside =
        Real(1 / (1 + abs(sector.cos_half_width))) * out_of_azimuth_m(sector, straight);
    return larger(larger(beyond, aside), larger(above, below));
}

/// The radar may have the target in coverage at some instant in which it is within `reach_m` of this
/// point; false only if it surely has not.
template <class Real>
LW_FUNC Mask<Real> may_see(SensorParams const& sensor, Vec3<Real, Ecef> const& point_m,
                           Real const& reach_m)
{
    auto const line = point_m - in_every_lane<Real>(sensor.frame.position_m);
    auto const near = dot(line, line) <= square(Real(sensor.radar.instrumented_range_m) + reach_m);
    if (!any(near)) { return near; }
    return near && out_of_view_m(sensor.radar, straight_geometry(sensor.frame, point_m)) <= reach_m;
}

}  // namespace longwatch
