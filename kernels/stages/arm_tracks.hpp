// The tracks and alerts of one arm: when each sensor makes its own, given the cues that reach it over the
// network, and when each node hears of them.
#pragma once

#include "kernels/columns/columns.hpp"
#include "kernels/stages/draw_delays.hpp"
#include "kernels/stages/firm_track.hpp"
#include "kernels/stages/held_tracks.hpp"
#include "models/warning/delay.hpp"
#include "models/warning/spread.hpp"

namespace longwatch {

/// One flight in one arm (and its neighbours, one per lane).
template <class Real>
class ArmTracks {
public:
    LW_FUNC ArmTracks(Scenario const& scenario, Columns const& columns, std::int64_t i, int arm)
        : scenario_(scenario), network_(scenario.network), arm_(scenario.network.arm[arm]),
          arm_index_(arm), c_(columns), i_(i)
    {
    }

    /// `message` is room to work in.
    LW_FUNC void find(Arrivals<Real>& message)
    {
        find_delays(message);
        relax_cues();
        find_detections();
    }

    /// The last sensor's track is firm at this time, other than found: what others make of its messages.
    LW_FUNC void add_track_of_last(Real const& t_firm_s)
    {
        int const last = scenario_.sensor_count - 1;
        t_firm_s_[last] = t_firm_s;
        t_made_s_[last] = t_firm_s + c_.processing_s.load<Real>(i_, last);
        relax(last);
    }

    LW_FUNC bool takes_part(int s) const { return (arm_.sensors >> s & 1U) != 0; }
    LW_FUNC bool is_radar(int s) const { return scenario_.sensor[s].kind == SensorKind::radar; }

    LW_FUNC int sensor_count() const { return scenario_.sensor_count; }
    LW_FUNC bool is_at(int s, int node) const { return scenario_.sensor[s].node == node; }

    LW_FUNC Real const& t_firm_s(int s) const { return t_firm_s_[s]; }
    LW_FUNC Real const& t_cue_s(int s) const { return t_cue_s_[s]; }

    /// From when a sensor's track is ready until a node holds it.
    LW_FUNC Real track_delay_s(int s, int node) const
    {
        return c_.track_delay_s.load<Real>(i_, pair(s, node));
    }

    LW_FUNC Real alert_delay_s(int s, int node) const
    {
        return c_.alert_delay_s.load<Real>(i_, pair(s, node));
    }

    /// The same for use in a prediction that rests on these origins: under its own, or as re-stamped.
    LW_FUNC Real usable_delay_s(int s, int node, OriginSet origins) const
    {
        bool const own = (origins >> scenario_.sensor[s].origin & 1U) != 0;
        if (arm_.restamp_origin < 0) { return own ? track_delay_s(s, node) : Real(never_s); }
        Real const as_made = c_.track_as_made_s.load<Real>(i_, pair(s, node));
        Real const restamped = c_.track_restamped_s.load<Real>(i_, pair(s, node));
        bool const stamped = (origins >> arm_.restamp_origin & 1U) != 0;
        return smaller(own ? as_made : Real(never_s), stamped ? restamped : Real(never_s));
    }

    /// The radars' tracks that a node may use in predictions that rest on these origins.
    LW_APART NodeHolding<Real> collect(int node, OriginSet origins, HeldTracks<Real>& held) const
    {
        NodeHolding<Real> out;
        held.clear();
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            if (!takes_part(s) || !is_radar(s)) { continue; }
            Real const way = usable_delay_s(s, node, origins);
            Real const age = way + c_.processing_s.load<Real>(i_, s);
            held.add(scenario_.sensor[s].radar, s, t_cue_s_[s], t_firm_s_[s], age);
            out.add(t_firm_s_[s] + age, s, way - track_delay_s(s, node));
        }
        return out;
    }

    /// A node holds the sensor's alert or track; never_s where it makes none or takes no part.
    LW_FUNC Real held_s(int s, int node, MessageKind kind) const
    {
        bool const alert = kind == MessageKind::alert;
        if (!takes_part(s) || (!alert && !is_radar(s))) { return Real(never_s); }
        Column const& delay_s = alert ? c_.alert_delay_s : c_.track_delay_s;
        return t_made_s_[s] + delay_s.load<Real>(i_, pair(s, node));
    }

