// A candidate judged the short way gets what the stages of a run give it.
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <memory>

#include "host/plan/predicting_nodes.hpp"
#include "kernels/backend/place.hpp"
#include "tests/support/shipped_study.hpp"

using namespace longwatch;

namespace {

/// The study's arm with one more radar like that of index `like`.
std::unique_ptr<Scenario> with_one_more(Scenario const& scenario, int arm, int like)
{
    auto out = std::make_unique<Scenario>(scenario);
    out->network.arm[0] = scenario.network.arm[arm];
    out->network.arm_count = 1;
    int const seat = out->sensor_count++;
    out->sensor[seat] = scenario.sensor[like];
    out->sensor[seat].name_hash = 4711;
    out->network.arm[0].sensors |= std::uint64_t{1} << seat;
    find_predicting_nodes(*out, 0);
    return out;
}

std::vector<SensorParams> stands(Scenario const& scenario)
{
    SensorParams one = scenario.sensor[scenario.sensor_count - 1];
    std::vector<SensorParams> out;
    for (double const latitude_deg : {24.0, 35.0, 38.5, 44.0}) {
        for (double const longitude_deg : {127.5, 136.0, 144.0}) {
            one.site = {latitude_deg * rad_per_deg, longitude_deg * rad_per_deg, 0};
            one.frame = site_frame(one.site);
            out.push_back(one);
        }
    }
    return out;
}

struct Compared {
    std::size_t instants = 0, differ = 0, sooner = 0;
};

/// Every consumer's instants with every candidate, the short way and in full; "sooner" than without any look of the radar.
Compared compare(Scenario const& scenario, std::int64_t flights)
{
    auto candidates = stands(scenario);
    SensorParams blind = candidates.front();
    blind.radar.instrumented_range_m = 1;
    candidates.push_back(blind);
    FlightRange const range{20231219, 0, flights};
    auto const shorter = placed_messages_s(scenario, candidates, range, {}, false);
    auto const in_full = placed_messages_s(scenario, candidates, range, {}, true);
    auto const consumers = static_cast<std::size_t>(scenario.network.consumer_count);
    Compared out;
    for (std::size_t k = 0; k < shorter.size(); ++k) {
        std::size_t const flight = k / (candidates.size() * consumers);
        std::size_t const none = ((flight + 1) * candidates.size() - 1) * consumers + k % consumers;
        out.instants += 1;
        // Sums of information are added up in another order: an instant of prediction, 0.25 s apart, may rarely be the next.
        out.differ += std::abs(shorter[k] - in_full[k]) > 1e-6 ? 1 : 0;
        out.sooner += in_full[k] < in_full[none] - 1e-6 ? 1 : 0;
    }
    return out;
}

}  // namespace

TEST_CASE("a candidate judged the short way warns when the stages of a run say, in every arm",
          "[place]")
{
    auto const& study = trilateral_study();
    for (int arm = 0; arm < study.scenario->network.arm_count; ++arm) {
        // A Green Pine of Korea's, which nobody cues in national-only; a forward-based radar.
        for (int const like : {0, 9}) {
            auto const found = compare(*with_one_more(*study.scenario, arm, like), 160);
            INFO(study.arms[static_cast<std::size_t>(arm)]
                 << ", like " << study.sensors[static_cast<std::size_t>(like)]);
            CHECK(found.differ == 0);
            CHECK(found.sooner > found.instants / 1000);
        }
    }
}

TEST_CASE("so it does under every rule that a study may set", "[place]")
{
    auto const& study = trilateral_study();
    struct Rule {
        char const* name;
        std::function<void(Scenario&)> set;
    };
    auto const seat = [](Scenario& s) -> SensorParams& { return s.sensor[s.sensor_count - 1]; };
    std::vector<Rule> const rules = {
        {"a firm track must be accurate", [&](Scenario& s) { seat(s).radar.firm_sigma_m = 300; }},
        {"it stands on a ship", [&](Scenario& s) { seat(s).patrol_radius_m = 80e3; }},
        {"it works now and then", [&](Scenario& s) { seat(s).availability = 0.5; }},
        {"rays bend", [&](Scenario& s) { seat(s).radar.earth_radius_factor = 4.0 / 3; }},
        {"it searches a fence", [&](Scenario& s) { seat(s).radar.fence_elevation_max_rad = 0.1; }},
        {"tracks of two sensors are wanted",
         [](Scenario& s) {
             for (auto& node : s.network.node) { node.tracks_required = 2; }
         }},
        {"nodes wait before they predict",
         [](Scenario& s) {
             for (auto& node : s.network.node) { node.wait_s = s.network.node[0].relay_s; }
         }},
        {"consumers lose patience",
         [](Scenario& s) {
             for (int n = 0; n < s.network.consumer_count; ++n) {
                 auto& consumer = s.network.consumer[n];
                 consumer.acts_in_time = true;
                 consumer.precaution_s = consumer.decision_s;
                 for (bool& acts : consumer.acts_on) { acts = false; }
                 consumer.acts_on[static_cast<int>(MessageKind::impact_prediction)] = true;
             }
         }},
        {"consumers act on alerts",
         [](Scenario& s) {
             for (int n = 0; n < s.network.consumer_count; ++n) {
                 s.network.consumer[n].acts_on[static_cast<int>(MessageKind::alert)] = true;
             }
         }},
        {"the hub re-stamps",
         [](Scenario& s) {
             s.network.node[13].restamps = true;  // us-hub
             s.network.arm[0].restamp_origin = 2;
         }},
        {"some flights concern nobody",
         [](Scenario& s) {
             for (int n = 0; n < s.network.consumer_count; ++n) {
                 s.network.consumer[n].concern_radius_m = 200e3;
             }
         }},
    };
    for (Rule const& rule : rules) {
        for (int const arm : {0, 2}) {
            auto scenario = with_one_more(*study.scenario, arm, 9);
            rule.set(*scenario);
            find_predicting_nodes(*scenario, 0);
            auto const found = compare(*scenario, 80);
            INFO(rule.name << ", arm " << study.arms[static_cast<std::size_t>(arm)]);
            CHECK(found.differ == 0);
        }
    }
}

TEST_CASE("a track that a node waits for counts though its looks tell nothing", "[place]")
{
    // Two sensors' tracks are wanted, and one radar alone sees the flight until the candidate does, late.
    auto const& study = trilateral_study();
    auto scenario = with_one_more(*study.scenario, 2, 9);
    for (auto& node : scenario->network.node) { node.tracks_required = 2; }
    scenario->network.arm[0].sensors = std::uint64_t{1} << 3 | std::uint64_t{1}
                                                                   << (scenario->sensor_count - 1);
    find_predicting_nodes(*scenario, 0);
    auto const found = compare(*scenario, 160);
    CHECK(found.differ == 0);
    CHECK(found.sooner > found.instants / 1000);
    // In whatever company it flies.
    FlightRange const range{20231219, 0, 160};
    auto const candidates = stands(*scenario);
    auto const together = placed_messages_s(*scenario, candidates, range, {}, false);
    CHECK(placed_messages_s(*scenario, candidates, range, {1, 12}, false) == together);
}

TEST_CASE("so it does in raids, and for the flights that studies of alerts reconstruct", "[place]")
{
    for (auto const& name : {"layered-defence", "japan-alert-2017", "japan-alert-2022"}) {
        auto const study = shipped_study(name);
        int like = 0;
        while (study.scenario->sensor[like].kind != SensorKind::radar) { ++like; }
        auto const found = compare(*with_one_more(*study.scenario, 0, like), 80);
        INFO(name);
        CHECK(found.differ == 0);
    }
}
