#include "host/exercise/model_events.hpp"

#include <cmath>
#include <map>
#include <tuple>

namespace longwatch {

namespace {

constexpr double same_s = 1e-3;

bool is_compared(NodeEventKind kind)
{
    return kind == NodeEventKind::firm_track || kind == NodeEventKind::warned ||
           kind == NodeEventKind::quality_held || kind == NodeEventKind::commits;
}

/// Of one kind, flight and whom: sensor, consumer or battery.
std::tuple<NodeEventKind, std::int64_t, int> place_of(NodeEvent const& event)
{
    return {event.kind, event.flight, event.who};
}

}  // namespace

std::vector<NodeEvent> model_events(Study const& study, FlownFlight& flown, int arm)
{
    Scenario const& scenario = *study.scenario;
    NetworkParams const& network = scenario.network;
    Columns const c = lay_out(scenario, 1, flown.memory.data());
    double const ignition_s = c.ignition_s.load<double>(0);
    std::vector<NodeEvent> events;
    auto const add = [&](NodeEventKind kind, Column const& column, int slot, int who, int by) {
        double const t = column.load<double>(0, slot);
        if (t >= never_s) { return; }
        events.push_back({t + ignition_s, kind, flown.launch.flight_first, who, by, {}});
    };
    for (int s = 0; s < scenario.sensor_count; ++s) {
        bool const takes_part = (network.arm[arm].sensors >> s & 1U) != 0;
        if (!takes_part || scenario.sensor[s].kind != SensorKind::radar) { continue; }
        add(NodeEventKind::firm_track, c.t_firm_s, arm * scenario.sensor_count + s, s, -1);
    }
    for (int n = 0; n < network.consumer_count; ++n) {
        int const slot = arm * network.consumer_count + n;
        auto const kind = static_cast<int>(c.message_kind.load<double>(0, slot));
        add(NodeEventKind::warned, c.t_message_s, slot, n, kind);
    }
    for (int b = 0; b < scenario.battery_count; ++b) {
        int const slot = arm * scenario.battery_count + b;
        add(NodeEventKind::quality_held, c.t_quality_s, slot, b, -1);
        add(NodeEventKind::commits, c.t_commit_s, slot, b, -1);
    }
    return events;
}

bool ComparedEvent::is_apart() const
{
    return !t_model_s || !t_live_s || std::abs(*t_model_s - *t_live_s) >= same_s;
}

std::vector<ComparedEvent> compare_events(std::vector<NodeEvent> const& model,
                                          std::vector<NodeEvent> const& live)
{
    std::map<std::tuple<NodeEventKind, std::int64_t, int>, ComparedEvent> all;
    for (auto const& event : model) { all[place_of(event)] = {event, event.t_s, {}}; }
    for (auto const& event : live) {
        if (!is_compared(event.kind)) { continue; }
        auto& compared =
            all.try_emplace(place_of(event), ComparedEvent{event, {}, {}}).first->second;
        if (!compared.t_live_s || event.t_s < *compared.t_live_s) { compared.t_live_s = event.t_s; }
    }
    std::vector<ComparedEvent> out;
    for (auto& [place, compared] : all) { out.push_back(compared); }
    return out;
}

}  // namespace longwatch
