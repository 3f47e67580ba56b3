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

TEST_CASE("controls are the polynomial of the aim map in its stated order of terms", "[flight]")
{
    double term[aim_terms];
    for (int k = 0; k < aim_terms; ++k) { term[k] = std::pow(1.1, k); }
    double const a = 0.3, b = -0.6, c = 0.2, d = 0.9;
    double const x[5] = {a, b, c, d, 0};
    // The stated order, by recursion: a product, then all products that go on from it.
    double expected = 0;
    int next = 0;
    std::function<void(double, int, int)> const visit = [&](double product, int first, int degree) {
        expected += term[next++] * product;
        for (int i = first; degree < 4 && i < 4; ++i) { visit(product * x[i], i, degree + 1); }
    };
    visit(1, 0, 0);
    CHECK(next == aim_terms);
    CHECK(polynomial(term, PlaceInArea<double>{a, b}, PlaceInArea<double>{c, d}) ==
          Approx(expected).epsilon(1e-14));
}

TEST_CASE("each control comes from its own map", "[flight]")
{
    auto threat = dispersed();
    threat.aim_map.lean_east_rad[0] = 0.1;
    threat.aim_map.lean_north_rad[0] = -0.2;
    threat.aim_map.cutoff_stages[0] = 0.8;
    auto const f = draw_flight<double>(threat, ScriptedDraws{});
    CHECK(f.inputs.lean_east_rad == 0.1);
    CHECK(f.inputs.lean_north_rad == -0.2);
    CHECK(f.inputs.cutoff_stages == 0.8);
}

TEST_CASE("a correlated set has its means and its covariance", "[flight]")
{
    // A root of {{4, 1.2}, {1.2, 1}} 1e-4, worked by hand: Cholesky's.
    auto threat = dispersed();
    auto& set = threat.dispersions.correlated;
    set.in[0] = set.in[1] = true;
    set.mean[0] = 1;
    set.mean[1] = 1.01;
    set.factor[0][0] = 0.02;
    set.factor[1][0] = 0.006;
    set.factor[1][1] = 0.008;
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> uniform01(1e-12, 1);
    double sum[2] = {}, squares[3] = {};
    constexpr int count = 40000;
    for (int i = 0; i < count; ++i) {
        ScriptedDraws const draws{{{{DrawKind::thrust, 0}, uniform01(random)},
                                   {{DrawKind::specific_impulse, 0}, uniform01(random)}}};
        auto const f = draw_flight<double>(threat, draws).inputs;
        double const x = f.thrust - 1, y = f.specific_impulse - 1.01;
        sum[0] += x, sum[1] += y;
        squares[0] += x * x, squares[1] += y * y, squares[2] += x * y;
    }
    // Four standard errors of mean and of (co)variance at this count.
    CHECK(std::fabs(sum[0] / count) < 4 * 0.02 / std::sqrt(count));
    CHECK(std::fabs(sum[1] / count) < 4 * 0.01 / std::sqrt(count));
    CHECK(squares[0] / count == Approx(4e-4).epsilon(4 * std::sqrt(2.0 / count)));
    CHECK(squares[1] / count == Approx(1e-4).epsilon(4 * std::sqrt(2.0 / count)));
    CHECK(squares[2] / count == Approx(1.2e-4).epsilon(4 * std::sqrt(3.8 / count)));
    SECTION("and leaves the other deviations alone")
    {
        auto const all = deviations();
        auto const flight =
            draw_flight<double>(threat, ScriptedDraws{{{{DrawKind::thrust, 0}, 0.9}}});
        for (std::size_t i = 2; i < all.size(); ++i) {
            CHECK(all[i].field(flight) == Approx(1).epsilon(1e-14));
        }
        CHECK(flight.inputs.thrust == Approx(1 + 0.02 * z));
        CHECK(flight.inputs.specific_impulse == Approx(1.01 + 0.006 * z));
    }
}
