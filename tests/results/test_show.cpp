#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "results/show/show_json.hpp"
#include "results/show/show_text.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"
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

std::size_t widest_line(std::string const& text)
{
    std::size_t widest = 0;
    for (std::size_t from = 0, to = 0; from < text.size(); from = to + 1) {
        to = text.find('\n', from);
        widest = std::max(widest, text_width(text.substr(from, to - from)));
    }
    return widest;
}

// Flights of one kind: warning times of every consumer in the first arm and in the later ones.
ResultFile same_flights(MadeStudy study, int count, std::optional<std::int64_t> first_us,
                        std::optional<std::int64_t> later_us)
{
    study.flights = 0;
    auto result = made_result(study);
    MadeFlight flight;
    flight.concerns.assign(static_cast<std::size_t>(study.consumers), true);
    for (int arm = 0; arm < study.arms; ++arm) {
        flight.warning_us.emplace_back(static_cast<std::size_t>(study.consumers),
                                       arm == 0 ? first_us : later_us);
    }
    for (int i = 0; i < count; ++i) { add_flight(result.tally, flight); }
    result.flight_count = count;
    return result;
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
    CHECK(shown["fates"] == json({{"impact", 998},
                                  {"broke_up", 0},
                                  {"timed_out", 2},
                                  {"arc_full", 0},
                                  {"non_finite", 0}}));
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
    CHECK(widest_line(text) <= 100);
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
    CHECK(percent(Estimate{0.9951, 0.97, 0.9991}) == "99.5 (97.0–99.9)");
    CHECK(percent(Estimate{0.999, 0.97, 1}) == "99.9 (97.0–100.0)");
    CHECK(percent(Estimate{0.01, 0.0018, 0.054}) == "1.0 (0.2–5.4)");
    CHECK(percent(Estimate{0, 0, 0.027}) == "0 (0–3)");
    CHECK(percent(Estimate{0.99999999, 0.99999998, 1}) == ">99.9999 (>99.9999–100.0000)");
    CHECK(percent(Estimate{1e-9, 1e-10, 1e-8}) == "<0.0001 (<0.0001–<0.0001)");
    CHECK(minutes_gain(Estimate{0.02, 0.01, 0.06}) == "0:00.0 (0:00.0 to +0:00.1)");
    CHECK(minutes_gain(Estimate{9.2, 9.2, 9.2, true, true}) == "+0:09.2 (no bounds)");
    CHECK(minutes(Estimate{-1800, -1800, -1800, true, false, true}) == "<-30:00");
    CHECK(minutes(Estimate{-1800, -1800, 120, true, false, true}) == "<-30:00 (<-30:00 to 2:00)");
    CHECK(minutes(Estimate{5400, 5000, 5400, false, true, false, true}) == ">90:00 (83:20–>90:00)");
    CHECK(minutes(Estimate{-5, -10, 3, true, true}) == "-0:05 (<-0:10 to >0:03)");
    CHECK(minutes_gain(Estimate{42.04, 41.9, 42.2}) == "+0:42.0 (+0:41.9 to +0:42.2)");
    CHECK(plain(Estimate{1.523, 1.516, 1.53}) == "1.523 (1.516–1.530)");
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(-1234567) == "-1,234,567");
    CHECK(counted(1, "flight") == "1 flight");
    CHECK(counted(2000, "flight") == "2,000 flights");
}

TEST_CASE("a few equal flights claim no gain, many do", "[results]")
{
    auto const shown = [](int count, int consumers) {
        return show_text(same_flights({.arms = 2, .consumers = consumers, .batteries = 0}, count,
                                      60'000'000, 69'200'000));
    };
    auto const one = shown(1, 3);
    CHECK_THAT(one, Catch::Contains("bilateral against national-only: too few flights to tell who "
                                    "gains warning time"));
    CHECK_THAT(one, Catch::Contains("+0:09.2 (no bounds)"));
    CHECK_THAT(one, Catch::Contains("no bounds: too few"));
    CHECK_THAT(one, Catch::Contains("\n1 flight;") && Catch::Contains("seed 1, flight 0;"));
    CHECK_THAT(shown(2, 3), Catch::Contains("too few flights to tell who"));
    auto const many = shown(30, 3);
    CHECK_THAT(many,
               Catch::Contains("3 of 3 consumers gain warning time, most consumer-1 +0:09.2"));
    CHECK_THAT(many, !Catch::Contains("no bounds") && Catch::Contains("flights 0 to 29;"));
    CHECK_THAT(shown(30, 1), Catch::Contains("the one consumer gains warning time, most"));
    auto const worse = show_text(
        same_flights({.arms = 2, .consumers = 2, .batteries = 0}, 30, 60'000'000, 50'000'000));
    CHECK_THAT(worse, Catch::Contains("2 of 2 consumers lose warning time"));
    auto const level = show_text(
        same_flights({.arms = 2, .consumers = 2, .batteries = 0}, 30, 60'000'000, 60'000'000));
    CHECK_THAT(level, Catch::Contains("no difference in warning time that these flights tell"));
    CHECK_THAT(level, !Catch::Contains("consumers gain") && !Catch::Contains("consumers lose"));
    // Nor is any interval told of delays that has none.
    CHECK_THAT(one, Catch::Contains("too few flights to bound"));
    CHECK_THAT(many, Catch::Contains("means in s (95 % intervals: within"));
    CHECK_THAT(shown(30, 1), !Catch::Contains("1 consumers"));

    auto const json_of_one = json::parse(show_json(
        same_flights({.arms = 2, .batteries = 0}, 1, std::int64_t{60'000'000}, 69'200'000)));
    auto const& gain = json_of_one["paired"][0]["gain_s"];
    CHECK(is_estimate(gain));
    CHECK(gain["low_open"] == true);
    CHECK(gain["high_open"] == true);
}

