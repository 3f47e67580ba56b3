// Reports without a launch, and whom they would warn.
#include <catch2/catch.hpp>

#include <string>

#include "host/plan/false_warnings.hpp"
#include "host/plan/predicting_nodes.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;

namespace {

/// The small study with a radar that reports falsely 3 times a year and an infrared sensor that does 5 times.
std::string reporting()
{
    auto text = changed("look_period_s = 5", "look_period_s = 5\nfalse_reports_per_year = 3");
    return changed("revisit_s = 10", "revisit_s = 10\nfalse_reports_per_year = 5", text);
}

/// Of the only consumer, in the arm alone and in the arm shared.
std::vector<double> rates(std::string const& text)
{
    auto const study = study_of(text);
    for (int arm = 0; arm < study.scenario->network.arm_count; ++arm) {
        find_predicting_nodes(*study.scenario, arm);
    }
    auto const found = false_warnings_per_year(*study.scenario);
    return {found.at(0).at(0), found.at(1).at(0)};
}

std::string acting_on(std::string const& kinds)
{
    return changed("impact_sigma_km = 100", "impact_sigma_km = 100\nacts_on = [" + kinds + "]",
                   reporting());
}

}  // namespace

TEST_CASE("false reports warn whom true ones would reach", "[plan]")
{
    // In the arm alone nothing gets to the town; in the arm shared, alerts of both sensors do, and the radar's tracks.
    CHECK(rates(acting_on("\"alert\"")) == std::vector<double>{0, 8});
    CHECK(rates(acting_on("\"track\"")) == std::vector<double>{0, 3});
    // The centre predicts from a single track.
    CHECK(rates(acting_on("\"impact-prediction\"")) == std::vector<double>{0, 3});
    CHECK(rates(acting_on("\"alert\", \"track\", \"impact-prediction\"")) ==
          std::vector<double>{0, 8});
}

TEST_CASE("who wants two tracks is not fooled by one; who acts in time is", "[plan]")
{
    auto const careful = changed("fuses = true", "fuses = true\ntracks_required = 2", reporting());
    CHECK(rates(careful) == std::vector<double>{0, 0});
    CHECK(rates(changed("clock = \"impact\"", "clock = \"impact\"\nprecaution_s = 60", careful)) ==
          std::vector<double>{0, 8});
}

TEST_CASE("what a relay stamps as its own fools those behind it", "[plan]")
{
    // The radar is of "there", the centre of "here" re-stamps and does not fuse; the town predicts.
    auto text = changed("origin = \"here\"\nfuses = true",
                        "origin = \"here\"\nfuses = false\nrestamps = true", reporting());
    text = changed("relay_min = 0.5", "fuses = true\nfusion_s = 3", text);
    text = changed("node = \"radars\"\nlatitude_deg = 11",
                   "node = \"radars\"\norigin = \"there\"\nlatitude_deg = 11", text);
    CHECK(rates(text) == std::vector<double>{0, 3});
}

TEST_CASE("a sensor that is out half the time reports half as often", "[plan]")
{
    CHECK(rates(changed("look_period_s = 5", "look_period_s = 5\navailability = 0.5",
                        acting_on("\"track\""))) == std::vector<double>{0, 1.5});
    CHECK(rates(std::string(small_study)) == std::vector<double>{0, 0});
}
