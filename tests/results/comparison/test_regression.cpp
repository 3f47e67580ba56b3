#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "results/comparison/first_cell.hpp"
#include "results/comparison/regression.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

Baseline made_baseline(ResultFile const& result, std::string const& hash)
{
    auto b = baseline_of(result);
    b.tally_hash = hash;
    b.entries = {{"threat[a]", "01"}, {"sensor[b]", "02"}};
    return b;
}

ResultFile seeded(std::uint64_t seed, std::int64_t flights = 1000)
{
    auto result = made_result({.flights = flights, .seed = seed});
    result.seed = seed;
    return result;
}

void write(std::filesystem::path const& path, std::string const& text)
{
    std::ofstream(path, std::ios::binary) << text;
}

/// What reading the text says; empty where it is a baseline.
std::string said_of_baseline(std::string const& text)
{
    Folder const folder;
    write(folder.path / "base.json", text);
    try {
        read_baseline(folder.path / "base.json");
    } catch (BaselineError const& error) {
        return error.what();
    }
    return "";
}

using Json = nlohmann::json;

Json sound_baseline()
{
    static Json const made = Json::parse(baseline_text(made_baseline(seeded(1), "aa")));
    return made;
}

/// The first quantity that has the key, with this as its value.
std::string with_quantity(char const* key, Json value)
{
    auto json = sound_baseline();
    for (auto& quantity : json["quantities"]) {
        if (!quantity.contains(key)) { continue; }
        quantity[key] = std::move(value);
        return json.dump();
    }
    FAIL("no quantity has it");
    return "";
}

std::string with_key(char const* key, Json value)
{
    auto json = sound_baseline();
    json[key] = std::move(value);
    return json.dump();
}

}  // namespace

TEST_CASE("a baseline is read as it was written", "[comparison]")
{
    Folder const folder;
    auto made = made_baseline(seeded(1), "aa");
    made.throughput = {{"cpu", "some processor", "avx2", 2, {100.5, 99.25}}};
    auto const path = folder.path / "base.json";
    write(path, baseline_text(made));
    auto const read = read_baseline(path);
    CHECK(baseline_text(read) == baseline_text(made));
    auto const r = regress(read, made);
    CHECK(r.verdict == Verdict::clean);
    CHECK(r.is_identical);
    CHECK(r.findings.size() == made.quantities.size());
    CHECK(r.untested.empty());
}

TEST_CASE("what is wrong with a baseline is told with its place", "[comparison]")
{
    Folder const folder;
    auto const path = folder.path / "base.json";
    auto const good = baseline_text(made_baseline(seeded(1), "aa"));
    auto const said_of = [&](std::string const& from, std::string const& to) -> std::string {
        auto text = good;
        auto const at = text.find(from);
        REQUIRE(at != std::string::npos);
        write(path, text.replace(at, from.size(), to));
        try {
            read_baseline(path);
        } catch (BaselineError const& error) {
            return error.what();
        }
        return "";
    };
    CHECK(said_of("{\n", "[\n").find("no JSON object") != std::string::npos);
    CHECK(said_of("longwatch baseline", "x").find("file_type") != std::string::npos);
    CHECK(said_of("\"version\": 1", "\"version\": 9").find("version 9") != std::string::npos);
    CHECK(said_of("\"seed\"", "\"sead\"").find("'seed' is missing") != std::string::npos);
    CHECK(said_of("\"hits\":", "\"hits\":99999").find("quantity 1: key 'hits'") !=
          std::string::npos);
    CHECK(said_of("\"hits\":", "\"hits\":-1").find("'hits'") != std::string::npos);
    CHECK(said_of("\"trials\":", "\"trials\":true,\"x\":").find("wrong kind") != std::string::npos);
    CHECK(
        said_of("\"quantities\":", "\"quantitys\":").find("'quantities' is missing, or no list") !=
        std::string::npos);
    CHECK(said_of("\"quantities\":", "\"quantities\":3,\"x\":").find("missing, or no list") !=
          std::string::npos);
    CHECK_THROWS_AS(read_baseline(folder.path / "none.json"), BaselineError);
}