TEST_CASE("a median beyond the histogram is marked, not put on its end", "[results]")
{
    auto const result =
        same_flights({.arms = 2, .batteries = 0}, 100, -2'000'000'000, 6'000'000'000);
    auto const text = show_text(result);
    CHECK_THAT(text, Catch::Contains("<-30:00") && Catch::Contains(">90:00"));
    CHECK_THAT(text, Catch::Contains("< and >: below and above"));
    auto const shown = json::parse(show_json(result));
    auto const& early = shown["arms"][0]["consumers"][0]["warning_time_s"]["p50"];
    CHECK(early == json({{"value", -1800.0},
                         {"low", -1800.0},
                         {"high", -1800.0},
                         {"value_below", true},
                         {"low_open", true}}));
    auto const& late = shown["arms"][1]["consumers"][0]["warning_time_s"]["p50"];
    CHECK(late == json({{"value", 5400.0},
                        {"low", 5400.0},
                        {"high", 5400.0},
                        {"value_above", true},
                        {"high_open", true}}));
    CHECK_THAT(show_text(made_result()), !Catch::Contains("< and >"));
}

TEST_CASE("flights that failed are said to be left out, those without a message shown", "[results]")
{
    auto const text = show_text(made_result());
    CHECK_THAT(text, Catch::Contains("1,000 flights, 2 of them failed and left out"));
    CHECK_THAT(text, Catch::Contains("Flights that concern, those that failed left out:"));
    CHECK_THAT(text, Catch::Contains("No message, %"));
    CHECK_THAT(show_text(made_result({.flights = 100})), !Catch::Contains("failed"));
}

TEST_CASE("nothing in a result commands the terminal", "[results]")
{
    auto result = made_result({.flights = 10});
    std::string const bad =
        "a\x1b[31m\x07\x7f\xc2\x9b"
        "b\xff\xe2\x80\xae\xc0\x80z";
    result.study.name = result.study.question = result.provenance.device = bad;
    result.assumptions = {bad};
    result.names.consumers[0] = result.names.arms[0] = bad + "\n\r";
    result.names.threats[0] = result.names.batteries[0] = bad;
    auto const text = show_text(result);
    CHECK_THAT(text, Catch::Contains("a?[31m???b????z"));
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        bool const fine = byte == '\n' || (byte >= 0x20 && byte != 0x7f);
        if (!fine) { FAIL("byte " << int{byte}); }
    }
    CHECK(text.find("\xc2\x9b") == std::string::npos);
    CHECK(text.find("\xff") == std::string::npos);
    CHECK(text.find("\xe2\x80\xae") == std::string::npos);
    CHECK(terminal_text("Élévation 日本") == "Élévation 日本");
    CHECK(terminal_text("\xed\xa0\x80") == "???");
    CHECK(terminal_text("\xc3") == "?");
}

TEST_CASE("no code point that ends a line or turns the writing reaches the terminal", "[results]")
{
    auto const three_bytes = [](unsigned c) {
        return std::string{static_cast<char>(0xE0 | c >> 12),
                           static_cast<char>(0x80 | (c >> 6 & 0x3F)),
                           static_cast<char>(0x80 | (c & 0x3F))};
    };
    for (unsigned const c :
         {0x2028U, 0x2029U, 0x200EU, 0x200FU, 0x202AU, 0x202EU, 0x2066U, 0x2069U}) {
        INFO(std::hex << c);
        CHECK(terminal_text("a" + three_bytes(c) + "b") == "a?b");
    }
    for (unsigned const c : {0x2027U, 0x200DU, 0x2010U, 0x202FU, 0x2065U, 0x206AU}) {
        INFO(std::hex << c);
        CHECK(terminal_text(three_bytes(c)) == three_bytes(c));
    }
    CHECK(terminal_text("\xd8\x9c") == "?");  // U+061C
    CHECK(terminal_text("\xc2\x80\xc2\x9f\xc2\xa0") == "??\xc2\xa0");
}

TEST_CASE("long names lose their middle, and stay different", "[results]")
{
    CHECK(shortened({"short", "abcdefghijklm"}, 9) ==
          std::vector<std::string>{"short", "abcd…jklm"});
    CHECK(shortened({"abcdXXXjklm", "abcdYYYjklm"}, 9) ==
          std::vector<std::string>{"abcdXXX…1", "abcdYYY…2"});
    CHECK(shortened({"ééééééééééé"}, 8) == std::vector<std::string>{"éééé…ééé"});
    auto result = made_result();
    auto const long_name = [](std::string const& name) {
        return std::string(32, 'x') + name + std::string(32 - name.size(), 'y');
    };
    for (auto* list : {&result.names.threats, &result.names.arms, &result.names.consumers,
                       &result.names.batteries}) {
        for (auto& name : *list) { name = long_name(name); }
    }
    CHECK(widest_line(show_text(result)) <= 100);
}

}  // namespace longwatch::test
