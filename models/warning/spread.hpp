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

    LW_FUNC void clear(int node_count)
    {
        for (int n = 0; n < node_count; ++n) {
            made_s[n] = held_s[n] = Real(never_s);
            link_s[n] = maker[n] = Real(0);
        }
    }
    LW_FUNC void make(int node, Real const& t_s)
    {
        made_s[node] = smaller(made_s[node], t_s);
        held_s[node] = smaller(held_s[node], t_s);
        link_s[node] = Real(0);
        maker[node] = Real(static_cast<double>(node));
    }
};

/// Waits is { relay_s(node), release_s(link), latency_s(link) }, each returning a Real.
/// Relaxes the arm's links until nothing gets earlier. What a node made leaves at once, what it
/// received leaves after its relay time; both wait for the link's release. A link passes the message if
/// it carries this kind of every origin the message rests on. latency_s(l) is never_s for a link that
/// is out; relay_s(n), release_s(l) >= 0.
template <class Real, class Waits>
LW_FUNC void spread(NetworkParams const& network, ArmParams const& arm, MessageKind kind,
                    OriginSet origins, Waits const& waits, Arrivals<Real>& message)
{
    bool earlier_somewhere = true;
    while (earlier_somewhere) {
        earlier_somewhere = false;
        for (int l = 0; l < network.link_count; ++l) {
            ArmLink const& use = arm.link[l];
            OriginSet const released = use.release[static_cast<int>(kind)];
            if (!use.present || (origins & ~released) != 0) { continue; }
            LinkParams const& link = network.link[l];
            Real const relayed = message.held_s[link.from] + waits.relay_s(link.from);
            auto const own = message.made_s[link.from] <= relayed;
            Real const leaves = select(own, message.made_s[link.from], relayed);
            Real const latency = waits.latency_s(l);
            Real const arrives = leaves + waits.release_s(l) + latency;
            auto const earlier = arrives < message.held_s[link.to];
            if (any(earlier)) {
                Real const before = select(own, Real(0), message.link_s[link.from]);
                Real const maker =
                    select(own, Real(static_cast<double>(link.from)), message.maker[link.from]);
                message.held_s[link.to] = select(earlier, arrives, message.held_s[link.to]);
                message.link_s[link.to] =
                    select(earlier, before + latency, message.link_s[link.to]);
                message.maker[link.to] = select(earlier, maker, message.maker[link.to]);
                earlier_somewhere = true;
            }
        }
    }
}

}  // namespace longwatch
