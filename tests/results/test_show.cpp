#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "results/show/show_json.hpp"
#include "results/show/show_text.hpp"
#include "results/show/table.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

using nlohmann::json;

// The name of the first key that is missing, or the empty string.
std::string missing(json const& object, std::set<std::string> const& keys)
{
    for (auto const& key : keys) {
        if (!object.contains(key)) { return key; }
    }
    return "";
}

bool is_estimate(json const& e)
{
    return e.is_object() && e.contains("value") && e["value"].is_number() && e["low"].is_number() &&
           e["high"].is_number() && e["low"] <= e["value"] && e["value"] <= e["high"];
}

// No object whose every member is null, at any depth.
bool has_object_of_nulls(json const& node)
{
    if (!node.is_structured()) { return false; }
    if (node.is_object() && !node.empty() &&
        std::all_of(node.begin(), node.end(), [](json const& x) { return x.is_null(); })) {
        return true;
    }
    return std::any_of(node.begin(), node.end(), has_object_of_nulls);
}

}  // namespace

TEST_CASE("the JSON of a result keeps its contract", "[results]")
{
    auto const result = made_result();
    auto const shown = json::parse(show_json(result));
    CHECK(missing(shown, {"study", "flights", "seed", "device", "fates", "arms", "paired"}) == "");
    CHECK(shown["study"] == "made-up");
    CHECK(shown["flights"] == 1000);
    CHECK(shown["seed"] == 1);
    CHECK(shown["device"] == "cpu");
    CHECK(shown["fates"] ==
          json({{"impact", 998}, {"timed_out", 2}, {"arc_full", 0}, {"non_finite", 0}}));
    REQUIRE(shown["arms"].size() == 4);
    for (auto const& arm : shown["arms"]) {
        CHECK(missing(arm, {"name", "consumers", "engagement"}) == "");
        CHECK(is_estimate(arm["engagement"]["pk"]));
        CHECK(is_estimate(arm["engagement"]["p_leak"]));
        CHECK(is_estimate(arm["engagement"]["shots_mean"]));
        REQUIRE(arm["consumers"].size() == 3);
        for (auto const& consumer : arm["consumers"]) {
            CHECK(is_estimate(consumer["p_warned"]));
            CHECK(is_estimate(consumer["p_too_late"]));
            double const sum = consumer["p_warned"]["value"].get<double>() +
                               consumer["p_too_late"]["value"].get<double>() +
                               consumer["p_none"]["value"].get<double>();
            CHECK(std::abs(sum - 1) < 1e-12);  // three roundings
            for (auto const* key : {"mean", "p05", "p50", "p95"}) {
                CHECK(is_estimate(consumer["warning_time_s"][key]));
            }
        }
    }
    REQUIRE(shown["paired"].size() == 6 * 3);
    auto const& first = shown["paired"][0];
    CHECK(first["arm"] == "bilateral");
    CHECK(first["versus"] == "national-only");
    CHECK(first["consumer"] == "consumer-1");
    CHECK(is_estimate(first["gain_s"]));
    CHECK(is_estimate(first["p_warned_gain"]));
    CHECK(first["flights"].get<int>() > 0);
    CHECK_FALSE(has_object_of_nulls(shown));
}

TEST_CASE("a quantity without flights is null as a whole", "[results]")
{
    auto const nobody = json::parse(show_json(made_result({}, true)));
    auto const& last = nobody["arms"][0]["consumers"][2];
    CHECK(last["flights"] == 0);
    CHECK(last["p_warned"].is_null());
    CHECK(last["p_too_late"].is_null());
    CHECK(last["p_none"].is_null());
    CHECK(last["warning_time_s"].is_null());
    CHECK(nobody["paired"][2]["gain_s"].is_null());
    CHECK(nobody["paired"][2]["p_warned_gain"].is_null());
    CHECK_FALSE(has_object_of_nulls(nobody));

    auto const unarmed = json::parse(show_json(made_result({.batteries = 0})));
    CHECK(unarmed["arms"][0]["engagement"].is_null());
    CHECK_FALSE(has_object_of_nulls(unarmed));

    auto const grounded = json::parse(show_json(made_result({.flights = 0})));
    CHECK(grounded["arms"][3]["engagement"].is_null());
    CHECK_FALSE(has_object_of_nulls(grounded));
}

