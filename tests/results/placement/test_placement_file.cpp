// What a placement tells, in its file, its text and its JSON: the same numbers in each.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "results/show/show_placement.hpp"
#include "results/store/hdf5_file.hpp"
#include "results/store/seal.hpp"
#include "results/store/store.hpp"
#include "results/store/store_placement.hpp"
#include "tests/support/file_bytes.hpp"
#include "tests/support/folder.hpp"

namespace longwatch::test {
namespace {

using nlohmann::json;

MaybeEstimate about(double value, double half)
{
    return Estimate{value, value - half, value + half};
}

CandidateEstimates candidate(double gain_s, double p_best)
{
    CandidateEstimates c;
    c.coverage = about(0.25, 0.05);
    c.objective = about(600 + gain_s, 1);
    c.objective_gain = about(gain_s, 1);
    c.p_best = p_best;
    for (int n = 0; n < 2; ++n) {
        ConsumerAtPlace at;
        at.p50_s = about(720 + gain_s + n, 2);
        at.p05_s = about(300 + n, 3);
        at.gain_s = about(gain_s - n, 1);
        at.p_at_least_gain = about(0.1, 0.02);
        at.newly_warned = 7;
        at.lost_warning = 2;
        c.consumers.push_back(at);
    }
    return c;
}

/// Three places of which the second is best and the third adds nothing.
PlacementFile three_places()
{
    PlacementFile p;
    p.provenance.code_version = "1.2.3";
    p.provenance.created_utc = "2024-05-01T12:00:00Z";
    p.study = {"where-to-look", "Where does one more radar help?", "name = 1\n", "name = 1.0\n",
               "ab12"};
    p.seed = 42;
    p.flight_count = 5000;
    p.failed = 3;
    p.assumptions = {"All is notional."};
    p.arm = "via-us-hub";
    p.sensor = "radar-new";
    p.consumers = {"seoul", "tokyo"};
    p.aim = {PlacementObjective::expected_warning, {0, 1}};
    p.at_least_s = 300;
    p.sites = {
        {"north", 43.5, 145.25, true}, {"far-south", -12.25, -170.5, false}, {"idle", 0, 0, true}};
    p.estimates.flights = 5000;
    p.estimates.concerned = {3000, 2000};
    p.estimates.present = {candidate(0, 0).consumers};
    p.estimates.present_objective = about(600, 1);
    p.estimates.candidates = {candidate(12, 0.0004), candidate(90, 0.9996), candidate(0, 0)};
    auto& idle = p.estimates.candidates[2];
    idle.objective_gain = Estimate{};
    idle.consumers[0].gain_s = Estimate{};
    idle.consumers[0].p50_s.reset();
    idle.consumers[1].p05_s = Estimate{0, 0, 30, true, false, true, false};
    p.estimates.order = {1, 0, 2};
    p.choose = 2;
    p.greedy = {{1, 0}, 95, 99, false};
    p.exact = {{1, 0}, 95, 95, true};
    p.kept_flights = 1000;
    p.checked = {{{1}, {about(91, 2), about(88, 2)}, {about(0.01, 0.005), {}}, about(0.02, 0.01)},
                 {{1, 0}, {about(96, 2), {}}, {{}, {}}, {}}};
    return p;
}

bool has(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

/// The first line that begins with this, without spaces before it.
std::string line_of(std::string const& text, std::string const& begins)
{
    for (std::size_t from = 0, to = 0; from < text.size(); from = to + 1) {
        to = std::min(text.find('\n', from), text.size());
        auto const line = text.substr(from, to - from);
        auto const word = line.find_first_not_of(' ');
        if (word != std::string::npos && line.compare(word, begins.size(), begins) == 0) {
            return line.substr(word);
        }
    }
    return "";
}

TEST_CASE("a placement's text tells the best place first, with its interval and chance")
{
    auto const text = placement_text(three_places());
    INFO(text);
    CHECK(has(text, "where-to-look: Where does one more radar help?"));
    CHECK(has(text, "3 places for radar-new in the arm via-us-hub; 5,000 flights, seed 42, cpu"));
    CHECK(has(text, "The best places by usable warning, s, averaged over the consumers"));
    auto const best = line_of(text, "far-south"), second = line_of(text, "north"),
               idle = line_of(text, "idle");
    CHECK(text.find(best) < text.find(second));
    CHECK(text.find(second) < text.find(idle));
    for (auto const* part : {"12.25 S 170.50 W", "water", "90 (89", "100.0 %", "25 (20"}) {
        CHECK(has(best, part));
    }
    for (auto const* part : {"43.50 N 145.25 E", "land", "12 (11", "<0.1 %"}) {
        CHECK(has(second, part));
    }
    CHECK(has(idle, "0.00 N 0.00 E"));
}

TEST_CASE("nothing gained in any flight is told as nothing, and what was not measured as not there")
{
    auto const text = placement_text(three_places());
    INFO(text);
    auto const by_seoul = text.substr(text.find("\n  seoul ") + 1);
    CHECK(has(line_of(by_seoul, "present layout"), "12:00 (11:58–12:02)"));
    auto const idle = line_of(by_seoul, "idle");
    CHECK(has(idle, " - "));
    CHECK(idle.substr(idle.find_last_of(' ') + 1) == "0");
    auto const by_tokyo = text.substr(text.find("\n  tokyo ") + 1);
    CHECK(has(line_of(by_tokyo, "idle"), "<0:00"));
}

TEST_CASE("sets of several places are told with how far a better one may be")
{
    auto const p = three_places();
    auto const text = placement_text(p);
    INFO(text);
    CHECK(
        has(text, "2 together, each flight counted with the best of them alone, by 1,000 flights"));
    CHECK(has(text,
              "one after another: far-south, north; gain 95 s, by that count no set of so many"));
    CHECK(has(text, "99 (gap 4 %)"));
    CHECK(has(line_of(text, "by integer programme"),
              "far-south, north; gain 95 s, and by that count no other"));
    CHECK(has(line_of(text, "far-south, north"), " - "));
    CHECK(has(text, "killed, % points"));

    auto alone = p;
    alone.choose = 1;
    for (auto& set : alone.checked) { set.pk_gain.reset(); }
    auto const shorter = placement_text(alone);
    CHECK_FALSE(has(shorter, "integer programme"));
    CHECK_FALSE(has(shorter, "killed"));
}

TEST_CASE("a placement's objective has its own words and unit")
{
    auto p = three_places();
    p.aim.objective = PlacementObjective::worst_consumer;
    CHECK(has(placement_text(p), "usable warning, s, of the consumer with least"));
    p.aim.objective = PlacementObjective::kill_probability;
    CHECK(has(placement_text(p), "flights killed, % points"));
    p.aim.objective = PlacementObjective::probability_of_warning;
    for (auto* at : {&p.estimates.candidates[0], &p.estimates.candidates[1]}) {
        at->objective_gain = about(0.04, 0.01);
    }
    p.greedy.gain = p.exact.gain = p.exact.bound = 0.05;
    auto const text = placement_text(p);
    INFO(text);
    CHECK(has(text, "fraction warned at least 5 min ahead, % points"));
    CHECK(has(line_of(text, "north"), "+4 (+3 to +5)"));
    CHECK(has(line_of(text, "by integer programme"), "gain 5 % points"));
}

TEST_CASE("no more than ten places are told, of however many")
{
    auto p = three_places();
    p.sites.clear();
    p.estimates.candidates.clear();
    p.estimates.order.clear();
    for (int k = 0; k < 14; ++k) {
        p.sites.push_back({"place-" + std::to_string(k), 10.0 + k, 20, true});
        p.estimates.candidates.push_back(candidate(50 - k, 0));
        p.estimates.order.push_back(k);
    }
    auto const text = placement_text(p);
    CHECK(has(text, "14 places for"));
    CHECK(has(text, "place-9"));
    CHECK_FALSE(has(text, "place-10"));
    CHECK(json::parse(placement_json(p))["candidates"].size() == 14);
}

TEST_CASE("a placement's JSON has every candidate, set and estimate")
{
    auto const told = json::parse(placement_json(three_places()));
    CHECK(told["study"] == "where-to-look");
    CHECK(told["objective"] == "expected-warning");
    CHECK(told["flights"] == 5000);
    CHECK(told["failed"] == 3);
    CHECK(told["present"]["objective"]["value"] == 600);
    CHECK(told["present"]["consumers"][1]["name"] == "tokyo");
    CHECK(told["present"]["consumers"][1]["flights"] == 2000);

    auto const& best = told["candidates"][0];
    CHECK(best["name"] == "far-south");
    CHECK(best["latitude_deg"] == -12.25);
    CHECK(best["longitude_deg"] == -170.5);
    CHECK(best["surface"] == "water");
    CHECK(best["objective_gain"]["low"] == 89);
    CHECK(best["p_best"] == 0.9996);
    CHECK(best["consumers"][1]["gain_s"]["value"] == 89);
    CHECK(best["consumers"][0]["newly_warned"] == 7);
    CHECK(best["consumers"][0]["lost_warning"] == 2);
    auto const& idle = told["candidates"][2];
    CHECK(idle["consumers"][0]["p50_s"].is_null());
    CHECK(idle["consumers"][1]["p05_s"]["value_below"] == true);

    CHECK(told["greedy"]["sites"] == json({"far-south", "north"}));
    CHECK(told["greedy"]["gap"].get<double>() == Approx(4.0 / 99));
    CHECK(told["exact"]["optimal"] == true);
    CHECK(told["exact"]["gap"] == 0);
    CHECK(told["checked"][0]["pk_gain"]["value"] == 0.02);
    CHECK(told["checked"][0]["consumers"][1]["p_warned_gain"].is_null());
    CHECK(told["checked"][1]["sites"] == json({"far-south", "north"}));
}

TEST_CASE("a placement file holds every number, what is open and what is lacking")
{
    Folder const folder;
    auto const p = three_places();
    auto const path = folder.path / "placement.h5";
    write_placement(path, p);
    auto const bytes = bytes_of(path);
    auto const image = std::string_view(bytes).substr(0, bytes.size() - seal_size);
    CHECK(bytes.substr(image.size()) == seal_of(image));

    auto const file = open_file_in_memory(image);
    CHECK(read_string_attribute(file, "file_type") == placement_file_type);
    CHECK(read_string_attribute(file, "arm") == "via-us-hub");
    CHECK(read_string_attribute(file, "objective") == "expected-warning");
    CHECK(read_string_attribute(file, "objective_units") == "s");
    CHECK(read_unsigned_attribute(file, "seed") == 42);
    CHECK(read_integer_attribute(file, "flight_count") == 5000);
    CHECK(read_integer_attribute(file, "kept_flights") == 1000);
    CHECK(read_strings(file, "candidate", 9) ==
          std::vector<std::string>{"north", "far-south", "idle"});
    CHECK(read_strings(file, "surface", 9) == std::vector<std::string>{"land", "water", "land"});
    CHECK(read_strings(file, "study/assumption", 9) == p.assumptions);
    CHECK(read_doubles(file, "latitude_deg", {3}) == std::vector<double>{43.5, -12.25, 0});
    CHECK(read_doubles(file, "p_best", {3}) == std::vector<double>{0.0004, 0.9996, 0});
    CHECK(read_doubles(file, "objective_gain", {3, 3}) ==
          std::vector<double>{12, 11, 13, 90, 89, 91, 0, 0, 0});
    CHECK(read_doubles(file, "gain_s", {3, 2, 3}) ==
          std::vector<double>{12, 11, 13, 11, 10, 12, 90, 89, 91, 89, 88, 90, 0, 0, 0, -1, -2, 0});

    auto const median = read_doubles(file, "warning_time_p50_s", {3, 2, 3});
    CHECK(median[0] == 732);
    CHECK((std::isnan(median[12]) && std::isnan(median[13]) && std::isnan(median[14])));
    constexpr double infinity = std::numeric_limits<double>::infinity();
    auto const few = read_doubles(file, "warning_time_p05_s", {3, 2, 3});
    CHECK(few[15] == -infinity);
    CHECK(few[16] == -infinity);
    CHECK(few[17] == 30);

    CHECK(read_strings(file, "checked/sites", 9) ==
          std::vector<std::string>{"far-south", "far-south, north"});
    CHECK(read_doubles(file, "checked/usable_gain_s", {2, 2, 3})[3] == 88);
    CHECK(std::isnan(read_doubles(file, "checked/pk_gain", {2, 3})[3]));
    CHECK(read_strings(file, "chosen/exact", 9) == std::vector<std::string>{"far-south", "north"});
    CHECK(read_string(file, "study/text") == p.study.text);
    CHECK(read_string(file, "study/resolved") == p.study.resolved);
}

TEST_CASE("a placement file by a fraction says so, and is no result")
{
    Folder const folder;
    auto p = three_places();
    p.aim.objective = PlacementObjective::kill_probability;
    auto const path = folder.path / "placement.h5";
    write_placement(path, p);
    auto const bytes = bytes_of(path);
    auto const file =
        open_file_in_memory(std::string_view(bytes).substr(0, bytes.size() - seal_size));
    CHECK(read_string_attribute(file, "objective_units") == "1");
    CHECK_THROWS_WITH(read_result(path), Catch::Matchers::Contains("placement"));
}

}  // namespace
}  // namespace longwatch::test
