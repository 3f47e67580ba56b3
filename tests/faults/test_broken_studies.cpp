// Broken studies: each is refused with a problem that says what is wrong, and none crashes.
#include <catch2/catch.hpp>

#include <cstdint>
#include <iterator>
#include <random>

#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;
using Catch::Contains;

namespace {

struct Fault {
    char const* what;  ///< text of the small study,
    char const* by;    ///< replaced by this,
    char const* said;  ///< gives a problem that contains this
};

// Grouped as: types, numbers, missing or doubled keys, distributions, names, links and arms.
constexpr Fault faults[] = {
    {"question = \"Who is warned, and when?\"", "question = 5", "must be a text"},
    {"question = \"Who is warned, and when?\"", "question = \"\"", "must be a text"},
    {"flights = 1000", "flights = 1000.5", "whole number"},
    {"flights = 1000", "flights = 0", "from 1 to"},
    {"flights = 1000", "flights = 9223372036854775807", "from 1 to"},
    {"flights = 1000", "flights = 99999999999999999999", "key 'flights' is out of range"},
    {"seed = 7", "seed = -7", "from 0 to"},
    {"seed = 7", "seed = \"7\"", "whole number"},
    {"seed = 7", "seed = 7\ncatalog = 3", "'catalog' = 3 (must be a text"},
    {"seed = 7", "seed = 7\nassumptions = \"one\"", "list of texts"},
    {"seed = 7", "seed = 7\nassumptions = [1]", "every element must be a text"},
    {"apogee_km = 150", "apogee_km = \"150\"", "a number is wanted"},
    {"apogee_km = 150", "apogee_km = nan", "apogee_km' = nan"},
    {"apogee_km = 150", "apogee_km = inf", "apogee_km' = inf"},
    {"apogee_km = 150", "apogee_km = -inf", "apogee_km' = -inf"},
    {"apogee_km = 150", "apogee_km = 1979-05-27", "a date or time"},
    {"apogee_km = 150", "apogee_km = [150]", "[an array]"},
    {"apogee_km = 150", "apogee_km = 1e300", "at most 20000"},
    {"apogee_km = 150", "apogee_km = 150\napogee_m = 150000", "says again"},
    {"apogee_km = 150", "apogee = 150", "did you mean 'apogee_m'?"},
    {"apogee_km = 150", "apogee_km = 150\napogee_km = 150", "no valid TOML"},
    {"rcs_boost_dbsm = 10", "rcs_boost_dbsm = 4000", "must be"},
    {"rcs_boost_dbsm = 10", "rcs_boost_dbsm = inf", "must be"},
    {"payload_kg = 500", "payload_kg = -500", "must be > 0"},
    {"payload_kg = 500", "payload_kg = 0", "must be > 0"},
    {"propellant_kg = 5000", "propellant_kg = 0", "must be > 0"},
    {"dry_kg = 600", "dry_kg = -600", "must be > 0"},
    {"thrust_vacuum_kn = 130", "thrust_vacuum_kn = 0", "must be"},
    {"specific_impulse_vacuum_s = 250", "specific_impulse_vacuum_s = 0", "must be"},
    {"{ kind = \"normal\", mean = 1, sigma = 0.01 }",
     "{ kind = \"normal\", mean = 1, sigma = 0.5 }", "must be"},
    {"{ kind = \"normal\", mean = 1, sigma = 0.01 }", "{ kind = \"constant\", value = 0 }",
     "must be"},
    {"{ kind = \"normal\", mean = 1, sigma = 0.01 }", "{ kind = \"constant\", value = nan }",
     "nan"},
    {"latitude_deg = 10", "latitude_deg = 91", "at least -89 and at most 89"},
    {"{ latitude_deg = 10, longitude_deg = 20, radius_km = 5 }", "5", "must be a table"},
    {"launch = ", "# launch = ", "lacks 'launch'"},
    {"latitude_deg = 12, longitude_deg = 24", "latitude_deg = 10, longitude_deg = 20", "overlap"},
    {"stage = [", "stage_s = [", "did you mean 'stage'?"},
    {"stage = [", "stage = []\nnothing = [", "lacks 'stage'"},
    {"mach = [0, 1.2, 5]", "mach = [0, 1.2]", "one for one"},
    {"mach = [0, 1.2, 5]", "mach = [0, 5, 1.2]", "must rise"},
    {"mach = [0, 1.2, 5]", "mach = []", "list of 1 to 16"},
    {"mach = [0, 1.2, 5]", "mach = [0, 1.2, \"5\"]", "a number is wanted"},
    {"mach = [0, 1.2, 5]", "mach = [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]", "1 to 16"},
    {"kind = \"radar\"", "kind = \"rader\"", "did you mean 'radar'?"},
    {"kind = \"radar\"", "kind = 1", "'radar' or 'infrared'"},
    {"kind = \"radar\"\n", "", "lacks 'kind'"},
    {"hits_required = 3", "hits_required = 6", "at most looks_considered"},
    {"elevation_min_deg = 2", "elevation_min_deg = 90", "not below elevation_max"},
    {"probability_of_detection = 0.9", "probability_of_detection = 1.01", "at most 1"},
    {"availability = 0.99", "availability = -0.1", "at least 0"},
    {"altitude_min_km = 10", "altitude_min_km = 90", "not below altitude_max"},
    {"inventory = 4", "inventory = 4\nsalvo = 5", "at least one salvo"},
    {"inventory = 4", "inventory = 4\nsalvos_max = 2", "lacks 'assessment_s'"},
    {"fuses = true", "fuses = 1", "true or false"},
    {"fusion = { kind = \"lognormal\", median_s = 5, sigma_log = 0.3 }", "", "lacks 'fusion_s'"},
    {"relay_min = 0.5", "relay = 0.5", "a plain number goes under 'relay_s' or 'relay_min'"},
    {"latency_s = 2", "latency_s = { kind = \"constant\", value_s = 2 }", "goes under 'latency'"},
    {"latency_s = 2", "latency_s = 90000", "at most 86400"},
    {"latency_s = 2", "latency = { kind = \"gaussian\" }", "must be 'constant'"},
    {"latency_s = 2", "latency = {}", "lacks 'kind'"},
    {"latency_s = 2", "latency = { kind = \"uniform\", low_s = 3, high_s = 2 }", "low <= high"},
    {"latency_s = 2", "latency = { kind = \"uniform\", low_s = -1, high_s = 2 }", "at least 0"},
    {"latency_s = 2", "latency = { kind = \"uniform\", low_s = 1 }", "lacks 'high_s'"},
    {"latency_s = 2", "latency = { kind = \"lognormal\", median_s = 0, sigma_log = 1 }", "> 0"},
    {"latency_s = 2", "latency = { kind = \"lognormal\", median_s = 1, sigma_log = -1 }",
     "at least 0"},
    {"latency_s = 2", "latency = { kind = \"lognormal\", median_s = 1, sigma_log = 1, low_s = 1 }",
     "unknown"},
    {"latency_s = 2", "latency = { kind = \"triangular\", low_s = 1, mode_s = 5, high_s = 4 }",
     "out of order"},
    {"latency_s = 2",
     "latency = { kind = \"truncated-normal\", mean_s = 5, sigma_s = 0, low_s = 1, high_s = 9 }",
     "> 0"},
    {"latency_s = 2",
     "latency = { kind = \"truncated-normal\", mean_s = 5, sigma_s = 1, low_s = 9, high_s = 1 }",
     "low < high"},
    {"latency_s = 2",
     "latency = { kind = \"truncated-normal\", mean_s = 5, sigma_s = 1, low_s = 100, high_s = 101 "
     "}",
     "within 8 sigma"},
    {"latency_s = 2", "latency = { kind = \"normal\", mean_s = 5, sigma_s = 1 }",
     "must not be negative"},
    {"sigma = 0.01", "sigma = -0.01", "at least 0"},
    {"sigma = 0.01", "sigma = 0.5", "reaches too far"},
    {"name = \"radars\"", "name = \"Radars\"", "lower-case letters"},
    {"name = \"radars\"", "name = \"../radars\"", "lower-case letters"},
    {"name = \"radars\"", "name = 5", "must be a text"},
    {"name = \"radars\"\n", "", "lacks 'name'"},
    {"origin = \"here\"", "origin = \"her\"", "did you mean 'here'?"},
    {"node = \"town\"", "node = \"twon\"", "did you mean 'town'?"},
    {"threats = [\"short\"]", "threats = []", "concerned by no threat"},
    {"threats = [\"short\"]", "threats = [\"short\", \"short\"]", "twice"},
    {"threats = [\"short\"]", "threats = \"short\"", "list of texts"},
    {"clock = \"impact\"", "clock = \"noon\"", "'impact' or 'overflight'"},
    {"clock = \"impact\"", "clock = \"overflight\"",
     "lacks 'latitude_deg' (required, must be at least -90 and at most 90 deg; or 'latitude_rad')"},
    {"clock = \"impact\"", "clock = \"impact\"\nacts_on = []", "acts on nothing"},
    {"clock = \"impact\"", "clock = \"impact\"\nacts_on = [\"alarm\"]", "must be 'alert', 'track'"},
    {"to = \"town\"", "to = \"centre\"", "to itself"},
    {"group = \"outward\"", "group = 3", "must be lower-case"},
    {"groups = [\"outward\"]", "groups = [\"inward\"]\nlinks = [\"warn\"]", "no [[link]] has it"},
    {"links = [\"report\"]", "links = [\"reprot\"]", "did you mean 'report'?"},
    {"extends = \"alone\"", "extends = \"shared\"", "extends itself"},
    {"links = [\"report\"]", "extends = \"shared\"", "extends itself"},
    {"groups = [\"outward\"]\n", "", "which it does not have"},
    {"kinds = [\"alert\"]", "kinds = [\"alarm\"]", "did you mean 'alert'?"},
    {"release = [", "release = [{ link = \"warn\", origins = [] }, ", "a second time"},
    {"release = [{ link = \"warn\"", "release = [{ lnk = \"warn\"", "did you mean 'link'?"},
    {"groups = [", "without_sensors = [\"frist\"]\ngroups = [", "did you mean 'first'?"},
    {"[[arm]]\nname = \"alone\"", "[[am]]\nname = \"alone\"", "did you mean 'arm'?"},
    {"[[battery]]", "[battery]", "array of tables"},
    {"[[consumer]]", "[[consumer]]\n[[consumer.inner]]\n[[battery]]", "unknown"},
    {"seed = 7", "seed = 7\norigin = [1, 2]", "no valid TOML"},
    {"seed = 7", "seed = 7\n\"\\u0000\\u001b[31m\" = 1", "unknown"},
    {"[[origin]]", "[[=origin]]", "whose name is missing"},
    {"seed = 7", "seed = 7\nmodel = \"\xff\xfe\"", "no valid TOML"},
};

std::string read_file(std::filesystem::path const& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string entry_per_number(char const* kind, int count, std::string const& rest)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += std::string("[[") + kind + "]]\nname = \"n" + std::to_string(i) + "\"\n" + rest;
    }
    return text;
}

}  // namespace

