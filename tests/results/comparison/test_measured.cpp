#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "results/comparison/measured.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

using Warnings = std::vector<std::optional<std::int64_t>>;
constexpr std::int64_t second = 1'000'000;

/// Ten flights that concern two consumers, in three arms, and an eleventh that breaks up. The second arm gives the first consumer
/// half a minute more, and the second one a warning of the flights it knew nothing of; the third is too late once.
ResultFile ten_flights()
{
    auto result =
        made_result({.threats = 2, .arms = 3, .consumers = 2, .batteries = 2, .flights = 0});
    for (int i = 0; i < 10; ++i) {
        MadeFlight flight;
        flight.concerns = {true, true};
        flight.may_be_engaged = true;
        std::optional<std::int64_t> const late = i < 5 ? std::nullopt : std::optional(200 * second);
        flight.warning_us = {Warnings{100 * second, late}, Warnings{130 * second, 200 * second},
                             Warnings{(i == 0 ? -10 : 130) * second, 200 * second}};
        flight.shots = {{2, 0}, {2, 0}, {2, 1}};
        flight.killed_by = {i < 4 ? 0 : -1, i < 6 ? 0 : -1, i < 6 ? 0 : -1};
        add_flight(result.tally, flight);
    }
    MadeFlight broken;
    broken.threat = 1;
    broken.fate = Fate::broke_up;
    broken.concerns = {false, false};
    broken.warning_us.assign(3, Warnings{std::nullopt, std::nullopt});
    broken.shots.assign(3, {0, 0});
    broken.killed_by.assign(3, -1);
    add_flight(result.tally, broken);
    result.flight_count = 11;
    return result;
}

std::map<std::string, Measured> by_name(std::vector<Measured> const& all)
{
    std::map<std::string, Measured> named;
    for (auto const& m : all) { named.emplace(m.name(), m); }
    return named;
}

TEST_CASE("every quantity of every arm, consumer, battery and threat is measured once",
          "[comparison]")
{
    auto const all = measure(ten_flights());
    std::map<std::pair<std::string, std::string>, std::set<std::string>> of;
    for (auto const& m : all) {
        INFO(m.name());
        CHECK(of[{m.arm, m.subject}].insert(m.quantity).second);
    }
    std::set<std::string> consumers = {"p_warned", "p_too_late", "p_precaution",
                                       "warning_time_mean_s", "warning_time_s"};
    for (auto const* part : {"geometry", "detection", "confirmation", "processing", "link",
                             "release", "decision", "total"}) {
        consumers.insert(std::string("delay_") + part + "_mean_s");
    }
    std::set<std::string> const engagement = {"pk", "p_no_leaker", "leakers_per_raid",
                                              "shots_per_raid"};
    std::set<std::string> const idle = {"left_mean", "opportunities_mean", "first_intercept_mean_s",
                                        "last_intercept_mean_s"};
    auto fires = idle;
    fires.insert({"p_remote", "p_hit"});
    auto const& arms = ten_flights().names.arms;
    REQUIRE(arms.size() == 3);
    for (std::size_t arm = 0; arm < 3; ++arm) {
        auto expected = consumers;
        if (arm > 0) {
            for (auto const* gain : {"usable_gain_mean_s", "p_newly_warned", "p_lost_warning"}) {
                expected.insert(gain + (" against " + arms[arm - 1]));
            }
        }
        INFO(arms[arm]);
        CHECK(of[{arms[arm], "consumer-1"}] == expected);
        CHECK(of[{arms[arm], "consumer-2"}] == expected);
        CHECK(of[{arms[arm], ""}] == engagement);
        CHECK(of[{arms[arm], "battery-1"}] == fires);
        CHECK(of[{arms[arm], "battery-2"}] == (arm == 2 ? fires : idle));
    }
    for (auto const* threat : {"threat-1", "threat-2"}) {
        CHECK(of[{"", threat}] == std::set<std::string>{"p_broke_up", "p_failed"});
    }
    CHECK(of.size() == 3 * 5 + 2);
}