TEST_CASE("no number of a baseline is beyond what a result can have", "[comparison][hostile]")
{
    using Catch::Contains;
    CHECK(said_of_baseline(sound_baseline().dump()).empty());
    constexpr auto most = std::int64_t{1} << 40;
    for (char const* const key : {"hits", "trials", "count"}) {
        CHECK_THAT(said_of_baseline(with_quantity(key, most + 1)),
                   Contains(std::string("'") + key + "' = 1099511627777") &&
                       Contains("must be a whole number from 0 to 1099511627776"));
        CHECK_THAT(said_of_baseline(with_quantity(key, std::uint64_t(1) << 63)),
                   Contains("must be a whole number from 0"));
    }
    CHECK_THAT(said_of_baseline(with_quantity("count", 1e30)), Contains("of the wrong kind"));
    CHECK_THAT(said_of_baseline(with_quantity("mean", 1e308)),
               Contains("key 'mean' = 1e+308 (must be a number from -1e+15 to 1e+15)"));
    CHECK_THAT(said_of_baseline(with_quantity("standard_deviation", 1e308)),
               Contains("'standard_deviation' = 1e+308"));
    CHECK_THAT(said_of_baseline(with_quantity("standard_deviation", -1)),
               Contains("'standard_deviation' = -1"));
    CHECK_THAT(said_of_baseline(with_quantity("first_s", 1e9)),
               Contains("'first_s' = 1e+09 (must be a number from -1800 to 5400)"));
    CHECK_THAT(said_of_baseline(with_quantity("first_s", 1e308)), Contains("'first_s' = 1e+308"));
    CHECK_THAT(said_of_baseline(with_quantity("first_s", 5400)), Contains("'bins' reach"));
    CHECK_THAT(said_of_baseline(with_quantity("bins", std::vector<int>(721, 1))),
               Contains("'bins' holds 721 (at most 720)"));
    CHECK_THAT(said_of_baseline(with_quantity("bins", std::vector<int>(2, 0))),
               Contains("'bins' holds nothing"));
    auto json = sound_baseline();
    json["quantities"][0]["of_each_group"] = {0.5, 1e300};
    CHECK_THAT(said_of_baseline(json.dump()), Contains("'of_each_group' = 1e+300"));
    CHECK_THAT(said_of_baseline(with_key("lanes", most)), Contains("'lanes' = 1099511627776"));
    CHECK_THAT(said_of_baseline(with_key("flights", most + 1)), Contains("'flights'"));
    CHECK_THAT(said_of_baseline(with_key("seed", -1)), Contains("'seed' is no whole number"));
    json = sound_baseline();
    Json const machine = {{"device", "cpu"},
                          {"processor", "p"},
                          {"instructions", "i"},
                          {"threads", 1},
                          {"flights_per_s", {100, 0}}};
    json["throughput"] = Json::array({machine});
    CHECK_THAT(said_of_baseline(json.dump()), Contains("'flights_per_s' = 0 (must be"));
}

