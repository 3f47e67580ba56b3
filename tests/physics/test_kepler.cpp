// The integrator on orbits whose course is known.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/earth/gravity.hpp"
#include "tests/support/propagate.hpp"

using namespace longwatch;

namespace {

using Vec = Vec3<double, Eci>;

/// A point mass, and J2 where it is not zero; the constants belong to the published cases.
struct PublishedGravity {
    double mu, j2, radius_m;
    Vec operator()(double, Vec const& r, Vec const&) const
    {
        double const d2 = dot(r, r), d = std::sqrt(d2);
        double const k = 1.5 * j2 * radius_m * radius_m / d2, z2 = 5 * r.z * r.z / d2;
        double const g = -mu / (d2 * d);
        return {g * r.x * (1 + k * (1 - z2)), g * r.y * (1 + k * (1 - z2)),
                g * r.z * (1 + k * (3 - z2))};
    }
};

struct OurGravity {
    Vec operator()(double, Vec const& r, Vec const&) const { return gravity(r); }
};

// Vallado, Fundamentals of Astrodynamics and Applications, example 2-4: start, and 40 minutes later.
Motion const vallado_start{0, {1131.340e3, -2282.343e3, 6672.423e3}, {-5643.05, 4303.33, 2428.79}};
PublishedGravity const point_mass{3.986004418e14, 0, 6378137.0};

/// A suborbital arc of 8000 km and 1200 km apogee or so.
Motion const suborbital{0, {5.0e6, 3.0e6, 2.6e6}, {2000, 5500, 3300}};

double energy_jpkg(Motion const& m)
{
    // mu/r (1 - sum J_n (a/r)^n P_n), P_n written out.
    double const r = norm(m.r_m), s = m.r_m.z / r, q = egm96_radius_m / r;
    double const P2 = (3 * s * s - 1) / 2, P3 = (5 * s * s * s - 3 * s) / 2;
    double const P4 = (35 * s * s * s * s - 30 * s * s + 3) / 8;
    double const U =
        egm96_mu_m3ps2 / r *
        (1 - egm96_j2 * q * q * P2 - egm96_j3 * q * q * q * P3 - egm96_j4 * q * q * q * q * P4);
    return dot(m.v_mps, m.v_mps) / 2 - U;
}

}  // namespace

TEST_CASE("Vallado's example 2-4 comes out", "[physics]")
{
    auto const end = propagate(point_mass, vallado_start, 2400);
    // Published to 0.1 m and 1e-3 m/s; public implementations agree with it to 0.1 m.
    Vec const r{-4219.7527e3, 4363.0292e3, -3958.7666e3}, v{3689.866, -1916.735, -6112.511};
    CHECK(norm(end.r_m - r) < 0.2);
    CHECK(norm(end.v_mps - v) < 1.5e-3);
}

TEST_CASE("the same orbit over an oblate Earth follows an independent integration", "[physics]")
{
    // J2 alone, RK4 in 2400, 4800 and 9600 steps by a separate script, which agree to 1e-6 m.
    PublishedGravity const oblate{3.986004418e14, 1.08262668355e-3, 6378137.0};
    auto const end = propagate(oblate, vallado_start, 2400);
    Vec const r{-4255302.889, 4384519.554, -3936084.217},
        v{3655.914226, -1884.373760, -6123.332024};
    CHECK(norm(end.r_m - r) < 2e-3);
    CHECK(norm(end.v_mps - v) < 2e-6);
}

