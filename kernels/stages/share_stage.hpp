// share: per arm, who holds which message when.
//
// Sensors make alerts and tracks; messages that reach a sensor's own node cue it, which may make its
// track firm earlier; so tracks and cues are relaxed together until nothing gets earlier. Then every
// fusing node predicts the impact from the tracks it holds, and predictions spread in turn.
#pragma once

#include "kernels/columns/columns.hpp"
#include "kernels/stages/launch.hpp"
#include "kernels/stages/observe_stage.hpp"
#include "models/track/fusion.hpp"
#include "models/warning/spread.hpp"

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
    for (int l = 0; l < network.link_count; ++l) {
        LinkParams const& link = network.link[l];
        Real const u = draws.uniform({DrawKind::link_availability, link.name_hash}, 0);
        Real const latency = draw(link.latency_s, DrawKind::link_latency, link.name_hash);
        c.link_latency_s.store(i, l, select(u < Real(link.availability), latency, Real(never_s)));
    }
    for (int n = 0; n < network.node_count; ++n) {
        NodeParams const& node = network.node[n];
        c.relay_s.store(i, n, draw(node.relay_s, DrawKind::relay, node.name_hash));
        c.fusion_s.store(i, n, draw(node.fusion_s, DrawKind::fusion, node.name_hash));
    }
    for (int s = 0; s < scenario.sensor_count; ++s) {
        SensorParams const& sensor = scenario.sensor[s];
        c.processing_s.store(i, s,
                             draw(sensor.processing_s, DrawKind::processing, sensor.name_hash));
    }
    for (int n = 0; n < network.consumer_count; ++n) {
        ConsumerParams const& consumer = network.consumer[n];
        c.decision_s.store(i, n, draw(consumer.decision_s, DrawKind::decision, consumer.name_hash));
    }
    for (int b = 0; b < scenario.battery_count; ++b) {
        BatteryParams const& battery = scenario.battery[b];
        c.commit_s.store(i, b, draw(battery.commit_s, DrawKind::commit, battery.name_hash));
    }
}

/// One flight in one arm (and its neighbours, one per lane).
template <class Real>
class ArmShare {
public:
    LW_FUNC ArmShare(Scenario const& scenario, Columns const& columns, std::int64_t i, int arm)
        : scenario_(scenario), network_(scenario.network), arm_(scenario.network.arm[arm]),
          arm_index_(arm), c_(columns), i_(i)
    {
    }

    LW_FUNC void run()
    {
        find_delays();
        relax_cues();
        start_messages();
        for (int k = 0; k < arm_.class_count; ++k) {
            for (int q = 0; q < network_.quality_count; ++q) { predict(k, q); }
        }
        finish_messages();
    }

private:
    LW_FUNC bool takes_part(int s) const { return (arm_.sensors >> s & 1U) != 0; }
    LW_FUNC bool is_radar(int s) const { return scenario_.sensor[s].kind == SensorKind::radar; }
    /// Messages of sensors at one node and of one origin take the same ways: the first such sensor's
    /// delays serve all.
    LW_FUNC int pair(int s, int node) const
    {
        return scenario_.sensor[s].same_way_as * network_.node_count + node;
    }

    LW_FUNC void spread_now(MessageKind kind, OriginSet origins)
    {
        auto const latency = [this](int l) { return c_.link_latency_s.load<Real>(i_, l); };
        auto const relay = [this](int n) { return c_.relay_s.load<Real>(i_, n); };
        spread(network_, arm_, kind, origins, latency, relay, message_);
    }

