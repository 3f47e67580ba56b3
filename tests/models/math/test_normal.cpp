// The standard normal quantile against Boost.Math in long double.
#include <catch2/catch.hpp>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "models/math/normal.hpp"

using namespace longwatch;

namespace {

// Boost.Math, an independent implementation, in long double.
double reference_quantile(double u)
{
    return static_cast<double>(
        boost::math::quantile(boost::math::normal_distribution<long double>(), (long double)(u)));
}

double relative_error(double u)
{
    double const expected = reference_quantile(u);
    return std::fabs(normal_quantile(u) - expected) / std::fabs(expected);
}

// 6.4e-16 measured; the coefficients are good to about 1e-16 and double arithmetic adds the rest.
constexpr double quantile_tolerance = 2e-15;

}  // namespace

TEST_CASE("the normal quantile is Boost's over the open unit interval", "[math]")
{
    double worst = 0;
    for (int i = 1; i < 2000; ++i) {
        double const u = i / 2000.0;
        if (u != 0.5) { worst = std::fmax(worst, relative_error(u)); }
    }
    CHECK(worst < quantile_tolerance);
    CHECK(normal_quantile(0.5) == 0.0);
}

TEST_CASE("the normal quantile is Boost's in both tails, as far as doubles go", "[math]")
{
    double worst = 0;
    for (int k = 1; k <= 1070; k += 3) {
        worst = std::fmax(worst, relative_error(std::ldexp(1.1, -k)));
    }
    for (int k = 2; k <= 53; ++k) {
        worst = std::fmax(worst, relative_error(1 - std::ldexp(1.0, -k)));
    }
    CHECK(worst < quantile_tolerance);
}

TEST_CASE("the three ranges of the normal quantile meet", "[math]")
{
    // Where |u - 1/2| = 0.425, and where sqrt(-log u) = 5: the pieces differ by rounding only.
    for (double const u : {0.075, 0.925, std::exp(-25.0)}) {
        double const below = normal_quantile(u * (1 - 4e-16));
        double const above = normal_quantile(u * (1 + 4e-16));
        CHECK(std::fabs(above - below) < 1e-14);
        CHECK(relative_error(u) < quantile_tolerance);
    }
}

TEST_CASE("a larger u gives a larger normal quantile", "[math]")
{
    int falls = 0;
    double before = -HUGE_VAL;
    for (int i = 1; i < 100000; ++i) {
        double const z = normal_quantile(i / 100000.0);
        falls += z <= before ? 1 : 0;
        before = z;
    }
    CHECK(falls == 0);
}

TEST_CASE("the normal distribution function undoes its quantile", "[math]")
{
    for (double const u : {1e-12, 1e-4, 0.1, 0.4999, 0.77, 0.9999}) {
        CHECK(normal_cdf(normal_quantile(u)) == Approx(u).epsilon(1e-13));
    }
}
