// What a radar sees of a point: where it stands, whether it is in coverage, how strong its echo is
// and how well it is measured.
#pragma once

#include "models/earth/site.hpp"
#include "models/sensing/detection.hpp"
#include "models/sensing/sensor.hpp"

namespace longwatch {

inline constexpr double c_light_mps = 299792458.0;

/// Where a target stands, seen from a radar: the straight line's length, and its parts along the
/// site's axes, up and level as refraction shows them.
template <class Real>
struct RadarGeometry {
    Real slant_range_m;
    Real east_m, north_m;
    Real up_m, level_m;
};

/// Apparent, above the geodetic horizontal of the site.
template <class Real>
LW_FUNC Real elevation_rad(RadarGeometry<Real> const& g)
{
    return atan2(g.up_m, g.level_m);
}

/// Clockwise from north, in (-pi, pi].
template <class Real>
LW_FUNC Real azimuth_rad(RadarGeometry<Real> const& g)
{
    return atan2(g.east_m, g.north_m);
}

/// The straight line to the target.
template <class Real>
LW_FUNC RadarGeometry<Real> straight_geometry(SiteFrame const& site,
                                              Vec3<Real, Ecef> const& target_m)
{
    auto const line = target_m - in_every_lane<Real>(site.position_m);
    Real const east = dot(in_every_lane<Real>(site.enu_from_ecef.row_x), line);
    Real const north = dot(in_every_lane<Real>(site.enu_from_ecef.row_y), line);
    Real const up = dot(in_every_lane<Real>(site.enu_from_ecef.row_z), line);
    Real const level2 = east * east + north * north;
    return {root(Real(level2 + up * up)), east, north, up, root(level2)};
}

/// The straight line to the target, bent upwards by refraction as an Earth of k times the mean
/// radius R would have it (Schelleng, Burrows and Ferrell, Proc. IRE 21 (1933) 427-463; 4/3 is the
/// standard atmosphere near the ground and overstates the bending of rays that leave it: 1 and 4/3
/// bracket the truth). On a sphere of radius kR a site at height h_s sees a target at height h,
/// ground angle psi (psi/k there), along
///   (horizontal, up) ~ (sin(psi/k), cos(psi/k) - (kR + h_s)/(kR + h)).
/// The true direction, from WGS 84 positions, is turned by the angle between this for k and for 1.
/// So elevation is exact for k = 1, and for other k carries the spherical formula's error in the
/// bending alone: below 0.02 deg to 3000 km ground range.
template <class Real>
LW_FUNC RadarGeometry<Real> radar_geometry(SiteFrame const& site, double earth_radius_factor,
                                           Vec3<Real, Ecef> const& target_m)
{
    auto const straight = straight_geometry(site, target_m);
    Real up = straight.up_m, level = straight.level_m;
    if (earth_radius_factor != 1) {
        constexpr double R = earth_mean_radius_m;
        Real const altitude_m = geodetic_altitude_m(target_m);
        double const kR = earth_radius_factor * R;
        Real const psi = ground_angle_rad(site, target_m);
        Real const psi_k = Real(1 / earth_radius_factor) * psi;
        Real const x1 = sin(psi);
        Real const y1 = cos(psi) - Real(R + site.altitude_m) / (Real(R) + altitude_m);
        Real const xk = sin(psi_k);
        Real const yk = cos(psi_k) - Real(kR + site.altitude_m) / (Real(kR) + altitude_m);
        // Cosine and sine of the bending, times a common length that atan2 drops.
        Real const cosine = x1 * xk + y1 * yk;
        Real const sine = x1 * yk - y1 * xk;
        Real const straight_level = level;
        level = straight_level * cosine - up * sine;
        up = up * cosine + straight_level * sine;
    }
    return {straight.slant_range_m, straight.east_m, straight.north_m, up, level};
}

LW_FUNC RadarSector sector(RadarParams const& p, double elevation_min_rad, double elevation_max_rad,
                           double half_width_rad)
{
    RadarSector out{sin(elevation_min_rad),
                    cos(elevation_min_rad),
                    sin(elevation_max_rad),
                    cos(elevation_max_rad),
                    cos(half_width_rad),
                    p.face_count,
                    {},
                    {}};
    for (int k = 0; k < p.face_count; ++k) {
        out.sin_boresight[k] = sin(p.azimuth_center_rad + p.face_offset_rad[k]);
        out.cos_boresight[k] = cos(p.azimuth_center_rad + p.face_offset_rad[k]);
    }
    return out;
}
LW_FUNC RadarSector radar_sector(RadarParams const& p)
{
    return sector(p, p.elevation_min_rad, p.elevation_max_rad, p.azimuth_half_width_rad);
}
/// Where it looks without a cue.
LW_FUNC RadarSector fence_sector(RadarParams const& p)
{
    return sector(p, p.fence_elevation_min_rad, p.fence_elevation_max_rad, p.fence_half_width_rad);
}
LW_FUNC void fill_sectors(RadarParams& p)
{
    p.coverage = radar_sector(p);
    p.fence = fence_sector(p);
}

/// By how much the way along the ground towards the nearest boresight falls short of what the sector asks for.
template <class Real>
LW_FUNC Real out_of_azimuth_m(RadarSector const& sector, RadarGeometry<Real> const& g)
{
    Real const ground = root(Real(g.east_m * g.east_m + g.north_m * g.north_m));
    Real ahead = Real(0) - ground;
    for (int k = 0; k < sector.face_count; ++k) {
        ahead = larger(ahead, g.east_m * Real(sector.sin_boresight[k]) +
                                  g.north_m * Real(sector.cos_boresight[k]));
    }
    // The allowance keeps rounding from cutting a slit into an all-round sector.
    return ground * Real(sector.cos_half_width - 1e-12) - ahead;
}

/// Within elevation limits and the azimuth sector of some face.
template <class Real>
LW_FUNC Mask<Real> in_sector(RadarSector const& sector, RadarGeometry<Real> const& g)
{
    // sin(elevation - lowest) and sin(highest - elevation), times the line's length.
    Real const above =
        g.up_m * Real(sector.cos_elevation_min) - g.level_m * Real(sector.sin_elevation_min);
    Real const below =
        g.level_m * Real(sector.sin_elevation_max) - g.up_m * Real(sector.cos_elevation_max);
    return above >= Real(0) && below >= Real(0) && out_of_azimuth_m(sector, g) <= Real(0);
}

template <class Real>
LW_FUNC Mask<Real> in_coverage(RadarParams const& p, RadarSector const& sector,
                               RadarGeometry<Real> const& g)
{
    return g.slant_range_m <= Real(p.instrumented_range_m) && in_sector(sector, g);
}

/// What is left of the SNR off the boresight of the face that looks best: cos^n of the angle between them, n
/// about 3 for a phased array (its aperture foreshortened, and its elements' pattern, both ways).
/// Source: Skolnik, "Introduction to Radar Systems" (2001), section 9.5.
template <class Real>
LW_FUNC Real scan_factor(RadarParams const& p, RadarSector const& sector,
                         RadarGeometry<Real> const& g)
{
    if (!(p.scan_loss_exponent > 0)) { return Real(1); }
    Real ahead = Real(-1) * g.slant_range_m;
    for (int k = 0; k < sector.face_count; ++k) {
        ahead = larger(ahead, g.east_m * Real(sector.sin_boresight[k]) +
                                  g.north_m * Real(sector.cos_boresight[k]));
    }
    // east and north are of the straight line, up and level of the apparent one; both have its length.
    Real const ground = root(Real(g.east_m * g.east_m + g.north_m * g.north_m));
    Real const level = ahead * (g.level_m / larger(ground, Real(1)));
    Real const cosine = (level * Real(cos(p.face_tilt_rad)) + g.up_m * Real(sin(p.face_tilt_rad))) /
                        g.slant_range_m;
    return exp(Real(p.scan_loss_exponent) * log(clamp(cosine, Real(1e-3), Real(1))));
}

/// The radar equation scaled from the reference point: SNR = SNR_0 (R_0/R)^4 sigma/sigma_0.
template <class Real>
LW_FUNC Real signal_to_noise(RadarParams const& p, Real const& slant_range_m, Real const& rcs_m2)
{
    Real const ratio = Real(p.reference_range_m) * inverse(slant_range_m);
    return Real(p.reference_snr / p.reference_rcs_m2) * rcs_m2 * square(square(ratio));
}

/// Variance of one range measurement: (c / 2B)^2 / (2 SNR), and the floor's.
template <class Real>
LW_FUNC Real range_variance_m2(RadarParams const& p, Real const& snr)
{
    return Real(square(c_light_mps / (2 * p.bandwidth_hz)) / 2) * inverse(snr) +
           Real(square(p.range_floor_m));
}

inline constexpr double monopulse_slope = 1.6;

/// Variance of one angle measurement by monopulse: (theta_3 / 1.6)^2 / (2 SNR), and the floor's.
template <class Real>
LW_FUNC Real angle_variance_rad2(RadarParams const& p, Real const& snr)
{
    return Real(square(p.beamwidth_rad / monopulse_slope) / 2) * inverse(snr) +
           Real(square(p.angle_floor_rad));
}

/// Pulses added up coherently are one pulse of all their energy.
inline DetectionRule detection_rule(RadarParams const& p)
{
    return {p.swerling, p.coherent ? 1 : p.pulses, p.false_alarm_probability, p.cfar_loss};
}

/// No position is taken to be measured better: what adds up over looks then stays clear of rounding.
inline constexpr double least_error_m = 1;

/// What one look tells about position: inverse variances along its line and across it.
template <class Real>
struct LookInformation {
    Real along_pm2, across_pm2;
};

template <class Real>
LW_FUNC LookInformation<Real> look_information(RadarParams const& p, Real const& snr,
                                               Real const& slant_range_m)
{
    Real const least_m2 = Real(least_error_m * least_error_m);
    auto const heard = snr > Real(0);
    Real const some = select(heard, snr, Real(1));
    Real const across_m2 = angle_variance_rad2(p, some) * square(slant_range_m);
    auto const if_heard = [&](Real const& x) { return select(heard, x, Real(0)); };
    return {if_heard(inverse(Real(range_variance_m2(p, some) + least_m2))),
            if_heard(inverse(Real(across_m2 + least_m2)))};
}

}  // namespace longwatch
