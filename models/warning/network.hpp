// The network of a study: nodes, links, arms, consumers. Arms differ only by data in here.
#pragma once

#include <cstdint>

#include "models/earth/position.hpp"
#include "models/earth/site.hpp"
#include "models/limits.hpp"
#include "models/math/distribution.hpp"

namespace longwatch {

enum class MessageKind : int { alert, track, impact_prediction, all_clear };
inline constexpr int message_kind_count = 4;
inline constexpr char const* message_kind_texts[] = {"alert", "track", "impact-prediction",
                                                     "all-clear", "precaution"};
/// What a consumer acts on that was told of a flight and nothing better for long enough.
inline constexpr int acts_as_precaution = message_kind_count;

/// A set of states, one bit each: those a message's information comes from.
using OriginSet = std::uint32_t;

struct NodeParams {
    std::uint32_t name_hash = 0;  ///< keys its draws
    Distribution relay_s;         ///< time to pass a received message on
    Distribution release_s;   ///< until its people let a message leave, its own or a received one
    bool restamps = false;    ///< what leaves it counts as of its own state
    bool fuses = false;       ///< combines the tracks it holds into impact predictions
    Distribution fusion_s;    ///< from good enough data to an impact prediction
    Distribution wait_s;      ///< it predicts no sooner than this after the first track it holds
    int tracks_required = 1;  ///< of as many sensors, before it predicts
};

/// A one-way channel. It is there in an arm, or not; its draws are the same in every arm.
struct LinkParams {
    int from = 0, to = 0;
    std::uint32_t name_hash = 0;
    Distribution release_s;  ///< until people or rules let a message pass
    Distribution latency_s;  ///< transmission
    /// Time between the slots in which it may send; 0: at any time. A message waits for the next slot.
    double slot_period_s = 0;
    double availability = 1;  ///< probability that it works when a flight begins
    /// Mean time to repair if it does not; a message waits for the repair. 0: not during this flight.
    double repair_mean_s = 0;
    double service_s = 0;     ///< time that it takes to pass one message, one at a time; 0: none
    double load = 0;          ///< part of the time that it is busy with other messages
    double loss = 0;          ///< probability that one transmission is lost
    double retransmit_s = 0;  ///< from a lost transmission to the next
};

/// A link as one arm uses it.
struct ArmLink {
    bool present = false;
    OriginSet release[message_kind_count] = {};  ///< origins it carries, per kind; 0 carries none
};

/// A link passes on what it carries of every origin that the information rests on.
LW_FUNC bool carries(ArmLink const& link, MessageKind kind, OriginSet origins)
{
    return link.present && (origins & ~link.release[static_cast<int>(kind)]) == 0;
}

struct ArmParams {
    std::uint64_t sensors = 0;  ///< bit per sensor that takes part
    /// The entry of NetworkParams::node in place of a node's own, where the arm changes it; 0: its own.
    int changed_node[max_nodes] = {};
    int restamp_origin = -1;  ///< of the nodes that re-stamp, which are of one state; -1: none does
    ArmLink link[max_links];
    /// Sets of origins that predictions of this arm rest on, closed under intersection: a fusing node
    /// makes one prediction for each, so that a link is never offered only what it must not carry.
    int class_count = 0;
    OriginSet prediction_class[max_release_classes] = {};
    /// Per class, the nodes that make a prediction of it, one bit each; filled by preparing. A node
    /// that would know no more by a larger class makes only the smaller one, which travels farther.
    std::uint64_t predicting_nodes[max_release_classes] = {};
};

LW_FUNC int node_entry(ArmParams const& arm, int node)
{
    return arm.changed_node[node] > 0 ? arm.changed_node[node] : node;
}

enum class Clock : int { impact, overflight };

/// Somebody who must be warned. The clock ends at impact, or at the closest approach of the flight's
/// ground track to the consumer's place.
struct ConsumerParams {
    int node = 0;
    std::uint32_t name_hash = 0;
    std::uint32_t threats = 0;  ///< bit per threat that concerns it
    Clock clock = Clock::impact;
    Geodetic place;
    SiteFrame frame;  ///< of the place; filled by preparing
    /// Flights that stay farther away, by impact or by ground track as its clock is, do not concern it: a prediction says
    /// so. 0: all of its threats do.
    double concern_radius_m = 0;
    bool acts_on[message_kind_count] = {};  ///< kinds of message that make it act
    int quality = 0;                        ///< index of the quality it asks for
    Distribution decision_s;                ///< from message to warned
    /// After so long with an alert or a track at its node and nothing that it acts on, it acts on these.
    bool acts_in_time = false;
    Distribution precaution_s;
};

/// How well a prediction must tell. Of the impact point: the longer half axis of its ellipse of one standard
/// deviation. Of the position in which the flight passes a battery: the root of its variance over all axes.
struct TrackQuality {
    int battery = -1;  ///< -1: of the impact point
    double sigma_m = 0;
};
LW_FUNC bool is_intercept(TrackQuality const& quality) { return quality.battery >= 0; }

struct NetworkParams {
    int node_count = 0, link_count = 0, arm_count = 0, consumer_count = 0, origin_count = 0;
    int node_changes = 0;  ///< entries after the nodes: what arms make of them
    NodeParams node[max_nodes];
    LinkParams link[max_links];
    ArmParams arm[max_arms];
    ConsumerParams consumer[max_consumers];
    /// What somebody asks for: of the impact point, descending; then of intercepts.
    int quality_count = 0;
    TrackQuality quality[max_qualities];
};

}  // namespace longwatch