TEST_CASE("the plane of an orbit turns at the rate J2 gives", "[physics]")
{
    // First-order secular rate for a = 7178.137 km, i = 98.6 deg: 0.98529 deg a day.
    double const a = 7178137, i = 98.6 * rad_per_deg, mu = egm96_mu_m3ps2;
    double const speed = std::sqrt(mu / a), period = 2 * pi * std::sqrt(a * a * a / mu);
    Motion const start{0, {a, 0, 0}, {0, speed * std::cos(i), speed * std::sin(i)}};
    auto const node_rad = [](Motion const& m) {
        auto const h = cross(m.r_m, m.v_mps);
        return std::atan2(h.x, -h.y);
    };
    constexpr int orbits = 3;
    auto const end = propagate(OurGravity{}, start, orbits * period);
    double const deg_per_day =
        (node_rad(end) - node_rad(start)) / rad_per_deg / (orbits * period / 86400);
    // Second-order and short-period terms, J3 and J4: some tenths of a per cent.
    CHECK(deg_per_day == Approx(0.98529).epsilon(0.005));
}

TEST_CASE("a coast conserves energy and the momentum about the Earth's axis", "[physics]")
{
    auto const axial = [](Motion const& m) { return cross(m.r_m, m.v_mps).z; };
    double worst_energy = 0, worst_momentum = 0;
    auto const see = [&](Motion const& m, Vec const&) {
        worst_energy =
            std::fmax(worst_energy, std::fabs(energy_jpkg(m) / energy_jpkg(suborbital) - 1));
        worst_momentum = std::fmax(worst_momentum, std::fabs(axial(m) / axial(suborbital) - 1));
    };
    propagate(OurGravity{}, suborbital, 1800, 1e9, see);
    // At 1e-6 m and 1e-9 m/s a step: 7e-14 and 3e-14 measured.
    CHECK(worst_energy < 2e-12);
    CHECK(worst_momentum < 2e-12);
}

TEST_CASE("about a point mass all of the angular momentum is conserved", "[physics]")
{
    auto const end = propagate(point_mass, vallado_start, 6000);
    auto const h0 = cross(vallado_start.r_m, vallado_start.v_mps), h1 = cross(end.r_m, end.v_mps);
    CHECK(norm(h1 - h0) < 1e-11 * norm(h0));
}

TEST_CASE("a coast flown backwards returns to its start", "[physics]")
{
    auto const there = propagate_equal_steps(OurGravity{}, suborbital, 1500, 600);
    auto const back = propagate_equal_steps(OurGravity{}, there, -1500, 600);
    // Truncation at 2.5 s all but cancels; what is left is rounding: 3e-9 m measured.
    CHECK(norm(back.r_m - suborbital.r_m) < 1e-6);
    CHECK(norm(back.v_mps - suborbital.v_mps) < 1e-9);
}

TEST_CASE("halving the step brings the integrator 32 times closer", "[physics]")
{
    auto const exact = propagate_equal_steps(OurGravity{}, suborbital, 1500, 2000);
    auto const error_m = [&](int steps) {
        return norm(propagate_equal_steps(OurGravity{}, suborbital, 1500, steps).r_m - exact.r_m);
    };
    // Fifth order; the next order of the expansion moves the ratio by some per cent.
    CHECK(std::log2(error_m(25) / error_m(50)) == Approx(5).margin(0.3));
    CHECK(std::log2(error_m(50) / error_m(100)) == Approx(5).margin(0.3));
}

TEST_CASE("the error estimate of a step is of fifth order in the step", "[physics]")
{
    auto const error = [](double h) {
        auto const a = gravity(suborbital.r_m);
        return step_dormand_prince(OurGravity{}, 0.0, suborbital.r_m, suborbital.v_mps, a, h,
                                   fine_tolerance)
            .error;
    };
    CHECK(std::log2(error(40) / error(20)) == Approx(5).margin(0.3));
    // Of a step that met its tolerance, 32 times below it would double but for the safety of 0.8.
    CHECK(step_factor(1.0 / 32) == Approx(1.6));
    CHECK(step_factor(0.0) == Approx(2));
}

TEST_CASE("a refused step shrinks as across a kink, never to less than a tenth", "[physics]")
{
    CHECK(step_factor(32.0) == Approx(0.2));
    CHECK(step_factor(1e9) == Approx(0.1));
}
