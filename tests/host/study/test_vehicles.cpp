// Thrust curves, shrouds and correlated deviations, as a study gives them.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;
using Catch::Contains;

namespace {

std::string const dispersion =
    "dispersion = { thrust = { kind = \"normal\", mean = 1, sigma = 0.01 } }";

std::string with_correlated(std::string const& set)
{
    return changed(dispersion, dispersion + "\ncorrelated = [" + set + "]");
}

std::string with_curve(std::string const& curve)
{
    return changed("diameter_m = 1.2 }", "diameter_m = 1.2, thrust_curve = " + curve + " }");
}

}  // namespace

TEST_CASE("a thrust curve is scaled to a mean of 1", "[study]")
{
    auto const study = study_of(with_curve("{ burn_frac = [0, 0.5, 1], thrust_frac = [3, 3, 1] }"));
    auto const& curve = study.scenario->threat[0].vehicle.stage[0].thrust;
    CHECK(curve.count == 3);
    // Its own mean is 2.5.
    CHECK(curve.thrust_frac[0] == Approx(1.2));
    CHECK(curve.thrust_frac[2] == Approx(0.4));
    CHECK_THAT(study.resolved, Contains("thrust_curve"));
}

TEST_CASE("an unsound thrust curve is refused", "[study]")
{
    CHECK_THAT(only_message(with_curve("{ burn_frac = [0, 0.5], thrust_frac = [1, 1] }")),
               Contains("rise from 0 to 1"));
    CHECK_THAT(
        only_message(with_curve("{ burn_frac = [0, 0.6, 0.5, 1], thrust_frac = [1, 1, 1, 1] }")),
        Contains("rise from 0 to 1"));
    CHECK_THAT(only_message(with_curve("{ burn_frac = [0, 1], thrust_frac = [1, 1, 1] }")),
               Contains("one for one"));
    CHECK_THAT(only_message(with_curve("{ burn_frac = [0, 1], thrust_frac = [1, 0] }")),
               Contains("thrust_frac"));
}

TEST_CASE("a shroud needs the time of its release", "[study]")
{
    auto const study = study_of(
        changed("payload_kg = 500", "payload_kg = 500\nshroud_kg = 80\nshroud_release_s = 40"));
    CHECK(study.scenario->threat[0].vehicle.shroud_kg == 80);
    CHECK(study.scenario->threat[0].vehicle.shroud_release_s == 40);
    CHECK_THAT(only_message(changed("payload_kg = 500", "payload_kg = 500\nshroud_kg = 80")),
               Contains("shroud_release_s"));
}

TEST_CASE("a covariance becomes a root of itself", "[study]")
{
    auto const study =
        study_of(with_correlated("{ of = [\"thrust\", \"drag\"], covariance = [[4e-4, 1.2e-4], "
                                 "[1.2e-4, 1e-4]], assumed = true }"));
    auto const& set = study.scenario->threat[0].dispersions.correlated;
    CHECK(set.in[0]);
    CHECK_FALSE(set.in[1]);
    CHECK(set.in[2]);
    CHECK(set.mean[2] == 1);
    auto const product = [&](int i, int j) {
        double sum = 0;
        for (int k = 0; k < dispersion_count; ++k) { sum += set.factor[i][k] * set.factor[j][k]; }
        return sum;
    };
    CHECK(product(0, 0) == Approx(4e-4).epsilon(1e-12));
    CHECK(product(0, 2) == Approx(1.2e-4).epsilon(1e-12));
    CHECK(product(2, 2) == Approx(1e-4).epsilon(1e-12));
    CHECK_THAT(study.resolved, Contains("[[threat.correlated]]"));
}

TEST_CASE("what is no covariance is refused, and so are unknown or repeated names", "[study]")
{
    auto const set = [](std::string const& of, std::string const& covariance) {
        return with_correlated("{ of = " + of + ", covariance = " + covariance +
                               ", assumed = true }");
    };
    std::string const pair = "[\"thrust\", \"drag\"]";
    CHECK_THAT(only_message(set(pair, "[[1e-4, 2e-4], [2e-4, 1e-4]]")), Contains("eigenvalue"));
    CHECK_THAT(only_message(set(pair, "[[1e-4, 2e-5], [1e-5, 1e-4]]")), Contains("symmetric"));
    CHECK_THAT(only_message(set(pair, "[[1e-4, 0], [0, 1e-4], [0, 0]]")), Contains("as many rows"));
    CHECK_THAT(only_message(set(pair, "[[1e-1, 0], [0, 1e-4]]")), Contains("reaches too far"));
    CHECK_THAT(only_message(set("[\"thrust\", \"thrust\"]", "[[1e-4, 0], [0, 1e-4]]")),
               Contains("once only"));
    CHECK_THAT(only_message(set("[\"thurst\"]", "[[1e-4]]")), Contains("did you mean 'thrust'"));
}

TEST_CASE("a flight's shape says whether it needs an apogee", "[study]")
{
    auto const study = study_of(changed("apogee_km = 150", "shape = \"minimum-energy\""));
    CHECK(study.scenario->threat[0].shape == FlightShape::minimum_energy);
    CHECK(study_of(changed("apogee_km = 150", "apogee_km = 150\nshape = \"lofted\""))
              .scenario->threat[0]
              .shape == FlightShape::lofted);
    CHECK_THAT(
        only_message(changed("apogee_km = 150", "apogee_km = 150\nshape = \"minimum-energy\"")),
        Contains("has the apogee that it needs"));
    CHECK_THAT(only_message(changed("apogee_km = 150", "shape = \"depressed\"")),
               Contains("lacks 'apogee_km'"));
    CHECK_THAT(only_message(changed("apogee_km = 150", "apogee_km = 150\nshape = \"lofty\"")),
               Contains("did you mean 'lofted'"));
}
