// The information of a track: what adds up, and what it says about the impact.
#include <catch2/catch.hpp>

#include <Eigen/Dense>
#include <cmath>
#include <random>
#include <vector>

#include "models/track/information.hpp"

using namespace longwatch;

namespace {

struct Measurement {
    double weight, t_s;
};

TrackInformation<double> information(std::vector<Measurement> const& all)
{
    TrackInformation<double> sum{0, 0, 0};
    for (auto const& m : all) {
        sum = sum + TrackInformation<double>{m.weight, m.weight * m.t_s, m.weight * m.t_s * m.t_s};
    }
    return sum;
}

/// Least squares for a straight line, by Eigen: the variance of its value at t.
double variance_m2(std::vector<Measurement> const& all, double t_s)
{
    Eigen::Matrix2d J = Eigen::Matrix2d::Zero();
    for (auto const& m : all) {
        Eigen::Vector2d const row(1, m.t_s);
        J += m.weight * row * row.transpose();
    }
    Eigen::Vector2d const row(1, t_s);
    return row.dot(J.inverse() * row);
}

class RandomTracks {
public:
    std::vector<Measurement> operator()(int count)
    {
        std::vector<Measurement> out;
        for (int i = 0; i < count; ++i) {
            out.push_back({1e-5 * uniform_(random_), 600 * uniform_(random_)});
        }
        return out;
    }

private:
    std::mt19937_64 random_{11};
    std::uniform_real_distribution<double> uniform_{0.01, 1};
};

}  // namespace

TEST_CASE("a track predicts the impact as well as least squares says", "[track]")
{
    RandomTracks tracks;
    for (int i = 0; i < 200; ++i) {
        auto const all = tracks(2 + i % 20);
        double const t = 100.0 + 8 * i;
        double const sigma_m = std::sqrt(variance_m2(all, t));
        auto const I = information(all);
        // The threshold lies at sigma; 1e-6 covers Eigen's rounding of a nearly singular inverse.
        CHECK(predicts_within(I, t, sigma_m * (1 + 1e-6)));
        CHECK_FALSE(predicts_within(I, t, sigma_m * (1 - 1e-6)));
    }
}

TEST_CASE("two measurements predict by the law of the lever", "[track]")
{
    // x(t) = x1 + (x2 - x1) (t - t1) / (t2 - t1): sigma^2 at 300 s from 10 m at 0 s and at 100 s is
    // 100 (2^2 + 3^2) m2.
    auto const I = information({{0.01, 0}, {0.01, 100}});
    CHECK(predicts_within(I, 300.0, std::sqrt(1300.0) * 1.000001));
    CHECK_FALSE(predicts_within(I, 300.0, std::sqrt(1300.0) * 0.999999));
}

TEST_CASE("more information never predicts worse", "[track]")
{
    RandomTracks tracks;
    int worse = 0, better = 0;
    for (int i = 0; i < 3000; ++i) {
        auto const a = information(tracks(2)), b = information(tracks(1 + i % 3));
        double const t = 3 * i % 2000;
        for (double const sigma_m : {300.0, 1000.0, 3000.0}) {
            bool const before = predicts_within(a, t, sigma_m);
            bool const after = predicts_within(a + b, t, sigma_m);
            worse += before && !after ? 1 : 0;
            better += after && !before ? 1 : 0;
        }
    }
    CHECK(worse == 0);
    CHECK(better > 100);
}

TEST_CASE("nothing, one measurement, or several at one instant predict nothing", "[track]")
{
    CHECK_FALSE(predicts_within(information({}), 500.0, 1e9));
    CHECK_FALSE(predicts_within(information({{1, 321.7}}), 500.0, 1e9));
    CHECK_FALSE(predicts_within(information({{1, 321.7}, {0.3, 321.7}, {7, 321.7}}), 500.0, 1e9));
}

TEST_CASE("the origin of times does not matter", "[track]")
{
    RandomTracks tracks;
    int different = 0;
    for (int i = 0; i < 300; ++i) {
        auto all = tracks(5);
        double const sigma_m = 30.0 * (1 + i % 60);
        bool const here = predicts_within(information(all), 900.0, sigma_m);
        for (auto& m : all) { m.t_s -= 200; }
        different += predicts_within(information(all), 700.0, sigma_m) == here ? 0 : 1;
    }
    CHECK(different == 0);
}
