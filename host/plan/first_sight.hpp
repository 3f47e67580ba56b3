// When a sensor first sees a flight that is known in full.
#pragma once

#include <vector>

#include "host/plan/kept_arc.hpp"
#include "host/plan/reconstruct.hpp"
#include "models/flight/flight_run.hpp"

namespace longwatch {

/// A radar: the first instant at which the flight is in coverage and one look of a search, unaided by a
/// cue, detects it with a probability of at least a half. An infrared sensor: the first instant at which
/// it burns above the median cloud top, in line of sight. Found to 10 ms among seconds.
FirstSight first_sight(SensorSite const& site, VehicleParams const& vehicle,
                       FlightSummary<double> const& end, KeptArc const& arc);

}  // namespace longwatch
