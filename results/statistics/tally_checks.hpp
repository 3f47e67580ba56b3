// What must hold inside a tally, and between two that are added up.
#pragma once

#include <string>
#include <vector>

#include "kernels/tally/tally.hpp"

namespace longwatch {

/// Every count that a tally keeps twice, by different ways, agrees; no count is negative; every sum
/// is possible. One sentence per problem; empty where all is well.
std::vector<std::string> tally_problems(Tally const& tally);

/// Adds `other` to `into`. Throws std::invalid_argument where the layouts differ.
void merge_checked(Tally& into, Tally const& other);

bool same_layout(TallyLayout const& a, TallyLayout const& b);

}  // namespace longwatch
