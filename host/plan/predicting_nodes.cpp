#include "host/plan/predicting_nodes.hpp"

#include <array>

namespace longwatch {

namespace {

/// Per node, the origins whose radars' tracks can reach it.
std::array<OriginSet, max_nodes> reachable_origins(Scenario const& scenario, ArmParams const& arm)
{
    NetworkParams const& network = scenario.network;
    std::array<OriginSet, max_nodes> reach{};
    for (int s = 0; s < scenario.sensor_count; ++s) {
        SensorParams const& sensor = scenario.sensor[s];
        if ((arm.sensors >> s & 1U) != 0 && sensor.kind == SensorKind::radar) {
            reach[static_cast<std::size_t>(sensor.node)] |= OriginSet{1} << sensor.origin;
        }
    }
    for (bool grown = true; grown;) {
        grown = false;
        for (int l = 0; l < network.link_count; ++l) {
            ArmLink const& use = arm.link[l];
            if (!use.present) { continue; }
            int const from = network.link[l].from;
            OriginSet held = reach[static_cast<std::size_t>(from)];
            // What leaves a node that re-stamps counts as of its own state.
            if (network.node[node_entry(arm, from)].restamps && held != 0) {
                held = OriginSet{1} << arm.restamp_origin;
            }
            OriginSet const passed = held & use.release[static_cast<int>(MessageKind::track)];
            OriginSet& at = reach[static_cast<std::size_t>(network.link[l].to)];
            grown = grown || (passed & ~at) != 0;
            at |= passed;
        }
    }
    return reach;
}

}  // namespace

void find_predicting_nodes(Scenario& scenario, int arm_index)
{
    ArmParams& arm = scenario.network.arm[arm_index];
    auto const reach = reachable_origins(scenario, arm);
    for (int k = 0; k < arm.class_count; ++k) {
        arm.predicting_nodes[k] = 0;
        for (int n = 0; n < scenario.network.node_count; ++n) {
            OriginSet const here = reach[static_cast<std::size_t>(n)];
            OriginSet const known = arm.prediction_class[k] & here;
            bool needed = scenario.network.node[node_entry(arm, n)].fuses && known != 0;
            for (int other = 0; other < arm.class_count; ++other) {
                OriginSet const smaller = arm.prediction_class[other];
                bool const is_smaller = other != k && (smaller & ~arm.prediction_class[k]) == 0;
                needed = needed && !(is_smaller && (smaller & here) == known);
            }
            if (needed) { arm.predicting_nodes[k] |= std::uint64_t{1} << n; }
        }
    }
}

}  // namespace longwatch
