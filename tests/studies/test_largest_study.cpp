// The largest study one run takes: 64 nodes, 256 links, 64 sensors, 16 arms.
#include <catch2/catch.hpp>

#include <string>

#include "host/plan/prepare.hpp"
#include "kernels/backend/backend.hpp"
#include "results/statistics/tally_checks.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;

namespace {

std::string number(int i) { return std::to_string(i); }

/// Nodes in a ring, each linked to the four that follow; a sensor at every node; each arm has more of the links.
std::string largest()
{
    std::string text = seen_from_all_sides();
    auto const at = [&](std::string const& what) { return text.find(what); };
    text = text.substr(0, at("[[node]]"));
    for (int n = 0; n < max_nodes; ++n) {
        text += "[[node]]\nname = \"node-" + number(n) + "\"\norigin = \"" +
                (n % 2 == 0 ? "here" : "there") +
                "\"\nrelay_s = 1\nfuses = " + (n % 8 == 0 ? "true\nfusion_s = 5\n" : "false\n");
    }
    for (int s = 0; s < max_sensors; ++s) {
        text += "[[sensor]]\nname = \"sensor-" + number(s) + "\"\nnode = \"node-" + number(s) +
                "\"\nkind = \"radar\"\nlatitude_deg = " + number(8 + s % 8) +
                "\nlongitude_deg = " + number(18 + s / 8) +
                "\nreference_range_km = 800\nreference_snr_db = 20\ninstrumented_range_km = 900\n"
                "azimuth_half_width_deg = 180\nelevation_min_deg = 2\nlook_period_s = 5\n"
                "hits_required = 3\nlooks_considered = 5\nbandwidth_mhz = 1\nbeamwidth_deg = 1.5\n"
                "processing_s = 2\n";
    }
    for (int l = 0; l < max_links; ++l) {
        text += "[[link]]\nname = \"link-" + number(l) + "\"\nfrom = \"node-" +
                number(l % max_nodes) + "\"\nto = \"node-" +
                number((l % max_nodes + 1 + l / max_nodes) % max_nodes) +
                "\"\nlatency_s = 2\ngroup = \"group-" + number(l % max_arms) + "\"\n";
    }
    text +=
        "[[consumer]]\nname = \"mayor\"\nnode = \"node-63\"\nthreats = [\"short\"]\nclock = "
        "\"impact\"\n"
        "impact_sigma_km = 50\n";
    for (int a = 0; a < max_arms; ++a) {
        text += "[[arm]]\nname = \"arm-" + number(a) + "\"\ngroups = [\"group-" + number(a) +
                "\"]\n" + (a == 0 ? "" : "extends = \"arm-" + number(a - 1) + "\"\n");
    }
    return text;
}

}  // namespace

TEST_CASE("the largest study is read, flown and told", "[studies]")
{
    auto study = study_of(largest());
    NetworkParams const& network = study.scenario->network;
    REQUIRE(network.node_count == max_nodes);
    REQUIRE(network.link_count == max_links);
    REQUIRE(study.scenario->sensor_count == max_sensors);
    REQUIRE(network.arm_count == max_arms);
    prepare(study);
    auto const flown = fly_on_cpu(*study.scenario, {7, 0, 64}, {}, {});
    CHECK(flown.failures.empty());
    CHECK(tally_problems(flown.tally).empty());
    // Each arm extends the one before: nobody is warned later, and with all links everybody is warned.
    auto const outcomes = outcomes_on_cpu(*study.scenario, {7, 0, 64}, {});
    int warned = 0;
    for (auto const& flight : outcomes) {
        for (std::size_t a = 1; a < max_arms; ++a) {
            CHECK(flight.t_message_s[a] <= flight.t_message_s[a - 1]);
        }
        warned += flight.t_message_s[max_arms - 1] < flight.t_clock_end_s[0] ? 1 : 0;
    }
    CHECK(warned == 64);
}
