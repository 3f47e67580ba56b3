// What one flight draws: places, deviations, controls.
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <random>

#include "models/flight/inputs.hpp"
#include "tests/support/notional_threats.hpp"

using namespace longwatch;

namespace {

ThreatParams dispersed()
{
    auto threat = v2_class();
    threat.launch.radius_m = 20e3;
    threat.aim.radius_m = 50e3;
    threat.dispersions = {normal(1, 0.01), normal(1, 0.02), uniform(0.9, 1.1),
                          normal(1, 0.05), normal(1, 0.03), lognormal(1, 0.5)};
    return threat;
}

using Field = std::function<double(DrawnFlight<double> const&)>;

struct Deviation {
    DrawKind kind;
    Field field;
    double
        at_quantile_09;  ///< of the distribution above, by tables of the normal: z(0.9) = 1.2815515655
};

double const z = 1.2815515655446004;

std::vector<Deviation> deviations()
{
    using F = DrawnFlight<double>;
    return {{DrawKind::thrust, [](F const& f) { return f.inputs.thrust; }, 1 + 0.01 * z},
            {DrawKind::specific_impulse, [](F const& f) { return f.inputs.specific_impulse; },
             1 + 0.02 * z},
            {DrawKind::drag, [](F const& f) { return f.inputs.drag; }, 1.08},
            {DrawKind::ballistic_coefficient,
             [](F const& f) { return f.inputs.ballistic_coefficient; }, 1 + 0.05 * z},
            {DrawKind::air_density, [](F const& f) { return f.inputs.air_density; }, 1 + 0.03 * z},
            {DrawKind::rcs, [](F const& f) { return f.rcs; }, std::exp(0.5 * z)}};
}

}  // namespace

TEST_CASE("each dispersion moves its own input and no other", "[flight]")
{
    auto const threat = dispersed();
    auto const all = deviations();
    auto const center = draw_flight<double>(threat, ScriptedDraws{});
    for (auto const& moved : all) {
        auto const flight = draw_flight<double>(threat, ScriptedDraws{{{{moved.kind, 0}, 0.9}}});
        for (auto const& d : all) {
            CHECK(d.field(center) == Approx(1).epsilon(1e-14));
            CHECK(d.field(flight) ==
                  Approx(d.kind == moved.kind ? d.at_quantile_09 : 1).epsilon(1e-12));
        }
        CHECK(flight.inputs.launch.latitude_rad == center.inputs.launch.latitude_rad);
        CHECK(flight.inputs.launch.longitude_rad == center.inputs.launch.longitude_rad);
        CHECK(flight.aim.east == center.aim.east);
        CHECK(flight.aim.north == center.aim.north);
    }
}

TEST_CASE("launch and aim places are drawn apart, and move nothing else", "[flight]")
{
    auto const threat = dispersed();
    auto const center = draw_flight<double>(threat, ScriptedDraws{});
    for (auto const kind : {DrawKind::launch_place, DrawKind::aim_place}) {
        // Distance sqrt(0.81) of the radius, bearing a quarter turn: due east.
        auto const f =
            draw_flight<double>(threat, ScriptedDraws{{{{kind, 0}, 0.81}, {{kind, 1}, 0.25}}});
        bool const launch = kind == DrawKind::launch_place;
        auto const& moved = launch ? f.launch : f.aim;
        auto const& still = launch ? f.aim : f.launch;
        auto const& still_center = launch ? center.aim : center.launch;
        CHECK(moved.east == Approx(0.9));
        CHECK(moved.north == Approx(0).margin(1e-15));
        CHECK(still.east == still_center.east);
        CHECK(still.north == still_center.north);
        for (auto const& d : deviations()) { CHECK(d.field(f) == d.field(center)); }
    }
}

TEST_CASE("places are uniform over their area", "[flight]")
{
    auto const threat = dispersed();
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> uniform01(1e-12, 1);
    constexpr int count = 40000;
    int inner = 0, quadrant = 0, outside = 0;
    double east = 0;
    for (int i = 0; i < count; ++i) {
        auto const f = draw_flight<double>(
            threat, ScriptedDraws{{{{DrawKind::launch_place, 0}, uniform01(random)},
                                   {{DrawKind::launch_place, 1}, uniform01(random)}}});
        double const d2 = square(f.launch.east) + square(f.launch.north);
        inner += d2 < 0.25 ? 1 : 0;
        outside += d2 > 1 + 1e-12 ? 1 : 0;
        quadrant += f.launch.east > 0 && f.launch.north > 0 ? 1 : 0;
        east += f.launch.east;
    }
    // A quarter of the area, and a quarter of the bearings: binomial, 4 sigma.
    double const four_sigma = 4 * std::sqrt(0.25 * 0.75 / count);
    CHECK(inner / double(count) == Approx(0.25).epsilon(0).margin(four_sigma));
    CHECK(quadrant / double(count) == Approx(0.25).epsilon(0).margin(four_sigma));
    CHECK(outside == 0);
    // The mean of one coordinate over a unit disc has sigma 1/2 per flight.
    CHECK(east / count == Approx(0).margin(4 * 0.5 / std::sqrt(double(count))));
}

TEST_CASE("a place at the edge of its area lies its radius from the centre", "[flight]")
{
    Area const area{{0.68, 2.2, 120}, 30e3};
    auto const center = ecef_from_geodetic(area.center);
    for (double const bearing : {0.0, 0.8, pi / 2, 3.0, 5.5}) {
        auto const p =
            place_in_area(area, PlaceInArea<double>{std::sin(bearing), std::cos(bearing)});
        CHECK(p.altitude_m == 120);
        // Mean sphere for ellipsoid and parallel for great circle: within half a per cent.
        CHECK(norm(ecef_from_geodetic(p) - center) == Approx(30e3).epsilon(0.005));
    }
}

TEST_CASE("controls are the quadratic of the aim map in its stated order of terms", "[flight]")
{
    double term[aim_terms];
    for (int k = 0; k < aim_terms; ++k) { term[k] = std::pow(1.7, k); }
    double const a = 0.3, b = -0.6, c = 0.2, d = 0.9;
    double const x[aim_terms] = {1,     a,     b,     c,     d,     a * a, a * b, a * c,
                                 a * d, b * b, b * c, b * d, c * c, c * d, d * d};
    double expected = 0;
    for (int k = 0; k < aim_terms; ++k) { expected += term[k] * x[k]; }
    CHECK(quadratic(term, PlaceInArea<double>{a, b}, PlaceInArea<double>{c, d}) ==
          Approx(expected).epsilon(1e-14));
}

TEST_CASE("each control comes from its own map", "[flight]")
{
    auto threat = dispersed();
    threat.aim_map.azimuth_rad[0] = 1.1;
    threat.aim_map.pitch_rad[0] = 0.2;
    threat.aim_map.cutoff_frac[0] = 0.8;
    auto const f = draw_flight<double>(threat, ScriptedDraws{});
    CHECK(f.inputs.azimuth_rad == 1.1);
    CHECK(f.inputs.pitch_rad == 0.2);
    CHECK(f.inputs.cutoff_frac == 0.8);
}
