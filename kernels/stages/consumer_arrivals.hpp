// When what each consumer of an arm acts on comes to it, message by message, so that messages can be added.
#pragma once

#include "kernels/stages/arm_tracks.hpp"
#include "kernels/stages/end_of_flight.hpp"

namespace longwatch {

/// A node that predicts in one release class, what it holds, and the ways from there.
template <class Real>
struct PredictingNode {
    int node;
    OriginSet origins;
    HeldTracks<Real> held;
    NodeHolding<Real> holding;
    Real t_found_s[max_qualities];  ///< what it holds is good enough; never_s if never
    Real fusion_s;
    Real way_s[max_consumers];  ///< of an impact prediction to each consumer's node
    Real all_clear_way_s[max_consumers];
    Real added_way_s;  ///< of the added radar's track to here, where predictions may use it

    PredictingNode(int at, OriginSet of, Columns const& c, std::int64_t i)
        : node(at), origins(of), held(c, i)
    {
    }
};

/// When what a consumer acts on is at its node.
template <class Real>
struct ConsumerArrivals {
    Real t_direct_s = Real(never_s);      ///< alert or track
    Real t_prediction_s = Real(never_s);  ///< good enough
    Real t_precaution_s = Real(never_s);  ///< patience with alerts and tracks is at its end
    Real all_clear_s = Real(never_s);     ///< after the end of its clock

    /// When it acts, but for its decision; see ArmMessages::finish(). never_s where a prediction says that the flight stays away.
    LW_FUNC Real t_message_s(Real const& t_clock_end_s, Mask<Real> const& concerns) const
    {
        auto const is_precaution = t_precaution_s < t_direct_s && t_precaution_s <= t_prediction_s;
        auto const too_late = is_precaution && t_precaution_s > t_clock_end_s + all_clear_s;
        auto const is_prediction = t_prediction_s < t_direct_s && t_prediction_s < t_precaution_s;
        auto const calms = is_prediction && !concerns;
        Real const t = smaller(smaller(t_direct_s, t_prediction_s), t_precaution_s);
        return select(too_late || calms, Real(never_s), t);
    }
};

/// Of one flight in one arm (and its neighbours, one per lane).
template <class Real>
class Hearing {
public:
    LW_FUNC Hearing(Scenario const& scenario, Columns const& columns, std::int64_t i)
        : network_(scenario.network), sensor_count_(scenario.sensor_count), c_(&columns), i_(i)
    {
    }
    /// Takes over what another has heard of the same flight.
    LW_FUNC void begin_with(Hearing const& other)
    {
        for (int n = 0; n < network_.consumer_count; ++n) { heard_[n] = other.heard_[n]; }
    }

    LW_FUNC static bool acts_on(ConsumerParams const& consumer, MessageKind kind)
    {
        return consumer.acts_on[static_cast<int>(kind)];
    }

    LW_FUNC void take_tracks(ArmTracks<Real> const& tracks)
    {
        for (int n = 0; n < network_.consumer_count; ++n) {
            for (int s = 0; s < sensor_count_; ++s) {
                int const node = network_.consumer[n].node;
                take_direct(n, MessageKind::alert, tracks.held_s(s, node, MessageKind::alert));
                take_direct(n, MessageKind::track, tracks.held_s(s, node, MessageKind::track));
            }
        }
    }

    LW_FUNC void take_direct(int n, MessageKind kind, Real const& held_s)
    {
        ConsumerParams const& consumer = network_.consumer[n];
        auto& a = heard_[n];
        if (acts_on(consumer, kind)) { a.t_direct_s = smaller(a.t_direct_s, held_s); }
        if (!consumer.acts_in_time) { return; }
        Real const patience = c_->precaution_s.template load<Real>(i_, n);
        a.t_precaution_s = smaller(a.t_precaution_s, held_s + patience);
    }

    LW_FUNC void take_prediction(PredictingNode<Real> const& from, int quality, Real const& made_s)
    {
        for (int n = 0; n < network_.consumer_count; ++n) {
            ConsumerParams const& consumer = network_.consumer[n];
            bool const acts = acts_on(consumer, MessageKind::impact_prediction);
            if (!acts || consumer.quality != quality) { continue; }
            auto& t = heard_[n].t_prediction_s;
            t = smaller(t, made_s + from.way_s[n]);
        }
    }

    /// Made before then, a prediction of that node and quality comes before all else to some consumer.
    LW_FUNC Real latest_first_s(PredictingNode<Real> const& from, int quality) const
    {
        Real latest = Real(-never_s);

        for (int n = 0; n < network_.consumer_count; ++n) {
            ConsumerParams const& consumer = network_.consumer[n];
            bool const acts = acts_on(consumer, MessageKind::impact_prediction);
            if (!acts || consumer.quality != quality) { continue; }
            auto const& a = heard_[n];
            Real const else_s = smaller(smaller(a.t_direct_s, a.t_prediction_s), a.t_precaution_s);
            latest = larger(latest, else_s - from.way_s[n]);
        }
        return latest;
    }

    /// A node that predicts and holds a track says so when the clock has ended.
    LW_FUNC void take_all_clear(PredictingNode<Real> const& from, Real const& t_first_held_s)
    {
        auto const knows = t_first_held_s < end_of_flight_s<Real>(*c_, i_);
        Real const made = select(knows, from.fusion_s, Real(never_s));
        for (int n = 0; n < network_.consumer_count; ++n) {
            auto& t = heard_[n].all_clear_s;
            t = smaller(t, made + from.all_clear_way_s[n]);
        }
    }

    /// When a consumer has decided.
    LW_FUNC Real t_message_s(int n) const
    {
        auto const load = [&](Column const& column) { return column.template load<Real>(i_, n); };
        return heard_[n].t_message_s(load(c_->t_clock_end_s), load(c_->concerns) > Real(0.5)) +
               load(c_->decision_s);
    }

private:
    NetworkParams const& network_;
    int sensor_count_;
    Columns const* c_;
    std::int64_t i_;
    ConsumerArrivals<Real> heard_[max_consumers];
};

}  // namespace longwatch
