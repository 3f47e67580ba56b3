// [placement]: which places it names, and what is wrong with one.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "host/plan/placement.hpp"
#include "host/study/land.hpp"
#include "host/study/study.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/shipped_study.hpp"

using namespace longwatch;
using Catch::Matchers::Contains;

namespace {

std::filesystem::path const root = LW_SOURCE_DIR;

LandMap shipped_land()
{
    Problems problems;
    Catalog catalog(root / "models" / "catalog", problems);
    auto land = read_land(catalog, {}, problems);
    REQUIRE(land);
    return *land;
}

std::string shipped_text()
{
    std::ifstream file(root / "studies" / "radar-placement.toml");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The messages for the shipped study with one text put in place of another.
std::vector<std::string> problems_with(std::string const& old, std::string const& fresh)
{
    auto text = shipped_text();
    auto const at = text.find(old);
    REQUIRE(at != std::string::npos);
    text.replace(at, old.size(), fresh);
    auto const catalog = "catalog = \"" + (root / "models" / "catalog").string() + "\"";
    auto const line = text.find("catalog = \"../models/catalog\"");
    text.replace(line, std::string("catalog = \"../models/catalog\"").size(), catalog);
    test::Folder const folder;
    auto const path = folder.path / "changed.toml";
    std::ofstream(path) << text;
    std::vector<std::string> out;
    try {
        read_study(path);
    } catch (StudyErrors const& errors) {
        for (auto const& problem : errors.problems) { out.push_back(problem.message); }
    }
    return out;
}

}  // namespace

TEST_CASE("cities are land and seas are water", "[study][placement]")
{
    auto const land = shipped_land();
    struct Known {
        char const* name;
        double latitude_deg, longitude_deg;
        bool is_land;
    };
    // Places inland or well off the coast, so that 0.1 degrees do; positions as any atlas has them.
    for (Known const& k : {Known{"Seoul", 37.55, 126.99, true},
                           {"Nagano", 36.65, 138.18, true},
                           {"Denver", 39.74, -104.99, true},
                           {"Alice Springs", -23.70, 133.88, true},
                           {"South Pole", -90, 0, true},
                           {"Sea of Japan", 40, 135, false},
                           {"Yellow Sea", 36, 123.5, false},
                           {"Gulf of Guinea", 0, 0, false},
                           {"date line, Pacific", 10, 180, false},
                           {"Drake Passage", -59, -65, false},
                           {"North Pole", 90, 0, false},
                           {"Bay of Bengal", 15, 450, false}}) {
        INFO(k.name);
        CHECK(land.is_land(k.latitude_deg * rad_per_deg, k.longitude_deg * rad_per_deg) ==
              k.is_land);
    }
}

TEST_CASE("grids give evenly spaced places on the surface asked for, each once",
          "[study][placement]")
{
    auto const study = shipped_study("radar-placement");
    auto const land = shipped_land();
    std::set<std::string> names;
    for (auto const& site : study.placement.sites) {
        CHECK(land.is_land(site.place.latitude_rad, site.place.longitude_rad));
        CHECK(site.on_land);
        names.insert(site.name);
    }
    CHECK(names.size() == study.placement.sites.size());
    CHECK(names.size() > 100);
    // Neighbours of one row of the first grid, a row being 60 km apart as rows are.
    double nearest = 1e9;
    auto const& sites = study.placement.sites;
    for (std::size_t k = 1; k < sites.size(); ++k) {
        auto const d =
            norm(site_frame(sites[k].place).position_m - site_frame(sites[0].place).position_m);
        nearest = std::min(nearest, d);
    }
    CHECK(nearest == Approx(60e3).epsilon(0.03));
}

TEST_CASE("a candidate's boresight points where the placement says", "[study][placement]")
{
    auto const study = shipped_study("radar-placement");
    for (auto const& sensor : candidates_of(study)) {
        auto const line =
            site_frame(*study.placement.looks_towards).position_m - sensor.frame.position_m;
        double const east = dot(sensor.frame.enu_from_ecef.row_x, line);
        double const north = dot(sensor.frame.enu_from_ecef.row_y, line);
        double const a = sensor.radar.azimuth_center_rad;
        CHECK(std::sin(a) * east + std::cos(a) * north == Approx(std::hypot(east, north)));
    }
}

TEST_CASE("what is wrong with a placement is told with what would do", "[study][placement]")
{
    struct Wrong {
        char const *old, *fresh, *told;
    };
    for (Wrong const& w : {
             Wrong{"objective = \"expected-warning\"", "objective = \"expected-warnin\"",
                   "did you mean 'expected-warning'?"},
             {"objective = \"expected-warning\"", "objective = \"kill-probability\"",
              "the study has none"},
             {"objective = \"expected-warning\"", "objective = \"probability-of-warning\"",
              "at_least_min"},
             {"choose = 2", "choose = 17", "choose"},
             {"consumers = [\"seoul\", \"tokyo\", \"sapporo\"]", "consumers = []", "at least one"},
             {"consumers = [\"seoul\", \"tokyo\", \"sapporo\"]", "consumers = [\"tokio\"]",
              "did you mean 'tokyo'?"},
             {"arm = \"via-us-hub\"\nobj", "arm = \"via-hub\"\nobj", "names an unknown arm"},
             {"name = \"tpy2-new\"", "name = \"tpy2-shariki\"", "names a second sensor"},
             {"model = \"an-tpy-2\"\nnode = \"us-forward\"\n\n[[placement",
              "model = \"geo-infrared\"\nnode = \"us-forward\"\n\n[[placement",
              "only radars are placed"},
             {"south_deg = 31.2", "south_deg = 37.2", "is no area"},
             {"spacing_km = 60", "spacing_km = 0.5", "spacing"},
             {"spacing_km = 60", "spacing_km = 2", "more than 10000 places"},
             {"surface = \"land\"", "surface = \"sea\"", "'water'"},
             {"[[placement.grid]]\nsouth_deg", "[[placement.grid]]\nlatitude_deg", "south_deg"},
         }) {
        INFO(w.fresh);
        auto const told = problems_with(w.old, w.fresh);
        REQUIRE(!told.empty());
        CHECK_THAT(told.front(), Contains(w.told));
    }
}