    /// How a sensor's message came about that reached a node.
    LW_FUNC DelayParts<Real> delay(int s, int node, MessageKind kind) const
    {
        bool const alert = kind == MessageKind::alert;
        Column const& travel = alert ? c_.alert_delay_s : c_.track_delay_s;
        Column const& on_links = alert ? c_.alert_link_s : c_.track_link_s;
        SensorTimes<Real> const times{c_.t_visible_s.load<Real>(i_, s), t_detect_s_[s],
                                      is_radar(s) ? t_firm_s_[s] : c_.t_report_s.load<Real>(i_, s),
                                      c_.processing_s.load<Real>(i_, s)};
        return message_delay(times, travel.load<Real>(i_, pair(s, node)),
                             on_links.load<Real>(i_, pair(s, node)));
    }

    /// For replay.
    LW_FUNC void store() const
    {
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            int const slot = arm_index_ * scenario_.sensor_count + s;
            c_.t_cue_s.store(i_, slot, t_cue_s_[s]);
            c_.t_firm_s.store(i_, slot, t_firm_s_[s]);
        }
    }

private:
    /// Messages of sensors at one node and of one origin take the same ways: the first such sensor's
    /// delays serve all.
    LW_FUNC int pair(int s, int node) const
    {
        return scenario_.sensor[s].same_way_as * network_.node_count + node;
    }

    /// From each sensor's node to every node, for its alerts and its tracks.
    LW_FUNC void find_delays(Arrivals<Real>& message)
    {
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            if (scenario_.sensor[s].same_way_as != s) { continue; }
            find_delays_of(s, MessageKind::alert, c_.alert_delay_s, c_.alert_link_s, message);
            find_delays_of(s, MessageKind::track, c_.track_delay_s, c_.track_link_s, message);
        }
    }
    LW_FUNC void find_delays_of(int s, MessageKind kind, Column const& delays,
                                Column const& on_links, Arrivals<Real>& message)
    {
        SensorParams const& sensor = scenario_.sensor[s];
        message.clear(network_.node_count, arm_.restamp_origin >= 0);
        message.make(sensor.node, Real(0));
        spread(network_, arm_, kind, OriginSet{1} << sensor.origin,
               DrawnWaits<Real>{network_, arm_, c_, i_}, message);
        for (int n = 0; n < network_.node_count; ++n) {
            delays.store(i_, pair(s, n), message.held_s[n]);
            on_links.store(i_, pair(s, n), message.link_s[n]);
            if (kind == MessageKind::track && arm_.restamp_origin >= 0) {
                c_.track_as_made_s.store(i_, pair(s, n), message.as_made.held_s[n]);
                c_.track_restamped_s.store(i_, pair(s, n), message.restamped.held_s[n]);
            }
        }
    }

    LW_FUNC void relax_cues()
    {
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            t_cue_s_[s] = t_made_s_[s] = t_firm_s_[s] = Real(never_s);
            if (takes_part(s) && !is_radar(s)) {
                t_made_s_[s] = c_.t_report_s.load<Real>(i_, s) + c_.processing_s.load<Real>(i_, s);
            }
            if (takes_part(s) && is_radar(s)) { update_track(s); }
        }
        relax(scenario_.sensor_count);
    }

    /// Cues among the first `count` sensors, from whatever is known, until nothing gets earlier.
    LW_FUNC void relax(int count)
    {
        bool earlier_somewhere = true;
        while (earlier_somewhere) {
            earlier_somewhere = false;
            for (int s = 0; s < count; ++s) {
                if (!takes_part(s) || !is_radar(s)) { continue; }
                Real const cue = smaller(t_cue_s_[s], earliest_cue_s(s));
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
        t_made_s_[s] = firm + c_.processing_s.load<Real>(i_, s);
        return earlier;
    }

    /// The first alert or track of another sensor at a sensor's own node.
    LW_FUNC Real earliest_cue_s(int sensor) const
    {
        int const node = scenario_.sensor[sensor].node;
        Real t = Real(never_s);
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            if (s == sensor) { continue; }
            t = smaller(t, smaller(held_s(s, node, MessageKind::alert),
                                   held_s(s, node, MessageKind::track)));
        }
        return t;
    }

    LW_FUNC void find_detections()
    {
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            t_detect_s_[s] =
                takes_part(s) && is_radar(s)
                    ? first_detection_s(scenario_.sensor[s].radar, c_, i_, s, t_cue_s_[s])
                    : c_.t_search_hit_s.load<Real>(i_, s);
        }
    }

    Scenario const& scenario_;
    NetworkParams const& network_;
    ArmParams const& arm_;
    int arm_index_;
    Columns const& c_;
    std::int64_t i_;
    Real t_cue_s_[max_sensors];  ///< first message of another sensor at the sensor's node
    Real t_detect_s_[max_sensors];
    Real t_firm_s_[max_sensors];
    Real t_made_s_[max_sensors];  ///< ready to leave the sensor's node
};

}  // namespace longwatch
