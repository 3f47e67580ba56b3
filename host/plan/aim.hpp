// Aiming: the controls, and their answers to deviations, that bring a threat's nominal flights from its
// launch area to its aim area over the apogee its study asks for.
#pragma once

#include <string>

#include "models/earth/atmosphere.hpp"
#include "models/flight/threat.hpp"

namespace longwatch {

struct AimResult {
    bool reached = false;
    std::string shortfall;  ///< where not reached: how the best flight found misses
    AimMap map;
    double longest_flight_s = 0;  ///< of the nominal flights
};

/// Finds the flight between the centres, then the flights between 33 pairs of places, and fits the
/// controls as a quadratic of the places by least squares.
AimResult aim(Atmosphere const& atmosphere, ThreatParams const& threat);

}  // namespace longwatch