TEST_CASE("flights that are warned of too late have warning times, none have none", "[results]")
{
    auto result = made_result({.flights = 0});
    MadeFlight flight;
    flight.concerns = {true, true, true};
    flight.warning_us.assign(4, {std::int64_t{-5'000'000}, std::nullopt, std::int64_t{0}});
    for (int i = 0; i < 100; ++i) { add_flight(result.tally, flight); }
    result.flight_count = 100;
    auto const shown = json::parse(show_json(result));
    auto const& consumers = shown["arms"][0]["consumers"];
    CHECK(consumers[0]["p_too_late"]["value"] == 1.0);
    CHECK(consumers[0]["warning_time_s"]["mean"]["value"] == -5.0);
    CHECK(consumers[1]["p_none"]["value"] == 1.0);
    CHECK(consumers[1]["warning_time_s"].is_null());
    // Exactly no warning is too late.
    CHECK(consumers[2]["p_too_late"]["value"] == 1.0);
    CHECK_FALSE(has_object_of_nulls(shown));
}

TEST_CASE("the tables name every arm, consumer, battery and threat", "[results]")
{
    auto const result = made_result();
    auto const text = show_text(result);
    for (auto const& list : {result.names.arms, result.names.consumers, result.names.batteries,
                             result.names.threats, result.assumptions}) {
        for (auto const& name : list) { CHECK_THAT(text, Catch::Contains(name)); }
    }
    CHECK_THAT(text, Catch::Contains("via-us-hub against bilateral"));
    CHECK_THAT(text, Catch::Contains("seed 1"));
    CHECK_THAT(text, Catch::Contains("First flight that failed: 250 (timed_out)"));
    std::size_t widest = 0;
    for (std::size_t from = 0, to = 0; from < text.size(); from = to + 1) {
        to = text.find('\n', from);
        widest = std::max(widest, text_width(text.substr(from, to - from)));
    }
    CHECK(widest <= 100);
}

TEST_CASE("results without flights, arms to compare or batteries have tables too", "[results]")
{
    auto const study = GENERATE(MadeStudy{.flights = 0}, MadeStudy{.arms = 1},
                                MadeStudy{.batteries = 0}, MadeStudy{.consumers = 0},
                                MadeStudy{.flights = 1}, MadeStudy{.arms = 7, .consumers = 2});
    auto const text = show_text(made_result(study));
    CHECK_THAT(text, Catch::Contains("How the flights ended"));
    CHECK_THAT(text, !Catch::Contains("nan") && !Catch::Contains("inf "));
}

TEST_CASE("numbers carry the digits their intervals deserve", "[results]")
{
    CHECK(percent(Estimate{0.87342, 0.8720, 0.8748}) == "87.3 (87.2–87.5)");
    CHECK(percent(Estimate{0.5, 0.3, 0.7}) == "50 (30–70)");
    CHECK(percent(Estimate{0.999996, 0.99999, 0.999999}) == "99.9996 (99.9990–99.9999)");
    CHECK(percent(std::nullopt) == "-");
    CHECK(percent_gain(Estimate{0.034, 0.031, 0.037}) == "+3.4 (+3.1 to +3.7)");
    CHECK(percent_gain(Estimate{0, -0.0001, 0.0001}) == "0.00 (-0.01 to +0.01)");
    CHECK(minutes(Estimate{754, 750, 759}) == "12:34 (12:30–12:39)");
    CHECK(minutes(Estimate{59.6, 58, 61}) == "1:00 (0:58–1:01)");
    CHECK(minutes(Estimate{-5, -10, 3}) == "-0:05 (-0:10 to 0:03)");
    CHECK(minutes(Estimate{-5, -10, 3, true, true}) == "-0:05 (<-0:10 to >0:03)");
    CHECK(minutes_gain(Estimate{42.04, 41.9, 42.2}) == "+0:42.0 (+0:41.9 to +0:42.2)");
    CHECK(plain(Estimate{1.523, 1.516, 1.53}) == "1.523 (1.516–1.530)");
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(-1234567) == "-1,234,567");
}

}  // namespace longwatch::test
