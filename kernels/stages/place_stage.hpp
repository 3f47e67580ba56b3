// place: what one more radar changes for the consumers of one arm, without doing anew what it leaves as it is.
//
// The last sensor of the scenario is the seat: a radar of arm 0 whose place changes from candidate to candidate. The present
// picture is that of a seat without looks. A radar more makes nothing later that counts: so only what comes earlier is done
// anew, and instants are sought between when the candidate's track comes and when they are at present.
#pragma once

#include <bit>
#include <optional>
#include <vector>

#include "kernels/stages/added_looks.hpp"
#include "kernels/stages/consumer_arrivals.hpp"
#include "kernels/stages/last_sensor.hpp"

namespace longwatch {

/// Flights in the lanes of one place of the columns, in arm 0.
template <class Real>
class PlaceFlight {
public:
    PlaceFlight(Scenario const& scenario, Launch const& launch, Columns const& c, std::int64_t i)
        : scenario_(scenario), network_(scenario.network), arm_(scenario.network.arm[0]),
          launch_(launch), c_(c), i_(i), seat_(scenario.sensor_count - 1),
          tracks_(scenario, c, i, 0), present_(scenario, c, i), added_(scenario, c, i),
          seat_track_(c, i), changed_(c, i)
    {
    }

    /// Everything but the seat's looks; the stages up to measure have been there for all other sensors.
    void find_present(LookTable<Real>& table)
    {
        silence_last_sensor<Real>(scenario_, c_, i_);
        draw_delays_at<Real>(scenario_, launch_, c_, i_);
        tracks_.find(message_);
        present_.take_tracks(tracks_);
        int count = 0;
        for (std::uint64_t const nodes : arm_.predicting_nodes) { count += std::popcount(nodes); }
        nodes_.reserve(static_cast<std::size_t>(count));
        for (int k = 0; k < arm_.class_count; ++k) {
            for (int n = 0; n < network_.node_count; ++n) {
                if ((arm_.predicting_nodes[k] >> n & 1U) != 0) {
                    add_node(n, arm_.prediction_class[k]);
                }
            }
        }
        fill_look_table(scenario_, launch_, c_, i_, table);
    }

    Real present_message_s(int consumer) const { return present_.t_message_s(consumer); }

    /// The candidate that stands in the seat.
    void add(LookTable<Real> const& table)
    {
        AddedLooks<Real> looks(scenario_, launch_, c_, i_, table);
        t_firm_s_ = looks.firm_track_s(tracks_.t_cue_s(seat_));
        added_.begin_with(present_);
        if (!any(t_firm_s_ < Real(never_s))) { return; }
        t_first_look_s_ = table.phase_s + looks.first_of_track() * Real(seat().radar.look_period_s);
        cues_ = cues_somebody();
        bool const others_change = any(cues_);
        if (others_change) {
            with_cues_.emplace(tracks_);
            with_cues_->add_track_of_last(t_firm_s_);
            added_.take_tracks(*with_cues_);
        } else {
            for (int n = 0; n < network_.consumer_count; ++n) { hear_candidate(n); }
        }
        Real const until = latest_use_s();

        looks.measure(until);
        for (auto& node : nodes_) { predict_at(node, others_change); }
    }

    Real t_firm_s() const { return t_firm_s_; }
    Real candidate_message_s(int consumer) const { return added_.t_message_s(consumer); }

private:
    SensorParams const& seat() const { return scenario_.sensor[seat_]; }
    Real load(Column const& column, int slot) const { return column.template load<Real>(i_, slot); }
    bool is_asked_for(int quality) const { return warns_by(network_, launch_.threat, quality); }

    /// From one node to each consumer.
    void find_ways(int node, OriginSet origins, MessageKind kind, Real (&way_s)[max_consumers])
    {
        message_.clear(network_.node_count, arm_.restamp_origin >= 0);
        message_.make(node, Real(0));
        spread(network_, arm_, kind, origins, DrawnWaits<Real>{network_, arm_, c_, i_}, message_);
        for (int n = 0; n < network_.consumer_count; ++n) {
            way_s[n] = message_.held_s[network_.consumer[n].node];
        }
    }

    void add_node(int n, OriginSet origins)
    {
        auto& node = nodes_.emplace_back(n, origins, c_, i_);
        node.holding = tracks_.collect(n, origins, node.held);
        node.added_way_s = tracks_.usable_delay_s(seat_, n, origins);
        node.fusion_s = load(c_.fusion_s, node_entry(arm_, n));
        for (Real& t : node.t_found_s) { t = Real(never_s); }
        Predictions<Real> const predictions(scenario_, launch_.threat, c_, i_);
        for (int q = 0; q < network_.quality_count; ++q) {
            if (!is_asked_for(q)) { continue; }
            node.t_found_s[q] = predictions.first_s(
                {q, node.holding.t_first_s, Real(never_s), Real(never_s)}, node.held);
        }

        find_ways(n, origins, MessageKind::impact_prediction, node.way_s);
        find_ways(n, origins, MessageKind::all_clear, node.all_clear_way_s);
        for (int q = 0; q < network_.quality_count; ++q) {
            present_.take_prediction(node, q,
                                     t_prediction_s(node, node.holding, node.t_found_s[q]));
        }
        present_.take_all_clear(node, node.holding.t_first_s);
    }

