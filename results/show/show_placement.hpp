// What longwatch place prints.
#pragma once

#include <string>

#include "results/placement/placement_file.hpp"

namespace longwatch {

/// Tables: the best candidates, and sets of several.
std::string placement_text(PlacementFile const& placement);
std::string placement_json(PlacementFile const& placement);

}  // namespace longwatch