    /// From each sensor's node to every node, for its alerts and its tracks.
    LW_FUNC void find_delays()
    {
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            SensorParams const& sensor = scenario_.sensor[s];
            if (sensor.same_way_as != s) { continue; }
            find_delays_of(sensor, s, MessageKind::alert, c_.alert_delay_s);
            find_delays_of(sensor, s, MessageKind::track, c_.track_delay_s);
        }
    }
    LW_FUNC void find_delays_of(SensorParams const& sensor, int s, MessageKind kind,
                                Column const& delays)
    {
        message_.clear(network_.node_count);
        message_.make(sensor.node, Real(0));
        spread_now(kind, OriginSet{1} << sensor.origin);
        for (int n = 0; n < network_.node_count; ++n) {
            delays.store(i_, pair(s, n), message_.held_s[n]);
        }
    }

    /// Looks since look 0, as a number with a fraction.
    LW_FUNC Real look_number(int s, Real const& t_s) const
    {
        return (t_s - c_.look_phase_s.load<Real>(i_, s)) *
               Real(1.0 / scenario_.sensor[s].radar.look_period_s);
    }

    /// Firm track of a radar whose looks from t_cue on are cued.
    LW_FUNC Real firm_track_s(int s, Real const& t_cue) const
    {
        Real const count = c_.look_count.load<Real>(i_, s);
        Real const before = -floor(-look_number(s, t_cue));  // the next whole look
        Real const look = clamp(before - c_.look_first.load<Real>(i_, s), Real(0), count);
        return c_.look_firm_s.load_at(i_, look, c_.looks[s].first);
    }

    LW_FUNC void relax_cues()
    {
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            t_cue_s_[s] = t_alert_s_[s] = t_track_s_[s] = t_firm_s_[s] = Real(never_s);
            if (takes_part(s) && !is_radar(s)) {
                t_alert_s_[s] = c_.t_report_s.load<Real>(i_, s) + c_.processing_s.load<Real>(i_, s);
            }
            if (takes_part(s) && is_radar(s)) { update_track(s); }
        }
        bool earlier_somewhere = true;
        while (earlier_somewhere) {
            earlier_somewhere = false;
            for (int s = 0; s < scenario_.sensor_count; ++s) {
                if (!takes_part(s) || !is_radar(s)) { continue; }
                Real const cue = smaller(t_cue_s_[s], earliest_at(scenario_.sensor[s].node, s));
                if (!any(cue < t_cue_s_[s])) { continue; }
                t_cue_s_[s] = cue;
                earlier_somewhere = update_track(s) || earlier_somewhere;
            }
        }
    }

    /// True if the track got firm earlier in some lane.
    LW_FUNC bool update_track(int s)
    {
        Real const firm = firm_track_s(s, t_cue_s_[s]);
        bool const earlier = any(firm < t_firm_s_[s]);
        t_firm_s_[s] = firm;
        t_track_s_[s] = t_alert_s_[s] = firm + c_.processing_s.load<Real>(i_, s);
        return earlier;
    }

    /// Earliest alert or track at a node from any sensor but one.
    LW_FUNC Real earliest_at(int node, int but_sensor) const
    {
        return smaller(earliest_of(t_alert_s_, c_.alert_delay_s, false, node, but_sensor),
                       earliest_of(t_track_s_, c_.track_delay_s, true, node, but_sensor));
    }
    LW_FUNC Real earliest_of(Real const (&made_s)[max_sensors], Column const& delay_s,
                             bool radars_only, int node, int but_sensor) const
    {
        Real t = Real(never_s);
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            if (s == but_sensor || !takes_part(s) || (radars_only && !is_radar(s))) { continue; }
            t = smaller(t, made_s[s] + delay_s.load<Real>(i_, pair(s, node)));
        }
        return t;
    }

    /// The radars' tracks that a node may use, made ready for asking what they tell at many times.
    struct HeldTracks {
        int count = 0;
        int slots[max_sensors];  ///< first slot of the sensor's looks
        double rate_hz[max_sensors];
        /// A look in slot k is held from when (t - shift) rate >= k.
        Real shift_s[max_sensors];
        Real from[max_sensors], until[max_sensors];  ///< slots that tell: of the firm track on
        TrackInformation<Real> before[max_sensors];  ///< what earlier slots told
    };

    LW_FUNC TrackInformation<Real> told_before(int slots, Real const& slot) const
    {
        return {c_.info.load_at(i_, slot, slots), c_.info_t_s.load_at(i_, slot, slots),
                c_.info_t2_s2.load_at(i_, slot, slots)};
    }

    LW_FUNC void collect_tracks(int node, OriginSet origins, HeldTracks& held) const
    {
        held.count = 0;
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            SensorParams const& sensor = scenario_.sensor[s];
            if (!takes_part(s) || !is_radar(s) || (origins >> sensor.origin & 1U) == 0) { continue; }
            Real const delay = c_.track_delay_s.load<Real>(i_, pair(s, node));
            auto const firm = t_firm_s_[s] < Real(never_s) && delay < Real(never_s);
            if (!any(firm)) { continue; }
            int const k = held.count++;
            double const period = sensor.radar.look_period_s;
            Real const first = c_.look_first.load<Real>(i_, s);
            held.slots[k] = c_.looks[s].first;
            held.rate_hz[k] = 1.0 / period;
            held.shift_s[k] = c_.look_phase_s.load<Real>(i_, s) + first * Real(period) + delay +
                              c_.processing_s.load<Real>(i_, s);
            Real const from = floor(look_number(s, t_firm_s_[s]) + Real(0.5)) - first;
            held.from[k] = select(firm, from, Real(0));
            held.until[k] = select(firm, c_.look_count.load<Real>(i_, s), Real(0));
            held.before[k] = told_before(held.slots[k], held.from[k]);
        }
    }

    LW_FUNC TrackInformation<Real> told_by(HeldTracks const& held, Real const& t_s) const
    {
        TrackInformation<Real> sum{Real(0), Real(0), Real(0)};
        for (int k = 0; k < held.count; ++k) {
            Real const looks = floor((t_s - held.shift_s[k]) * Real(held.rate_hz[k])) + Real(1);
            Real const until = clamp(looks, held.from[k], larger(held.until[k], held.from[k]));
            if (!any(until > held.from[k])) { continue; }
            auto const all = told_before(held.slots[k], until);
            sum = sum + TrackInformation<Real>{all.W - held.before[k].W, all.S - held.before[k].S,
                                               all.Q - held.before[k].Q};
        }
        return sum;
    }

    LW_FUNC void predict(int release_class, int quality)
    {
        OriginSet const origins = arm_.prediction_class[release_class];
        Real const t_burnout = c_.t_burnout_s.load<Real>(i_);
        Real const t_end = end_of_flight_s<Real>(c_, i_);
        message_.clear(network_.node_count);
        for (int n = 0; n < network_.node_count; ++n) {
            if ((arm_.predicting_nodes[release_class] >> n & 1U) == 0) { continue; }
            HeldTracks held;
            collect_tracks(n, origins, held);
            auto const told = [&](Real const& t) { return told_by(held, t); };
            Real const t = earliest_prediction_s(told, t_burnout, t_end, t_end - t_burnout,
                                                 network_.impact_sigma_m[quality]);
            message_.make(n, t + c_.fusion_s.load<Real>(i_, n));
        }
        spread_now(MessageKind::impact_prediction, origins);
        for (int n = 0; n < network_.consumer_count; ++n) {
            ConsumerParams const& consumer = network_.consumer[n];
            if (consumer.acts_on[static_cast<int>(MessageKind::impact_prediction)] &&
                consumer.quality == quality) {
                take_message(n, message_.held_s[consumer.node]);
            }
        }
        for (int b = 0; b < scenario_.battery_count; ++b) {
            if (scenario_.battery[b].quality == quality) {
                int const slot = arm_index_ * scenario_.battery_count + b;
                Real const t = smaller(c_.t_commit_s.load<Real>(i_, slot),
                                       message_.held_s[scenario_.battery[b].node]);
                c_.t_commit_s.store(i_, slot, t);
            }
        }
    }

    LW_FUNC int message_slot(int consumer) const
    {
        return arm_index_ * network_.consumer_count + consumer;
    }
    LW_FUNC void take_message(int consumer, Real const& t_s)
    {
        int const slot = message_slot(consumer);
        c_.t_message_s.store(i_, slot, smaller(c_.t_message_s.load<Real>(i_, slot), t_s));
    }

    LW_FUNC void start_messages()
    {
        for (int n = 0; n < network_.consumer_count; ++n) {
            ConsumerParams const& consumer = network_.consumer[n];
            c_.t_message_s.store(i_, message_slot(n), Real(never_s));
            if (consumer.acts_on[static_cast<int>(MessageKind::alert)]) {
                take_message(n, earliest_of(t_alert_s_, c_.alert_delay_s, false, consumer.node, -1));
            }
            if (consumer.acts_on[static_cast<int>(MessageKind::track)]) {
                take_message(n, earliest_of(t_track_s_, c_.track_delay_s, true, consumer.node, -1));
            }
        }
        for (int b = 0; b < scenario_.battery_count; ++b) {
            c_.t_commit_s.store(i_, arm_index_ * scenario_.battery_count + b, Real(never_s));
        }
    }

    /// Adds what comes after the message; a message that never came stays so.
    LW_FUNC void finish_messages()
    {
        for (int n = 0; n < network_.consumer_count; ++n) {
            Real const t = c_.t_message_s.load<Real>(i_, message_slot(n));
            c_.t_message_s.store(i_, message_slot(n), t + c_.decision_s.load<Real>(i_, n));
        }
        for (int b = 0; b < scenario_.battery_count; ++b) {
            int const slot = arm_index_ * scenario_.battery_count + b;
            Real const t = c_.t_commit_s.load<Real>(i_, slot);
            c_.t_commit_s.store(i_, slot, t + c_.commit_s.load<Real>(i_, b));
        }
    }

    Scenario const& scenario_;
    NetworkParams const& network_;
    ArmParams const& arm_;
    int arm_index_;
    Columns const& c_;
    std::int64_t i_;
    Arrivals<Real> message_;
    Real t_cue_s_[max_sensors];    ///< first message of another sensor at the sensor's node
    Real t_firm_s_[max_sensors];
    Real t_alert_s_[max_sensors];  ///< ready to leave the sensor's node
    Real t_track_s_[max_sensors];
};

template <class Real>
LW_FUNC void share_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                      std::int64_t i)
{
    draw_delays_at<Real>(scenario, launch, c, i);
    for (int arm = 0; arm < scenario.network.arm_count; ++arm) {
        ArmShare<Real>(scenario, c, i, arm).run();
    }
}

}  // namespace longwatch
