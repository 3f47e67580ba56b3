// What a reconstruction says, for people and for programs.
#pragma once

#include <string>

#include "host/plan/reconstruct.hpp"

namespace longwatch {

std::string reconstruct_text(Observation const& observation, CatalogThreat const& vehicle,
                             Reconstruction const& found);
std::string reconstruct_json(Observation const& observation, CatalogThreat const& vehicle,
                             Reconstruction const& found);

}  // namespace longwatch
