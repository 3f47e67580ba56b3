// What a geostationary infrared sensor has in view.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/sensing/infrared.hpp"

using namespace longwatch;

namespace {

Geodetic place(double latitude_deg, double longitude_deg, double altitude_m)
{
    return {latitude_deg * rad_per_deg, longitude_deg * rad_per_deg, altitude_m};
}

bool visible(Geodetic const& at, double satellite_longitude_deg, double cloud_top_m)
{
    InfraredParams p;
    p.satellite_longitude_rad = satellite_longitude_deg * rad_per_deg;
    return plume_visible(p, ecef_from_geodetic(at), at.altitude_m, cloud_top_m);
}

}  // namespace

TEST_CASE("a plume shows once it is above the clouds", "[sensing]")
{
    CHECK_FALSE(visible(place(39, 126, 6.9e3), 120, 7e3));
    CHECK(visible(place(39, 126, 7.1e3), 120, 7e3));
}

TEST_CASE("a satellite on the other side of the Earth sees nothing", "[sensing]")
{
    CHECK_FALSE(visible(place(39, 126, 100e3), -60, 7e3));
    CHECK_FALSE(visible(place(39, 126, 100e3), -100, 7e3));
}

TEST_CASE("the ground view of a geostationary satellite ends where it stands on the horizon",
          "[sensing][physics]")
{
    // On the equator the horizon lies at acos(a / r) = 81.30 deg of longitude from the satellite.
    double const edge_deg = std::acos(wgs84_semi_major_m / geostationary_radius_m) / rad_per_deg;
    CHECK(edge_deg == Approx(81.30).margin(0.005));
    CHECK(visible(place(0, edge_deg - 1e-4, 0), 0, -1));
    CHECK_FALSE(visible(place(0, edge_deg + 1e-4, 0), 0, -1));
}

TEST_CASE("altitude extends the view beyond the ground horizon", "[sensing][physics]")
{
    // The grazing ray continues for acos(a / (a + h)) past the horizon point.
    double const a = wgs84_semi_major_m;
    double const edge_deg =
        (std::acos(a / geostationary_radius_m) + std::acos(a / (a + 200e3))) / rad_per_deg;
    CHECK(visible(place(0, edge_deg - 1e-4, 200e3), 0, 7e3));
    CHECK_FALSE(visible(place(0, edge_deg + 1e-4, 200e3), 0, 7e3));
}

TEST_CASE("toward the poles the view ends where the satellite is level with the geodetic horizon",
          "[sensing][physics]")
{
    for (double latitude_deg = 75; latitude_deg < 85; latitude_deg += 0.01) {
        auto const at = place(latitude_deg, 0, 0);
        auto const to_satellite = geostationary_position_m(0) - ecef_from_geodetic(at);
        double const up_m = (enu_from_ecef(at.latitude_rad, 0.0) * to_satellite).z;
        INFO(latitude_deg);
        CHECK(visible(at, 0, -1) == (up_m > 0));
    }
}
