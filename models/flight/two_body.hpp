// The flight that a published apogee and range would be if all its speed were given at once and no air
// were in the way: an arc of an ellipse from the ground to the ground of a round Earth that turns.
// No vehicle that takes time to burn can fly the same apogee and range in less time.
#pragma once

#include "models/earth/position.hpp"
#include "models/math/real.hpp"

namespace longwatch {

/// Constants of the published values this is compared with; not those of the flight itself.
inline constexpr double two_body_radius_m = 6371000;
inline constexpr double two_body_gm_m3ps2 = 3.986004418e14;
inline constexpr double two_body_spin_radps = 7.292115e-5;

/// Arc over a central angle, from apogee and range.
struct TwoBodyArc {
    double time_s = 0;
    double speed_mps = 0;      ///< inertial, at the ground
    double elevation_rad = 0;  ///< of that velocity above the horizontal
    double semi_major_m = 0;
    double eccentricity = 0;
};

/// Both ends at the ground, so each lies half the angle from the far end of the ellipse:
///   e = (r_a - R) / (r_a - R cos(psi/2)),  a = r_a / (1 + e),  cos E = (1 - R/a) / e,
///   T = 2 sqrt(a^3/GM) (pi - E + e sin E),  v^2 = GM (2/R - 1/a),
/// with R v cos(elevation) = sqrt(GM a (1 - e^2)).
/// Source: Bate, Mueller and White, "Fundamentals of Astrodynamics" (1971), chapter 6.
LW_FUNC TwoBodyArc two_body_arc(double apogee_m, double central_angle_rad)
{
    constexpr double R = two_body_radius_m, GM = two_body_gm_m3ps2;
    double const farthest = R + apogee_m;
    double const e = apogee_m / (farthest - R * cos(central_angle_rad / 2));
    double const a = farthest / (1 + e);
    // Rounding may lead out of [-1, 1] where the arc is a straight rise and fall.
    double const E = acos(clamp((1 - R / a) / e, -1.0, 1.0));
    double const speed = sqrt(GM * (2 / R - 1 / a));
    double const level = sqrt(larger(GM * a * (1 - e * e), 0.0)) / R;
    return {2 * sqrt(a * a * a / GM) * (pi - E + e * sin(E)), speed,
            acos(clamp(level / speed, -1.0, 1.0)), a, e};
}

/// The same between two places fixed to the turning Earth.
struct TwoBodyFlight {
    TwoBodyArc arc;
    double central_angle_rad = 0;   ///< from where it starts, then, to where it ends, then
    double relative_speed_mps = 0;  ///< at the ground, against the Earth
};

/// The impact place moves on with the Earth while the flight lasts, so angle and time are found in
/// turn: each round shrinks the error by the ratio of the ground's speed to the flight's.
LW_FUNC TwoBodyFlight two_body_flight(Geodetic const& launch, Geodetic const& impact,
                                      double apogee_m)
{
    TwoBodyFlight out;
    double const sin_0 = sin(launch.latitude_rad), cos_0 = cos(launch.latitude_rad);
    double const sin_1 = sin(impact.latitude_rad), cos_1 = cos(impact.latitude_rad);
    double east = 0, north = 0;  // of the impact as seen from the launch, times sin(angle)
    for (int round = 0; round < 60; ++round) {
        double const dlon =
            impact.longitude_rad - launch.longitude_rad + two_body_spin_radps * out.arc.time_s;
        east = cos_1 * sin(dlon);
        north = cos_0 * sin_1 - sin_0 * cos_1 * cos(dlon);
        out.central_angle_rad =
            atan2(sqrt(east * east + north * north), sin_0 * sin_1 + cos_0 * cos_1 * cos(dlon));
        out.arc = two_body_arc(apogee_m, out.central_angle_rad);
    }
    double const level = out.arc.speed_mps * cos(out.arc.elevation_rad);
    double const up = out.arc.speed_mps * sin(out.arc.elevation_rad);
    double const distance = sqrt(east * east + north * north);
    double const scale = distance > 0 ? level / distance : 0;
    double const ground = two_body_spin_radps * two_body_radius_m * cos_0;
    double const relative_east = scale * east - ground;
    out.relative_speed_mps =
        sqrt(up * up + relative_east * relative_east + scale * north * scale * north);
    return out;
}

/// The place at a distance along the great circle that leaves with an azimuth, on the same sphere.
LW_FUNC Geodetic great_circle_place(Geodetic const& from, double azimuth_rad, double distance_m)
{
    double const angle = distance_m / two_body_radius_m;
    double const sin_lat = sin(from.latitude_rad) * cos(angle) +
                           cos(from.latitude_rad) * sin(angle) * cos(azimuth_rad);
    double const east = sin(azimuth_rad) * sin(angle) * cos(from.latitude_rad);
    double const level = cos(angle) - sin(from.latitude_rad) * sin_lat;
    double const longitude = from.longitude_rad + atan2(east, level);
    return {asin(clamp(sin_lat, -1.0, 1.0)), atan2(sin(longitude), cos(longitude)), 0};
}

}  // namespace longwatch
