// [environment]: profiles as a study gives them.
#include <catch2/catch.hpp>

#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;
using Catch::Contains;

namespace {

std::string const wind =
    "height_km = [0, 10, 30]\neast_mps = [5, 30, 10]\nnorth_mps = [0, -2, 0]\n";

std::string with_environment(std::string const& text)
{
    return changed("[[threat]]", text + "\n[[threat]]");
}

std::string with_wind(std::string const& rows)
{
    return with_environment("[environment.wind]\nsource = \"assumed\"\n" + rows);
}

}  // namespace

TEST_CASE("a study without an environment has standard air that turns with the Earth", "[study]")
{
    auto const study = study_of(small_study);
    CHECK(study.scenario->atmosphere.weather.wind_count == 0);
    CHECK(study.scenario->atmosphere.weather.density_count == 0);
    CHECK(study.resolved.find("environment") == std::string::npos);
}

TEST_CASE("wind and density rows reach the scenario in SI, and resolve to themselves", "[study]")
{
    auto const text = with_wind(wind +
                                "sigma_east_mps = [3, 8, 4]\n[environment.density]\n"
                                "source = \"assumed\"\nheight_m = [0, 20000]\n"
                                "factor = [1.02, 0.97]\nsigma_frac = [0.01, 0.04]\n");
    auto const study = study_of(text);
    auto const& w = study.scenario->atmosphere.weather;
    REQUIRE(w.wind_count == 3);
    CHECK(w.wind_height_m[1] == 10000);
    CHECK(w.east_mps[1] == 30);
    CHECK(w.north_mps[1] == -2);
    CHECK(w.sigma_east_mps[2] == 4);
    CHECK(w.sigma_north_mps[1] == 0);
    REQUIRE(w.density_count == 2);
    CHECK(w.density_height_m[1] == 20000);
    CHECK(w.factor[0] == 1.02);
    CHECK(w.sigma_frac[1] == 0.04);
    CHECK_THAT(study.resolved, Contains("sigma_north_mps = [0.0, 0.0, 0.0]"));
    CHECK_THAT(study.resolved, Contains("height_m = [0.0, 10000.0, 30000.0]"));
    auto const again = study_of(study.resolved);
    CHECK(again.resolved == study.resolved);
    CHECK(again.hash == study.hash);
    bool told = false;
    for (auto const& sentence : study.assumptions) {
        told = told || sentence.find("environment 2 of 2") != std::string::npos;
    }
    CHECK(told);
}

TEST_CASE("unsound profiles are refused", "[study]")
{
    CHECK_THAT(only_message(with_wind("height_km = [0, 10, 10]\neast_mps = [5, 30, 10]\n"
                                      "north_mps = [0, 0, 0]\n")),
               Contains("does not rise from 10.0 to 10.0"));
    CHECK_THAT(only_message(with_wind("height_km = [0, 10]\neast_mps = [5, 30, 10]\n"
                                      "north_mps = [0, 0]\n")),
               Contains("2 'height_km' and 3 'east_mps'"));
    CHECK_THAT(only_message(with_wind(wind + "sigma_north_mps = [1, 1]\n")),
               Contains("3 'height_km' and 2 'sigma_north_mps'"));
    CHECK_THAT(only_message(with_wind("height_km = [0]\neast_mps = [5]\nnorth_mps = [0]\n")),
               Contains("2 to 16 are wanted"));
    CHECK_THAT(only_message(with_wind("height_km = [0, 10]\neast_mps = [5, 500]\n"
                                      "north_mps = [0, 0]\n")),
               Contains("500") && Contains("200"));
    CHECK_THAT(only_message(with_wind("height_km = [0, 10]\nnorth_mps = [0, 0]\n")),
               Contains("lacks 'east_kmps'") && Contains("or 'east_mps'"));
    CHECK_THAT(only_message(with_wind(wind + "sigma_est_mps = [1, 1, 1]\n")),
               Contains("unknown") && Contains("sigma_east"));
    CHECK_THAT(only_message(with_environment("[environment]\nsource = \"assumed\"")),
               Contains("neither 'wind' nor 'density'"));
    CHECK_THAT(only_message(with_environment("[environment.density]\nheight_km = [0, 10]\n"
                                             "factor = [1, 0]\n")),
               Contains("factor"));
}

TEST_CASE("the shipped environment is named by a study and overridden key by key", "[study]")
{
    std::string const catalog = std::string("seed = 7\ncatalog = \"") + LW_SOURCE_DIR +
                                "/models/catalog\"\n[environment]\nmodel = \"winter-westerlies\"";
    auto const study = study_of(changed("seed = 7", catalog));
    auto const& w = study.scenario->atmosphere.weather;
    REQUIRE(w.wind_count > 2);
    CHECK(w.density_count == 0);
    // It ends in still air, and its jet is a westerly near the tropopause.
    CHECK(w.east_mps[w.wind_count - 1] == 0);
    CHECK(w.sigma_east_mps[w.wind_count - 1] == 0);
    CHECK_THAT(study.resolved, Contains("based_on = \"winter-westerlies\""));
    CHECK(study_of(study.resolved).resolved == study.resolved);

    auto const problem =
        only_message(changed("westerlies", "westerly", changed("seed = 7", catalog)));
    CHECK_THAT(problem, Contains("did you mean 'winter-westerlies'"));
}
