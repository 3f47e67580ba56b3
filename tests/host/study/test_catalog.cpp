// Catalogue models: named, overridden, and all of them in order.
#include <catch2/catch.hpp>

#include <algorithm>

#include "host/study/read_catalog.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;
using Catch::Contains;

namespace {

constexpr char model_text[] = R"(source = "a public page"
kind = "radar"
reference_range_km = 800
reference_snr_db = 20
instrumented_range_km = 900
azimuth_half_width_deg = 60
elevation_min_deg = 2
look_period_s = 5
hits_required = 3
looks_considered = 5
bandwidth_mhz = 1
beamwidth_deg = 1.5
processing_s = 2
)";

/// The small study with a sensor that names the model "watcher", whose file has the given text.
struct WithModel {
    Folder folder;

    std::filesystem::path write(std::string const& model, std::string const& extra_keys,
                                std::string const& name = "watcher") const
    {
        auto const sensors = folder.path / "catalog" / "sensors";
        std::filesystem::create_directories(sensors);
        std::ofstream(sensors / "watcher.toml") << model;
        auto text = changed("seed = 7", "seed = 7\ncatalog = \"catalog\"");
        return write_study(folder, changed("[[link]]",
                                           "[[sensor]]\nname = \"third\"\nmodel = \"" + name +
                                               "\"\nnode = \"radars\"\nlatitude_deg = 1\n"
                                               "longitude_deg = 2\n" +
                                               extra_keys + "\n[[link]]",
                                           text));
    }
    std::vector<StudyProblem> problems(std::string const& model, std::string const& extra_keys,
                                       std::string const& name = "watcher") const
    {
        try {
            read_study(write(model, extra_keys, name));
        } catch (StudyErrors const& errors) {
            return errors.problems;
        }
        return {};
    }
};

std::filesystem::path shipped() { return LW_SOURCE_DIR; }

}  // namespace

TEST_CASE("a model's values hold unless the study overrides them, in any unit", "[study]")
{
    WithModel const with;
    auto const study =
        read_study(with.write(model_text, "reference_range_m = 1000\nlook_period_s = 2"));
    auto const& radar = study.scenario->sensor[2].radar;
    CHECK(radar.reference_range_m == 1000);
    CHECK(radar.look_period_s == 2);
    CHECK(radar.hits_required == 3);
    CHECK_THAT(study.resolved, Contains("based_on = \"watcher\"") && Contains("a public page"));
    CHECK(std::any_of(study.assumptions.begin(), study.assumptions.end(), [](auto const& s) {
        return s ==
               "The sensor 'third' differs from its catalogue model in: look_period_s, "
               "reference_range_m.";
    }));
}

TEST_CASE("a catalogue table without a source is refused", "[study]")
{
    WithModel const with;
    auto const problems =
        with.problems(changed("source = \"a public page\"\n", "", model_text), "");
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].message, Contains("lacks 'source'"));
    CHECK_THAT(problems[0].file, Catch::EndsWith("watcher.toml"));
}

TEST_CASE("a problem in a model is told at the model's line", "[study]")
{
    WithModel const with;
    auto const problems = with.problems(
        changed("look_period_s = 5", "look_perod_s = 5", model_text), "look_period_s = 5");
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].file, Catch::EndsWith("watcher.toml"));
    CHECK(problems[0].line == 8);
    CHECK_THAT(problems[0].message, Contains("did you mean 'look_period_s'?"));
}

TEST_CASE("a model does not name itself, its node or its place", "[study]")
{
    WithModel const with;
    auto const problems = with.problems(std::string(model_text) + "node = \"radars\"\n", "");
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].message, Contains("'node'") && Contains("unknown in model 'watcher'"));
}

TEST_CASE("an unknown model is told with the nearest one, and nothing else is", "[study]")
{
    WithModel const with;
    auto const problems = with.problems(model_text, "", "wacher");
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].message, Contains("did you mean 'watcher'?"));
}

TEST_CASE("a model's name is no path", "[study]")
{
    WithModel const with;
    for (auto const* name : {"../sensors/watcher", "/etc/passwd", "Watcher", "watcher.toml", "."}) {
        auto const problems = with.problems(model_text, "", name);
        REQUIRE(problems.size() == 1);
        CHECK_THAT(problems[0].message, Contains("must be the name of a catalogue model"));
    }
}

