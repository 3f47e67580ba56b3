// Where a study's problems are, and what is said about them.
#include <catch2/catch.hpp>

#include "host/study/name_hash.hpp"
#include "host/study/nearest_name.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;
using Catch::Contains;

namespace {

/// The only problem of the changed study, which lies in the changed line.
StudyProblem only_problem(std::string const& what, std::string const& by)
{
    auto const text = changed(what, by);
    auto const problems = problems_of(text);
    for (auto const& problem : problems) { UNSCOPED_INFO(problem.line << ": " << problem.message); }
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].line == line_of(by, text));
    CHECK(problems[0].column >= 1);
    return problems[0];
}

}  // namespace

TEST_CASE("a value out of bounds is named with its key, value, bounds and place", "[study]")
{
    auto const text = changed("reference_range_km = 800", "reference_range_km = -5");
    auto const problems = problems_of(text);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].line == line_of("reference_range_km", text));
    CHECK(problems[0].column == 1);
    CHECK(problems[0].message ==
          "key 'reference_range_km' = -5 (must be > 0 and at most 20000 km) in sensor 'first'");
    CHECK_THAT(problems[0].file, Catch::EndsWith("study.toml"));
}

TEST_CASE("an inner key has its own column", "[study]")
{
    auto const problem = only_problem("{ latitude_deg = 10, longitude_deg = 20",
                                      "{ latitude_deg = 10, longitude_deg = 720");
    CHECK(problem.column == 31);
    CHECK_THAT(problem.message, Contains("longitude_deg") && Contains("at most 360"));
}

TEST_CASE("an unknown key is told with the nearest known one", "[study]")
{
    CHECK_THAT(only_problem("flights = 1000", "fligths = 1000").message,
               Contains("'fligths'") && Contains("did you mean 'flights'?"));
    CHECK_THAT(only_problem("availability = 0.99", "availabilty = 0.99").message,
               Contains("did you mean 'availability'?"));
}

TEST_CASE("an unknown name is told with the nearest known one", "[study]")
{
    CHECK_THAT(only_problem("from = \"radars\"", "from = \"radar\"").message,
               Contains("unknown node") && Contains("did you mean 'radars'?"));
    CHECK_THAT(only_problem("threats = [\"short\"]", "threats = [\"shor\", \"short\"]").message,
               Contains("unknown threat") && Contains("did you mean 'short'?"));
    CHECK_THAT(only_problem("extends = \"alone\"", "extends = \"alon\"").message,
               Contains("unknown arm") && Contains("did you mean 'alone'?"));
    CHECK_THAT(only_problem("groups = [\"outward\"]", "groups = [\"outwards\"]\nlinks = [\"warn\"]")
                   .message,
               Contains("did you mean 'outward'?"));
}

TEST_CASE("a name given twice is told once, and of no key that is not there", "[study]")
{
    auto const problems =
        problems_of(changed("[[origin]]\nname = \"there\"", "[[origin]]\nname = \"here\""));
    for (auto const& problem : problems) { INFO(problem.line << ": " << problem.message); }
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].message, Contains("names a second origin"));
}

TEST_CASE("a missing key is told at its table with its bounds, the usual unit first", "[study]")
{
    auto const text = changed("apogee_km = 150\n", "");
    auto const problems = problems_of(text);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].line == line_of("[[threat]]", text));
    CHECK(
        problems[0].message ==
        "threat 'short' lacks 'apogee_km' (required, must be at least 50 and at most 20000 km; or "
        "'apogee_m')");
}

TEST_CASE("all problems are told at once, by line", "[study]")
{
    auto text = changed("apogee_km = 150", "apogee_km = \"high\"");
    text = changed("relay_min = 0.5", "relay_min = -1", text);
    text = changed("kill_probability = 0.8", "kill_probability = 1.5", text);
    text = changed("to = \"town\"", "to = \"city\"", text);
    auto const problems = problems_of(text);
    REQUIRE(problems.size() == 4);
    CHECK(problems[0].line == line_of("apogee_km", text));
    CHECK(problems[1].line == line_of("relay_min", text));
    CHECK(problems[2].line == line_of("to = \"city\"", text));
    CHECK(problems[3].line == line_of("kill_probability", text));
}

TEST_CASE("a syntax error has its line and column", "[study]")
{
    auto const problem = only_problem("seed = 7", "seed = = 7");
    CHECK(problem.column == 8);
    CHECK_THAT(problem.message, Contains("no valid TOML"));
}

TEST_CASE("a whole number too large for TOML is told with its key and what would fit", "[study]")
{
    CHECK_THAT(only_problem("seed = 7", "seed = 9223372036854775808").message,
               Contains("key 'seed'") && Contains("to 9223372036854775807"));
}

TEST_CASE("a syntax error is told in full", "[study]")
{
    auto const message = only_problem("seed = 7", "seed = 1979-13-41T00:00:00.123456789Z").message;
    CHECK_THAT(message, !Contains("..."));
}

