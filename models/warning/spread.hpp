// How a message spreads through the network: earliest arrival at every node, and by which way.
#pragma once

#include <cstdint>

#include "models/math/real.hpp"
#include "models/warning/network.hpp"

namespace longwatch {

/// When every node holds a message, and by which way.
template <class Real>
struct Ways {
    Real held_s[max_nodes];  ///< earliest time the node holds it, made or received
    Real link_s[max_nodes];  ///< of its way there, the time on links; the rest was waiting at nodes
    Real maker[max_nodes];   ///< the node that made what is held

    LW_FUNC void forget(int node)
    {
        held_s[node] = Real(never_s);
        link_s[node] = maker[node] = Real(0);
    }
    LW_FUNC void make_at(int node, Real const& t_s)
    {
        held_s[node] = smaller(held_s[node], t_s);
        link_s[node] = Real(0);
        maker[node] = Real(static_cast<double>(node));
    }
    LW_FUNC void take(Mask<Real> const& mask, int node, Real const& t_s, Real const& on_links_s,
                      Real const& made_by)
    {
        held_s[node] = select(mask, t_s, held_s[node]);
        link_s[node] = select(mask, on_links_s, link_s[node]);
        maker[node] = select(mask, made_by, maker[node]);
    }
};

/// Times of one message at every node, by whatever way comes first.
template <class Real>
struct Arrivals : Ways<Real> {
    Real made_s[max_nodes];  ///< where the node makes it itself; never_s elsewhere
    /// Under the origins it was made with, and as re-stamped; only where some node of the arm re-stamps.
    Ways<Real> as_made, restamped;
    bool restamps = false;     ///< some node of the arm
    std::uint64_t makers = 0;  ///< nodes that make it, one bit each

    LW_FUNC void clear(int node_count, bool some_node_restamps)
    {
        restamps = some_node_restamps;
        makers = 0;
        for (int n = 0; n < node_count; ++n) {
            made_s[n] = Real(never_s);
            this->forget(n);
            if (!restamps) { continue; }
            as_made.forget(n);
            restamped.forget(n);
        }
    }
    LW_FUNC void make(int node, Real const& t_s)
    {
        made_s[node] = smaller(made_s[node], t_s);
        makers |= std::uint64_t{1} << node;
        this->make_at(node, t_s);
        if (restamps) { as_made.make_at(node, t_s); }
    }
};

/// Waits is { relay_s(node), release_s(link), latency_s(link) }, each returning a Real.
/// Relaxes the arm's links, those of the nodes that have it earlier than before, until nothing gets earlier. What a node made leaves at once, what it
/// received leaves after its relay time; both wait for the link's release. A link passes the message if
/// it carries this kind of every origin the message rests on; behind a node that re-stamps, that is its own.
/// latency_s(l) is never_s for a link that is out; relay_s(n), release_s(l) >= 0.
template <class Real, class Waits>
class Spreading {
public:
    LW_FUNC Spreading(NetworkParams const& network, ArmParams const& arm, MessageKind kind,
                      OriginSet origins, Waits const& waits, Arrivals<Real>& message)
        : network_(network), arm_(arm), kind_(kind), origins_(origins), waits_(waits),
          message_(message)
    {
    }

    LW_FUNC void run()
    {
        bool const restamps = arm_.restamp_origin >= 0;
        Ways<Real>& first = message_;
        for (std::uint64_t news = message_.makers; news != 0;) {
            std::uint64_t const old_news = news;
            news = 0;
            for (int l = 0; l < network_.link_count; ++l) {
                LinkParams const& link = network_.link[l];
                // Only who has it earlier than before has anything to tell.
                if (!arm_.link[l].present || (old_news >> link.from & 1U) == 0) { continue; }
                bool earlier = false;
                if (restamps) {
                    bool const here = node(link.from).restamps;
                    OriginSet const own = OriginSet{1} << arm_.restamp_origin;
                    Ways<Real>& to = here ? message_.restamped : message_.as_made;
                    earlier = pass(l, here ? own : origins_, message_.as_made, to);
                    earlier = pass(l, own, message_.restamped, message_.restamped) || earlier;
                } else {
                    earlier = pass(l, origins_, first, first);
                }
                if (earlier) { news |= std::uint64_t{1} << link.to; }
            }
        }
        // However it is stamped, the first to arrive is the one acted on.
        for (int n = 0; restamps && n < network_.node_count; ++n) {
            for (Ways<Real> const* way : {&message_.as_made, &message_.restamped}) {
                first.take(way->held_s[n] < first.held_s[n], n, way->held_s[n], way->link_s[n],
                           way->maker[n]);
            }
        }
    }

private:
    LW_FUNC NodeParams const& node(int n) const { return network_.node[node_entry(arm_, n)]; }

    /// What the link's beginning holds by `from`, to what its end holds by `to`; true if that gets earlier.
    LW_FUNC bool pass(int l, OriginSet origins, Ways<Real> const& from, Ways<Real>& to)
    {
        if (!carries(arm_.link[l], kind_, origins)) { return false; }
        LinkParams const& link = network_.link[l];
        Real const relayed = from.held_s[link.from] + waits_.relay_s(link.from);
        // What is held as re-stamped was received.
        bool const may_be_own = &from != &message_.restamped;
        Real const made = may_be_own ? message_.made_s[link.from] : Real(never_s);
        auto const own = made <= relayed;
        Real const latency = waits_.latency_s(l);
        Real const arrives = select(own, made, relayed) + waits_.release_s(l) + latency;
        auto const earlier = arrives < to.held_s[link.to];
        if (!any(earlier)) { return false; }
        Real const before = select(own, Real(0), from.link_s[link.from]);
        Real const maker = select(own, Real(static_cast<double>(link.from)), from.maker[link.from]);
        to.take(earlier, link.to, arrives, before + latency, maker);
        return true;
    }

    NetworkParams const& network_;
    ArmParams const& arm_;
    MessageKind kind_;
    OriginSet origins_;
    Waits const& waits_;
    Arrivals<Real>& message_;
};

template <class Real, class Waits>
LW_FUNC void spread(NetworkParams const& network, ArmParams const& arm, MessageKind kind,
                    OriginSet origins, Waits const& waits, Arrivals<Real>& message)
{
    Spreading<Real, Waits>(network, arm, kind, origins, waits, message).run();
}

}  // namespace longwatch
