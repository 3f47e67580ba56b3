// The known name that a mistyped one most likely meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace longwatch {

/// Fewest single-character insertions, deletions, replacements and swaps of neighbours between a and b.
int edit_distance(std::string_view a, std::string_view b);

/// The known name nearest to the given one; empty if none is near enough to be meant.
std::string nearest_name(std::string_view name, std::vector<std::string> const& known);

/// "; did you mean 'x'?", or nothing.
std::string did_you_mean(std::string_view name, std::vector<std::string> const& known);

}  // namespace longwatch
