// The arc between two knots, and the instants found on it.
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>

#include "models/flight/arc.hpp"

using namespace longwatch;

namespace {

using Vec = Vec3<double, Eci>;

/// A smooth path known everywhere: a helix that speeds up.
Knot<double> helix(double t)
{
    double const w = 0.02, R = 7e6, c = 3.0;
    double const s = std::sin(w * t), k = std::cos(w * t);
    return {t,
            {R * k, R * s, 1000 * t + c * t * t},
            {-R * w * s, R * w * k, 1000 + 2 * c * t},
            {-R * w * w * k, -R * w * w * s, 2 * c}};
}

double distance(Vec const& a, Vec const& b) { return norm(a - b); }

/// Error of crossing() in seconds on an interval of so many seconds, for a known root s0.
double crossing_error_s(std::function<double(double)> const& g, double root, double step_s)
{
    double const s = crossing(g, true, g(0), g(1));
    return std::fabs(s - root) * step_s;
}

}  // namespace

TEST_CASE("an arc interval meets both knots in position, velocity and acceleration", "[flight]")
{
    auto const k0 = helix(10), k1 = helix(35);
    auto const p = arc_interval(k0, k1);
    for (auto const& [s, k] : {std::pair{0.0, k0}, std::pair{1.0, k1}}) {
        auto const at = knot_at(p, s);
        // Rounding of positions of 1e7 m, and that over 25 s and its square.
        CHECK(at.t_s == k.t_s);
        CHECK(distance(at.r_m, k.r_m) < 1e-7);
        CHECK(distance(at.v_mps, k.v_mps) < 1e-7);
        CHECK(distance(at.a_mps2, k.a_mps2) < 1e-7);
    }
}

TEST_CASE("halving the interval of an arc brings its middle 64 times closer", "[flight][physics]")
{
    auto const middle_error_m = [](double h) {
        return distance(position_m(arc_interval(helix(0), helix(h)), 0.5), helix(h / 2).r_m);
    };
    // A quintic: error of sixth order.
    CHECK(middle_error_m(40) / middle_error_m(20) == Approx(64).epsilon(0.05));
}

TEST_CASE("a quintic path is its own arc", "[flight]")
{
    auto const path = [](double t) {
        auto const x = 5 + t * (2 + t * (-1 + t * (0.5 + t * (0.3 - 0.2 * t))));
        auto const v = 2 + t * (-2 + t * (1.5 + t * (1.2 - t)));
        auto const a = -2 + t * (3 + t * (3.6 - 4 * t));
        return Knot<double>{t, {x, 0, 0}, {v, 0, 0}, {a, 0, 0}};
    };
    auto const p = arc_interval(path(0), path(3));
    for (double const t : {0.3, 1.0, 1.7, 2.9}) {
        auto const k = knot_at(p, fraction(p, t));
        CHECK(k.r_m.x == Approx(path(t).r_m.x).epsilon(1e-13));
        CHECK(k.v_mps.x == Approx(path(t).v_mps.x).epsilon(1e-12));
        CHECK(k.a_mps2.x == Approx(path(t).a_mps2.x).epsilon(1e-12));
    }
}

TEST_CASE("an interval of no length is its first knot throughout", "[flight]")
{
    auto k0 = helix(10), k1 = helix(10);
    k1.a_mps2 = {99, 99, 99};  // the force may jump at a knot
    auto const p = arc_interval(k0, k1);
    for (double const t : {0.0, 10.0, 20.0}) {
        double const s = fraction(p, t);
        CHECK(s == 0);
        CHECK(distance(position_m(p, s), k0.r_m) == 0);
        CHECK(std::isfinite(knot_at(p, s).v_mps.x));
    }
}

TEST_CASE("outside its interval an arc stays at its ends", "[flight]")
{
    auto const p = arc_interval(helix(10), helix(20));
    CHECK(fraction(p, 5.0) == 0);
    CHECK(fraction(p, 25.0) == 1);
    CHECK(fraction(p, 12.5) == 0.25);
}

TEST_CASE("a crossing is found to a microsecond", "[flight]")
{
    // The longest steps of a flight are some hundred seconds, so a microsecond is 1e-9 of the interval.
    constexpr double step_s = 300;
    for (double const root : {1e-6, 0.003, 0.1, 0.37, 0.5, 0.9, 0.9999}) {
        INFO("root " << root);
        auto const error_s = [&](auto const& g) { return crossing_error_s(g, root, step_s); };
        // Bent a little, as altitude at 100 km and at the ground, and radial speed at apogee, are.
        CHECK(error_s([=](double s) { return (root - s) * (1e5 + 2e4 * s); }) < 1e-6);
        CHECK(error_s([=](double s) { return (s - root) * (1 + s * s); }) < 1e-6);
        CHECK(error_s([=](double s) { return std::expm1(2 * (s - root)); }) < 1e-6);
        // All but flat at one end, as a flight that barely reaches 100 km. Flatter ones need more rounds.
        if (root > 0.001) {
            CHECK(error_s([=](double s) { return root * root - s * s; }) < 1e-6);
        }
        if (root > 0.05) {
            CHECK(error_s([=](double s) { return s * s * s - root * root * root; }) < 1e-6);
        }
        // At the other end.
        if (root < 0.95) {
            double const r = 1 - root;
            CHECK(error_s([=](double s) { return r * r * r - (1 - s) * (1 - s) * (1 - s); }) <
                  1e-6);
        }
    }
}

TEST_CASE("a crossing at an end of the interval is found there", "[flight]")
{
    CHECK(crossing([](double s) { return s; }, true, 0.0, 1.0) < 1e-9);
    CHECK(crossing([](double s) { return s - 1; }, true, -1.0, 0.0) == Approx(1));
}

TEST_CASE("where nothing crosses, a crossing is still a number in the interval", "[flight]")
{
    double const s = crossing([](double) { return 5.0; }, false, 5.0, 5.0);
    CHECK(s >= 0);
    CHECK(s <= 1);
}
