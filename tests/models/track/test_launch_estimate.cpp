// What scans of a plume tell of the launch, against least squares on drawn scans.
#include <catch2/catch.hpp>

#include <Eigen/Dense>
#include <cmath>
#include <random>
#include <vector>

#include "models/track/launch_estimate.hpp"

using namespace longwatch;

namespace {

using Vec = Vec3<double, Enu>;
using Unknowns = Eigen::Matrix<double, launch_unknowns, 1>;

/// A boost: heights and downranges against time, flown towards 60 deg from north.
Vec position(Unknowns const& x, double t)
{
    double const since = t - x(3);
    double const height = 6 * since * since, downrange = (1 + x(4)) * 0.02 * since * since * since;
    double const azimuth = 60 * rad_per_deg + x(2);
    return {x(0) + downrange * std::sin(azimuth), x(1) + downrange * std::cos(azimuth), height};
}

struct Scan {
    double t_s;
    Vec line;        ///< from the sensor
    double sigma_m;  ///< across it
};

Vec sensor_direction(int satellite)
{
    return unit(satellite == 0 ? Vec{0.3, -0.7, 0.6} : Vec{-0.8, 0.2, 0.5});
}

/// Two vectors across a line.
void across(Vec const& line, Vec& a, Vec& b)
{
    a = unit(cross(line, Vec{0.1, 0.2, 0.9}));
    b = cross(line, a);
}

LaunchAccuracy<double> ours(std::vector<Scan> const& scans)
{
    auto I = no_scans<double>();
    Unknowns const truth = Unknowns::Zero();
    for (auto const& scan : scans) {
        double const h = 1e-3;
        auto const v =
            (1 / (2 * h)) * (position(truth, scan.t_s + h) - position(truth, scan.t_s - h));
        add_scan(I, position(truth, scan.t_s), v, scan.line, 1 / square(scan.sigma_m));
    }
    return launch_accuracy(I);
}

/// Gauss-Newton on what is measured, the kind of boost being known to profile_sigma.
Unknowns fitted(std::vector<Scan> const& scans, std::vector<Eigen::Vector2d> const& measured,
                double profile)
{
    Unknowns x = Unknowns::Zero();
    for (int round = 0; round < 8; ++round) {
        Eigen::Matrix<double, 5, 5> A = Eigen::Matrix<double, 5, 5>::Zero();
        Unknowns b = Unknowns::Zero();
        A(4, 4) = 1 / square(profile_sigma);
        b(4) = (profile - x(4)) / square(profile_sigma);
        for (std::size_t n = 0; n < scans.size(); ++n) {
            Vec p, q;
            across(scans[n].line, p, q);
            for (int axis = 0; axis < 2; ++axis) {
                auto const& direction = axis == 0 ? p : q;
                double const here = dot(direction, position(x, scans[n].t_s));
                Unknowns row;
                Unknowns const step = (Unknowns() << 1, 1, 1e-4, 1e-3, 1e-4).finished();
                for (int k = 0; k < 5; ++k) {
                    Unknowns moved = x;
                    moved(k) += step(k);
                    row(k) = (dot(direction, position(moved, scans[n].t_s)) - here) / step(k);
                }
                double const w = 1 / square(scans[n].sigma_m);
                A += w * row * row.transpose();
                b += w * row * (measured[n](axis) - here);
            }
        }
        x += A.ldlt().solve(b);
    }
    return x;
}

}  // namespace

TEST_CASE("fits to drawn scans scatter as their information says", "[track]")
{
    std::mt19937_64 random(21);
    std::normal_distribution<double> normal;
    for (int const satellites : {1, 2}) {
        std::vector<Scan> scans;
        for (int k = 0; k < 8; ++k) {
            for (int s = 0; s < satellites; ++s) {
                scans.push_back({40.0 + 10 * k + 3 * s, sensor_direction(s), 200});
            }
        }
        auto const said = ours(scans);
        constexpr int trials = 3000;
        Eigen::Matrix2d place = Eigen::Matrix2d::Zero();
        double turn = 0;
        for (int trial = 0; trial < trials; ++trial) {
            Unknowns truth = Unknowns::Zero();
            std::vector<Eigen::Vector2d> measured;
            for (auto const& scan : scans) {
                Vec p, q;
                across(scan.line, p, q);
                auto const r = position(truth, scan.t_s);
                measured.emplace_back(dot(p, r) + scan.sigma_m * normal(random),
                                      dot(q, r) + scan.sigma_m * normal(random));
            }
            auto const x = fitted(scans, measured, profile_sigma * normal(random));
            place += x.head<2>() * x.head<2>().transpose() / trials;
            turn += square(x(2)) / trials;
        }
        double const half_axis = std::sqrt(place.selfadjointView<Eigen::Lower>().eigenvalues()(1));
        INFO(satellites << " satellites: place " << said.half_axis_m << " m, azimuth "
                        << said.azimuth_rad);
        // The bound is of small errors: 200 m a scan. A standard deviation of so many trials is known to 1.3 %.
        CHECK(half_axis == Approx(said.half_axis_m).epsilon(0.05));
        CHECK(std::sqrt(turn) == Approx(said.azimuth_rad).epsilon(0.05));
    }
}

TEST_CASE("more scans, and a second satellite, tell more", "[track]")
{
    std::vector<Scan> scans;
    auto before = ours(scans);
    for (int k = 0; k < 6; ++k) {
        scans.push_back({40.0 + 10 * k, sensor_direction(k % 2), 1000});
        auto const after = ours(scans);
        CHECK(after.half_axis_m < before.half_axis_m);
        CHECK(after.azimuth_rad <= before.azimuth_rad);
        before = after;
    }
}
