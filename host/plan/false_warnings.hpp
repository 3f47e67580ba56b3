// How often each consumer is warned of a launch that is none.
#pragma once

#include <vector>

#include "kernels/scenario.hpp"

namespace longwatch {

/// A sensor's false report travels as a true one does. A consumer is warned of it if it acts on an alert or a track
/// that reaches its node, or, for want of anything better, acts in time; or if a node that predicts from a
/// single track holds the false one and its predictions reach the consumer. Reports of several sensors at once,
/// which a node would need that wants more tracks, do not happen by chance.
/// Per year, [arm][consumer]; of a prepared scenario.
std::vector<std::vector<double>> false_warnings_per_year(Scenario const& scenario);

}  // namespace longwatch