TEST_CASE("what is measured of ten flights is what they did", "[comparison]")
{
    auto const of = by_name(measure(ten_flights()));
    auto const is = [&](std::string const& name, std::int64_t hits, std::int64_t trials) {
        INFO(name);
        auto const& m = of.at(name);
        CHECK(m.kind == Measured::Kind::fraction);
        CHECK(m.unit == "1");
        CHECK(m.counted.hits == hits);
        CHECK(m.counted.trials == trials);
        REQUIRE(estimate_of(m));
        CHECK(estimate_of(m)->value ==
              Approx(static_cast<double>(hits) / static_cast<double>(trials)));
    };
    auto const mean = [&](std::string const& name, char const* unit, double value) {
        INFO(name);
        auto const& m = of.at(name);
        CHECK(m.kind == Measured::Kind::mean);
        CHECK(m.unit == unit);
        REQUIRE(estimate_of(m));
        CHECK(estimate_of(m)->value == Approx(value));
    };
    is("threat-1: p_broke_up", 0, 10);
    is("threat-2: p_broke_up", 1, 1);
    is("threat-2: p_failed", 0, 1);
    is("arm national-only, consumer-1: p_warned", 10, 10);
    is("arm national-only, consumer-2: p_warned", 5, 10);
    is("arm via-us-hub, consumer-1: p_warned", 9, 10);
    is("arm via-us-hub, consumer-1: p_too_late", 1, 10);
    is("arm bilateral, consumer-2: p_newly_warned against national-only", 5, 10);
    is("arm bilateral, consumer-1: p_newly_warned against national-only", 0, 10);
    is("arm via-us-hub, consumer-1: p_lost_warning against bilateral", 1, 10);
    is("arm national-only: pk", 4, 10);
    is("arm bilateral: p_no_leaker", 6, 10);
    is("arm national-only, battery-1: p_hit", 4, 20);
    is("arm national-only, battery-1: p_remote", 0, 10);
    is("arm via-us-hub, battery-2: p_hit", 0, 10);
    mean("arm national-only, consumer-1: warning_time_mean_s", "s", 100);
    mean("arm via-us-hub, consumer-1: warning_time_mean_s", "s", (9 * 130 - 10) / 10.0);
    mean("arm bilateral, consumer-1: usable_gain_mean_s against national-only", "s", 30);
    mean("arm bilateral, consumer-2: usable_gain_mean_s against national-only", "s", 100);
    mean("arm via-us-hub, consumer-1: usable_gain_mean_s against bilateral", "s", -13);
    mean("arm national-only: leakers_per_raid", "1", 0.6);
    mean("arm bilateral: shots_per_raid", "1", 2);
    mean("arm via-us-hub: shots_per_raid", "1", 3);
    mean("arm via-us-hub, battery-2: left_mean", "1", 3);
    mean("arm bilateral, battery-2: opportunities_mean", "1", 2);
    mean("arm bilateral, battery-1: first_intercept_mean_s", "s", 300);
    mean("arm bilateral, battery-1: last_intercept_mean_s", "s", 360);
}

TEST_CASE(
    "a mean of few values has Student's interval where they spread, and no bounds where they do "
    "not",
    "[comparison]")
{
    auto const of = by_name(measure(ten_flights()));
    // Five of 0 and five of 200 s: standard deviation 100 sqrt(10 / 9). Student's t with 9 degrees of freedom, 0.975: 2.262157.
    auto const spread =
        *estimate_of(of.at("arm bilateral, consumer-2: usable_gain_mean_s against national-only"));
    double const half = 2.262157 * 100 * std::sqrt(10.0 / 9) / std::sqrt(10.0);
    CHECK(spread.low == Approx(100 - half));
    CHECK(spread.high == Approx(100 + half));
    CHECK_FALSE((spread.low_open || spread.high_open));
    auto const constant =
        *estimate_of(of.at("arm bilateral, consumer-1: usable_gain_mean_s against national-only"));
    CHECK((constant.low_open && constant.high_open));
    CHECK(constant.low == constant.value);
}

