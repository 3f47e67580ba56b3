// How a message spreads through the network: earliest arrival at every node.
#pragma once

#include "models/math/real.hpp"
#include "models/warning/network.hpp"

namespace longwatch {

/// Times of one message at every node.
template <class Real>
struct Arrivals {
    Real made_s[max_nodes];  ///< where the node makes it itself; never_s elsewhere
    Real held_s[max_nodes];  ///< earliest time the node holds it, made or received

    LW_FUNC void clear(int node_count)
    {
        for (int n = 0; n < node_count; ++n) { made_s[n] = held_s[n] = Real(never_s); }
    }
    LW_FUNC void make(int node, Real const& t_s)
    {
        made_s[node] = smaller(made_s[node], t_s);
        held_s[node] = smaller(held_s[node], t_s);
    }
};

/// Relaxes the arm's links until nothing gets earlier. What a node made leaves at once, what it
/// received leaves after its relay time. A link passes the message if it carries this kind of every
/// origin the message rests on. latency_s(l) is never_s for a link that is out; relay_s(n) >= 0.
template <class Real, class Latency, class Relay>
LW_FUNC void spread(NetworkParams const& network, ArmParams const& arm, MessageKind kind,
                    OriginSet origins, Latency const& latency_s, Relay const& relay_s,
                    Arrivals<Real>& message)
{
    bool earlier_somewhere = true;
    while (earlier_somewhere) {
        earlier_somewhere = false;
        for (int l = 0; l < network.link_count; ++l) {
            ArmLink const& use = arm.link[l];
            OriginSet const released = use.release[static_cast<int>(kind)];
            if (!use.present || (origins & ~released) != 0) { continue; }
            LinkParams const& link = network.link[l];
            Real const leaves =
                smaller(message.made_s[link.from], message.held_s[link.from] + relay_s(link.from));
            Real const arrives = leaves + latency_s(l);
            auto const earlier = arrives < message.held_s[link.to];
            if (any(earlier)) {
                message.held_s[link.to] = select(earlier, arrives, message.held_s[link.to]);
                earlier_somewhere = true;
            }
        }
    }
}

}  // namespace longwatch