TEST_CASE("each fault of a study is told", "[faults][study]")
{
    for (auto const& fault : faults) {
        auto const problems = problems_of(changed(fault.what, fault.by));
        std::string all;
        for (auto const& problem : problems) {
            CHECK(problem.line >= 1);
            CHECK(problem.column >= 1);
            all += problem.message + '\n';
        }
        INFO("in place of: " << fault.what << "\nstands: " << fault.by);
        CHECK_THAT(all, Contains(fault.said));
    }
}

TEST_CASE("a file that is none is told", "[faults][study]")
{
    Folder const folder;
    auto const said = [](std::filesystem::path const& path) -> std::string {
        try {
            read_study(path);
        } catch (StudyErrors const& errors) {
            return errors.what();
        }
        return {};
    };
    CHECK_THAT(said(folder.path / "absent.toml"), Contains("there is no such file"));
    CHECK_THAT(said(folder.path), Contains("it is a folder"));
    CHECK_THAT(said("/dev/null"), Contains("not a plain file"));
    CHECK_THAT(said(write_study(folder, "")), Contains("the file is empty"));
    CHECK_THAT(said(write_study(folder, " \n\n")), Contains("the file is empty"));
    CHECK_THAT(said(write_study(folder, "# nothing\n")), Contains("lacks 'question'"));
    CHECK_THAT(said(write_study(folder, std::string((4u << 20) + 1, '#'))), Contains("4 MiB"));
    CHECK_THAT(said(""), Contains("there is no such file"));
}

