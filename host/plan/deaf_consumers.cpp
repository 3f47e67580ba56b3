#include "host/plan/deaf_consumers.hpp"

#include <fmt/format.h>

#include "host/plan/reach.hpp"

namespace longwatch {

namespace {

/// The nodes that can hold a message of the kind. Every sensor alerts, radars track, nodes predict.
NodeSet nodes_told(Scenario const& scenario, ArmParams const& arm, MessageKind kind)
{
    NodeSet nodes = 0;
    if (kind == MessageKind::impact_prediction) {
        for (int k = 0; k < arm.class_count; ++k) {
            nodes |= reached(scenario.network, arm, kind, arm.prediction_class[k],
                             arm.predicting_nodes[k]);
        }
        return nodes;
    }
    for (int s = 0; s < scenario.sensor_count; ++s) {
        SensorParams const& sensor = scenario.sensor[s];
        bool const makes = kind == MessageKind::alert || sensor.kind == SensorKind::radar;
        if (makes && (arm.sensors >> s & 1U) != 0) {
            nodes |= reached(scenario.network, arm, kind, OriginSet{1} << sensor.origin,
                             only(sensor.node));
        }
    }
    return nodes;
}

}  // namespace

std::vector<std::string> deaf_consumers(Study const& study)
{
    Scenario const& scenario = *study.scenario;
    NetworkParams const& network = scenario.network;
    std::vector<std::string> remarks;
    for (int a = 0; a < network.arm_count; ++a) {
        NodeSet told[message_kind_count];
        for (int k = 0; k < message_kind_count; ++k) {
            told[k] = nodes_told(scenario, network.arm[a], static_cast<MessageKind>(k));
        }
        for (int c = 0; c < network.consumer_count; ++c) {
            ConsumerParams const& consumer = network.consumer[c];
            bool hears = false;
            for (int k = 0; k < message_kind_count; ++k) {
                // An all-clear is no warning; who acts in time acts on whatever is heard first.
                bool const acts =
                    consumer.acts_on[k] ||
                    (consumer.acts_in_time && k < static_cast<int>(MessageKind::impact_prediction));
                hears = hears || (acts && (told[k] & only(consumer.node)) != 0);
            }
            if (hears) { continue; }
            remarks.push_back(fmt::format("consumer '{}' can get no message it acts on in arm '{}'",
                                          study.consumers[static_cast<std::size_t>(c)],
                                          study.arms[static_cast<std::size_t>(a)]));
        }
    }
    return remarks;
}

}  // namespace longwatch
