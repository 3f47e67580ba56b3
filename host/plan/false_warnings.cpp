#include "host/plan/false_warnings.hpp"

#include "host/plan/reach.hpp"

namespace longwatch {

namespace {

/// The nodes that hear a prediction from the sensor's track alone.
NodeSet told_of_prediction(Scenario const& scenario, ArmParams const& arm, NodeSet holds_track,
                           int origin)
{
    NodeSet told = 0;
    for (int k = 0; k < arm.class_count; ++k) {
        bool const own = (arm.prediction_class[k] >> origin & 1U) != 0;
        bool const stamped =
            arm.restamp_origin >= 0 && (arm.prediction_class[k] >> arm.restamp_origin & 1U) != 0;
        if (!own && !stamped) { continue; }
        NodeSet makers = 0;
        for (int n = 0; n < scenario.network.node_count; ++n) {
            NodeParams const& node = scenario.network.node[node_entry(arm, n)];
            bool const predicts = (arm.predicting_nodes[k] >> n & 1U) != 0;
            if (predicts && node.tracks_required == 1) { makers |= only(n) & holds_track; }
        }
        told |= reached(scenario.network, arm, MessageKind::impact_prediction,
                        arm.prediction_class[k], makers);
    }
    return told;
}

bool warns(Scenario const& scenario, ArmParams const& arm, SensorParams const& sensor,
           ConsumerParams const& consumer)
{
    NetworkParams const& network = scenario.network;
    OriginSet const origin = OriginSet{1} << sensor.origin;
    auto const acts = [&](MessageKind kind) { return consumer.acts_on[static_cast<int>(kind)]; };
    auto const at_consumer = [&](NodeSet nodes) { return (nodes & only(consumer.node)) != 0; };
    auto const alerted = reached(network, arm, MessageKind::alert, origin, only(sensor.node));
    bool const in_time = consumer.acts_in_time;
    if ((acts(MessageKind::alert) || in_time) && at_consumer(alerted)) { return true; }
    if (sensor.kind != SensorKind::radar) { return false; }
    auto const tracked = reached(network, arm, MessageKind::track, origin, only(sensor.node));
    if ((acts(MessageKind::track) || in_time) && at_consumer(tracked)) { return true; }
    return acts(MessageKind::impact_prediction) &&
           at_consumer(told_of_prediction(scenario, arm, tracked, sensor.origin));
}

}  // namespace

std::vector<std::vector<double>> false_warnings_per_year(Scenario const& scenario)
{
    NetworkParams const& network = scenario.network;
    std::vector<std::vector<double>> rates;
    for (int a = 0; a < network.arm_count; ++a) {
        ArmParams const& arm = network.arm[a];
        auto& of_arm = rates.emplace_back(static_cast<std::size_t>(network.consumer_count), 0.0);
        for (int s = 0; s < scenario.sensor_count; ++s) {
            SensorParams const& sensor = scenario.sensor[s];
            if ((arm.sensors >> s & 1U) == 0) { continue; }
            for (int c = 0; c < network.consumer_count; ++c) {
                if (warns(scenario, arm, sensor, network.consumer[c])) {
                    of_arm[static_cast<std::size_t>(c)] +=
                        sensor.availability * sensor.false_reports_per_year;
                }
            }
        }
    }
    return rates;
}

}  // namespace longwatch
