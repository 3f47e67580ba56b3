// The delays of a flight: links, nodes, sensors, consumers, batteries.
#pragma once

#include "kernels/columns/columns.hpp"
#include "kernels/stages/launch.hpp"
#include "models/warning/link.hpp"

namespace longwatch {

/// The delays of this flight, drawn by name: the same in every arm.
template <class Real>
LW_FUNC void draw_delays_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                            std::int64_t i)
{
    NetworkParams const& network = scenario.network;
    auto const draws = launch.draws<Real>(i);
    auto const draw = [&](Distribution const& p, DrawKind kind, std::uint32_t name_hash) {
        return quantile(p, draws.uniform({kind, name_hash}, 0));
    };
    int const member = launch.member();
    Real ignition_s = Real(0);
    each_ignition<Real>(scenario.raid, member, draws, [&](int, Real const& t) { ignition_s = t; });
    c.ignition_s.store(i, 0, ignition_s);
    for (int l = 0; l < network.link_count; ++l) {
        LinkParams const& link = network.link[l];
        auto const u = [&](DrawKind kind) { return draws.uniform({kind, link.name_hash}, 0); };
        LinkDraws<Real> const drawn{u(DrawKind::link_latency), u(DrawKind::link_availability),
                                    u(DrawKind::link_slot),    u(DrawKind::link_repair),
                                    u(DrawKind::link_loss),    u(DrawKind::link_queue)};
        RaidQueue<Real> raid{link.service_s};
        if (link.service_s > 0) {
            each_ignition<Real>(scenario.raid, member, draws,
                                [&](int m, Real const& t) { raid.next(m, t); });
        }
        c.link_latency_s.store(i, l, link_latency_s(link, raid.waits_s, ignition_s, drawn));
        c.link_release_s.store(i, l, draw(link.release_s, DrawKind::link_release, link.name_hash));
    }
    for (int n = 0; n < network.node_count + network.node_changes; ++n) {
        NodeParams const& node = network.node[n];
        c.relay_s.store(i, n, draw(node.relay_s, DrawKind::relay, node.name_hash));
        c.fusion_s.store(i, n, draw(node.fusion_s, DrawKind::fusion, node.name_hash));
        c.node_release_s.store(i, n, draw(node.release_s, DrawKind::node_release, node.name_hash));
        c.fusion_wait_s.store(i, n, draw(node.wait_s, DrawKind::fusion_wait, node.name_hash));
    }
    for (int s = 0; s < scenario.sensor_count; ++s) {
        SensorParams const& sensor = scenario.sensor[s];
        c.processing_s.store(i, s,
                             draw(sensor.processing_s, DrawKind::processing, sensor.name_hash));
    }
    for (int n = 0; n < network.consumer_count; ++n) {
        ConsumerParams const& consumer = network.consumer[n];
        c.decision_s.store(i, n, draw(consumer.decision_s, DrawKind::decision, consumer.name_hash));
        Real const precaution =
            draw(consumer.precaution_s, DrawKind::precaution, consumer.name_hash);
        c.precaution_s.store(i, n, consumer.acts_in_time ? precaution : Real(never_s));
    }
    for (int b = 0; b < scenario.battery_count; ++b) {
        BatteryParams const& battery = scenario.battery[b];
        c.commit_s.store(i, b, draw(battery.commit_s, DrawKind::commit, battery.name_hash));
    }
}

/// What a message waits for in this flight and arm, as spread() asks for it.
template <class Real>
struct DrawnWaits {
    NetworkParams const& network;
    ArmParams const& arm;
    Columns const& c;
    std::int64_t i;
    LW_FUNC Real relay_s(int node) const { return c.relay_s.load<Real>(i, node_entry(arm, node)); }
    LW_FUNC Real release_s(int link) const
    {
        int const from = node_entry(arm, network.link[link].from);
        return c.node_release_s.load<Real>(i, from) + c.link_release_s.load<Real>(i, link);
    }
    LW_FUNC Real latency_s(int link) const { return c.link_latency_s.load<Real>(i, link); }
};

}  // namespace longwatch
