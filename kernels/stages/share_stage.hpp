// share: per arm, who holds which message when.
//
// Sensors make alerts and tracks; messages that reach a sensor's own node cue it, which may make its
// track firm earlier; so tracks and cues are relaxed together until nothing gets earlier. Then every
// fusing node predicts the impact from the tracks it holds, and predictions spread in turn.
#pragma once

#include "kernels/stages/arm_messages.hpp"
#include "kernels/stages/arm_tracks.hpp"
#include "kernels/stages/battery_knowledge.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/held_tracks.hpp"
#include "kernels/stages/predictions.hpp"

namespace longwatch {

/// One flight in one arm.
template <class Real>
class ArmShare {
public:
    LW_FUNC ArmShare(Scenario const& scenario, int threat, Columns const& columns, std::int64_t i,
                     int arm)
        : scenario_(scenario), threat_(threat), network_(scenario.network), arm_index_(arm),
          arm_(scenario.network.arm[arm]), c_(columns), i_(i), tracks_(scenario, columns, i, arm),
          held_(columns, i), messages_(scenario, columns, i, arm)
    {
    }

    LW_FUNC void run(PredictionHints<Real>& hints)
    {
        hints_ = &hints;
        tracks_.find(message_);
        hear_sensors();
        // Those that may use most come first as a rule, and spare the others their search.
        for (int k = arm_.class_count - 1; k >= 0; --k) { predict(k); }
        keep_known();
        messages_.finish();
        tracks_.store();
    }

private:
    LW_FUNC void hear_sensors()
    {
        messages_.clear();
        for (int n = 0; n < network_.consumer_count; ++n) {
            ConsumerParams const& consumer = network_.consumer[n];
            for (MessageKind const kind : {MessageKind::alert, MessageKind::track}) {
                bool const acts = consumer.acts_on[static_cast<int>(kind)];
                if (!acts && !consumer.acts_in_time) { continue; }
                for (int s = 0; s < scenario_.sensor_count; ++s) { hear_sensor(n, s, kind, acts); }
            }
        }
    }

    LW_FUNC void hear_sensor(int n, int s, MessageKind kind, bool acts)
    {
        int const node = network_.consumer[n].node;
        Real const held = tracks_.held_s(s, node, kind);
        if (acts) {
            messages_.take(n, static_cast<int>(kind), held,
                           [&](Mask<Real> const&) { return tracks_.delay(s, node, kind); });
        }
        if (!network_.consumer[n].acts_in_time) { return; }
        Real const patience = c_.precaution_s.load<Real>(i_, n);
        messages_.take(n, acts_as_precaution, held + patience, [&](Mask<Real> const&) {
            auto parts = tracks_.delay(s, node, kind);
            parts[DelayPart::decision] = parts[DelayPart::decision] + patience;
            return parts;
        });
    }

    /// What the nodes predict of one release class, in every quality, and who hears of it.
    LW_FUNC void predict(int release_class)
    {
        std::uint64_t const nodes = arm_.predicting_nodes[release_class];
        if (nodes == 0) { return; }
        for (int n = 0; n < network_.node_count; ++n) {
            if ((nodes >> n & 1U) != 0) { predict_at(n, release_class); }
        }
        hear_all_clear(nodes, arm_.prediction_class[release_class]);
    }

    LW_FUNC Maker<Real> maker_at(int node, int release_class)
    {
        int const entry = node_entry(arm_, node);
        auto const holding = tracks_.collect(node, arm_.prediction_class[release_class], held_);
        Real const wait = c_.fusion_wait_s.load<Real>(i_, entry);
        return {node, release_class, holding, holding.t_may_predict_s(network_.node[entry], wait),
                c_.fusion_s.load<Real>(i_, entry)};
    }

    LW_FUNC void predict_at(int node, int release_class)
    {
        auto const maker = maker_at(node, release_class);
        t_first_held_s_[node] = maker.holding.t_first_s;
        if (!any(maker.holding.t_first_s < Real(never_s))) { return; }
        message_.clear(network_.node_count, arm_.restamp_origin >= 0);
        message_.make(node, Real(0));
        spread(network_, arm_, MessageKind::impact_prediction, arm_.prediction_class[release_class],
               DrawnWaits<Real>{network_, arm_, c_, i_}, message_);
        Predictions<Real> const predictions(scenario_, threat_, c_, i_);
        for (int q = 0; q < network_.quality_count; ++q) {
            if (!is_asked_for(scenario_, threat_, q)) { continue; }
            // Later it would come to nobody before what he has.
            Real const wanted = latest_first_s(q) - maker.fusion_s;
            if (!any(larger(maker.holding.t_first_s, maker.t_may_s) < wanted)) { continue; }
            Real& hint = hints_->t_found_s[q][node];
            Real const found =
                predictions.first_s({q, maker.holding.t_first_s, wanted, hint}, held_);
            hint = select(found < Real(never_s), found, hint);
            hear_prediction(maker, q, larger(found, maker.t_may_s) + maker.fusion_s);
        }
    }