TEST_CASE("a watched distribution has every message in its bin of ten seconds", "[comparison]")
{
    auto const of = by_name(measure(ten_flights()));
    auto const& steady = of.at("arm bilateral, consumer-1: warning_time_s");
    CHECK(steady.kind == Measured::Kind::distribution);
    CHECK(steady.first_s == 130);
    CHECK(steady.bins == std::vector<std::int64_t>{10});
    CHECK_FALSE(estimate_of(steady));
    auto const& late_once = of.at("arm via-us-hub, consumer-1: warning_time_s");
    CHECK(late_once.first_s == -10);
    std::vector<std::int64_t> expected(15, 0);
    expected.front() = 1;
    expected.back() = 9;
    CHECK(late_once.bins == expected);
    CHECK(of.at("arm national-only, consumer-2: warning_time_s").bins ==
          std::vector<std::int64_t>{5});

    CHECK(same_quantity(steady, steady) == 1);
    REQUIRE(effect_of(steady, late_once));
    CHECK(effect_of(steady, late_once)->value == Approx(0.1));
    auto const& sooner = of.at("arm national-only, consumer-1: warning_time_s");
    CHECK(effect_of(steady, sooner)->value == Approx(1));
    // Ten messages are too few to tell; of a hundred all are elsewhere.
    CHECK(same_quantity(steady, sooner) == 1);
    auto many = steady, many_sooner = sooner;
    many.bins = many_sooner.bins = {100};
    CHECK(same_quantity(many, many_sooner) < 1e-12);
}

TEST_CASE("under randomised sampling a quantity has a value of each randomisation", "[comparison]")
{
    auto result = ten_flights();
    auto other = ten_flights();
    result.randomisations = {result.tally, other.tally};
    auto const of = by_name(measure(result));
    auto const& warned = of.at("arm national-only, consumer-2: p_warned");
    CHECK(warned.is_grouped);
    CHECK(warned.of_each == std::vector<double>{0.5, 0.5});
    auto const& gain = of.at("arm bilateral, consumer-1: usable_gain_mean_s against national-only");
    CHECK(gain.of_each.size() == 2);
    CHECK(gain.of_each[0] == Approx(30));
    CHECK(of.count("arm bilateral, consumer-1: warning_time_s") == 0);
    for (auto const* p : {"p05", "p50", "p95"}) {
        auto const& q = of.at(std::string("arm bilateral, consumer-1: warning_time_") + p + "_s");
        CHECK(q.is_grouped);
        CHECK(q.of_each.size() == 2);
        CHECK(q.summary.mean == Approx(130).margin(10));
    }
}

TEST_CASE("groups with few hits or few misses are compared by their flights too", "[comparison]")
{
    // Four groups each, set apart in one of 70 dealings either way; by flights next to nothing lies between them.
    auto const grouped = [](std::int64_t hits, std::vector<double> of_each) {
        Measured m;
        m.is_grouped = true;
        m.of_each = std::move(of_each);
        m.counted = {hits, 1000};
        return m;
    };
    std::vector<double> const lower = {0.01, 0.011, 0.012, 0.013}, higher = {0.5, 0.51, 0.52, 0.53};
    auto const p = [&](std::int64_t hits) {
        return same_quantity(grouped(20, lower), grouped(hits, higher));
    };
    CHECK(p(20) == Approx(2.0 / 70));
    CHECK(p(19) > 0.5);
    auto const p_of_misses = [&](std::int64_t hits) {
        return same_quantity(grouped(980, lower), grouped(hits, higher));
    };
    CHECK(p_of_misses(980) == Approx(2.0 / 70));
    CHECK(p_of_misses(981) > 0.5);
    auto alone = grouped(20, {0.01});
    CHECK(same_quantity(alone, grouped(20, higher)) == 1);
    CHECK(same_quantity(grouped(20, higher), alone) == 1);
}

}  // namespace
}  // namespace longwatch::test
