#include "host/plan/reach.hpp"

namespace longwatch {

NodeSet reached(NetworkParams const& network, ArmParams const& arm, MessageKind kind,
                OriginSet origins, NodeSet nodes)
{
    for (NodeSet before = 0; before != nodes;) {
        before = nodes;
        for (int l = 0; l < network.link_count; ++l) {
            ArmLink const& use = arm.link[l];
            bool const passes =
                use.present && (origins & ~use.release[static_cast<int>(kind)]) == 0;
            if (passes && (nodes & only(network.link[l].from)) != 0) {
                nodes |= only(network.link[l].to);
            }
        }
    }
    return nodes;
}

}  // namespace longwatch
