// Ships that stand anywhere in their patrol area.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/sensing/patrol.hpp"
#include "models/sensing/radar.hpp"

using namespace longwatch;

TEST_CASE("a ship sees from its place what its station would see of a turned world", "[sensing]")
{
    Geodetic const station{38 * rad_per_deg, 134 * rad_per_deg, 20};
    auto const at_station = site_frame(station);
    double const radius_m = 100e3;
    auto const target = ecef_from_geodetic(Geodetic{41 * rad_per_deg, 127 * rad_per_deg, 180e3});
    for (double const bearing_deg : {0.0, 73.0, 180.0, 290.0}) {
        double const bearing = bearing_deg * rad_per_deg;
        double const east = 0.8 * std::sin(bearing), north = 0.8 * std::cos(bearing);
        auto const moved = patrol(at_station, radius_m, east, north);
        // Where it stands, by arc lengths along parallel and meridian.
        double const R = earth_mean_radius_m;
        Geodetic const there{
            station.latitude_rad + north * radius_m / R,
            station.longitude_rad + east * radius_m / R / std::cos(station.latitude_rad), 20};
        auto const ship = from_station(moved, at_station.position_m);
        CHECK(norm(ship - ecef_from_geodetic(there)) <
              1000);  // flattening, and the curve of parallels
        CHECK(norm(to_station(moved, ship) - at_station.position_m) < 1e-6);
        // What is left is the flattening: some hundreds of metres of height.
        auto const seen = radar_geometry(at_station, 1.0, to_station(moved, target));
        auto const real = radar_geometry(site_frame(there), 1.0, target);
        CHECK(seen.slant_range_m == Approx(norm(target - ship)).epsilon(1e-12));
        CHECK(seen.slant_range_m == Approx(real.slant_range_m).margin(1000));
        CHECK(elevation_rad(seen) == Approx(elevation_rad(real)).margin(1e-3));
        CHECK(azimuth_rad(seen) == Approx(azimuth_rad(real)).margin(0.02));
    }
}

TEST_CASE("a ship at its station sees the world as it is", "[sensing]")
{
    auto const station = site_frame({38 * rad_per_deg, 134 * rad_per_deg, 0});
    auto const moved = patrol(station, 1e5, 0.0, 0.0);
    Vec3<double, Ecef> const r{-3e6, 4e6, 5e6};
    CHECK(norm(to_station(moved, r) - r) < 1e-6);
}
