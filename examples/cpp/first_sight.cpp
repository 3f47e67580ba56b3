// When a radar first sees a missile, with nothing of Longwatch but its headers: a two-body arc over a round Earth that
// stands still, seen from Sado along rays that the air bends.
#include <longwatch/models/earth/wgs84.hpp>
#include <longwatch/models/flight/two_body.hpp>
#include <longwatch/models/sensing/radar.hpp>

#include <cmath>
#include <cstdio>

namespace lw = longwatch;

namespace {

lw::Geodetic place(double latitude_deg, double longitude_deg)
{
    return {latitude_deg * lw::rad_per_deg, longitude_deg * lw::rad_per_deg, 0};
}

/// Angle at the Earth's centre since launch, and height, of a flight at t_s.
struct OnArc {
    double angle_rad, altitude_m;
};

/// Kepler's equation E - e sin E = M, with M = pi halfway, at the apogee. Launch lies half of the arc's angle before it.
OnArc on_arc(lw::TwoBodyArc const& arc, double central_angle_rad, double t_s)
{
    double const a = arc.semi_major_m, e = arc.eccentricity;
    double const M =
        lw::pi + std::sqrt(lw::two_body_gm_m3ps2 / (a * a * a)) * (t_s - arc.time_s / 2);
    double E = lw::pi;
    for (int round = 0; round < 50; ++round) {
        E -= (E - e * std::sin(E) - M) / (1 - e * std::cos(E));
    }
    double const from_apogee =
        2 * std::atan2(std::sqrt(1 + e) * std::sin(E / 2), std::sqrt(1 - e) * std::cos(E / 2)) -
        lw::pi;
    return {central_angle_rad / 2 + from_apogee, a * (1 - e * std::cos(E)) - lw::two_body_radius_m};
}

}  // namespace

int main()
{
    auto const launch = place(39.2, 125.7);
    auto const radar = lw::site_frame(place(38.2, 138.4));
    constexpr double azimuth_rad = 81 * lw::rad_per_deg, angle_rad = 0.16, apogee_m = 300e3;
    constexpr double elevation_min_rad = 3 * lw::rad_per_deg, earth_radius_factor = 4.0 / 3;

    auto const arc = lw::two_body_arc(apogee_m, angle_rad);
    for (double t_s = 0; t_s <= arc.time_s; t_s += 0.1) {
        auto const at = on_arc(arc, angle_rad, t_s);
        auto below =
            lw::great_circle_place(launch, azimuth_rad, at.angle_rad * lw::two_body_radius_m);
        below.altitude_m = at.altitude_m;
        auto const seen =
            lw::radar_geometry(radar, earth_radius_factor, lw::ecef_from_geodetic(below));
        if (lw::elevation_rad(seen) < elevation_min_rad) { continue; }
        std::printf(
            "seen %.1f s after launch, %.1f km away and %.1f km high; it falls after %.1f s\n", t_s,
            seen.slant_range_m / 1e3, at.altitude_m / 1e3, arc.time_s);
        return 0;
    }
    std::printf("never seen\n");
    return 1;
}
