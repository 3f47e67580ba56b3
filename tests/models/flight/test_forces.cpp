// Thrust, drag and steering of powered flight; drag of the payload after it.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/earth/us_standard_1976.hpp"
#include "models/flight/forces.hpp"
#include "tests/support/notional_threats.hpp"

using namespace longwatch;

namespace {

using Vec = Vec3<double, Eci>;

Atmosphere const air_1976 = us_standard_1976();
DragTable const drag = v2_drag();

Vec place(double altitude_m)
{
    auto const p = ecef_from_geodetic(GeodeticPoint<double>{0.7, 0.3, altitude_m});
    return {p.x, p.y, p.z};
}

/// Velocity of something that moves so against the air.
Vec moving(Vec const& r, Vec const& against_air)
{
    return against_air - velocity_relative_to_air(r, Vec{0, 0, 0});
}

constexpr double flow_kgps = 700, exhaust_mps = 2e6 / flow_kgps;

/// 100 t, 2 MN in vacuum, an exit of 2 m2 and a cross-section of 3 m2; azimuth 60 deg.
BoostForce<double> force(Steering steering)
{
    return {air_1976,
            drag,
            steering,
            2.0,
            3.0,
            0,
            100e3,
            flow_kgps,
            0,
            exhaust_mps,
            0,
            std::sin(pi / 3),
            std::cos(pi / 3),
            0.01,
            1,
            1};
}

double along(Vec const& a, Vec const& direction) { return dot(a, unit(direction)); }

}  // namespace

TEST_CASE("at sea level thrust is vacuum thrust less exit area times pressure", "[flight]")
{
    auto const r = place(0);
    auto const a = force(Steering::vertical)(0, r, moving(r, {0, 0, 0})) - gravity(r);
    CHECK(norm(a) == Approx((2e6 - 2.0 * 101325) / 100e3).epsilon(1e-9));
    CHECK(along(a, up(r)) == Approx(norm(a)).epsilon(1e-12));
}

TEST_CASE("above the air thrust is vacuum thrust, and mass falls with the flow", "[flight]")
{
    auto const r = place(1.2e6);
    auto const a = force(Steering::vertical)(50, r, moving(r, {0, 0, 0})) - gravity(r);
    CHECK(norm(a) == Approx(2e6 / (100e3 - 50 * 700)).epsilon(1e-12));
}

TEST_CASE("back pressure never turns thrust around", "[flight]")
{
    auto f = force(Steering::vertical);
    f.exhaust_mps = 1000 / flow_kgps;
    auto const r = place(0);
    CHECK(norm(f(0, r, moving(r, {0, 0, 0})) - gravity(r)) == 0);
}

TEST_CASE("the drag curve is that of the V-2", "[flight]")
{
    // Sutton, Rocket Propulsion Elements, as straight lines:
    // 0.15 to Mach 0.8, 0.625 M - 0.35, -0.25 M + 0.70 from 1.2, -0.03125 M + 0.30625 from 1.8, 0.15 from 5.
    auto const published = [](double M) {
        if (M < 0.8) { return 0.15; }
        if (M < 1.2) { return 0.625 * M - 0.35; }
        if (M < 1.8) { return -0.25 * M + 0.70; }
        if (M < 5) { return -0.03125 * M + 0.30625; }
        return 0.15;
    };
    for (double M = 0; M < 25; M += 0.0371) {
        CHECK(drag_coefficient(drag, M) == Approx(published(M)).epsilon(1e-12));
    }
    CHECK(drag_coefficient(drag, 1.2) == Approx(0.40));
    CHECK(drag_coefficient(drag, 1.8) == Approx(0.25));
}