TEST_CASE("no baseline is read that holds more or longer than any study makes",
          "[comparison][hostile]")
{
    using Catch::Contains;
    CHECK_THAT(said_of_baseline(with_key("study", std::string(16385, 'a'))),
               Contains("'study' is a text of more than 16 KiB"));
    CHECK(said_of_baseline(with_key("study", std::string(16384, 'a'))).empty());
    auto const with_entry = [](Json const& entry) {
        return with_key("entries", Json::array({entry}));
    };
    CHECK_THAT(said_of_baseline(with_entry(Json::array({"threat[a]", "1\x1b[31m"}))),
               Contains("'entries' holds control characters"));
    CHECK_THAT(said_of_baseline(with_entry(Json::array({"threat[a]", "1", "2"}))),
               Contains("no pair of texts"));
    auto json = sound_baseline();
    json["quantities"] = std::vector<Json>(32769, json["quantities"][0]);
    CHECK_THAT(said_of_baseline(json.dump()), Contains("'quantities' holds 32769 (at most 32768)"));
    json = sound_baseline();
    json["entries"] = std::vector<Json>(10001, Json::array({"a", "b"}));
    CHECK_THAT(said_of_baseline(json.dump()), Contains("'entries' holds 10001"));
    auto const text = sound_baseline().dump();
    auto const open = text.substr(0, text.size() - 1);
    CHECK_THAT(
        said_of_baseline(open + ",\"x\":" + std::string(1000, '[') + std::string(1000, ']') + "}"),
        Contains("nested more than 8 deep"));
    CHECK(said_of_baseline(open + ",\"x\":\"\\\"" + std::string(1000, '[') + "\"}").empty());
    CHECK_THAT(said_of_baseline(text + std::string(32 << 20, ' ')),
               Contains("it is larger than 32 MiB"));
    // As many keys as one likes cost no more than their number; looked up one by one, these took 47 s.
    auto keys = open;
    for (int i = 0; i < 100000; ++i) { keys += ",\"k" + std::to_string(i) + "\":1"; }
    auto const begin = std::chrono::steady_clock::now();
    CHECK(said_of_baseline(keys + "}").empty());
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(15));
}

TEST_CASE("what is no plain file is no baseline, and is told as such", "[comparison][hostile]")
{
    using Catch::Contains;
    Folder const folder;
    auto const pipe = folder.path / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THROWS_WITH(read_baseline(pipe), Contains("(it is not a plain file)"));
    CHECK_THROWS_WITH(read_baseline(folder.path), Contains("(it is a folder)"));
}

TEST_CASE("two that have nothing in common to test are not clean", "[comparison]")
{
    auto sound = made_baseline(seeded(1), "aa");
    for (auto const& m : sound.quantities) {
        sound.entries.emplace_back("arm[" + m.arm + "]", "1");
    }
    auto none = sound;
    none.quantities.clear();
    for (auto const& r : {regress(none, sound), regress(sound, none), regress(none, none)}) {
        CHECK(r.verdict == Verdict::not_comparable);
        CHECK(r.why.find("no quantity in common") != std::string::npos);
    }
    auto other = sound;
    for (auto& m : other.quantities) { m.quantity += "_of_old"; }
    CHECK(regress(other, sound).verdict == Verdict::not_comparable);
    // Nor does a single group, or none, tell a test anything.
    auto grouped = sound;
    for (auto& m : grouped.quantities) {
        m.is_grouped = true;
        m.of_each = {0.5};
    }
    CHECK(regress(grouped, grouped).verdict == Verdict::not_comparable);
    for (auto& m : grouped.quantities) { m.of_each = {0.5, 0.25}; }
    CHECK(regress(grouped, grouped).verdict == Verdict::clean);
}

TEST_CASE("the same flights on the same backend must be identical", "[comparison]")
{
    auto const before = seeded(1);
    auto after = before;
    auto const cell = static_cast<std::size_t>(after.tally.layout.warned(1, 0));
    ++after.tally.cells[cell];
    auto const r = regress(made_baseline(before, "aa"), made_baseline(after, "bb"));
    CHECK(r.verdict == Verdict::moved);
    CHECK(r.must_be_identical);
    CHECK_FALSE(r.is_identical);
    // One flight of a thousand is far below what a test would call moved.
    CHECK(r.moved_count() == 0);
    CHECK(r.first_difference.find("arm bilateral, consumer-1: p_warned") != std::string::npos);
    CHECK(first_different_cell(before, after)
              .find("warned_count (arm bilateral, consumer consumer-1): ") == 0);
    CHECK(first_different_cell(before, before).empty());
    // On another backend the tests decide.
    auto other = made_baseline(after, "bb");
    other.instructions = "another";
    CHECK(regress(made_baseline(before, "aa"), other).verdict == Verdict::clean);
}

