// The interceptor's flight and the table of its least times.
#include <catch2/catch.hpp>

#include <cmath>
#include <memory>

#include "models/engage/flyout.hpp"

using namespace longwatch;

namespace {

InterceptorParams interceptor(double speed_mps, double boost_s, double range_km, double ceiling_km)
{
    InterceptorParams p;
    p.burnout_speed_mps = speed_mps;
    p.boost_s = boost_s;
    p.range_max_m = range_km * 1e3;
    p.altitude_max_m = ceiling_km * 1e3;
    return p;
}

// Notional, of the three published classes: long-range, exo-atmospheric, upper-tier.
InterceptorParams long_range() { return interceptor(7000, 180, 5000, 2000); }
InterceptorParams exo() { return interceptor(4500, 70, 2500, 1000); }
InterceptorParams upper_tier() { return interceptor(2800, 18, 200, 150); }

double radius_m(FlyoutState const& s) { return std::hypot(s.x_m, s.z_m); }

double energy_jpkg(FlyoutState const& s)
{
    return (s.vx_mps * s.vx_mps + s.vz_mps * s.vz_mps) / 2 - flyout_mu_m3ps2 / radius_m(s);
}

FlyoutState burnt_out(InterceptorParams const& p, double elevation_deg, int steps)
{
    FlyoutState s;
    auto const course = flyout_course(p, elevation_deg * rad_per_deg);
    for (int i = 0; i < steps; ++i) { s = step_flyout(s, course, p.boost_s / steps); }
    return s;
}

/// Time from burnout to a radius on the way straight up: Kepler's equation of the rectilinear
/// ellipse, r = a (1 - cos E), t = sqrt(a^3 / mu) (E - sin E).
double straight_up_s(FlyoutState const& s, double to_radius_m)
{
    double const a = -flyout_mu_m3ps2 / (2 * energy_jpkg(s));
    auto const since_center_s = [&](double r) {
        double const E = std::acos(1 - r / a);
        return std::sqrt(a * a * a / flyout_mu_m3ps2) * (E - std::sin(E));
    };
    return since_center_s(to_radius_m) - since_center_s(radius_m(s));
}

bool is_never(double t_s) { return t_s >= never_s; }

/// The largest lateness and earliness of the table against a path flown at fine steps, over the
/// path's rising part.
struct TableError {
    double late_s = 0, early_s = 0;
    int points = 0;
};
TableError table_error(InterceptorParams const& p, FlyoutTable const& table)
{
    TableError worst;
    for (double elevation_deg = 1.13; elevation_deg < 90; elevation_deg += 2.37) {
        auto const course = flyout_course(p, elevation_deg * rad_per_deg);
        FlyoutClock const clock{p.boost_s / 300, 0.7, 300, 4000};
        FlyoutState s;
        double highest_m = 0;
        for (int step = 0; step < clock.steps; ++step) {
            s = clock.advance(s, course, step);
            auto const at = flyout_point(s);
            if (at.altitude_m < highest_m) { break; }
            highest_m = at.altitude_m;
            // Two cells inside the edge of reach: nearer, times rise too steeply for the table.
            // Five cells up: lower, it sees the corner that least times have at the battery.
            double const beyond_s = flyout_time_s(table, at.range_m + 2 * table.range_step_m,
                                                  at.altitude_m + 2 * table.altitude_step_m);
            if (at.altitude_m < 5 * table.altitude_step_m || is_never(beyond_s)) { continue; }
            double const late_s =
                flyout_time_s(table, at.range_m, at.altitude_m) - clock.time_s(step + 1);
            worst.late_s = std::fmax(worst.late_s, late_s);
            worst.early_s = std::fmax(worst.early_s, -late_s);
            ++worst.points;
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("the coast of an interceptor conserves energy and angular momentum", "[engage][physics]")
{
    auto s = burnt_out(long_range(), 40, 200);
    auto const momentum = [](FlyoutState const& at) {
        return at.z_m * at.vx_mps - at.x_m * at.vz_mps;
    };
    double const energy = energy_jpkg(s), turning = momentum(s);
    for (int i = 0; i < 300; ++i) { s = step_flyout(s, {0, 1, 0}, 4.0); }
    // Fourth order: 4e-12 measured at 4 s over 1200 s.
    CHECK(energy_jpkg(s) == Approx(energy).epsilon(1e-11));
    CHECK(momentum(s) == Approx(turning).epsilon(1e-11));
}

TEST_CASE("halving the step brings the coast sixteen times closer", "[engage][physics]")
{
    auto const start = burnt_out(long_range(), 40, 200);
    auto const end_range_m = [&](double step_s) {
        auto s = start;
        for (int i = 0; i < static_cast<int>(960 / step_s); ++i) {
            s = step_flyout(s, {0, 1, 0}, step_s);
        }
        return flyout_point(s).range_m;
    };
    double const finest = end_range_m(1);
    double const ratio = (end_range_m(32) - finest) / (end_range_m(16) - finest);
    CHECK(ratio == Approx(16).epsilon(0.15));
}

TEST_CASE("straight up, the boost gains the work of thrust less gravity", "[engage][physics]")
{
    auto const p = exo();
    auto const s = burnt_out(p, 90, 100);
    double const thrust_mps2 = p.burnout_speed_mps / p.boost_s;
    double const start_jpkg = -flyout_mu_m3ps2 / earth_mean_radius_m;
    double const climbed_m = radius_m(s) - earth_mean_radius_m;
    CHECK(energy_jpkg(s) - start_jpkg == Approx(thrust_mps2 * climbed_m).epsilon(1e-9));
    CHECK(std::fabs(s.x_m) < 1e-6);
}

TEST_CASE("a boost holds its course", "[engage]")
{
    for (double const elevation_deg : {0.0, 20.0, 65.0}) {
        auto const s = burnt_out(exo(), elevation_deg, 100);
        double const flown_deg = std::atan2(s.z_m - earth_mean_radius_m, s.x_m) / rad_per_deg;
        CHECK(flown_deg == Approx(elevation_deg).margin(1e-6));
        CHECK(std::atan2(s.vz_mps, s.vx_mps) / rad_per_deg == Approx(elevation_deg).margin(1e-6));
        CHECK(std::hypot(s.vx_mps, s.vz_mps) < exo().burnout_speed_mps);
    }
}

TEST_CASE("the table's vertical times follow the straight-up flight", "[engage][physics]")
{
    auto const p = exo();
    auto const table = std::make_unique<FlyoutTable>(flyout_table(p));
    auto const s = burnt_out(p, 90, 200);
    for (double const altitude_km : {250.0, 400.0, 600.0, 800.0}) {
        double const expected_s =
            p.boost_s + straight_up_s(s, earth_mean_radius_m + altitude_km * 1e3);
        INFO(altitude_km << " km");
        CHECK(flyout_time_s(*table, 0.0, altitude_km * 1e3) ==
              Approx(expected_s).epsilon(0).margin(0.5));
    }
}

TEST_CASE("the table gives the time of a directly flown path", "[engage][physics]")
{
    for (auto const& p : {long_range(), exo(), upper_tier()}) {
        auto const table = std::make_unique<FlyoutTable>(flyout_table(p));
        auto const worst = table_error(p, *table);
        INFO("late " << worst.late_s << " early " << worst.early_s << " of " << worst.points);
        CHECK(worst.points > 500);
        CHECK(worst.late_s < 0.5);
        CHECK(worst.early_s < 0.5);
    }
}

TEST_CASE("going farther takes longer", "[engage]")
{
    for (auto const& p : {long_range(), exo(), upper_tier()}) {
        auto const table = std::make_unique<FlyoutTable>(flyout_table(p));
        int sooner = 0, reached = 0, holes = 0;
        for (int j = 0; j < flyout_altitude_points; ++j) {
            for (int i = 0; i + 1 < flyout_range_points; ++i) {
                double const here_s = table->time_s[i * flyout_altitude_points + j];
                double const next_s = table->time_s[(i + 1) * flyout_altitude_points + j];
                reached += is_never(here_s) ? 0 : 1;
                sooner += next_s < here_s && !is_never(here_s) ? 1 : 0;
                holes += is_never(here_s) && !is_never(next_s) ? 1 : 0;
            }
        }
        CHECK(reached > 1000);
        CHECK(sooner == 0);
        CHECK(holes == 0);
    }
}

TEST_CASE("no interceptor flies faster than its ideal burnout speed", "[engage]")
{
    auto const p = exo();
    auto const table = std::make_unique<FlyoutTable>(flyout_table(p));
    int too_fast = 0;
    for (double range_m = 0; range_m < p.range_max_m; range_m += 37e3) {
        for (double altitude_m = 20e3; altitude_m < p.altitude_max_m; altitude_m += 31e3) {
            double const t_s = flyout_time_s(*table, range_m, altitude_m);
            double const straight_m = std::sqrt(
                square(altitude_m) + 4 * earth_mean_radius_m * (earth_mean_radius_m + altitude_m) *
                                         square(std::sin(range_m / earth_mean_radius_m / 2)));
            too_fast += straight_m > p.burnout_speed_mps * t_s ? 1 : 0;
        }
    }
    CHECK(too_fast == 0);
}

TEST_CASE("what cannot be reached is never reached", "[engage]")
{
    auto const p = exo();
    auto const table = std::make_unique<FlyoutTable>(flyout_table(p));
    CHECK(is_never(flyout_time_s(*table, 2501e3, 200e3)));
    CHECK(is_never(flyout_time_s(*table, 100e3, 1001e3)));
    CHECK(is_never(flyout_time_s(*table, 100e3, -1.0)));
    CHECK(is_never(flyout_time_s(*table, 2400e3, 900e3)));  // inside the table, beyond its energy
    CHECK(is_never(flyout_time_s(*table, std::nan(""), 100e3)));
    CHECK(flyout_time_s(*table, 0.0, 0.0) == 0);
}