TEST_CASE("depth without end is refused, not followed", "[faults][study]")
{
    std::string dots, brackets, braces, headers;
    for (int i = 0; i < 200000; ++i) { dots += "a."; }
    for (int i = 0; i < 5000; ++i) { brackets += "["; }
    for (int i = 0; i < 5000; ++i) { braces += "{a="; }
    CHECK_FALSE(problems_of("[" + dots + "a]\n").empty());
    CHECK_FALSE(problems_of(dots + "a = 1\n").empty());
    CHECK_FALSE(problems_of("a = " + brackets).empty());
    CHECK_FALSE(problems_of("a = " + braces).empty());
}

TEST_CASE("more entries than a run takes are refused", "[faults][study]")
{
    CHECK_THAT(problems_of(small_study + entry_per_number("origin", 15, "")).at(0).message,
               Contains("'origin' is given 17 times (at most 16)"));
    CHECK_THAT(problems_of(small_study + entry_per_number("node", 62, "origin = \"here\"\n"))
                   .at(0)
                   .message,
               Contains("'node' is given 65 times (at most 64)"));
    auto const link = "from = \"radars\"\nto = \"town\"\nlatency_s = 1\n";
    CHECK_THAT(problems_of(small_study + entry_per_number("link", 300, link)).at(0).message,
               Contains("at most 256"));
    CHECK_THAT(problems_of(small_study + entry_per_number("arm", 15, "")).at(0).message,
               Contains("at most 16"));
    CHECK_THAT(
        problems_of(changed("name = \"short\"", "name = \"short\"\nweight = 129")).at(0).message,
        Contains("from 1 to 128"));
}

