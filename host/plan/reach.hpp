// Where messages can get to, whatever the flights do.
#pragma once

#include "kernels/scenario.hpp"

namespace longwatch {

/// One bit each.
using NodeSet = std::uint64_t;
static_assert(max_nodes <= 64);
inline NodeSet only(int node) { return NodeSet{1} << node; }

/// The nodes that a message which rests on the origins gets to, from those that make it.
NodeSet reached(NetworkParams const& network, ArmParams const& arm, MessageKind kind,
                OriginSet origins, NodeSet nodes);

}  // namespace longwatch