TEST_CASE("drag is half density times speed squared, area and coefficient, against the motion",
          "[flight]")
{
    auto const r = place(10e3);
    // US Standard Atmosphere 1976 at 10 km: 0.413510 kg/m3, 299.53 m/s. So this is Mach 2.5.
    Vec const v{0, 600, -450};
    auto const a = force(Steering::none)(0, r, moving(r, v)) - gravity(r);
    double const M = 750 / 299.53, cd = -0.03125 * M + 0.30625;
    CHECK(-along(a, v) == Approx(0.5 * 0.413510 * 750 * 750 * 3.0 * cd / 100e3).epsilon(1e-4));
    CHECK(norm(cross(a, v)) < 1e-12 * norm(a) * norm(v));
}

TEST_CASE("deviations of drag and density scale drag, and density scales back pressure", "[flight]")
{
    auto const r = place(10e3);
    Vec const v{0, 600, -450};
    auto const drag_mps2 = [&](double drag_factor, double density_factor) {
        auto f = force(Steering::none);
        f.drag_factor = drag_factor;
        f.density_factor = density_factor;
        return norm(f(0, r, moving(r, v)) - gravity(r));
    };
    CHECK(drag_mps2(1.3, 1) == Approx(1.3 * drag_mps2(1, 1)).epsilon(1e-9));
    CHECK(drag_mps2(1, 0.8) == Approx(0.8 * drag_mps2(1, 1)).epsilon(1e-9));
    auto f = force(Steering::vertical);
    f.density_factor = 1.1;
    auto const ground = place(0);
    CHECK(norm(f(0, ground, moving(ground, {0, 0, 0})) - gravity(ground)) ==
          Approx((2e6 - 1.1 * 2.0 * 101325) / 100e3).epsilon(1e-9));
}

TEST_CASE("the pitch-over leans towards the azimuth at its rate", "[flight]")
{
    auto const r = place(1.2e6);  // above the air, so that only thrust is left
    auto const f = force(Steering::pitch_over);
    auto const enu = enu_from_ecef(0.7, 0.3);
    for (double const t : {0.0, 5.0, 20.0}) {
        auto const a = f(t, r, moving(r, {0, 0, 0})) - gravity(r);
        auto const e = enu * Vec3<double, Ecef>{a.x, a.y, a.z};
        CHECK(std::acos(e.z / norm(a)) == Approx(0.01 * t).margin(1e-7));
        if (t > 0) { CHECK(std::atan2(e.x, e.y) == Approx(pi / 3).epsilon(1e-9)); }
    }
}

TEST_CASE("in a gravity turn thrust lies along the motion against the air", "[flight]")
{
    auto const r = place(1.2e6);
    Vec const v{500, -1200, 900};
    auto const a = force(Steering::gravity_turn)(0, r, moving(r, v)) - gravity(r);
    CHECK(norm(a - (20.0 / norm(v)) * v) < 1e-10);
}

TEST_CASE("up is the normal of the ellipsoid", "[flight]")
{
    auto const u = up(place(5e4));
    CHECK(u.x == Approx(std::cos(0.7) * std::cos(0.3)).epsilon(1e-12));
    CHECK(u.y == Approx(std::cos(0.7) * std::sin(0.3)).epsilon(1e-12));
    CHECK(u.z == Approx(std::sin(0.7)).epsilon(1e-12));
}

TEST_CASE("after burnout drag follows the ballistic coefficient", "[flight]")
{
    BallisticForce<double> const f{air_1976, 1.0, 1 / 5000.0};
    auto const r = place(20e3);
    Vec const v{-3000, 1000, -2000};
    auto const a = f(0, r, moving(r, v)) - gravity(r);
    // Density at 20 km, US Standard Atmosphere 1976: 8.89099e-2 kg/m3.
    CHECK(-along(a, v) == Approx(0.5 * 8.89099e-2 * dot(v, v) / 5000).epsilon(1e-4));
    CHECK(norm(cross(a, v)) < 1e-12 * norm(a) * norm(v));
    auto const high = place(1.1e6);
    CHECK(norm(f(0, high, v) - gravity(high)) == 0);
}
