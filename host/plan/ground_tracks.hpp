// The nominal flight of each threat over the ground, for maps.
#pragma once

#include <vector>

#include "kernels/scenario.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

/// The scenario must be prepared.
std::vector<GroundTrack> ground_tracks(Scenario const& scenario);

}  // namespace longwatch