TEST_CASE("a shift of a fifth of a standard deviation is called moved, and named", "[comparison]")
{
    auto const before = seeded(1, 4000);
    auto shifted = made_baseline(seeded(2, 4000), "bb");
    double shift = 0;
    for (auto& m : shifted.quantities) {
        bool const is_it = m.arm == "via-us-hub" && m.subject == "consumer-2" &&
                           m.quantity == "warning_time_mean_s";
        if (!is_it) { continue; }
        shift = m.summary.standard_deviation / 5;
        m.summary.mean += shift;
    }
    REQUIRE(shift > 0);
    auto const r = regress(made_baseline(before, "aa"), shifted);
    CHECK(r.verdict == Verdict::moved);
    REQUIRE(r.moved_count() == 1);
    for (auto const& f : r.findings) {
        if (!f.moved) { continue; }
        CHECK(f.before.name() == "arm via-us-hub, consumer-2: warning_time_mean_s");
        CHECK(f.difference->low < shift);
        CHECK(shift < f.difference->high);
        CHECK(f.effect->name == "cohen_d");
    }
}

TEST_CASE("what is certain and of no consequence has not moved", "[comparison]")
{
    auto before = made_baseline(seeded(1), "aa"), after = made_baseline(seeded(2), "bb");
    for (auto* b : {&before, &after}) {
        for (auto& m : b->quantities) {
            bool const is_mean = m.kind == Measured::Kind::mean && m.unit == "s";
            if (is_mean) { m.summary = {1'000'000'000, 60, 1e-3}; }
        }
    }
    for (auto& m : after.quantities) {
        if (m.kind == Measured::Kind::mean && m.unit == "s") { m.summary.mean += 0.005; }
    }
    auto const r = regress(before, after);
    CHECK(r.moved_count() == 0);
    CHECK(std::any_of(r.findings.begin(), r.findings.end(),
                      [](Finding const& f) { return f.p_adjusted < 1e-6; }));
}

TEST_CASE("what has no consequence depends on the unit", "[comparison]")
{
    CHECK(tolerance_of("s") == 0.01);
    CHECK(tolerance_of("m") == 1);
    CHECK(tolerance_of("rad") == 1e-6);
    CHECK(tolerance_of("1") == 1e-4);
}

TEST_CASE("other studies, arms and raids cannot be compared, and the first is named",
          "[comparison]")
{
    auto const before = made_baseline(seeded(1), "aa");
    auto after = before;
    after.study = "another";
    CHECK(regress(before, after).why.find("study is") == 0);
    after = before;
    after.raid_size = 10;
    CHECK(regress(before, after).why.find("raid_size is 1") == 0);
    after = made_baseline(made_result({.arms = 3}), "bb");
    auto const r = regress(before, after);
    CHECK(r.verdict == Verdict::not_comparable);
    CHECK(r.why == "arm[direct] is in the baseline only");
    // A consumer that nobody flew at tells nothing, and is missed all the same.
    after = before;
    after.entries.emplace_back("consumer[town]", "05");
    CHECK(regress(before, after).why == "consumer[town] is in the new result only");
    after = made_baseline(made_result({.arms = 3}), "bb");
    CHECK(regress(after, before).why == "arm[direct] is in the new result only");
}

TEST_CASE("entries of the study that changed are named", "[comparison]")
{
    auto const before = made_baseline(seeded(1), "aa");
    auto after = before;
    after.study_hash = "other";
    after.entries[0].second = "77";
    after.entries.emplace_back("link[c]", "03");
    auto const r = regress(before, after);
    CHECK(r.changed_entries == std::vector<std::string>{"threat[a]", "link[c]"});
    CHECK_FALSE(r.must_be_identical);
    CHECK(r.verdict == Verdict::clean);
}

TEST_CASE("only a slowdown beyond the noise, and by a tenth, counts", "[comparison]")
{
    auto const timed = [](std::vector<double> rates, char const* processor = "p") {
        auto b = made_baseline(seeded(1), "aa");
        b.throughput = {{"cpu", processor, "avx2", 2, std::move(rates)}};
        return b;
    };
    auto const steady = timed({100, 101, 99});
    auto const slow = regress(steady, timed({70, 71, 69}));
    REQUIRE(slow.speeds.size() == 1);
    CHECK(slow.speeds[0].slower);
    CHECK(slow.speeds[0].ratio.value == Approx(0.7).epsilon(1e-3));
    CHECK(slow.speeds[0].ratio.high < 0.75);
    CHECK(slow.verdict == Verdict::moved);
    CHECK(regress(steady, timed({95, 96, 94})).verdict == Verdict::clean);
    CHECK(regress(steady, timed({130, 131, 129})).verdict == Verdict::clean);
    // Noise of a third hides a loss of a fifth.
    CHECK(regress(timed({130, 100, 70}), timed({105, 80, 55})).verdict == Verdict::clean);
    CHECK(regress(steady, timed({70, 71, 69}, "q")).speeds.empty());
    auto const once = regress(steady, timed({50}));
    CHECK_FALSE(once.speeds[0].slower);
    CHECK_FALSE(once.speeds[0].ratio.is_bounded());
}

TEST_CASE("lines of timing are put together by machine", "[comparison]")
{
    Folder const folder;
    auto const path = folder.path / "timing.jsonl";
    Throughput const one{"cpu", "p", "avx2", 2, {100}}, other{"cuda: x", "p", "cuda", 1, {900}};
    write(path, timing_line("a", one) + timing_line("b", one) + timing_line("a", other) +
                    timing_line("a", one));
    auto const read = read_timing(path, "a");
    REQUIRE(read.size() == 2);
    CHECK(read[0].flights_per_s == std::vector<double>{100, 100});
    CHECK(read[1].device == "cuda: x");
    write(path, "{}\n");
    CHECK_THROWS_AS(read_timing(path, "a"), BaselineError);
    std::string many;
    for (int i = 0; i < 65; ++i) {
        many += timing_line("a", {"cpu", "p" + std::to_string(i), "avx2", 2, {100}});
    }
    write(path, many);
    CHECK_THROWS_WITH(read_timing(path, "a"), Catch::Contains("line 65: another machine"));
}

TEST_CASE("a file of timings is known by its first line", "[comparison]")
{
    auto const line = timing_line("a", {"cpu", "p", "avx2", 2, {100}});
    CHECK(begins_as_timing(line));
    CHECK(begins_as_timing(line + "and whatever comes then"));
    for (char const* const other : {"", "\n", "{}\n", "[]\n", "question = \"Who?\"\n", "7\n"}) {
        CHECK_FALSE(begins_as_timing(other));
    }
    CHECK_FALSE(begins_as_timing("\n" + line));
}

TEST_CASE("a hundred clean nights raise no more false alarms than stated", "[comparison]")
{
    // Made-up flights of one truth under fresh seeds, against one baseline. At a level of 0.001, two alarms or more in a
    // hundred comparisons have a probability of 0.005. Real flights: scripts/regression/clean_nights.py.
    auto const before = made_baseline(seeded(1, 500), "aa");
    int alarms = 0, below = 0;
    for (std::uint64_t night = 0; night < 100; ++night) {
        auto const r = regress(before, made_baseline(seeded(1000 + night, 500), "bb"));
        alarms += r.verdict == Verdict::clean ? 0 : 1;
        bool const is_below = std::any_of(r.findings.begin(), r.findings.end(),
                                          [](Finding const& f) { return f.p_adjusted < 0.05; });
        below += is_below ? 1 : 0;
    }
    CHECK(alarms <= 1);
    // At 0.05, five at most are expected; 15 or more have a probability of 1e-4 in independent nights.
    CHECK(below < 15);
}

}  // namespace longwatch::test