TEST_CASE("a text holds no control characters but line ends and tabs", "[study]")
{
    for (auto const* bad : {"a\\u0000b", "a\\u001b[31m", "a\\u007f", "a\\u009b", "a\\r"}) {
        auto const problem =
            only_problem("\"Who is warned, and when?\"", '"' + std::string(bad) + '"');
        CHECK(problem.column == 12);
        CHECK_THAT(problem.message, Contains("key 'question'") && Contains("control characters"));
        for (char const c : problem.message) { CHECK(static_cast<unsigned char>(c) >= 32); }
    }
    CHECK(problems_of(changed("Who is warned", "Who is\\n\\twarned \u00b0")).empty());
    CHECK_THAT(only_problem("seed = 7", "assumptions = [\"x\\u0001\"]").message,
               Contains("key 'assumptions'"));
}

TEST_CASE("an accuracy too many is told in the unit it is written in", "[study]")
{
    std::string consumers;
    auto const base = changed("impact_sigma_km = 30", "impact_sigma_km = 100");
    for (auto const* sigma : {"impact_sigma_km = 1", "impact_sigma_km = 3", "impact_sigma_km = 2",
                              "impact_sigma_km = 5", "impact_sigma_km = 6", "impact_sigma_km = 7",
                              "impact_sigma_km = 8", "impact_sigma_m = 4000"}) {
        consumers += "[[consumer]]\nname = \"n" + std::to_string(consumers.size()) +
                     "\"\nnode = \"town\"\nthreats = [\"short\"]\nclock = \"impact\"\n" + sigma +
                     '\n';
    }
    auto const said = [&](std::string const& text) {
        return problems_of(base + text).at(0).message;
    };
    CHECK_THAT(said(consumers), Contains("impact_sigma 4000.0 m ("));
    auto const at = consumers.find("sigma_m = 4000");
    CHECK_THAT(said(consumers.replace(at, 14, "sigma_km = 4")), Contains("impact_sigma 4.0 km ("));
}

TEST_CASE("a fence that searches nothing is refused", "[study]")
{
    auto const with = [](std::string const& keys) {
        return only_message(changed("elevation_min_deg = 2", "elevation_min_deg = 2\n" + keys));
    };
    CHECK_THAT(with("fence_elevation_max_deg = 1"), Contains("searches nothing"));
    CHECK_THAT(with("fence_elevation_min_deg = -10\nfence_elevation_max_deg = -5"),
               Contains("searches nothing"));
    CHECK_THAT(with("fence_half_width_deg = -5"), Contains("fence_half_width_deg"));
    CHECK_THAT(with("fence_elevation_min_deg = 100"), Contains("fence_elevation_min_deg"));
}

TEST_CASE("a direction known too well to be counted is refused", "[study]")
{
    CHECK_THAT(
        only_message(changed("revisit_s = 10", "revisit_s = 10\nline_of_sight_sigma_rad = 1e-8")),
        Contains("below 1e-6 rad"));
}

TEST_CASE("an interceptor that never lifts off is refused", "[study]")
{
    CHECK_THAT(only_problem("boost_s = 15", "boost_s = 250").message,
               Contains("8.0 m/s2") && Contains("must be > 9.81"));
}

TEST_CASE("control characters of a file's name do not reach the message", "[study]")
{
    StudyErrors const errors({{"a\033[31m.toml", 1, 1, "cannot read 'a\033[31m\nb'"}});
    CHECK(std::string(errors.what()) == "a?[31m.toml:1:1: cannot read 'a?[31m?b'");
}

TEST_CASE("names are given once per kind", "[study]")
{
    CHECK_THAT(only_problem("name = \"centre\"", "name = \"radars\" # twice").message,
               Contains("second node"));
}

TEST_CASE("names whose hashes clash are refused", "[study]")
{
    // A pair of words known to clash under FNV-1a with 32 bits.
    REQUIRE(name_hash("costarring") == name_hash("liquid"));
    auto const text = changed("name = \"report\"", "name = \"costarring\"");
    auto const problems =
        problems_of(changed("links = [\"report\"]", "links = [\"costarring\"]",
                            changed("name = \"warn\"", "name = \"liquid\"",
                                    changed("link = \"warn\"", "link = \"liquid\"", text))));
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].message, Contains("same 32-bit hash"));
}

TEST_CASE("the nearest name is the one fewest edits away, if any is near", "[study]")
{
    CHECK(edit_distance("abc", "acb") == 1);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(nearest_name("latency", {"latency_s", "from"}) == "latency_s");
    CHECK(nearest_name("zzz", {"latency_s", "from"}).empty());
}

TEST_CASE("what() has a line for each problem with file, line and column", "[study]")
{
    StudyErrors const errors({{"a.toml", 3, 1, "first"}, {"a.toml", 0, 0, "second"}});
    CHECK(std::string(errors.what()) == "a.toml:3:1: first\na.toml: second");
}

TEST_CASE("a plain normal is no delay, and a factor stays positive", "[study]")
{
    CHECK_THAT(
        only_problem("latency_s = 2", "latency = { kind = \"normal\", mean_s = 20, sigma_s = 1 }")
            .message,
        Contains("a delay must not be negative"));
    CHECK_THAT(only_problem("kind = \"normal\", mean = 1, sigma = 0.01",
                            "kind = \"normal\", mean = 1, sigma = 0.2")
                   .message,
               Contains("reaches too far"));
}
