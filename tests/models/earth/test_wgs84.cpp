// Positions on the ellipsoid against published points and an independent conversion.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/earth/site.hpp"
#include "models/earth/wgs84.hpp"

using namespace longwatch;

namespace {

GeodeticPoint<double> at(double latitude_deg, double longitude_deg, double altitude_m)
{
    return {latitude_deg * rad_per_deg, longitude_deg * rad_per_deg, altitude_m};
}

struct LongPoint {
    long double rho, z;
};

/// The forward conversion, exact by definition, in long double.
LongPoint meridian_position(long double latitude_rad, long double altitude_m)
{
    long double const f = 1 / 298.257223563L, e2 = f * (2 - f);
    long double const s = std::sin(latitude_rad);
    long double const N = 6378137.0L / std::sqrt(1 - e2 * s * s);
    return {(N + altitude_m) * std::cos(latitude_rad), (N * (1 - e2) + altitude_m) * s};
}

}  // namespace

TEST_CASE("WGS 84's derived constants are the published ones", "[earth]")
{
    // NIMA TR8350.2: semi-minor axis, first eccentricity squared, mean radius.
    CHECK(wgs84_semi_minor_m == Approx(6356752.3142).epsilon(0).margin(1e-4));
    CHECK(wgs84_eccentricity2 == Approx(6.69437999014e-3).epsilon(1e-11));
    CHECK((2 * wgs84_semi_major_m + wgs84_semi_minor_m) / 3 ==
          Approx(earth_mean_radius_m).epsilon(0).margin(1e-4));
}

TEST_CASE("geodetic places lie where an independent conversion puts them", "[earth]")
{
    // From the defining equations by a separate script, to the millimetre.
    auto const a = ecef_from_geodetic(at(39.2, 125.7, 0));
    CHECK(a.x == Approx(-2888134.609).epsilon(0).margin(1e-3));
    CHECK(a.y == Approx(4019264.611).epsilon(0).margin(1e-3));
    CHECK(a.z == Approx(4009547.943).epsilon(0).margin(1e-3));
    auto const b = ecef_from_geodetic(at(45, 45, 1000));
    CHECK(b.x == Approx(3194919.145).epsilon(0).margin(1e-3));
    CHECK(b.y == Approx(3194919.145).epsilon(0).margin(1e-3));
    CHECK(b.z == Approx(4488055.516).epsilon(0).margin(1e-3));
}

TEST_CASE("Vallado's example 3-3 comes out", "[earth]")
{
    // Vallado, Fundamentals of Astrodynamics and Applications: given to 1e-6 deg, 1e-4 deg, 10 m.
    auto const p = geodetic_from_ecef(Vec3<double, Ecef>{6524.834e3, 6862.875e3, 6448.296e3});
    CHECK(p.latitude_rad / rad_per_deg == Approx(34.352496).epsilon(0).margin(1e-6));
    CHECK(p.longitude_rad / rad_per_deg == Approx(46.4464).epsilon(0).margin(1e-4));
    CHECK(p.altitude_m == Approx(5085.22e3).epsilon(0).margin(10));
}

TEST_CASE("altitude is exact to far below a millimetre at every latitude to 5000 km", "[earth]")
{
    double worst_m = 0, worst_rad = 0;
    for (int i = -900; i <= 900; ++i) {
        long double const latitude_rad = i * 0.1L * 3.14159265358979323846L / 180;
        for (double const altitude_m : {-1e3, 0.0, 1.0, 1e4, 1e5, 5e5, 1e6, 2e6, 4e6, 5e6}) {
            auto const m = meridian_position(latitude_rad, altitude_m);
            Vec3<double, Ecef> const r{static_cast<double>(m.rho) * 0.6,
                                       static_cast<double>(m.rho) * -0.8, static_cast<double>(m.z)};
            worst_m = std::fmax(worst_m, std::fabs(geodetic_altitude_m(r) - altitude_m));
            worst_rad = std::fmax(worst_rad, std::fabs(geodetic_from_ecef(r).latitude_rad -
                                                       static_cast<double>(latitude_rad)));
        }
    }
    // 5e-9 m measured, the rounding of coordinates of 1e7 m; 1e-12 rad is what wgs84.hpp states,
    // 2.4e-13 measured.
    CHECK(worst_m < 2e-8);
    CHECK(worst_rad < 1e-12);
}

TEST_CASE("a place is found again from its position", "[earth]")
{
    for (double const latitude_deg : {-89.0, -33.3, 0.0, 12.7, 64.3}) {
        for (double const longitude_deg : {-179.9, -45.0, 0.0, 100.0, 180.0}) {
            auto const p =
                geodetic_from_ecef(ecef_from_geodetic(at(latitude_deg, longitude_deg, 5e4)));
            CHECK(p.latitude_rad == Approx(latitude_deg * rad_per_deg).epsilon(0).margin(1e-12));
            CHECK(p.longitude_rad == Approx(longitude_deg * rad_per_deg).epsilon(0).margin(1e-12));
        }
    }
}

