// share: per arm, who holds which message when.
//
// Sensors make alerts and tracks; messages that reach a sensor's own node cue it, which may make its
// track firm earlier; so tracks and cues are relaxed together until nothing gets earlier. Then every
// fusing node predicts the impact from the tracks it holds, and predictions spread in turn.
#pragma once

#include "kernels/columns/columns.hpp"
#include "kernels/stages/arm_messages.hpp"
#include "kernels/stages/arm_tracks.hpp"
#include "kernels/stages/battery_knowledge.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/held_tracks.hpp"
#include "kernels/stages/launch.hpp"
#include "kernels/stages/predictions.hpp"

namespace longwatch {

/// One flight in one arm (and its neighbours, one per lane).
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

    LW_FUNC void run()
    {
        tracks_.find(message_);
        hear_sensors();
        for (int k = 0; k < arm_.class_count; ++k) { predict(k); }
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

    LW_FUNC void collect_tracks(int node, OriginSet origins)
    {
        auto const holding = tracks_.collect(node, origins, held_);
        t_first_held_s_[node] = holding.t_first_s;
        first_sensor_[node] = holding.first_sensor;
        detour_s_[node] = holding.detour_s;
        int const entry = node_entry(arm_, node);
        t_may_predict_s_[node] =
            holding.t_may_predict_s(network_.node[entry], c_.fusion_wait_s.load<Real>(i_, entry));
    }

    /// What the nodes predict of one release class, in every quality, and who hears of it.
    LW_FUNC void predict(int release_class)
    {
        std::uint64_t const nodes = arm_.predicting_nodes[release_class];
        if (nodes == 0) { return; }
        OriginSet const origins = arm_.prediction_class[release_class];
        Real t_prediction_s[max_qualities][max_nodes];
        for (int n = 0; n < network_.node_count; ++n) {
            if ((nodes >> n & 1U) == 0) { continue; }
            collect_tracks(n, origins);
            Predictions<Real> const predictions(scenario_, threat_, c_, i_);
            predictions.find(held_, t_first_held_s_[n], [&](int q, Real const& t) {
                t_prediction_s[q][n] = larger(t, t_may_predict_s_[n]) + fusion_s(n);
            });
        }
        for (int q = 0; q < network_.quality_count; ++q) {
            if (!is_asked_for(scenario_, threat_, q)) { continue; }
            message_.clear(network_.node_count);
            for (int n = 0; n < network_.node_count; ++n) {
                if ((nodes >> n & 1U) != 0) { message_.make(n, t_prediction_s[q][n]); }
            }
            spread(network_, arm_, MessageKind::impact_prediction, origins,
                   DrawnWaits<Real>{network_, arm_, c_, i_}, message_);
            hear_prediction(q, nodes, origins);
        }
        hear_all_clear(nodes, origins);
    }

    /// A node that predicts and holds a track says so when the clock has ended.
    LW_FUNC void hear_all_clear(std::uint64_t nodes, OriginSet origins)
    {
        message_.clear(network_.node_count);
        for (int n = 0; n < network_.node_count; ++n) {
            if ((nodes >> n & 1U) == 0) { continue; }
            auto const knows = t_first_held_s_[n] < end_of_flight_s<Real>(c_, i_);
            message_.make(n, select(knows, fusion_s(n), Real(never_s)));
        }
        spread(network_, arm_, MessageKind::all_clear, origins,
               DrawnWaits<Real>{network_, arm_, c_, i_}, message_);
        for (int n = 0; n < network_.consumer_count; ++n) {
            messages_.take_all_clear(n, message_.held_s[network_.consumer[n].node]);
        }
    }

    LW_FUNC Real fusion_s(int node) const
    {
        return c_.fusion_s.load<Real>(i_, node_entry(arm_, node));
    }

    /// How a prediction came about that reached a node, where the mask is set.
    LW_FUNC DelayParts<Real> delay_of_prediction(int node, std::uint64_t makers,
                                                 Mask<Real> const& mask) const
    {
        DelayParts<Real> out{};
        for (int n = 0; n < network_.node_count; ++n) {
            if ((makers >> n & 1U) == 0) { continue; }
            auto const made_here = mask && message_.maker[node] == Real(static_cast<double>(n));
            for (int s = 0; any(made_here) && s < scenario_.sensor_count; ++s) {
                auto const from_here =
                    made_here && first_sensor_[n] == Real(static_cast<double>(s));
                if (!any(from_here)) { continue; }
                auto parts = tracks_.delay(s, n, MessageKind::track);
                Real const fusion = fusion_s(n);
                Real const made = message_.made_s[n], link = message_.link_s[node];
                auto const add = [&](DelayPart part, Real const& more) {
                    parts[part] = parts[part] + more;
                };
                add(DelayPart::confirmation, made - fusion - t_first_held_s_[n]);
                add(DelayPart::processing, fusion);
                add(DelayPart::link, link);
                add(DelayPart::release, message_.held_s[node] - made - link + detour_s_[n]);
                for (int k = 0; k < delay_part_count; ++k) {
                    out.part_s[k] = select(from_here, parts.part_s[k], out.part_s[k]);
                }
            }
        }
        return out;
    }

    LW_FUNC void hear_prediction(int quality, std::uint64_t makers, OriginSet origins)
    {
        for (int n = 0; n < network_.consumer_count; ++n) {
            ConsumerParams const& consumer = network_.consumer[n];
            if (consumer.acts_on[static_cast<int>(MessageKind::impact_prediction)] &&
                consumer.quality == quality) {
                messages_.take(n, static_cast<int>(MessageKind::impact_prediction),
                               message_.held_s[consumer.node], [&](Mask<Real> const& mask) {
                                   return delay_of_prediction(consumer.node, makers, mask);
                               });
            }
        }
        for (int b = 0; b < scenario_.battery_count; ++b) {
            BatteryParams const& battery = scenario_.battery[b];
            if (battery.quality != quality) { continue; }
            auto const earlier = messages_.take_at_battery(
                b, message_.held_s[battery.node], is_remote(tracks_, message_, battery.node));
            if (battery.interceptor.is_simulated && any(earlier)) {
                keep_known(b, makers, origins, earlier);
            }
        }
    }

    /// What a battery gets to know of a flight from its first good enough prediction on, by whoever made that.
    LW_FUNC void keep_known(int b, std::uint64_t makers, OriginSet origins, Mask<Real> const& mask)
    {
        int const node = scenario_.battery[b].node;
        BatteryKnowledge<Real> const knowledge(scenario_, c_, i_, arm_index_, b,
                                               message_.held_s[node], mask);
        for (int n = 0; n < network_.node_count; ++n) {
            if ((makers >> n & 1U) == 0) { continue; }
            auto const made_here = mask && message_.maker[node] == Real(static_cast<double>(n));
            if (!any(made_here)) { continue; }
            collect_tracks(n, origins);
            knowledge.keep(held_, message_.made_s[n] - fusion_s(n), made_here);
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
    HeldTracks<Real> held_;  ///< of the node and class in hand
    ArmMessages<Real> messages_;
    Arrivals<Real> message_;
    /// Of the class in hand, the first track that a predicting node holds, and whose it is.
    Real t_first_held_s_[max_nodes];
    Real first_sensor_[max_nodes];
    /// By how much its way was longer, under origins that may be used, than the shortest.
    Real detour_s_[max_nodes];
    Real t_may_predict_s_[max_nodes];  ///< it has waited, and holds tracks of enough sensors
};

template <class Real>
LW_FUNC void share_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                      std::int64_t i)
{
    draw_delays_at<Real>(scenario, launch, c, i);
    for (int arm = 0; arm < scenario.network.arm_count; ++arm) {
        ArmShare<Real>(scenario, launch.threat, c, i, arm).run();
    }
}

}  // namespace longwatch
