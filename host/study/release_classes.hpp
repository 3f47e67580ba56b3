// The sets of origins that an arm's predictions must be able to rest on.
#pragma once

#include <vector>

#include "models/warning/network.hpp"

namespace longwatch {

/// The given release sets and the set of all origins, closed under intersection, without the empty
/// set, in rising order of their bits. Stops growing at limit + 1.
std::vector<OriginSet> release_classes(std::vector<OriginSet> const& released, OriginSet everyone,
                                       int limit);

}  // namespace longwatch
