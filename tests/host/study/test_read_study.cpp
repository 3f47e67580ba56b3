// What a good study becomes.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/study/name_hash.hpp"
#include "host/study/study_hash.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;

TEST_CASE("names, counts and references follow the file's order", "[study]")
{
    auto const study = study_of(small_study);
    auto const& scenario = *study.scenario;
    CHECK(study.name == "study");
    CHECK(study.question == "Who is warned, and when?");
    CHECK(study.flights == 1000);
    CHECK(study.seed == 7);
    CHECK(study.text == small_study);
    CHECK(study.nodes == std::vector<std::string>{"radars", "centre", "town"});
    CHECK(study.arms == std::vector<std::string>{"alone", "shared"});
    CHECK(scenario.threat_count == 1);
    CHECK(scenario.sensor_count == 2);
    CHECK(scenario.battery_count == 1);
    CHECK(scenario.network.link[1].from == 1);
    CHECK(scenario.network.link[1].to == 2);
    CHECK(scenario.network.consumer[0].node == 2);
    CHECK(scenario.network.consumer[0].threats == 1);
    CHECK(scenario.network.origin_count == 2);
    CHECK(scenario.sensor[0].origin == 0);  // its node's
    CHECK(scenario.sensor[1].origin == 1);  // its own
    CHECK(scenario.sensor[0].name_hash == name_hash("first"));
}

TEST_CASE("units become SI and radians, decibels become ratios", "[study]")
{
    auto const study = study_of(small_study);
    auto const& threat = study.scenario->threat[0];
    CHECK(threat.launch.center.latitude_rad == 10 * rad_per_deg);
    CHECK(threat.launch.radius_m == 5000);
    CHECK(threat.apogee_m == 150000);
    CHECK(threat.vehicle.rcs_boost_m2 == Approx(10).epsilon(1e-14));
    CHECK(threat.vehicle.rcs_midcourse_m2 == 1);
    CHECK(threat.vehicle.rcs_reentry_m2 == 0.1);
    CHECK(threat.vehicle.stage_count == 1);
    CHECK(threat.vehicle.stage[0].thrust_vacuum_n == 130000);
    CHECK(threat.vehicle.stage[0].reference_area_m2 == Approx(pi * 0.36).epsilon(1e-14));
    CHECK(threat.vehicle.drag.count == 3);
    auto const& radar = study.scenario->sensor[0].radar;
    CHECK(radar.reference_snr == Approx(100).epsilon(1e-14));
    CHECK(radar.bandwidth_hz == 1e6);
    CHECK(radar.elevation_max_rad == 90 * rad_per_deg);  // a default
    CHECK(radar.swerling == 1);
    CHECK(study.scenario->network.node[2].relay_s.a == 30);
    CHECK(study.scenario->battery[0].interceptor.booster.burnout_speed_mps == 2000);
}

TEST_CASE("a distribution is a number with a unit, or a table of its kind", "[study]")
{
    auto const study = study_of(small_study);
    auto const& scenario = *study.scenario;
    CHECK(scenario.sensor[1].processing_s.kind == DistributionKind::constant);
    CHECK(scenario.sensor[1].processing_s.a == 10);
    CHECK(scenario.sensor[0].processing_s.kind == DistributionKind::triangular);
    CHECK(scenario.sensor[0].processing_s.b == 2);
    CHECK(scenario.network.link[1].latency_s.kind == DistributionKind::lognormal);
    CHECK(scenario.network.link[1].latency_s.a == std::log(20.0));
    CHECK(scenario.threat[0].dispersions.thrust.kind == DistributionKind::normal);
    CHECK(scenario.threat[0].dispersions.rcs.kind == DistributionKind::constant);
    CHECK(scenario.threat[0].dispersions.rcs.a == 1);
}

TEST_CASE("an integer serves where a number is wanted", "[study]")
{
    auto const a = study_of(changed("apogee_km = 150", "apogee_km = 150.0"));
    CHECK(a.resolved == study_of(small_study).resolved);
}

TEST_CASE("the resolved study resolves to itself", "[study]")
{
    auto const study = study_of(small_study);
    auto const again = study_of(study.resolved);
    CHECK(again.resolved == study.resolved);
    CHECK(again.hash == study.hash);
    CHECK(again.scenario->threat[0].launch.center.latitude_rad ==
          study.scenario->threat[0].launch.center.latitude_rad);
    CHECK(again.scenario->network.arm[1].link[1].release[0] == 3);
}

TEST_CASE("the hash depends on what is asked, not on how it is written or how often it is flown",
          "[study]")
{
    auto const hash = study_of(small_study).hash;
    CHECK(hash.size() == 64);
    CHECK(study_of(small_study).hash == hash);
    CHECK(study_of(changed("seed = 7", "seed = 8")).hash == hash);
    CHECK(study_of(changed("flights = 1000", "flights = 2000")).hash == hash);
    CHECK(study_of(changed("apogee_km = 150", "apogee_m = 150_000  # the same")).hash == hash);
    CHECK(study_of(changed("apogee_km = 150", "apogee_km = 151")).hash != hash);
    CHECK(study_of(changed("groups = [\"outward\"]", "links = [\"warn\"]")).hash == hash);
}

TEST_CASE("SHA-256 gives its published answers", "[study]")
{
    // FIPS 180-2, appendix B.1, and the well-known digest of nothing.
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("name hashes are FNV-1a's published answers", "[study]")
{
    // The authors' test suite for 32 bits.
    CHECK(name_hash("") == 0x811c9dc5u);
    CHECK(name_hash("a") == 0xe40c292cu);
    CHECK(name_hash("foobar") == 0xbf9cf968u);
}

TEST_CASE("impact accuracies asked for become qualities, loosest first", "[study]")
{
    auto const study = study_of(small_study);
    auto const& network = study.scenario->network;
    REQUIRE(network.quality_count == 2);
    CHECK(network.quality[0].sigma_m == 100000);
    CHECK(network.quality[1].sigma_m == 30000);
    CHECK(network.consumer[0].quality == 0);
    CHECK(study.scenario->battery[0].quality == 1);
}

TEST_CASE("threats take turns by weight, spread evenly", "[study]")
{
    auto text = std::string(small_study);
    auto const first = text.find("[[threat]]");
    auto const threat = text.substr(first, text.find("[[origin]]") - first);
    text.insert(first, changed("name = \"short\"", "name = \"often\"\nweight = 6", threat));
    text = changed("name = \"short\"", "name = \"short\"\nweight = 2", text);
    auto const study = study_of(text);
    REQUIRE(study.scenario->mix_count == 4);  // 6 : 2 in least terms
    auto const& mix = study.scenario->mix;
    CHECK(std::count(mix, mix + 4, 0) == 3);
    CHECK(std::count(mix, mix + 4, 1) == 1);
    CHECK(mix[3] == 0);  // the rare one is not last: it lies between
    CHECK(mix[0] == 0);
}

TEST_CASE("what is assumed is said", "[study]")
{
    auto text = changed("relay_min = 0.5", "relay_min = 0.5\nassumed = true");
    text = changed("seed = 7", "seed = 7\nassumptions = [\"The town sleeps.\"]", text);
    auto const study = study_of(text);
    CHECK(study.assumptions.front() == "The town sleeps.");
    auto const told = [&](std::string const& part) {
        return std::any_of(study.assumptions.begin(), study.assumptions.end(),
                           [&](auto const& s) { return s.find(part) != std::string::npos; });
    };
    CHECK(told("node 1 of 3"));
    CHECK(told("straight rays"));
    CHECK(told("Swerling case 1"));
}
