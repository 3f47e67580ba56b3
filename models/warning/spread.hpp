// How a message spreads through the network: earliest arrival at every node, and by which way.
#pragma once

#include "models/math/real.hpp"
#include "models/warning/network.hpp"

namespace longwatch {

/// Times of one message at every node.
template <class Real>
struct Arrivals {
    Real made_s[max_nodes];  ///< where the node makes it itself; never_s elsewhere
    Real held_s[max_nodes];  ///< earliest time the node holds it, made or received
    Real link_s[max_nodes];  ///< of its way there, the time on links; the rest was waiting at nodes
    Real maker[max_nodes];   ///< the node that made what is held
    /// Held under the origins it was made with, and as re-stamped; only where some node of the arm re-stamps.
    Real as_made_s[max_nodes], restamped_s[max_nodes];

    LW_FUNC void clear(int node_count)
    {
        for (int n = 0; n < node_count; ++n) {
            made_s[n] = held_s[n] = as_made_s[n] = restamped_s[n] = Real(never_s);
            link_s[n] = maker[n] = Real(0);
        }
    }
    LW_FUNC void make(int node, Real const& t_s)
    {
        made_s[node] = smaller(made_s[node], t_s);
        held_s[node] = smaller(held_s[node], t_s);
        as_made_s[node] = smaller(as_made_s[node], t_s);
        link_s[node] = Real(0);
        maker[node] = Real(static_cast<double>(node));
    }
};

/// Waits is { relay_s(node), release_s(link), latency_s(link) }, each returning a Real.
/// Relaxes the arm's links until nothing gets earlier. What a node made leaves at once, what it
/// received leaves after its relay time; both wait for the link's release. A link passes the message if
/// it carries this kind of every origin the message rests on; behind a node that re-stamps, that is its own.
/// latency_s(l) is never_s for a link that is out; relay_s(n), release_s(l) >= 0.
template <class Real, class Waits>
class Spread {
public:
    LW_FUNC Spread(NetworkParams const& network, ArmParams const& arm, MessageKind kind,
                   OriginSet origins, Waits const& waits, Arrivals<Real>& message)
        : network_(network), arm_(arm), kind_(static_cast<int>(kind)), origins_(origins),
          waits_(waits), message_(message)
    {
    }

    LW_FUNC void run()
    {
        bool const restamps = arm_.restamp_origin >= 0;
        for (bool earlier = true; earlier;) {
            earlier = false;
            for (int l = 0; l < network_.link_count; ++l) {
                if (!arm_.link[l].present) { continue; }
                if (!restamps) {
                    earlier = pass(l, origins_, message_.held_s, message_.held_s) || earlier;
                    continue;
                }
                bool const here = node(network_.link[l].from).restamps;
                OriginSet const own = OriginSet{1} << arm_.restamp_origin;
                Real* const to = here ? message_.restamped_s : message_.as_made_s;
                earlier = pass(l, here ? own : origins_, message_.as_made_s, to) || earlier;
                earlier = pass(l, own, message_.restamped_s, message_.restamped_s) || earlier;
            }
        }
    }

private:
    LW_FUNC NodeParams const& node(int n) const { return network_.node[node_entry(arm_, n)]; }

    /// What the link's beginning holds by `from`, to what its end holds by `to`; true if that gets earlier.
    LW_FUNC bool pass(int l, OriginSet origins, Real const* from, Real* to)
    {
        if ((origins & ~arm_.link[l].release[kind_]) != 0) { return false; }
        LinkParams const& link = network_.link[l];
        Real const relayed = from[link.from] + waits_.relay_s(link.from);
        // What is held as re-stamped was received.
        bool const may_be_own = from != message_.restamped_s;
        Real const made = may_be_own ? message_.made_s[link.from] : Real(never_s);
        auto const own = made <= relayed;
        Real const latency = waits_.latency_s(l);
        Real const arrives = select(own, made, relayed) + waits_.release_s(l) + latency;
        auto const earlier = arrives < to[link.to];
        if (!any(earlier)) { return false; }
        to[link.to] = select(earlier, arrives, to[link.to]);
        // However it is stamped, the first to arrive is the one acted on.
        auto first = arrives < message_.held_s[link.to];
        if (to == message_.held_s) { first = earlier; }
        keep_way(earlier && first, l, own, latency);
        message_.held_s[link.to] = smaller(message_.held_s[link.to], to[link.to]);
        return true;
    }

    LW_FUNC void keep_way(Mask<Real> const& earlier, int l, Mask<Real> const& own,
                          Real const& latency)
    {
        LinkParams const& link = network_.link[l];
        Real const before = select(own, Real(0), message_.link_s[link.from]);
        Real const maker =
            select(own, Real(static_cast<double>(link.from)), message_.maker[link.from]);
        message_.link_s[link.to] = select(earlier, before + latency, message_.link_s[link.to]);
        message_.maker[link.to] = select(earlier, maker, message_.maker[link.to]);
    }

    NetworkParams const& network_;
    ArmParams const& arm_;
    int kind_;
    OriginSet origins_;
    Waits const& waits_;
    Arrivals<Real>& message_;
};

template <class Real, class Waits>
LW_FUNC void spread(NetworkParams const& network, ArmParams const& arm, MessageKind kind,
                    OriginSet origins, Waits const& waits, Arrivals<Real>& message)
{
    Spread<Real, Waits>(network, arm, kind, origins, waits, message).run();
}

}  // namespace longwatch
