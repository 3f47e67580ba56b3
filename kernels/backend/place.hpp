// Flying a scenario once and judging by the same flights many places for one more radar.
#pragma once

#include <vector>

#include "kernels/backend/backend.hpp"
#include "kernels/tally/placement_tally.hpp"

namespace longwatch {

/// What place_on_cpu() needs of memory for all candidates together, on so many threads, bytes.
double placement_bytes(PlacementShape const& shape, int threads);

/// The last sensor of the scenario takes part in its arm 0, the only one: its place is taken by each candidate in turn. Every
/// candidate is that sensor elsewhere: same name, node and abilities. The tally is the same in every bit whatever the
/// dealing.
PlacementTally place_on_cpu(Scenario const& scenario, std::vector<SensorParams> const& candidates,
                            PlacementShape const& shape, FlightRange const& range,
                            Dealing const& dealing, Progress const& progress);

/// The instants at which each consumer acts with each candidate, [flight][candidate][consumer], never_s for none;
/// candidates are judged as place_on_cpu() does, or `in_full` by the stages of a run. For tests.
std::vector<double> placed_messages_s(Scenario const& scenario,
                                      std::vector<SensorParams> const& candidates,
                                      FlightRange const& range, Dealing const& dealing,
                                      bool in_full);

}  // namespace longwatch
