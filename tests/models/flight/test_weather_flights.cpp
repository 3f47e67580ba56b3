// Flights through wind and through air of another density.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/earth/site.hpp"
#include "models/earth/us_standard_1976.hpp"
#include "models/flight/inputs.hpp"
#include "tests/support/notional_threats.hpp"

using namespace longwatch;

namespace {

using Vec = Vec3<double, Eci>;

/// The same wind and the same density factor at every height.
Atmosphere uniform_weather(double east_mps, double north_mps, double factor)
{
    auto p = us_standard_1976();
    Weather& w = p.weather;
    w.wind_count = w.density_count = 2;
    for (int i = 0; i < 2; ++i) {
        w.wind_height_m[i] = w.density_height_m[i] = 1e6 * i;
        w.east_mps[i] = east_mps;
        w.north_mps[i] = north_mps;
        w.sigma_east_mps[i] = w.sigma_north_mps[i] = 10;
        w.factor[i] = factor;
        w.sigma_frac[i] = 0.1;
    }
    return p;
}

Vec place(double altitude_m)
{
    auto const p = ecef_from_geodetic(GeodeticPoint<double>{0.7, 0.3, altitude_m});
    return {p.x, p.y, p.z};
}

/// East at that place.
Vec const east{-std::sin(0.3), std::cos(0.3), 0};

double distance(Vec const& a, Vec const& b) { return norm(a - b); }

}  // namespace

TEST_CASE("a wind is felt as flying the other way through still air", "[flight]")
{
    auto const still = us_standard_1976(), windy = uniform_weather(25, 0, 1);
    Vec const r = place(8e3), v{300, 900, 400};
    BallisticForce<double> const in_still{still, 1, 1e-3}, in_wind{windy, 1, 1e-3};
    Vec const a = in_wind(0, r, v), b = in_still(0, r, v - 25.0 * east);
    // The same drag to rounding; the wind changes it by 4 %.
    CHECK(distance(a, b) < 1e-12 * norm(b));
    CHECK(distance(a, in_still(0, r, v)) > 0.01 * distance(b, gravity(r)));

    auto const drag = v2_drag();
    auto const thrust = [&](Atmosphere const& p) {
        return BoostForce<double>{
            p, drag, Steering::vertical, 2.0, 3.0, 0, 1e5, 700, 0, 3e3, 0, 0, 1, 0.01, 1, 1};
    };
    Vec const c = thrust(windy)(1, r, v), d = thrust(still)(1, r, v - 25.0 * east);
    CHECK(distance(c, d) < 1e-12 * norm(d));
}

TEST_CASE("in a wind a gravity turn still thrusts along the way over the ground", "[flight]")
{
    // Above the air only the direction of thrust could show the wind.
    auto const still = us_standard_1976(), windy = uniform_weather(60, 0, 1);
    auto const drag = v2_drag();
    Vec const r = place(2e6), v{300, 900, 400};
    auto const turn = [&](Atmosphere const& p) {
        return BoostForce<double>{
            p, drag, Steering::gravity_turn, 2.0, 3.0, 0, 1e5, 700, 0, 3e3, 0, 0, 1, 0.01, 1, 1};
    };
    CHECK(distance(turn(windy)(1, r, v), turn(still)(1, r, v)) == 0);
}

TEST_CASE("a density profile is felt as the same factor on all air", "[flight]")
{
    auto const still = us_standard_1976(), thick = uniform_weather(0, 0, 1.2);
    Vec const r = place(30e3), v{300, 2000, 400};
    BallisticForce<double> const by_factor{still, 1.2, 1e-3}, by_profile{thick, 1, 1e-3};
    CHECK(distance(by_factor(0, r, v), by_profile(0, r, v)) < 1e-12 * norm(by_factor(0, r, v)));
    BallisticForce<double> const one_sigma{thick, 1, 1e-3, {0, 0, 1}};
    BallisticForce<double> const by_both{still, 1.2 * 1.1, 1e-3};
    CHECK(distance(one_sigma(0, r, v), by_both(0, r, v)) < 1e-12 * norm(v));
}

TEST_CASE("a falling stage drifts with the wind as one does over a flat Earth", "[flight][physics]")
{
    // Reference: x'' and h'' with drag |u| u rho / (2 beta) against the wind, constant gravity, RK4
    // at 0.01 s. Dropped from 10 km with the Earth's turning.
    double const beta = 150, wind_mps = 20, g = 9.79;
    auto const p = us_standard_1976();
    struct S {
        double x, h, vx, vh;
    };
    auto const f = [&](S const& s) {
        double const ux = s.vx - wind_mps, u = std::hypot(ux, s.vh);
        double const k = air_density_kgpm3(p, s.h) * u / (2 * beta);
        return S{s.vx, s.vh, -k * ux, -k * s.vh - g};
    };
    auto const plus = [](S const& a, double k, S const& b) {
        return S{a.x + k * b.x, a.h + k * b.h, a.vx + k * b.vx, a.vh + k * b.vh};
    };
    S s{0, 10e3, 0, 0};
    double const dt = 0.01;
    while (s.h > 0) {
        S const k1 = f(s), k2 = f(plus(s, dt / 2, k1)), k3 = f(plus(s, dt / 2, k2)),
                k4 = f(plus(s, dt, k3));
        s = plus(plus(plus(plus(s, dt / 6, k1), dt / 3, k2), dt / 3, k3), dt / 6, k4);
    }

    auto const fall = [&](Atmosphere const& air_here) {
        FlightInputs<double> in = nominal_inputs<double>(v2_class(), {0, 0, 0});
        StageParams stage;
        stage.spent_ballistic_coefficient_kgpm2 = beta;
        auto const r = place(10e3);
        NoArc<double> none;
        return fly_spent_stage(
            air_here, stage, in,
            Knot<double>{
                0, r, {-earth_rotation_radps * r.y, earth_rotation_radps * r.x, 0}, {0, 0, 0}},
            none);
    };
    auto const dry = fall(p), blown = fall(uniform_weather(wind_mps, 0, 1));
    REQUIRE(dry.landed);
    REQUIRE(blown.landed);
    double const drift_m = norm(blown.impact_m - dry.impact_m);
    // Gravity falls by 0.3 % over the way and the ground turns; a fall of about 100 s.
    CHECK(drift_m == Approx(s.x).epsilon(0.01));
    CHECK(drift_m > 500);
}

TEST_CASE("a flight draws its weather, each part by its own number, where there is any", "[flight]")
{
    double const z = 1.2815515655446004;  // of 0.9, tables of the normal
    auto const weather = uniform_weather(0, 0, 1).weather;
    struct Case {
        DrawKind kind;
        double east, north, density;
    };
    for (Case const& c : {Case{DrawKind::wind_east, z, 0, 0}, Case{DrawKind::wind_north, 0, z, 0},
                          Case{DrawKind::density_profile, 0, 0, z}}) {
        ScriptedDraws const draws{{{{c.kind, 0}, 0.9}}};
        auto const drawn = draw_weather<double>(weather, draws);
        CHECK(drawn.wind_east == Approx(c.east).margin(1e-12));
        CHECK(drawn.wind_north == Approx(c.north).margin(1e-12));
        CHECK(drawn.density == Approx(c.density).margin(1e-12));
        auto const none = draw_weather<double>(Weather{}, draws);
        CHECK(none.wind_east == 0);
        CHECK(none.wind_north == 0);
        CHECK(none.density == 0);
    }
}
