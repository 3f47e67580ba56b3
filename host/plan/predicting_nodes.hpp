// Which nodes of an arm make impact predictions of which release class.
#pragma once

#include "kernels/scenario.hpp"

namespace longwatch {

/// Fills predicting_nodes of one arm from the ways its links leave to tracks.
void find_predicting_nodes(Scenario& scenario, int arm);

}  // namespace longwatch
