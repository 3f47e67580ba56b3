// Functions of number and place in lanes against plain numbers.
#include <catch2/catch.hpp>

#include <cmath>

#include "kernels/lanes/xsimd_lanes.hpp"
#include "models/earth/gravity.hpp"
#include "models/earth/us_standard_1976.hpp"
#include "models/earth/wgs84.hpp"
#include "models/math/distribution.hpp"

using namespace longwatch;

namespace {

constexpr int width = Lane<Lanes>::width;

double relative(double a, double b) { return a == b ? 0 : std::fabs(a - b) / std::fabs(b); }

/// The worst relative difference of f over numbers spread so that neighbours meet all branches.
template <class Number, class Function>
double worst_difference(Number const& number, Function const& f, int packs)
{
    double worst = 0;
    for (int first = 0; first < packs; ++first) {
        auto const x =
            Lane<Lanes>::generate([&](int lane) { return number(first + lane * packs); });
        auto const y = f(x);
        for (int lane = 0; lane < width; ++lane) {
            worst =
                std::fmax(worst, relative(Lane<Lanes>::at(y, lane), f(Lane<Lanes>::at(x, lane))));
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("distributions in lanes are the plain ones to the last places", "[parity][math]")
{
    constexpr int packs = 997;
    auto const u = [](int i) { return (i + 0.5) / (packs * width); };
    for (auto const& p : {constant(3), normal(50, 2), uniform(2, 9), triangular(1, 2, 5),
                          lognormal(4, 0.7), truncated_normal(10, 3, 8, 18)}) {
        // exp and log of xsimd: one or two last places.
        CHECK(worst_difference(
                  u, [&](auto const& x) { return quantile(p, x); }, packs) < 1e-14);
    }
}

TEST_CASE("the normal quantile in lanes is the plain one in both tails", "[parity][math]")
{
    auto const u = [](int i) {
        double const small = std::ldexp(1.0, -1 - i % 52);
        return i % 3 == 0 ? 1 - small : small;
    };
    auto const f = [](auto const& x) { return normal_quantile(x); };
    // Between the tails the quantile is 0 at 1/2, hence no relative error there.
    CHECK(worst_difference(u, f, 104) < 1e-14);
}

TEST_CASE("the air in lanes is the plain air, layer by layer", "[parity][earth]")
{
    auto const p = us_standard_1976();
    // Ground to beyond the top, geometrically, so that a pack holds all parts of the model at once.
    constexpr int packs = 800;
    auto const h = [](int i) {
        return -100 + 10 * std::exp(i * std::log(1.3e5) / (packs * width));
    };
    // A last place of log times its argument of up to 35, through exp.
    CHECK(worst_difference(
              h, [&](auto const& x) { return air(p, x).density_kgpm3; }, packs) < 1e-13);
    CHECK(worst_difference(
              h, [&](auto const& x) { return air(p, x).pressure_pa; }, packs) < 1e-13);
    CHECK(worst_difference(
              h, [&](auto const& x) { return air(p, x).speed_of_sound_mps; }, packs) < 1e-15);
}

TEST_CASE("weather in lanes is the plain weather to the bit", "[parity][earth]")
{
    // Roots and the four operations only.
    Weather w;
    w.wind_count = w.density_count = 5;
    for (int i = 0; i < 5; ++i) {
        w.wind_height_m[i] = w.density_height_m[i] = 1e4 * i * i;
        w.east_mps[i] = 10 + 7.3 * i * i;
        w.north_mps[i] = 3 - 2.1 * i;
        w.sigma_east_mps[i] = w.sigma_north_mps[i] = 1 + i;
        w.factor[i] = 1 + 0.1 * i;
        w.sigma_frac[i] = 0.02 * i;
    }
    // Below the first row to above the last.
    auto const h = [](int i) { return -5e3 + 47.0 * i; };
    auto const in_wind = [&](auto const& x) {
        using Real = std::decay_t<decltype(x)>;
        Vec3<Real, Eci> const r{Real(4e6), Real(3e6), Real(4e6)}, v{Real(1e3), Real(2e3), Real(5)};
        auto const u =
            velocity_in_weather(w, WeatherScores<Real>{Real(0.7), Real(-1.2), Real(0)}, x, r, v);
        return u.x + Real(2) * u.y + Real(4) * u.z;
    };
    auto const factor = [&](auto const& x) {
        using Real = std::decay_t<decltype(x)>;
        return weather_density_factor(w, WeatherScores<Real>{Real(0), Real(0), Real(0.9)}, x);
    };
    CHECK(worst_difference(h, in_wind, 900) == 0);
    CHECK(worst_difference(h, factor, 900) == 0);
}

TEST_CASE("gravity and altitude in lanes are the plain ones to the bit", "[parity][earth]")
{
    // Roots and the four operations only, all correctly rounded.
    auto const z = [](int i) { return -9e6 + 1800.0 * i; };
    auto const place = [](auto const& x) {
        using Real = std::decay_t<decltype(x)>;
        return Vec3<Real, Eci>{Real(4e6) + Real(0.1) * x, Real(5e6), x};
    };
    CHECK(worst_difference(
              z, [&](auto const& x) { return gravity(place(x)).x; }, 900) == 0);
    CHECK(worst_difference(
              z, [&](auto const& x) { return gravity(place(x)).z; }, 900) == 0);
    CHECK(worst_difference(
              z, [&](auto const& x) { return geodetic_altitude_m(place(x)); }, 900) == 0);
}

TEST_CASE("inverses and inverse roots in lanes are within two last places", "[parity][math]")
{
    auto const x = [](int i) { return std::exp(0.013 * (i - 3600)); };
    CHECK(worst_difference(
              x, [](auto const& y) { return longwatch::inverse(y); }, 900) < 4.5e-16);
    CHECK(worst_difference(
              x, [](auto const& y) { return inverse_sqrt(y); }, 900) < 4.5e-16);
}

TEST_CASE("the tabulated air in lanes is the plain one, cell by cell", "[parity][earth]")
{
    auto const p = us_standard_1976();
    auto const h = [](int i) {
        return -100 + 10 * std::exp(i * std::log(1.3e5) / (800.0 * width));
    };
    auto const row = [](auto const& x) { return air_cell(x).row; };
    auto const density = [&](auto const& x) { return density_kgpm3(p, air_cell(x)); };
    auto const pressure = [&](auto const& x) { return specific_pressure_m2ps2(p, air_cell(x)); };
    // Where the machine fuses a product and a sum, the same bits; elsewhere a last place.
    CHECK(worst_difference(h, row, 800) == 0);
    CHECK(worst_difference(h, density, 800) < 1e-15);
    CHECK(worst_difference(h, pressure, 800) < 1e-15);
}
