// What arms make of links and release rules.
#include <catch2/catch.hpp>

#include "host/study/release_classes.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;

TEST_CASE("an arm has the links it names, its groups' and those of the arm it extends", "[study]")
{
    auto const study = study_of(small_study);
    auto const& network = study.scenario->network;
    CHECK(network.arm[0].link[0].present);
    CHECK_FALSE(network.arm[0].link[1].present);
    CHECK(network.arm[1].link[0].present);
    CHECK(network.arm[1].link[1].present);
}

TEST_CASE("a link releases what it declares, unless the arm rules otherwise for a kind", "[study]")
{
    auto const study = study_of(small_study);
    auto const& link = study.scenario->network.arm[1].link[1];
    CHECK(link.release[static_cast<int>(MessageKind::alert)] == 3);
    CHECK(link.release[static_cast<int>(MessageKind::track)] == 1);
    CHECK(link.release[static_cast<int>(MessageKind::impact_prediction)] == 1);
    auto const& whole = study.scenario->network.arm[0].link[0];
    CHECK(whole.release[0] == 3);
}

TEST_CASE("a link carries only the kinds it declares", "[study]")
{
    auto const study = study_of(
        changed("origins = [\"here\"]", "origins = [\"here\"]\ncarries = [\"impact-prediction\"]"));
    auto const& link = study.scenario->network.arm[1].link[1];
    CHECK(link.release[static_cast<int>(MessageKind::track)] == 0);
    CHECK(link.release[static_cast<int>(MessageKind::impact_prediction)] == 1);
}

TEST_CASE("a release rule holds in arms that extend its arm, until they replace it", "[study]")
{
    auto const study = study_of(std::string(small_study) + R"(
[[arm]]
name = "later"
extends = "shared"
[[arm]]
name = "narrow"
extends = "later"
release = [{ link = "warn", kinds = ["alert"], origins = [] }]
)");
    auto const& network = study.scenario->network;
    CHECK(network.arm[2].link[1].release[0] == 3);
    CHECK(network.arm[3].link[1].release[0] == 0);
    CHECK(network.arm[3].link[1].release[1] == 1);
}

TEST_CASE("an arm may be extended before it is written", "[study]")
{
    auto text = changed("name = \"alone\"", "name = \"alone\"\nextends = \"base\"");
    text = changed("links = [\"report\"]\n", "", text) +
           "[[arm]]\nname = \"base\"\nlinks = [\"report\"]\n";
    auto const study = study_of(text);
    CHECK(study.scenario->network.arm[0].link[0].present);
}

TEST_CASE("an arm may do without sensors", "[study]")
{
    auto const study =
        study_of(changed("groups = [", "without_sensors = [\"second\"]\ngroups = ["));
    CHECK(study.scenario->network.arm[0].sensors == 3);
    CHECK(study.scenario->network.arm[1].sensors == 1);
}

TEST_CASE("release classes are the released sets closed under intersection, with everyone",
          "[study]")
{
    CHECK(release_classes({}, 7, 8) == std::vector<OriginSet>{7});
    CHECK(release_classes({3, 5}, 7, 8) == std::vector<OriginSet>{1, 3, 5, 7});
    CHECK(release_classes({1, 2, 0}, 7, 8) == std::vector<OriginSet>{1, 2, 7});  // empty dropped
    CHECK(release_classes({3, 6, 5}, 7, 8) == std::vector<OriginSet>{1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("release classes stop growing beyond the limit", "[study]")
{
    std::vector<OriginSet> released;
    for (int i = 0; i < 16; ++i) { released.push_back(0xFFFFu & ~(1u << i)); }
    CHECK(release_classes(released, 0xFFFF, 8).size() > 8);
}

TEST_CASE("an arm's classes come from the links it has", "[study]")
{
    auto const study = study_of(small_study);
    auto const& network = study.scenario->network;
    REQUIRE(network.arm[0].class_count == 1);
    CHECK(network.arm[0].prediction_class[0] == 3);
    REQUIRE(network.arm[1].class_count == 2);
    CHECK(network.arm[1].prediction_class[0] == 1);
    CHECK(network.arm[1].prediction_class[1] == 3);
}
