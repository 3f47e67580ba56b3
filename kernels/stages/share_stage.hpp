// share: per arm, who holds which message when.
//
// Sensors make alerts and tracks; messages that reach a sensor's own node cue it, which may make its
// track firm earlier; so tracks and cues are relaxed together until nothing gets earlier. Then every
// fusing node predicts the impact from the tracks it holds, and predictions spread in turn.
#pragma once

#include "kernels/columns/columns.hpp"
#include "kernels/stages/arm_messages.hpp"
#include "kernels/stages/draw_delays.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/firm_track.hpp"
#include "kernels/stages/held_tracks.hpp"
#include "kernels/stages/launch.hpp"
#include "models/track/fusion.hpp"
#include "models/warning/spread.hpp"

namespace longwatch {

/// One flight in one arm (and its neighbours, one per lane).
template <class Real>
class ArmShare {
public:
    LW_FUNC ArmShare(Scenario const& scenario, Columns const& columns, std::int64_t i, int arm)
        : scenario_(scenario), network_(scenario.network), arm_(scenario.network.arm[arm]),
          arm_index_(arm), c_(columns), i_(i), messages_(scenario, columns, i, arm)
    {
    }

    LW_FUNC void run()
    {
        find_delays();
        relax_cues();
        start_messages();
        for (int k = 0; k < arm_.class_count; ++k) { predict(k); }
        messages_.finish();
        store_tracks();
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
        Real const firm = firm_track_s(scenario_.sensor[s].radar, c_, i_, s, t_cue_s_[s]);
        bool const earlier = any(firm < t_firm_s_[s]);
        t_firm_s_[s] = firm;
        t_track_s_[s] = t_alert_s_[s] = firm + c_.processing_s.load<Real>(i_, s);
        return earlier;
    }

    /// Earliest alert or track at a node from any sensor but one.
    LW_FUNC Real earliest_at(int node, int but_sensor) const
    {
        return smaller(earliest_of(t_alert_s_, c_.alert_delay_s, node, but_sensor),
                       earliest_of(t_track_s_, c_.track_delay_s, node, but_sensor));
    }
    /// Sensors that make no such message, or take no part, have made it at never_s.
    LW_FUNC Real earliest_of(Real const (&made_s)[max_sensors], Column const& delay_s, int node,
                             int but_sensor) const
    {
        Real t = Real(never_s);
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            if (s == but_sensor) { continue; }
            t = smaller(t, made_s[s] + delay_s.load<Real>(i_, pair(s, node)));
        }
        return t;
    }

    LW_FUNC void collect_tracks(int node, OriginSet origins, HeldTracks<Real>& held) const
    {
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            SensorParams const& sensor = scenario_.sensor[s];
            if (!takes_part(s) || !is_radar(s) || (origins >> sensor.origin & 1U) == 0) {
                continue;
            }
            Real const delay = c_.track_delay_s.load<Real>(i_, pair(s, node));
            held.add(sensor.radar, s, t_firm_s_[s], delay + c_.processing_s.load<Real>(i_, s));
        }
    }

    /// What the nodes predict of one release class, in every quality, and who hears of it.
    LW_FUNC void predict(int release_class)
    {
        std::uint64_t const nodes = arm_.predicting_nodes[release_class];
        if (nodes == 0) { return; }
        OriginSet const origins = arm_.prediction_class[release_class];
        Real const t_burnout = c_.t_burnout_s.load<Real>(i_);
        Real const t_end = end_of_flight_s<Real>(c_, i_);
        Real t_prediction_s[max_qualities][max_nodes];
        for (int n = 0; n < network_.node_count; ++n) {
            if ((nodes >> n & 1U) == 0) { continue; }
            HeldTracks<Real> held(c_, i_);
            collect_tracks(n, origins, held);
            auto const told = [&](Real const& t) { return held.told_by(t); };
            for (int q = 0; q < network_.quality_count; ++q) {
                t_prediction_s[q][n] =
                    earliest_prediction_s(told, t_burnout, t_end, t_end - t_burnout,
                                          network_.impact_sigma_m[q]) +
                    c_.fusion_s.load<Real>(i_, n);
            }
        }
        for (int q = 0; q < network_.quality_count; ++q) {
            message_.clear(network_.node_count);
            for (int n = 0; n < network_.node_count; ++n) {
                if ((nodes >> n & 1U) != 0) { message_.make(n, t_prediction_s[q][n]); }
            }
            spread_now(MessageKind::impact_prediction, origins);
            hear_prediction(q);
        }
    }

    LW_FUNC void hear_prediction(int quality)
    {
        for (int n = 0; n < network_.consumer_count; ++n) {
            ConsumerParams const& consumer = network_.consumer[n];
            if (consumer.acts_on[static_cast<int>(MessageKind::impact_prediction)] &&
                consumer.quality == quality) {
                messages_.take(n, MessageKind::impact_prediction, message_.held_s[consumer.node]);
            }
        }
        for (int b = 0; b < scenario_.battery_count; ++b) {
            BatteryParams const& battery = scenario_.battery[b];
            if (battery.quality == quality) {
                messages_.take_at_battery(b, message_.held_s[battery.node]);
            }
        }
    }

    LW_FUNC void start_messages()
    {
        messages_.clear();
        for (int n = 0; n < network_.consumer_count; ++n) {
            ConsumerParams const& consumer = network_.consumer[n];
            if (consumer.acts_on[static_cast<int>(MessageKind::alert)]) {
                messages_.take(n, MessageKind::alert,
                               earliest_of(t_alert_s_, c_.alert_delay_s, consumer.node, -1));
            }
            if (consumer.acts_on[static_cast<int>(MessageKind::track)]) {
                messages_.take(n, MessageKind::track,
                               earliest_of(t_track_s_, c_.track_delay_s, consumer.node, -1));
            }
        }
    }

    /// For replay.
    LW_FUNC void store_tracks() const
    {
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            int const slot = arm_index_ * scenario_.sensor_count + s;
            c_.t_cue_s.store(i_, slot, t_cue_s_[s]);
            c_.t_firm_s.store(i_, slot, t_firm_s_[s]);
        }
    }

    Scenario const& scenario_;
    NetworkParams const& network_;
    ArmParams const& arm_;
    int arm_index_;
    Columns const& c_;
    std::int64_t i_;
    ArmMessages<Real> messages_;
    Arrivals<Real> message_;
    Real t_cue_s_[max_sensors];  ///< first message of another sensor at the sensor's node
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
