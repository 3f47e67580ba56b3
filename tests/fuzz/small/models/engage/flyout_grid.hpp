// In place of the header of the same name: a grid of 2 x 2 points. A scenario, which the study reader makes for every study, is then
// 1 MB and not 5; nobody flies through it here.
#pragma once

#define flyout_range_points flown_range_points
#define flyout_altitude_points flown_altitude_points
#define flyout_points flown_points
#include_next "models/engage/flyout_grid.hpp"
#undef flyout_range_points
#undef flyout_altitude_points
#undef flyout_points

namespace longwatch {

inline constexpr int flyout_range_points = 2;
inline constexpr int flyout_altitude_points = 2;
inline constexpr int flyout_points = flyout_range_points * flyout_altitude_points;

}  // namespace longwatch
