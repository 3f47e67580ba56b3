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
    return plume_visible(p, satellite_position_m(p, 0.5), ecef_from_geodetic(at), at.altitude_m,
                         cloud_top_m, Plume<double>{1e6, true});
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

TEST_CASE("a satellite on a Molniya orbit stands where Kepler's equation puts it",
          "[sensing][physics]")
{
    // At apogee: a (1 + e) from the Earth's centre, at the inclination north, over its longitude.
    double const a = 26561.7e3;  // of half a sidereal day, to 0.1 km
    auto const apogee = molniya_position_m(0.7, 0.0);
    CHECK(norm(apogee) == Approx(a * 1.74).epsilon(1e-5));
    CHECK(std::asin(apogee.z / norm(apogee)) == Approx(molniya_inclination_rad));
    CHECK(std::atan2(apogee.y, apogee.x) == Approx(0.7));
    // Kepler's equation itself, and the orbit's shape, from the distance at each time.
    for (double const hours : {-5.0, -4.0, -1.0, 0.5, 3.0, 5.0}) {
        double const t_s = hours * 3600;
        double const r = norm(molniya_position_m(0.7, t_s));
        double const E = std::acos((1 - r / a) / 0.74);
        double const mean = E - 0.74 * std::sin(E);
        // acos gives the half before apogee; afterwards it is mirrored.
        CHECK(pi - mean ==
              Approx(2 * pi * std::fabs(t_s) / molniya_period_s).epsilon(0).margin(1e-4));
    }
    SECTION("and is high over the north for four hours on either side")
    {
        for (double const t_s : {-14400.0, 14400.0}) {
            auto const r = molniya_position_m(0.7, t_s);
            CHECK(std::asin(r.z / norm(r)) / rad_per_deg > 40);
            CHECK(norm(r) > 30e6);
        }
    }
    SECTION("where it sees the pole, which no geostationary satellite does")
    {
        InfraredParams p;
        p.elliptical = true;
        p.satellite_longitude_rad = 0.7;
        p.apogee_side_s = 14400;
        auto const pole = place(89.9, 0, 20e3);
        for (double const u : {0.01, 0.5, 0.99}) {
            CHECK(plume_visible(p, satellite_position_m(p, u), ecef_from_geodetic(pole), 20e3, 7e3,
                                Plume<double>{1e6, true}));
        }
        p.elliptical = false;
        CHECK_FALSE(plume_visible(p, satellite_position_m(p, 0.5), ecef_from_geodetic(pole), 20e3,
                                  7e3, Plume<double>{1e6, true}));
    }
}

TEST_CASE("a dim plume is lost in the dip of its brightness, and found again above it", "[sensing]")
{
    InfraredParams p;
    p.satellite_longitude_rad = 120 * rad_per_deg;
    p.threshold_wpsr = 100e3;
    p.brightness = {5, {0, 60e3, 80e3, 100e3, 200e3}, {1, 1, 0.1, 0.5, 0.5}};
    auto const seen = [&](double altitude_m, double intensity_wpsr) {
        return plume_visible(p, satellite_position_m(p, 0.5),
                             ecef_from_geodetic(place(39, 126, altitude_m)), altitude_m, 7e3,
                             Plume<double>{intensity_wpsr, true});
    };
    CHECK(seen(30e3, 400e3));
    CHECK_FALSE(seen(80e3, 400e3));  // 40 kW/sr left
    CHECK(seen(110e3, 400e3));       // 200 kW/sr
    CHECK(seen(300e3, 400e3));       // as in the last row
    CHECK(seen(80e3, 1200e3));       // a bright one is never lost
    CHECK_FALSE(seen(30e3, 90e3));   // a faint one never found
    CHECK(brightness(p.brightness, 70e3) == Approx(0.55));
}

TEST_CASE("only a stage that burns shows a plume, as bright as its own", "[sensing]")
{
    VehicleParams v;
    v.stage_count = 2;
    v.stage[0].plume_intensity_wpsr = 5e6;
    v.stage[0].coast_after_s = 10;
    v.stage[1].plume_intensity_wpsr = 2e5;
    auto const at = [&](double t_s, double second_end_s) {
        auto const end = [=](int i) { return i == 0 ? 100.0 : second_end_s; };
        return plume_at(v, end, t_s);
    };
    CHECK(at(0, 200).intensity_wpsr == 5e6);
    CHECK(at(99, 200).burns);
    CHECK_FALSE(at(105, 200).burns);
    CHECK(at(105, 200).intensity_wpsr == 0);
    CHECK(at(110, 200).intensity_wpsr == 2e5);
    CHECK_FALSE(at(200, 200).burns);
    // Shut off in its first stage, the second does not ignite.
    CHECK_FALSE(at(150, never_s).burns);
}