TEST_CASE("more impact accuracies or release classes than a run takes are refused",
          "[faults][study]")
{
    std::string consumers;
    for (int i = 0; i < max_qualities - 1; ++i) {
        consumers += "[[consumer]]\nname = \"n" + std::to_string(i) +
                     "\"\nnode = \"town\"\nthreats = [\"short\"]\nclock = \"impact\"\n"
                     "impact_sigma_km = " +
                     std::to_string(i + 1) + "\n";
    }
    CHECK_THAT(problems_of(small_study + consumers).at(0).message,
               Contains("already asks for 8 different accuracies"));

    std::string text = small_study + entry_per_number("origin", 4, "");
    std::string links;
    for (int i = 0; i < 4; ++i) {
        auto const name = "x" + std::to_string(i);
        text += "[[link]]\nname = \"" + name +
                "\"\nfrom = \"radars\"\nto = \"town\"\nlatency_s = 1\norigins = [\"here\", ";
        for (int k = 0; k < 4; ++k) {
            if (k != i) { text += "\"n" + std::to_string(k) + "\", "; }
        }
        text += "]\n";
        links += '"' + name + "\", ";
    }
    text += "[[arm]]\nname = \"many\"\nlinks = [" + links + "]\n";
    auto const problems = problems_of(text);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].message, Contains("more than 8 sets of origins"));
}

TEST_CASE("a flood of problems is cut short", "[faults][study]")
{
    std::string text;
    for (int i = 0; i < 5000; ++i) { text += "k" + std::to_string(i) + " = 1\n"; }
    auto const problems = problems_of(text + small_study);
    CHECK(problems.size() == 201);
    CHECK_THAT(problems.back().message, Contains("4800 more problems"));
}

TEST_CASE("a study with bytes changed at random is read or refused", "[faults][study]")
{
    auto const shipped =
        std::filesystem::path(LW_SOURCE_DIR) / "studies" / "trilateral-warning.toml";
    auto const good =
        changed("\"../models/catalog\"",
                '"' + (std::filesystem::path(LW_SOURCE_DIR) / "models/catalog").string() + '"',
                read_file(shipped));
    std::mt19937 random(20231219);
    int read = 0, refused = 0;
    constexpr int rounds = 2000;
    for (int round = 0; round < rounds; ++round) {
        auto text = good;
        auto const edits = 1 + random() % 4;
        for (unsigned edit = 0; edit < edits; ++edit) {
            auto const at = random() % text.size();
            switch (random() % 4) {
            case 0: text[at] = static_cast<char>(random() % 256); break;
            case 1: text[at] = "0123456789-.[]{}\"=\n#"[random() % 20]; break;
            case 2: text.erase(at, 1 + random() % 40); break;
            default: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
            }
        }
        (problems_of(text).empty() ? read : refused) += 1;
    }
    CHECK(read + refused == rounds);
    CHECK(read > 0);
    CHECK(refused > 0);
}