TEST_CASE("every catalogue model that ships serves a study as it is", "[study]")
{
    auto const folder = shipped() / "models" / "catalog";
    int models = 0;
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder)) {
        // The folder itself holds tables of places, no models.
        if (entry.path().extension() != ".toml" || entry.path().parent_path() == folder) {
            continue;
        }
        ++models;
        auto const kind = entry.path().parent_path().filename().string();
        auto const model = "model = \"" + entry.path().stem().string() + "\"\n";
        std::string added;
        if (kind == "sensors") {
            std::ifstream file(entry.path());
            std::string const bytes{std::istreambuf_iterator<char>(file), {}};
            bool const infrared = bytes.find("kind = \"infrared\"") != std::string::npos;
            added = "[[sensor]]\nname = \"x\"\nnode = \"radars\"\n" + model +
                    (infrared ? "satellite_longitude_deg = 0\n"
                              : "latitude_deg = 1\nlongitude_deg = 2\n");
        } else if (kind == "links") {
            added = "[[link]]\nname = \"x\"\nfrom = \"radars\"\nto = \"town\"\n" + model;
        } else if (kind == "interceptors") {
            added =
                "[[battery]]\nname = \"x\"\nnode = \"town\"\nlatitude_deg = 1\n"
                "longitude_deg = 2\nthreats = [\"short\"]\nimpact_sigma_km = 30\n"
                "commit_s = 5\ninventory = 2\n" +
                model;
        } else if (kind == "environments") {
            added = "[environment]\n" + model;
        } else {
            CHECK(kind == "threats");
            added =
                "[[threat]]\nname = \"x\"\napogee_km = 1000\n"
                "launch = { latitude_deg = 1, longitude_deg = 2 }\n"
                "aim = { latitude_deg = 11, longitude_deg = 20 }\n" +
                model;
        }
        auto const text =
            changed("diameter_m = 1.2 }", "diameter_m = 1.2, plume_intensity_kwpsr = 300 }",
                    changed("seed = 7", "seed = 7\ncatalog = '" + folder.string() + "'"));
        auto const problems = problems_of(text + added);
        for (auto const& problem : problems) { UNSCOPED_INFO(problem.message); }
        INFO(entry.path());
        CHECK(problems.empty());
    }
    CHECK(models >= 32);
}

TEST_CASE("every study that ships reads, and its resolved text resolves to itself", "[study]")
{
    int studies = 0;
    for (auto const& entry : std::filesystem::directory_iterator(shipped() / "studies")) {
        if (entry.path().extension() != ".toml") { continue; }
        ++studies;
        INFO(entry.path());
        auto const study = read_study(entry.path());
        auto const again = study_of(study.resolved);
        CHECK(again.resolved == study.resolved);
        CHECK(again.hash == study.hash);
        CHECK_FALSE(study.assumptions.empty());
    }
    CHECK(studies >= 1);
}

TEST_CASE("every sensor model that ships stands at a site that says where it comes from", "[study]")
{
    auto const folder = shipped() / "models" / "catalog";
    auto const sites = read_sensor_sites(folder);
    for (auto const& model : catalog_names(folder, "sensors")) {
        INFO(model);
        CHECK(std::any_of(sites.begin(), sites.end(),
                          [&](SensorSite const& site) { return site.model == model; }));
    }
    WithModel const with;
    std::filesystem::create_directories(with.folder.path / "sensors");
    std::ofstream(with.folder.path / "sensors" / "watcher.toml") << model_text;
    std::ofstream(with.folder.path / "sites.toml")
        << "[[site]]\nname = \"a\"\nmodel = \"watcher\"\nlatitude_deg = 1\nlongitude_deg = 2\n"
           "heights_m = 3\n";
    try {
        read_sensor_sites(with.folder.path);
        FAIL("it must be refused");
    } catch (StudyErrors const& errors) {
        CHECK_THAT(std::string(errors.what()), Contains("lacks 'source'") && Contains("heights_m"));
    }
}

TEST_CASE("what a catalogue threat must reproduce is no study's to change", "[study]")
{
    auto const folder = shipped() / "models" / "catalog";
    auto const threat = std::string(
        "[[threat]]\nname = \"x\"\nmodel = \"icbm-liquid\"\napogee_km = 1000\n"
        "launch = { latitude_deg = 1, longitude_deg = 2 }\n"
        "aim = { latitude_deg = 11, longitude_deg = 20 }\n");
    auto const text = changed("seed = 7", "seed = 7\ncatalog = '" + folder.string() + "'");
    CHECK(problems_of(text + threat).empty());
    auto const problems =
        problems_of(text + threat + "published = { ideal_delta_v_mps = 1, source = \"me\" }\n");
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].message, Contains("a study cannot change it"));
}