TEST_CASE("the Earth turns once in a sidereal day", "[earth]")
{
    // 86164.0989 s: IERS value of the stellar day for this rotation rate, to 0.1 ms.
    double const day_s = 2 * pi / earth_rotation_radps;
    CHECK(day_s == Approx(86164.0989).epsilon(0).margin(0.02));
    Vec3<double, Eci> const r{7e6, 1e5, 3e6};
    auto const later = ecef_from_eci(day_s, r);
    CHECK(later.x == Approx(r.x).epsilon(1e-12));
    CHECK(later.y == Approx(r.y).epsilon(1e-9));
    // A quarter turn brings the inertial x axis to the Earth's west, -y.
    auto const quarter = ecef_from_eci(day_s / 4, Vec3<double, Eci>{1, 0, 0});
    CHECK(quarter.y == Approx(-1));
    auto const back = eci_from_ecef(1234.5, ecef_from_eci(1234.5, r));
    CHECK(back.x == Approx(r.x).epsilon(1e-14));
    CHECK(back.y == Approx(r.y).epsilon(1e-12));
}

TEST_CASE("a thing at rest on the turning Earth feels no wind", "[earth]")
{
    auto const p = ecef_from_geodetic(at(40, 130, 1000));
    Vec3<double, Eci> const r{p.x, p.y, p.z};
    // Its inertial velocity by difference of positions over a millisecond either side.
    auto const before = eci_from_ecef(-1e-3, p), after = eci_from_ecef(1e-3, p);
    auto const v = (1 / 2e-3) * (after - before);
    // 1e-9 m of rounding over 2 ms.
    CHECK(norm(velocity_relative_to_air(r, v)) < 2e-6);
    // 465.1 m/s at the equator times the cosine of 40 deg, within the ellipsoid's 0.2 %.
    CHECK(norm(v) == Approx(465.1 * std::cos(40 * rad_per_deg)).epsilon(0.002));
}

TEST_CASE("east, north and up are right-handed and point where they say", "[earth]")
{
    auto const p = at(37.5, 127, 0);
    auto const R = enu_from_ecef(p.latitude_rad, p.longitude_rad);
    auto const here = ecef_from_geodetic(p);
    auto const north = R * (ecef_from_geodetic(at(37.501, 127, 0)) - here);
    auto const east = R * (ecef_from_geodetic(at(37.5, 127.001, 0)) - here);
    auto const up = R * (ecef_from_geodetic(at(37.5, 127, 100)) - here);
    CHECK(north.y == Approx(norm(north)).epsilon(1e-4));
    CHECK(east.x == Approx(norm(east)).epsilon(1e-4));
    CHECK(up.z == Approx(100).epsilon(1e-9));
    auto const z = cross(R.row_x, R.row_y);
    CHECK(norm(z - R.row_z) < 1e-15);
}

TEST_CASE("the angle from a site to a place is the angle at the Earth's centre", "[earth]")
{
    auto const site = site_frame({0, 0, 0});
    auto const place = ecef_from_geodetic(at(0, 90, 2000));
    CHECK(ground_angle_rad(site, place) == Approx(pi / 2).epsilon(1e-15));
    // A metre away and the far side of the Earth, where an arc cosine would have lost its digits.
    Vec3<double, Ecef> const near{wgs84_semi_major_m, 1.0, 0};
    CHECK(ground_angle_rad(site, near) == Approx(1 / wgs84_semi_major_m).epsilon(1e-9));
    Vec3<double, Ecef> const far{-wgs84_semi_major_m, 0, 0};
    CHECK(ground_angle_rad(site, far) == Approx(pi));
}

TEST_CASE("the series for altitude is within a millimetre in the air", "[earth]")
{
    double worst_m = 0, worst_high_m = 0;
    for (int i = -900; i <= 900; i += 3) {
        long double const latitude_rad = i * 0.1L * 3.14159265358979323846L / 180;
        for (double const altitude_m : {-5e3, -1e3, 0.0, 1e4, 1e5, 3e5, 6e5, 1e6, 2e6, 5e6}) {
            auto const m = meridian_position(latitude_rad, altitude_m);
            auto const r = static_cast<double>(std::sqrt(m.rho * m.rho + m.z * m.z));
            double const got = altitude_by_series_m(r, 1 / r, static_cast<double>(m.z) / r);
            double& worst = altitude_m > 1e6 ? worst_high_m : worst_m;
            worst = std::fmax(worst, std::fabs(got - altitude_m));
        }
    }
    CHECK(worst_m < 5e-4);  // 0.39 mm by the fit
    CHECK(worst_high_m < 0.02);
}