    Real t_prediction_s(PredictingNode<Real> const& node, NodeHolding<Real> const& holding,
                        Real const& t_found_s) const
    {
        int const entry = node_entry(arm_, node.node);
        Real const may =
            holding.t_may_predict_s(network_.node[entry], load(c_.fusion_wait_s, entry));
        return larger(t_found_s, may) + node.fusion_s;
    }

    Real t_made_s() const { return t_firm_s_ + load(c_.processing_s, seat_); }

    /// Where its messages come before the first cue of a radar whose track is not yet firm then.
    Mask<Real> cues_somebody() const
    {
        auto cues = Real(1) < Real(0);
        Real const made = t_made_s();
        for (int s = 0; s < seat_; ++s) {
            if (!tracks_.takes_part(s) || !tracks_.is_radar(s)) { continue; }
            int const node = scenario_.sensor[s].node;
            Real const way =
                smaller(tracks_.alert_delay_s(seat_, node), tracks_.track_delay_s(seat_, node));
            Real const cue = made + way;
            cues = cues || (cue < tracks_.t_cue_s(s) && cue < tracks_.t_firm_s(s) &&
                            load(c_.look_count, s) > Real(0));
        }
        return cues;
    }
    void hear_candidate(int n)
    {
        ConsumerParams const& consumer = network_.consumer[n];
        Real const made = t_made_s();
        added_.take_direct(n, MessageKind::alert,
                           made + tracks_.alert_delay_s(seat_, consumer.node));
        added_.take_direct(n, MessageKind::track,
                           made + tracks_.track_delay_s(seat_, consumer.node));
    }

    Real age_s(PredictingNode<Real> const& node) const
    {
        return node.added_way_s + load(c_.processing_s, seat_);
    }

    /// From when on no look of the candidate, where it is held, tells anything that is still asked for.
    Real latest_use_s() const
    {
        Real latest = Real(0);
        Real const end = end_of_flight_s<Real>(c_, i_);
        for (auto const& node : nodes_) {
            Real const age = age_s(node);
            for (int q = 0; q < network_.quality_count; ++q) {
                if (!is_asked_for(q)) { continue; }
                Real const wanted = added_.latest_first_s(node, q) - node.fusion_s;
                Real const use = smaller(smaller(node.t_found_s[q], wanted), end) - age;

                latest = larger(latest, use);
            }
        }
        return latest;
    }

    /// `others_change`: the candidate's cues make other radars' tracks firm earlier, or tell more.
    void predict_at(PredictingNode<Real>& node, bool others_change)
    {
        Real const age = age_s(node);
        Real const held = t_firm_s_ + age;
        if (!others_change && !any(held < Real(never_s))) { return; }
        NodeHolding<Real> holding = node.holding;
        if (others_change) {
            holding = with_cues_->collect(node.node, node.origins, changed_);
        } else {
            holding.add(held, seat_, Real(0));
        }
        bool is_ready = others_change;
        added_.take_all_clear(node, holding.t_first_s);
        for (int q = 0; q < network_.quality_count; ++q) {
            if (!is_asked_for(q)) { continue; }
            Real found = node.t_found_s[q];
            auto const looks_tell =
                held < Real(never_s) &&
                t_first_look_s_ + age < smaller(found, end_of_flight_s<Real>(c_, i_));
            // No sooner than the first track, or the candidate's first look.
            Real const least =
                larger(holding.t_first_s, select(cues_, Real(0), t_first_look_s_ + age));
            Real const wanted = added_.latest_first_s(node, q);
            auto const tells =
                (looks_tell || cues_) && t_prediction_s(node, holding, least) < wanted;

            if (any(tells)) {
                if (!is_ready) {
                    seat_track_.clear();
                    seat_track_.add(seat().radar, seat_, tracks_.t_cue_s(seat_), t_firm_s_, age);
                    is_ready = true;
                }
                auto const told = [&](Real const& t) {
                    if (others_change) { return changed_.told_by(t); }
                    auto sum = node.held.told_by(t);
                    seat_track_.add_told_by(t, sum);
                    return sum;
                };
                Predictions<Real> const predictions(scenario_, launch_.threat, c_, i_);
                found = predictions.earlier({q, found, holding.t_first_s,
                                             select(tells, wanted - node.fusion_s, Real(-never_s))},
                                            told);
            }
            added_.take_prediction(node, q, t_prediction_s(node, holding, found));
        }
    }

    Scenario const& scenario_;
    NetworkParams const& network_;
    ArmParams const& arm_;
    Launch const& launch_;
    Columns const& c_;
    std::int64_t i_;
    int seat_;
    ArmTracks<Real> tracks_;  ///< at present
    std::vector<PredictingNode<Real>> nodes_;
    Arrivals<Real> message_;
    Hearing<Real> present_, added_;
    // of the candidate in hand
    Real t_firm_s_, t_first_look_s_;
    Mask<Real> cues_;                           ///< its messages cue other radars earlier
    std::optional<ArmTracks<Real>> with_cues_;  ///< where they do, all tracks
    HeldTracks<Real> seat_track_, changed_;
};

}  // namespace longwatch
