// Wind and density profiles: rows, heights between and beyond, directions, scores.
#include <catch2/catch.hpp>

#include "models/earth/site.hpp"
#include "models/earth/weather.hpp"

using namespace longwatch;

namespace {

using Vec = Vec3<double, Eci>;
using Scores = WeatherScores<double>;

Weather layered()
{
    Weather w;
    w.wind_count = 3;
    double const height_m[] = {1000, 3000, 4000}, east[] = {10, 30, 0}, north[] = {-4, 4, 0};
    double const sigma_east[] = {1, 3, 0}, sigma_north[] = {2, 2, 0};
    for (int i = 0; i < 3; ++i) {
        w.wind_height_m[i] = height_m[i];
        w.east_mps[i] = east[i];
        w.north_mps[i] = north[i];
        w.sigma_east_mps[i] = sigma_east[i];
        w.sigma_north_mps[i] = sigma_north[i];
    }
    w.density_count = 2;
    w.density_height_m[0] = 10e3;
    w.density_height_m[1] = 20e3;
    w.factor[0] = 1.1;
    w.factor[1] = 0.9;
    w.sigma_frac[0] = 0.02;
    w.sigma_frac[1] = 0.06;
    return w;
}

constexpr double latitude_rad = 0.7, longitude_rad = -1.9;

Vec place()
{
    auto const p = ecef_from_geodetic(GeodeticPoint<double>{latitude_rad, longitude_rad, 2000});
    return {p.x, p.y, p.z};
}

/// East and north parts of the wind, as what still air seems to do to something that turns with the
/// Earth. Directions from the rotation to a site's axes.
struct Wind {
    double east_mps, north_mps, up_mps;
};

Wind wind_at(double altitude_m, Scores const& score = {})
{
    auto const r = place();
    Vec const turning = {-earth_rotation_radps * r.y, earth_rotation_radps * r.x, 0};
    auto const u = velocity_in_weather(layered(), score, altitude_m, r, turning);
    auto const local =
        enu_from_ecef(latitude_rad, longitude_rad) * Vec3<double, Ecef>{u.x, u.y, u.z};
    return {-local.x, -local.y, -local.z};
}

}  // namespace

TEST_CASE("without rows the air turns with the Earth and has the standard's density", "[earth]")
{
    Weather const none;
    Scores const strong{3, 3, 3};
    Vec const r = place(), v{1000, -500, 70};
    auto const still = velocity_relative_to_air(r, v);
    auto const u = velocity_in_weather(none, strong, 5e3, r, v);
    CHECK(u.x == still.x);
    CHECK(u.y == still.y);
    CHECK(u.z == still.z);
    CHECK(weather_density_factor(none, strong, 5e3) == 1);
}

TEST_CASE("wind blows along the ground, linear between rows and held beyond them", "[earth]")
{
    struct Case {
        double altitude_m, east_mps, north_mps;
    };
    for (Case const& c : {Case{1000, 10, -4}, Case{2000, 20, 0}, Case{3500, 15, 2}, Case{0, 10, -4},
                          Case{9000, 0, 0}}) {
        auto const w = wind_at(c.altitude_m);
        INFO(c.altitude_m << " m");
        // A speed of 400 m/s is taken off: 1e-12 m/s of rounding.
        CHECK(w.east_mps == Approx(c.east_mps).margin(1e-10));
        CHECK(w.north_mps == Approx(c.north_mps).margin(1e-10));
        CHECK(w.up_mps == Approx(0).margin(1e-10));
    }
}

TEST_CASE("each score moves its part of the weather and no other", "[earth]")
{
    Weather const w = layered();
    CHECK(wind_at(2000, {2, 0, 0}).east_mps == Approx(20 + 2 * 2.0));
    CHECK(wind_at(2000, {2, 0, 0}).north_mps == Approx(0).margin(1e-10));
    CHECK(wind_at(2000, {0, -1, 0}).north_mps == Approx(-2.0));
    CHECK(wind_at(2000, {0, -1, 0}).east_mps == Approx(20));
    CHECK(wind_at(2000, {0, 0, 3}).east_mps == Approx(20));
    CHECK(weather_density_factor(w, Scores{5, 5, 0}, 15e3) == Approx(1.0));
    CHECK(weather_density_factor(w, Scores{0, 0, 1}, 15e3) == Approx(1.04));
    CHECK(weather_density_factor(w, Scores{0, 0, -2}, 5e3) == Approx(1.1 * 0.96));
    CHECK(weather_density_factor(w, Scores{0, 0, 1}, 50e3) == Approx(0.9 * 1.06));
    // However thin a draw, some air is left.
    CHECK(weather_density_factor(w, Scores{0, 0, -40}, 50e3) == Approx(0.9 * 0.05));
}
