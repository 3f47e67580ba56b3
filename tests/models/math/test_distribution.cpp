// The declared distributions against Boost.Math and closed forms.
#include <catch2/catch.hpp>

#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/triangular.hpp>
#include <boost/math/distributions/uniform.hpp>
#include <cmath>
#include <vector>

#include "models/math/distribution.hpp"

using namespace longwatch;

namespace {

std::vector<double> const probabilities = {1e-6, 0.001, 0.05, 0.25,  0.3,
                                           0.5,  0.7,   0.95, 0.999, 1 - 1e-6};

// Rounding of a few operations.
constexpr double rounding = 4e-15;

template <class Boost>
double worst_relative_error(Distribution const& p, Boost const& reference)
{
    double worst = 0;
    for (double const u : probabilities) {
        double const expected = boost::math::quantile(reference, u);
        worst = std::fmax(worst, std::fabs(quantile(p, u) / expected - 1));
    }
    return worst;
}

/// The mean is the integral of the quantile over u: midpoint rule.
double mean_of(Distribution const& p)
{
    constexpr int count = 20000;
    double sum = 0;
    for (int i = 0; i < count; ++i) { sum += quantile(p, (i + 0.5) / count); }
    return sum / count;
}

// What the midpoint rule leaves out of unbounded tails with 20000 points: 8e-6 measured, of the lognormal.
constexpr double midpoint_tolerance = 2e-5;

}  // namespace

TEST_CASE("quantiles of the declared distributions are Boost's", "[math]")
{
    using namespace boost::math;
    CHECK(worst_relative_error(longwatch::normal(100, 15), normal_distribution<>(100, 15)) <
          rounding);
    CHECK(worst_relative_error(longwatch::uniform(-3, 8), uniform_distribution<>(-3, 8)) < 1e-13);
    CHECK(worst_relative_error(longwatch::triangular(2, 3, 7), triangular_distribution<>(2, 3, 7)) <
          rounding);
    CHECK(worst_relative_error(longwatch::lognormal(5, 0.4),
                               lognormal_distribution<>(std::log(5.0), 0.4)) < rounding);
}

TEST_CASE("medians and means are those of the textbook", "[math]")
{
    CHECK(quantile(normal(4, 2), 0.5) == 4);
    CHECK(quantile(lognormal(5, 0.4), 0.5) == Approx(5).epsilon(1e-15));
    CHECK(quantile(uniform(2, 5), 0.5) == 3.5);
    CHECK(quantile(constant(7), 0.123) == 7);

    CHECK(mean_of(normal(4, 2)) == Approx(4).epsilon(midpoint_tolerance));
    CHECK(mean_of(uniform(2, 5)) == Approx(3.5).epsilon(1e-12));
    CHECK(mean_of(triangular(2, 3, 7)) == Approx((2.0 + 3 + 7) / 3).epsilon(midpoint_tolerance));
    CHECK(mean_of(lognormal(5, 0.4)) == Approx(5 * std::exp(0.08)).epsilon(midpoint_tolerance));
    // Mean of a normal held to [a, b]: mu + sigma (phi(alpha) - phi(beta)) / (Phi(beta) - Phi(alpha)).
    auto const density = [](double z) { return std::exp(-z * z / 2) / std::sqrt(2 * pi); };
    double const alpha = -0.5, beta = 1.5;
    double const expected =
        10 + 2 * (density(alpha) - density(beta)) / (normal_cdf(beta) - normal_cdf(alpha));
    CHECK(mean_of(truncated_normal(10, 2, 9, 13)) == Approx(expected).epsilon(midpoint_tolerance));
}

TEST_CASE("a truncated normal is the normal conditioned on its bounds", "[math]")
{
    boost::math::normal_distribution<> const whole(10, 2);
    auto const p = truncated_normal(10, 2, 9, 13);
    for (double const u : probabilities) {
        double const below = boost::math::cdf(whole, 9.0), above = boost::math::cdf(whole, 13.0);
        double const expected = boost::math::quantile(whole, below + u * (above - below));
        CHECK(quantile(p, u) == Approx(expected).epsilon(rounding));
    }
}

TEST_CASE("a truncated normal stays within its bounds, also far out in either tail", "[math]")
{
    struct Bounds {
        double low, high;
    };
    for (auto const b :
         {Bounds{9, 13}, Bounds{20, 22}, Bounds{-2, 0}, Bounds{24, 26}, Bounds{-6, -4}}) {
        auto const p = truncated_normal(10, 2, b.low, b.high);
        // Ends of what a draw can be: 2^-53 and its mirror image.
        for (double const u : {std::ldexp(1.0, -53), 0.3, 0.5, 0.9, 1 - std::ldexp(1.0, -53)}) {
            INFO("bounds " << b.low << " " << b.high << " u " << u << " x " << quantile(p, u));
            CHECK(quantile(p, u) >= b.low - 1e-9);
            CHECK(quantile(p, u) <= b.high + 1e-9);
        }
    }
}

TEST_CASE("a triangular distribution may have its mode at an end, or no width", "[math]")
{
    CHECK(quantile(triangular(2, 2, 6), 0.75) == Approx(6 - 4 * std::sqrt(0.25)));
    CHECK(quantile(triangular(2, 6, 6), 0.25) == Approx(2 + 4 * std::sqrt(0.25)));
    CHECK(quantile(triangular(3, 3, 3), 0.9) == 3);
}

TEST_CASE("a larger u never gives a smaller value", "[math]")
{
    for (auto const& p : {constant(2), normal(4, 2), uniform(-1, 3), triangular(2, 3, 7),
                          lognormal(5, 0.4), truncated_normal(10, 2, 9, 13)}) {
        int falls = 0;
        double before = -HUGE_VAL;
        for (int i = 1; i < 20000; ++i) {
            double const x = quantile(p, i / 20000.0);
            falls += x < before ? 1 : 0;
            before = x;
        }
        CHECK(falls == 0);
    }
}
