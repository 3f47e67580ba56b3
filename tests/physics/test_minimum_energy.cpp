// Ballistic arcs over a round, still Earth: the closed hit equation against the integrator.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/support/propagate.hpp"

using namespace longwatch;

namespace {

using Vec = Vec3<double, Eci>;

constexpr double mu_m3ps2 = 3.986004418e14, radius_m = 6371e3;

struct PointMass {
    Vec operator()(double, Vec const& r, Vec const&) const
    {
        double const d = norm(r);
        return (-mu_m3ps2 / (d * d * d)) * r;
    }
};

struct Arc {
    double range_km, apogee_km, time_s;
};

/// Flown from the surface with a speed and a flight angle until the surface again.
Arc flown(double speed_mps, double angle_rad, double about_s)
{
    double highest_m = 0, before_m = 0, landed_s = 0;
    Vec landed_at{};
    Motion last{
        0, {radius_m, 0, 0}, {speed_mps * std::sin(angle_rad), speed_mps * std::cos(angle_rad), 0}};
    auto const see = [&](Motion const& m, Vec const&) {
        double const h = norm(m.r_m) - radius_m;
        highest_m = std::fmax(highest_m, h);
        if (h < 0 && before_m >= 0 && landed_s == 0) {
            double const part = before_m / (before_m - h);
            landed_s = last.t_s + part * (m.t_s - last.t_s);
            landed_at = last.r_m + part * (m.r_m - last.r_m);
        }
        before_m = h;
        last = m;
    };
    // Steps so short that straight lines between them do: 0.1 s sags by g/8 0.1^2 = 1 cm.
    propagate(PointMass{}, last, about_s + 3, 0.1, see);
    return {radius_m * std::atan2(landed_at.y, landed_at.x) / 1000, highest_m / 1000, landed_s};
}

struct Row {
    double range_km, speed_kmps, angle_deg, apogee_km, time_s;
};

/// Bate, Mueller and White, Fundamentals of Astrodynamics, chapter 6; rows by a separate script.
Row const rows[] = {
    {300, 1.69648, 44.3255, 74.11, 251.03},      {1000, 3.01612, 42.7517, 239.94, 474.36},
    {3000, 4.86500, 38.2551, 655.21, 895.04},    {5500, 6.07524, 32.6343, 1040.52, 1315.79},
    {10000, 7.19808, 22.5170, 1319.48, 1930.96}, {13000, 7.58773, 15.7720, 1195.81, 2233.13},
    {15000, 7.75099, 11.2754, 978.09, 2378.58}};

}  // namespace

TEST_CASE("least-energy arcs go as far, as high and as long as the hit equation says", "[physics]")
{
    for (Row const& row : rows) {
        double const half = row.range_km * 1000 / radius_m / 2;
        double const Q = 2 * std::sin(half) / (1 + std::sin(half));
        double const speed_mps = std::sqrt(Q * mu_m3ps2 / radius_m);
        double const angle_rad = (pi - 2 * half) / 4;
        CHECK(speed_mps == Approx(row.speed_kmps * 1000).epsilon(0).margin(0.006));
        CHECK(angle_rad / rad_per_deg == Approx(row.angle_deg).epsilon(0).margin(6e-5));

        auto const arc = flown(speed_mps, angle_rad, row.time_s);
        INFO("range " << row.range_km << " km");
        // The table's last digits; straight lines between steps cost a few metres.
        CHECK(arc.range_km == Approx(row.range_km).epsilon(0).margin(0.02));
        CHECK(arc.apogee_km == Approx(row.apogee_km).epsilon(0).margin(0.01));
        CHECK(arc.time_s == Approx(row.time_s).epsilon(0).margin(0.01));
    }
}

TEST_CASE("the same speed reaches the same place by a low and by a high arc", "[physics]")
{
    // v = 7 km/s, 8000 km (as above): flight angles, apogees and times.
    auto const low = flown(7000, 14.9490 * rad_per_deg, 1334.32);
    auto const high = flown(7000, 39.0781 * rad_per_deg, 2217.22);
    // 5e-5 deg of the angles' last digit is up to 0.02 km of range.
    CHECK(low.range_km == Approx(8000).epsilon(0).margin(0.1));
    CHECK(high.range_km == Approx(8000).epsilon(0).margin(0.1));
    CHECK(low.apogee_km == Approx(604.67).epsilon(0).margin(0.02));
    CHECK(high.apogee_km == Approx(2280.98).epsilon(0).margin(0.02));
    CHECK(low.time_s == Approx(1334.32).epsilon(0).margin(0.03));
    CHECK(high.time_s == Approx(2217.22).epsilon(0).margin(0.03));
}
