// Gravity against the potential it is the gradient of.
#include <catch2/catch.hpp>

#include <Eigen/Dense>
#include <cmath>
#include <random>

#include "models/earth/gravity.hpp"
#include "models/earth/wgs84.hpp"

using namespace longwatch;

namespace {

/// mu/r (1 - sum J_n (a/r)^n P_n(sin)) with Legendre polynomials by Bonnet's recursion.
long double potential(long double x, long double y, long double z)
{
    long double const mu = 3.986004415e14L, a = 6378136.3L;
    long double const J[5] = {0, 0, 1.0826266835e-3L, -2.5326564853e-6L, -1.6196215914e-6L};
    long double const r = std::sqrt(x * x + y * y + z * z), s = z / r;
    long double P[5] = {1, s};
    for (int n = 2; n <= 4; ++n) { P[n] = ((2 * n - 1) * s * P[n - 1] - (n - 1) * P[n - 2]) / n; }
    long double sum = 1, power = 1;
    for (int n = 1; n <= 4; ++n) {
        power *= a / r;
        sum -= J[n] * power * P[n];
    }
    return mu / r * sum;
}

Eigen::Vector3d gradient(Vec3<double, Eci> const& r)
{
    // Five-point differences: truncation (h/r)^4 ~ 1e-15, rounding 1e-19 r/h ~ 1e-15.
    auto const along = [&](int axis) {
        long double const h = 1000;
        auto const at = [&](int k) {
            return potential(r.x + (axis == 0 ? k * h : 0), r.y + (axis == 1 ? k * h : 0),
                             r.z + (axis == 2 ? k * h : 0));
        };
        return static_cast<double>((at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h));
    };
    return {along(0), along(1), along(2)};
}

/// A second way to the J2 term: -1/2 grad of a quadrupole tensor, by Eigen.
Eigen::Vector3d central_and_j2(Eigen::Vector3d const& r)
{
    double const mu = egm96_mu_m3ps2, d = r.norm();
    double const k = 1.5 * egm96_j2 * mu * egm96_radius_m * egm96_radius_m / std::pow(d, 5);
    Eigen::Vector3d const z = Eigen::Vector3d::UnitZ();
    double const s2 = std::pow(r.z() / d, 2);
    return -mu / (d * d * d) * r + k * ((5 * s2 - 1) * r - 2 * r.z() * z);
}

}  // namespace

TEST_CASE("gravity is the gradient of its potential", "[earth]")
{
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> radius(6.35e6, 12e6);
    double worst = 0;
    for (int i = 0; i < 500; ++i) {
        Vec3<double, Eci> r{normal(random), normal(random), normal(random)};
        r = radius(random) * unit(r);
        auto const g = gravity(r);
        Eigen::Vector3d const expected = gradient(r);
        worst =
            std::fmax(worst, (Eigen::Vector3d(g.x, g.y, g.z) - expected).norm() / expected.norm());
    }
    // 1e-15 measured: rounding of either side.
    CHECK(worst < 1e-14);
}

TEST_CASE("on the axis and in the plane of the equator gravity has no sideways part", "[earth]")
{
    auto const pole = gravity(Vec3<double, Eci>{0, 0, 6.4e6});
    CHECK(pole.x == 0);
    CHECK(pole.y == 0);
    CHECK(pole.z == Approx(gradient({0, 0, 6.4e6}).z()).epsilon(1e-13));
    // J3 alone pulls out of the plane: 1.5 mu a^3 J3 / r^5.
    double const r = 7e6;
    auto const equator = gravity(Vec3<double, Eci>{r, 0, 0});
    CHECK(equator.z ==
          Approx(1.5 * egm96_mu_m3ps2 * std::pow(egm96_radius_m, 3) * egm96_j3 / std::pow(r, 5)));
}

TEST_CASE("what J3 and J4 add to gravity stays below two parts in 100000", "[earth]")
{
    for (double const latitude : {-1.4, -0.6, 0.0, 0.3, 0.9, 1.5}) {
        double const d = 6.5e6;
        Vec3<double, Eci> const r{d * std::cos(latitude), 0, d * std::sin(latitude)};
        auto const g = gravity(r);
        Eigen::Vector3d const expected = central_and_j2({r.x, r.y, r.z});
        CHECK((Eigen::Vector3d(g.x, g.y, g.z) - expected).norm() / expected.norm() < 2e-5);
    }
}

TEST_CASE("with the turning of the Earth, gravity at sea level is the normal gravity", "[earth]")
{
    // Somigliana's formula (NIMA TR8350.2) is exact for the ellipsoid's own field; EGM96's zonal
    // terms to J4 differ from it by 12 mGal (1.2e-4 m/s2) at most, measured.
    for (double const latitude_deg : {-80.0, -40.0, 0.0, 25.0, 39.0, 60.0, 89.0}) {
        auto const p = ecef_from_geodetic(GeodeticPoint<double>{latitude_deg * rad_per_deg, 0, 0});
        auto const g = gravity(Vec3<double, Eci>{p.x, p.y, p.z});
        double const w2 = earth_rotation_radps * earth_rotation_radps;
        double const s2 = square(std::sin(latitude_deg * rad_per_deg));
        double const normal_mps2 =
            9.7803253359 * (1 + 0.00193185265241 * s2) / std::sqrt(1 - wgs84_eccentricity2 * s2);
        CHECK(std::hypot(g.x + w2 * p.x, g.z) == Approx(normal_mps2).epsilon(0).margin(2e-4));
    }
}