    /// Made before then, a prediction of this quality, on the ways in hand, comes to somebody before what he has.
    LW_FUNC Real latest_first_s(int quality) const
    {
        Real latest = Real(-never_s);
        for (int n = 0; n < network_.consumer_count; ++n) {
            if (!hears_predictions(n, quality)) { continue; }
            Real const way = message_.held_s[network_.consumer[n].node];
            latest = larger(latest, messages_.t_message_s(n) - way);
        }
        for (int b = 0; b < scenario_.battery_count; ++b) {
            BatteryParams const& battery = scenario_.battery[b];
            if (battery.quality != quality) { continue; }
            latest = larger(latest, messages_.t_quality_s(b) - message_.held_s[battery.node]);
        }
        return latest;
    }
    LW_FUNC bool hears_predictions(int n, int quality) const
    {
        ConsumerParams const& consumer = network_.consumer[n];
        return consumer.acts_on[static_cast<int>(MessageKind::impact_prediction)] &&
               consumer.quality == quality;
    }

    /// A node that predicts and holds a track says so when the clock has ended.
    LW_FUNC void hear_all_clear(std::uint64_t nodes, OriginSet origins)
    {
        message_.clear(network_.node_count, arm_.restamp_origin >= 0);
        for (int n = 0; n < network_.node_count; ++n) {
            if ((nodes >> n & 1U) == 0) { continue; }
            auto const knows = t_first_held_s_[n] < end_of_flight_s<Real>(c_, i_);
            Real const fusion = c_.fusion_s.load<Real>(i_, node_entry(arm_, n));
            message_.make(n, select(knows, fusion, Real(never_s)));
        }
        spread(network_, arm_, MessageKind::all_clear, origins,
               DrawnWaits<Real>{network_, arm_, c_, i_}, message_);
        for (int n = 0; n < network_.consumer_count; ++n) {
            messages_.take_all_clear(n, message_.held_s[network_.consumer[n].node]);
        }
    }

    /// How a prediction came about that reached a node, where the mask is set.
    LW_FUNC DelayParts<Real> delay_of_prediction(Maker<Real> const& maker, Real const& made_s,
                                                 int node, Mask<Real> const& mask) const
    {
        DelayParts<Real> out{};
        for (int s = 0; s < scenario_.sensor_count; ++s) {
            auto const from_here =
                mask && maker.holding.first_sensor == Real(static_cast<double>(s));
            if (!any(from_here)) { continue; }
            auto parts = tracks_.delay(s, maker.node, MessageKind::track);
            Real const link = message_.link_s[node];
            auto const add = [&](DelayPart part, Real const& more) {
                parts[part] = parts[part] + more;
            };
            add(DelayPart::confirmation, made_s - maker.fusion_s - maker.holding.t_first_s);
            add(DelayPart::processing, maker.fusion_s);
            add(DelayPart::link, link);
            add(DelayPart::release, message_.held_s[node] - link + maker.holding.detour_s);
            for (int k = 0; k < delay_part_count; ++k) {
                out.part_s[k] = select(from_here, parts.part_s[k], out.part_s[k]);
            }
        }
        return out;
    }

    /// On the ways in hand.
    LW_FUNC void hear_prediction(Maker<Real> const& maker, int quality, Real const& made_s)
    {
        for (int n = 0; n < network_.consumer_count; ++n) {
            if (!hears_predictions(n, quality)) { continue; }
            int const node = network_.consumer[n].node;
            messages_.take(n, static_cast<int>(MessageKind::impact_prediction),
                           made_s + message_.held_s[node], [&](Mask<Real> const& mask) {
                               return delay_of_prediction(maker, made_s, node, mask);
                           });
        }
        for (int b = 0; b < scenario_.battery_count; ++b) {
            BatteryParams const& battery = scenario_.battery[b];
            if (battery.quality != quality) { continue; }
            Real const held = made_s + message_.held_s[battery.node];
            auto const earlier = messages_.take_at_battery(
                b, held, is_remote(tracks_, battery.node, maker.node, held));
            known_[b].take(earlier, maker, made_s);
        }
    }

    /// What batteries get to know of a flight from their first good enough prediction on, by whoever made that.
    LW_FUNC void keep_known()
    {
        for (int k = 0; k < arm_.class_count; ++k) {
            for (int n = 0; n < network_.node_count; ++n) {
                if ((arm_.predicting_nodes[k] >> n & 1U) == 0) { continue; }
                bool is_collected = false;
                for (int b = 0; b < scenario_.battery_count; ++b) {
                    auto const made_here = known_[b].is_of(n, k);
                    if (!scenario_.battery[b].interceptor.is_simulated || !any(made_here)) {
                        continue;
                    }
                    if (!is_collected) { maker_at(n, k); }
                    is_collected = true;
                    BatteryKnowledge<Real> const knowledge(c_, i_, messages_.battery_slot(b), b,
                                                           made_here);
                    knowledge.keep(held_, known_[b].t_known_s, made_here);
                }
            }
        }
    }

    Scenario const& scenario_;
    int threat_;
    NetworkParams const& network_;
    int arm_index_;
    ArmParams const& arm_;
    Columns const& c_;
    std::int64_t i_;
    ArmTracks<Real> tracks_;
    PredictionHints<Real>* hints_ = nullptr;
    HeldTracks<Real> held_;  ///< of the node and class in hand
    ArmMessages<Real> messages_;
    Arrivals<Real> message_;
    Real t_first_held_s_[max_nodes];  ///< by a predicting node, of the class in hand
    KnownFrom<Real> known_[max_batteries];
};

template <class Real>
LW_FUNC void share_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                      std::int64_t i)
{
    draw_delays_at<Real>(scenario, launch, c, i);
    PredictionHints<Real> hints(scenario.network);
    for (int arm = 0; arm < scenario.network.arm_count; ++arm) {
        ArmShare<Real>(scenario, launch.threat, c, i, arm).run(hints);
    }
}

}  // namespace longwatch
