#include <algorithm>
#include <catch2/catch.hpp>

#include "host/study/study_differences.hpp"
#include "tests/support/small_study.hpp"

namespace longwatch::test {
namespace {

std::string replaced(std::string text, std::string const& from, std::string const& to)
{
    auto const at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::string const resolved = R"(question = "Why?"
flights = 10
seed = 3
sampling = "monte-carlo"

[[threat]]
name = "short"
source = "a book"
launch = { latitude_rad = 0.5, longitude_rad = 0.25, radius_m = 5000.0 }
stage = [{ propellant_kg = 5000.0, dry_kg = 600.0 }]

[[sensor]]
name = "first"
look_period_s = 5.0

[[consumer]]
name = "town"
threats = ["short"]
decision_s = 3.0
)";

}  // namespace

TEST_CASE("the keys of a study go by the names of its entries", "[study]")
{
    auto const keys = study_keys(resolved);
    StudyKeys const expected = {{"sampling", "monte-carlo"},
                                {"threat[short].launch.latitude_rad", "0.5"},
                                {"threat[short].launch.longitude_rad", "0.25"},
                                {"threat[short].launch.radius_m", "5000"},
                                {"threat[short].stage[0].propellant_kg", "5000"},
                                {"threat[short].stage[0].dry_kg", "600"},
                                {"sensor[first].look_period_s", "5"},
                                {"consumer[town].threats", "[short]"},
                                {"consumer[town].decision_s", "3"}};
    CHECK(keys == expected);
    CHECK_THROWS_AS(study_keys("= nothing"), std::invalid_argument);
}

TEST_CASE("differences come in the order of the file, with both values", "[study]")
{
    auto other = replaced(resolved, "dry_kg = 600.0", "dry_kg = 606.0");
    other = replaced(other, "look_period_s = 5.0", "look_rate_hz = 2.0");
    other = replaced(other, "seed = 3", "seed = 4");
    other = replaced(other, "a book", "another book");
    auto const d = study_differences(study_keys(resolved), study_keys(other));
    std::vector<KeyDifference> const expected = {{"threat[short].stage[0].dry_kg", "600", "606"},
                                                 {"sensor[first].look_period_s", "5", ""},
                                                 {"sensor[first].look_rate_hz", "", "2"}};
    CHECK(d == expected);
    CHECK(study_differences(study_keys(resolved), study_keys(resolved)).empty());
}

TEST_CASE("what is flown and what is counted decides, how it is seen does not", "[study]")
{
    for (char const* const key :
         {"threat[a].apogee_m", "environment.wind.east_mps", "raid.size", "consumer[a].threats",
          "consumer[a].clock", "consumer[a].impact_sigma_m", "consumer[a].concern_radius_m",
          "battery[a].threats"}) {
        CAPTURE(key);
        CHECK(decides_what_is_counted(key));
    }
    for (char const* const key :
         {"sensor[a].latitude_rad", "link[a].latency_s", "consumer[a].node",
          "consumer[a].decision.median_s", "battery[a].salvo", "arm[a].links", "sampling",
          "randomisations", "importance.failure"}) {
        CAPTURE(key);
        CHECK_FALSE(decides_what_is_counted(key));
    }
}

TEST_CASE("an entry's number changes with any of its values and with no other's", "[study]")
{
    auto const before = study_entries(resolved);
    auto const after = study_entries(replaced(resolved, "dry_kg = 600.0", "dry_kg = 606.0"));
    REQUIRE(before.size() == 4);
    REQUIRE(after.size() == 4);
    for (std::size_t i = 0; i < before.size(); ++i) {
        CHECK(before[i].first == after[i].first);
        CHECK((before[i].second != after[i].second) == (before[i].first == "threat[short]"));
    }
}

TEST_CASE("a study as resolved can be taken apart", "[study]")
{
    auto const keys = study_keys(study_of(small_study).resolved);
    auto const has = [&](std::string const& key) {
        return std::any_of(keys.begin(), keys.end(), [&](auto const& k) { return k.first == key; });
    };
    CHECK(has("threat[short].stage[0].thrust_vacuum_n"));
    CHECK(has("sensor[first].reference_range_m"));
}

}  // namespace longwatch::test
