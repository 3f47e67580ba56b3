// Delays, tracks, messages and engagements, as the columns have them.
#include "host/replay/told_flight.hpp"

namespace longwatch {

namespace {

void tell_delays(ToldFlight const& flight, FlightReplay& out)
{
    Study const& study = flight.study;
    Columns const& c = flight.c;
    auto const add = [&](char const* kind, std::vector<std::string> const& names,
                         Column const& column) {
        for (std::size_t n = 0; n < names.size(); ++n) {
            out.delays.push_back({kind, names[n], flight.value(column, static_cast<int>(n))});
        }
    };
    add("link latency", study.links, c.link_latency_s);
    add("link release", study.links, c.link_release_s);
    add("relay", study.nodes, c.relay_s);
    add("node release", study.nodes, c.node_release_s);
    add("fusion", study.nodes, c.fusion_s);
    add("fusion wait", study.nodes, c.fusion_wait_s);
    add("processing", study.sensors, c.processing_s);
    add("decision", study.consumers, c.decision_s);
    add("precaution", study.consumers, c.precaution_s);
    add("commit", study.batteries, c.commit_s);
}

ArmMessage message_of(ToldFlight const& flight, int arm, int consumer)
{
    NetworkParams const& network = flight.scenario.network;
    int const slot = arm * network.consumer_count + consumer;
    ArmMessage message;
    message.arm = arm;
    message.consumer = consumer;
    message.concerned = flight.value(flight.c.concerns, consumer) > 0.5;
    message.t_message_s = flight.value(flight.c.t_message_s, slot);
    message.t_clock_end_s = flight.value(flight.c.t_clock_end_s, consumer);
    message.all_clear_s = flight.value(flight.c.all_clear_s, slot);
    message.warning = Warning::of(message.t_clock_end_s, message.t_message_s);
    if (message.warning.has_message) {
        message.kind = static_cast<int>(flight.value(flight.c.message_kind, slot));
        for (int part = 0; part < delay_part_count; ++part) {
            message.delay.part_s[part] =
                flight.value(flight.c.delay_s, slot * delay_part_count + part);
        }
    }
    return message;
}

void tell_shots(ToldFlight const& flight, int arm, std::vector<ShotReplay>& out)
{
    Columns const& c = flight.c;
    auto const count = static_cast<int>(flight.value(c.shot_count, arm));
    for (int n = 0; n < count; ++n) {
        int const first = (arm * shots_kept + n) * of_shot_count;
        auto const of = [&](OfShot what) {
            return flight.value(c.shot_log, first + static_cast<int>(what));
        };
        ShotReplay shot;
        shot.arm = arm;
        shot.battery = static_cast<int>(of(OfShot::battery));
        shot.number = static_cast<int>(of(OfShot::number));
        shot.t_launch_s = of(OfShot::t_launch_s);
        shot.t_intercept_s = of(OfShot::t_intercept_s);
        shot.is_simulated = flight.scenario.battery[shot.battery].interceptor.is_simulated;
        shot.acquired = of(OfShot::acquired) > 0.5;
        shot.works = of(OfShot::works) > 0.5;
        shot.hits = of(OfShot::hits) > 0.5;
        shot.miss_m = of(OfShot::miss_m);
        out.push_back(shot);
    }
}

ArmEngagement engagement_of(ToldFlight const& flight, int arm, int battery)
{
    Columns const& c = flight.c;
    int const slot = arm * flight.scenario.battery_count + battery;
    ArmEngagement engagement;
    engagement.arm = arm;
    engagement.battery = battery;
    engagement.may_take = may_take(flight.scenario.battery[battery], flight.launch.threat);
    engagement.t_commit_s = flight.value(c.t_commit_s, slot);
    engagement.shots = static_cast<int>(flight.value(c.battery_shots, slot));
    engagement.killed = static_cast<int>(flight.value(c.killed_by, arm)) == battery;
    engagement.t_kill_s = engagement.killed ? flight.value(c.t_kill_s, arm) : never_s;
    engagement.t_track_s = flight.value(c.t_quality_s, slot);
    engagement.on_remote = flight.value(c.is_remote, slot) > 0.5;
    bool const may = engagement.may_take;
    engagement.opportunities = may ? static_cast<int>(flight.value(c.opportunities, slot)) : 0;
    engagement.t_first_intercept_s = may ? flight.value(c.t_first_intercept_s, slot) : never_s;
    engagement.t_last_intercept_s = may ? flight.value(c.t_last_intercept_s, slot) : never_s;
    return engagement;
}

void tell_battlespace(ToldFlight const& flight, FlightReplay& out)
{
    Columns const& c = flight.c;
    for (int b = 0; b < flight.scenario.battery_count; ++b) {
        if (!may_take(flight.scenario.battery[b], flight.launch.threat)) { continue; }
        for (int slot = 0; slot < c.battlespace_slots; ++slot) {
            double const latest = flight.value(c.latest_launch_s, b * c.battlespace_slots + slot);
            if (latest > -never_s / 2) {
                out.battlespace.push_back({b, slot * battlespace_step_s, latest});
            }
        }
    }
}

}  // namespace

void tell_sharing(ToldFlight const& flight, FlightReplay& out)
{
    out.raid_size = flight.scenario.raid.size;
    out.t_ignition_s = flight.value(flight.c.ignition_s);
    Scenario const& scenario = flight.scenario;
    tell_delays(flight, out);
    for (int const arm : out.arms) {
        for (int s = 0; s < scenario.sensor_count; ++s) {
            if ((scenario.network.arm[arm].sensors >> s & 1U) == 0) { continue; }
            int const slot = arm * scenario.sensor_count + s;
            out.tracks.push_back({arm, s, flight.value(flight.c.t_cue_s, slot),
                                  flight.value(flight.c.t_firm_s, slot)});
        }
        for (int n = 0; n < scenario.network.consumer_count; ++n) {
            out.messages.push_back(message_of(flight, arm, n));
        }
        for (int b = 0; b < scenario.battery_count; ++b) {
            out.engagements.push_back(engagement_of(flight, arm, b));
        }
        tell_shots(flight, arm, out.shots);
    }
    tell_battlespace(flight, out);
}

}  // namespace longwatch
