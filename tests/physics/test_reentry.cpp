// Re-entry against the closed solution of Allen and Eggers.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/earth/us_standard_1976.hpp"
#include "models/flight/forces.hpp"
#include "tests/support/propagate.hpp"

using namespace longwatch;

namespace {

using Vec = Vec3<double, Eci>;

struct Entry {
    double scale_height_m, density_kgpm3, speed_mps, angle_deg, beta_kgpm2;
    double a_max_g, a_max_km, ground_speed_mps;  ///< published; -1 where none
};

// Allen and Eggers, NACA TN 4047 (1957): straight descent through an exponential atmosphere without
// gravity; rows by a separate script.
Entry const entries[] = {{7200, 1.225, 7000, 25, 500, 53.95, 26.87, 0},
                         {7200, 1.225, 7000, 25, 5000, 53.95, 10.29, 868.4},
                         {7200, 1.225, 7000, 25, 10000, 53.95, 5.30, 2465.6},
                         {7200, 1.225, 7000, 80, 5000, 125.71, 4.20, 2858.5},
                         {7200, 1.225, 7900, 80, 10000, -1, -1, 5048.3},
                         {7200, 1.225, 6000, 30, 2000, 46.89, 15.67, 72.9},
                         {6700, 1.752, 7000, 25, 5000, 57.97, 11.49, 435.3}};

/// Drag alone, over a flat Earth, z up.
struct ExponentialDrag {
    Entry const& e;
    Vec operator()(double, Vec const& r, Vec const& v) const
    {
        double const density = e.density_kgpm3 * std::exp(-r.z / e.scale_height_m);
        return (-0.5 * density * norm(v) / e.beta_kgpm2) * v;
    }
};

double closed_speed_mps(Entry const& e, double h)
{
    double const s = std::sin(e.angle_deg * rad_per_deg);
    return e.speed_mps * std::exp(-e.density_kgpm3 * e.scale_height_m *
                                  std::exp(-h / e.scale_height_m) / (2 * e.beta_kgpm2 * s));
}

struct Descent {
    double worst_speed_error_mps = 0, a_max_mps2 = 0, a_max_m = 0, ground_speed_mps = 0;
};

Descent descend(Entry const& e)
{
    double const g = e.angle_deg * rad_per_deg;
    Descent out;
    bool down = false;
    auto const see = [&](Motion const& m, Vec const& a) {
        if (down) { return; }
        double const v = norm(m.v_mps), h = m.r_m.z;
        if (h < 0) {
            down = true;
            return;
        }
        out.worst_speed_error_mps =
            std::fmax(out.worst_speed_error_mps, std::fabs(v - closed_speed_mps(e, h)));
        out.ground_speed_mps = v * closed_speed_mps(e, 0) / closed_speed_mps(e, h);
        if (norm(a) > out.a_max_mps2) {
            out.a_max_mps2 = norm(a);
            out.a_max_m = h;
        }
    };
    // From 30 scale heights, where no drag is left, to the ground or 100 s beyond.
    double const start_m = 30 * e.scale_height_m;
    Motion const m{0, {0, 0, start_m}, {e.speed_mps * std::cos(g), 0, -e.speed_mps * std::sin(g)}};
    propagate(ExponentialDrag{e}, m, start_m / (e.speed_mps * std::sin(g)) + 100, 0.05, see);
    return out;
}

}  // namespace

TEST_CASE("speed on re-entry follows Allen and Eggers to a millionth", "[physics]")
{
    for (Entry const& e : entries) {
        auto const d = descend(e);
        INFO("beta " << e.beta_kgpm2 << " angle " << e.angle_deg);
        CHECK(d.worst_speed_error_mps < 1e-6 * e.speed_mps);
        CHECK(d.ground_speed_mps == Approx(e.ground_speed_mps).epsilon(0).margin(0.06));
    }
}

TEST_CASE("the largest deceleration, and its height, are Allen and Eggers'", "[physics]")
{
    for (Entry const& e : entries) {
        if (e.a_max_g < 0) { continue; }
        auto const d = descend(e);
        // The table's last digit, and half a step of 0.05 s at up to 7 km/s for the height.
        CHECK(d.a_max_mps2 / 9.80665 == Approx(e.a_max_g).epsilon(0).margin(0.011));
        CHECK(d.a_max_m / 1000 == Approx(e.a_max_km).epsilon(0).margin(0.2));
        // A law of the peak, independent of all else: v = vE exp(-1/2).
        CHECK(closed_speed_mps(e, e.a_max_km * 1000) ==
              Approx(e.speed_mps * std::exp(-0.5)).epsilon(1e-3));
    }
}

TEST_CASE("through the standard atmosphere the peak is that of the air above it", "[physics]")
{
    // Straight down a slope of angle g, whatever the air: v = vE exp(-P / (2 g0 beta sin g)) where P is the
    // pressure of the air passed, so the peak is the largest of density v^2 / (2 beta).
    auto const atmosphere = us_standard_1976();
    double const angle = 25 * rad_per_deg, speed_mps = 7000, start_m = 50e3;
    double const above_pa = air(atmosphere, start_m).pressure_pa;
    for (double const beta : {1000.0, 2000.0, 5000.0}) {
        double expected = 0;
        for (double h = 0; h < start_m; h += 10) {
            auto const a = air(atmosphere, h);
            double const v = speed_mps * std::exp(-(a.pressure_pa - above_pa) /
                                                  (2 * 9.80665 * beta * std::sin(angle)));
            expected = std::fmax(expected, a.density_kgpm3 * v * v / (2 * beta));
        }
        BallisticForce<double> const force{atmosphere, 1.0, 1 / beta};
        // Beside the pole, where the air stands still.
        Vec const r{1.0, 0, wgs84_semi_minor_m + start_m};
        Vec const v{speed_mps * std::cos(angle), 0, -speed_mps * std::sin(angle)};
        double peak = 0;
        auto const see = [&](Motion const& m, Vec const& a) {
            if (geodetic_altitude_m(m.r_m) > 0) {
                peak = std::fmax(peak, norm(a - gravity(m.r_m)));
            }
        };
        propagate(force, Motion{0, r, v}, 40, 0.02, see);
        INFO("beta " << beta << " peak " << peak / 9.80665 << " g");
        // Gravity steepens the path, and the Earth's curvature flattens it: 1 to 3 % measured.
        CHECK(peak == Approx(expected).epsilon(0.05));
    }
}
