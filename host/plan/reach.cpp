#include "host/plan/reach.hpp"

namespace longwatch {

NodeSet reached(NetworkParams const& network, ArmParams const& arm, MessageKind kind,
                OriginSet origins, NodeSet nodes)
{
    // Held under its own origins, and as re-stamped.
    NodeSet as_made = nodes, restamped = 0;
    OriginSet const stamp = arm.restamp_origin >= 0 ? OriginSet{1} << arm.restamp_origin : 0;
    for (bool grown = true; grown;) {
        NodeSet const before_made = as_made, before_restamped = restamped;
        for (int l = 0; l < network.link_count; ++l) {
            ArmLink const& use = arm.link[l];
            if (!use.present) { continue; }
            OriginSet const released = use.release[static_cast<int>(kind)];
            auto const passes = [&](OriginSet set) { return (set & ~released) == 0; };
            LinkParams const& link = network.link[l];
            bool const here = network.node[node_entry(arm, link.from)].restamps;
            if ((as_made & only(link.from)) != 0 && passes(here ? stamp : origins)) {
                (here ? restamped : as_made) |= only(link.to);
            }
            if ((restamped & only(link.from)) != 0 && passes(stamp)) { restamped |= only(link.to); }
        }
        grown = as_made != before_made || restamped != before_restamped;
    }
    return as_made | restamped;
}

}  // namespace longwatch
