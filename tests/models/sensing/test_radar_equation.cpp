// A radar sized from first principles, against notional inputs worked out independently.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/sensing/radar_equation.hpp"

using namespace longwatch;

namespace {

double ratio(double db) { return std::pow(10.0, db / 10); }

// 80 kW, 9.2 m2, 0.8, 31.6 mm, 0.1 s, 500 K, 7 dB.
RadarBudget x_band()
{
    RadarBudget b;
    b.average_power_w = 80e3;
    b.aperture_m2 = 9.2;
    b.efficiency = 0.8;
    b.wavelength_m = 31.6e-3;
    b.dwell_s = 0.1;
    b.noise_temperature_k = 500;
    b.losses = ratio(7);
    return b;
}

}  // namespace

TEST_CASE("a dwell reaches as far as its energy says", "[sensing]")
{
    CHECK(10 * std::log10(antenna_gain(x_band())) == Approx(49.667).margin(0.001));
    CHECK(dwell_range_m(x_band(), 0.01, 20) == Approx(840.5e3).epsilon(0).margin(100));
    CHECK(dwell_range_m(x_band(), 0.1, 20) == Approx(1494.7e3).epsilon(0).margin(100));
    CHECK(dwell_range_m(x_band(), 1, 20) == Approx(2657.9e3).epsilon(0).margin(100));
}

TEST_CASE("a fence reaches as far as its power and aperture say, whatever the wavelength",
          "[sensing]")
{
    // 150 kW, 384 m2, 120 deg by 3 to 5 deg every 2 s, 450 K, 6 dB.
    RadarBudget b;
    b.average_power_w = 150e3;
    b.aperture_m2 = 384;
    b.noise_temperature_k = 450;
    b.losses = ratio(6);
    b.search_time_s = 2;
    b.search_solid_angle_sr = solid_angle_sr(120 * rad_per_deg, 3 * rad_per_deg, 5 * rad_per_deg);
    CHECK(b.search_solid_angle_sr == Approx(0.0729264).epsilon(0).margin(1e-7));
    CHECK(search_range_m(b, 0.1, 20) == Approx(2245.2e3).epsilon(0).margin(100));
    CHECK(search_range_m(b, 1, 20) == Approx(3992.6e3).epsilon(0).margin(100));
}

TEST_CASE("a search is the dwells that fit its frame", "[sensing]")
{
    // A beam covers lambda^2 / (A eta) of solid angle; so many of them share the frame time.
    auto b = x_band();
    b.search_solid_angle_sr = 0.05;
    b.search_time_s = 4;
    double const beams =
        b.search_solid_angle_sr * b.aperture_m2 * b.efficiency / square(b.wavelength_m);
    b.dwell_s = b.search_time_s / beams;
    CHECK(search_range_m(b, 0.3, 15) == Approx(dwell_range_m(b, 0.3, 15)).epsilon(1e-12));
}
