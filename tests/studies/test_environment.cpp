// A small study flown through the shipped winter wind.
#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "host/plan/prepare.hpp"
#include "kernels/backend/backend.hpp"
#include "models/earth/wgs84.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;

namespace {

Study prepared(std::string const& environment)
{
    auto study =
        study_of(changed("seed = 7", std::string("seed = 7\ncatalog = \"") + LW_SOURCE_DIR +
                                         "/models/catalog\"\n" + environment));
    prepare(study);
    return study;
}

std::string const winter = "[environment]\nmodel = \"winter-westerlies\"\n";

/// From where a flight without deviations lands to the centre of the aim area.
double miss_m(Scenario const& aimed, Atmosphere const& flown)
{
    ThreatParams const& threat = aimed.threat[0];
    Controls const controls{threat.aim_map.lean_east_rad[0], threat.aim_map.lean_north_rad[0],
                            threat.aim_map.cutoff_stages[0]};
    NominalTrial trial;
    trial.controls = controls;
    auto const end = fly_nominal(flown, threat, {trial}).front();
    REQUIRE(end.landed);
    double const north = end.impact_latitude_rad - threat.aim.center.latitude_rad;
    double const east = (end.impact_longitude_rad - threat.aim.center.longitude_rad) *
                        std::cos(threat.aim.center.latitude_rad);
    return earth_mean_radius_m * std::hypot(north, east);
}

std::vector<FlightOutcome> flown(Scenario const& scenario)
{
    return outcomes_on_cpu(scenario, {.seed = 5, .first = 0, .count = 400}, {});
}

}  // namespace

TEST_CASE("vehicles are aimed in the mean wind", "[studies]")
{
    auto const still = prepared(""), windy = prepared(winter);
    double const with = miss_m(*windy.scenario, windy.scenario->atmosphere);
    double const without = miss_m(*still.scenario, windy.scenario->atmosphere);
    INFO(with << " m aimed in the wind, " << without << " m aimed in still air");
    // The map is a fit over both areas.
    CHECK(with < 100);
    CHECK(without > 5 * with);
    CHECK(without > 300);
}

TEST_CASE("the wind's spread moves impacts to both sides, each flight its own way", "[studies]")
{
    auto const windy = prepared(winter);
    auto const blown = flown(*windy.scenario);
    Weather& w = windy.scenario->atmosphere.weather;
    for (int i = 0; i < w.wind_count; ++i) { w.sigma_east_mps[i] = w.sigma_north_mps[i] = 0; }
    auto const mean = flown(*windy.scenario);
    double sum_m = 0, sum2_m2 = 0;
    for (std::size_t i = 0; i < mean.size(); ++i) {
        REQUIRE(blown[i].fate == Fate::impact);
        double const east_m = earth_mean_radius_m * std::cos(mean[i].impact_latitude_rad) *
                              (blown[i].impact_longitude_rad - mean[i].impact_longitude_rad);
        sum_m += east_m;
        sum2_m2 += east_m * east_m;
    }
    double const n = static_cast<double>(mean.size());
    double const rms_m = std::sqrt(sum2_m2 / n);
    INFO("rms " << rms_m << " m, mean " << sum_m / n << " m");
    CHECK(rms_m > 50);
    CHECK(rms_m < 20e3);
    // Four standard errors of a mean of zero, and as much for what is not linear in the wind.
    CHECK(std::fabs(sum_m / n) < 8 * rms_m / std::sqrt(n));
}
