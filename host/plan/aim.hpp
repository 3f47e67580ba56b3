// Aiming: the controls, and their answers to deviations, that bring a threat's nominal flights from its
// launch area to its aim area in the shape its study asks for.
#pragma once

#include <string>

#include "models/earth/atmosphere.hpp"
#include "models/flight/threat.hpp"

namespace longwatch {

struct AimResult {
    bool reached = false;
    std::string shortfall;  ///< where not reached: how far short it falls
    AimMap map;
    double apogee_m = 0;  ///< of the flight between the centres
    double least_propellant_apogee_m =
        0;                        ///< of the cheapest flight between the centres; 0 if not sought
    double longest_flight_s = 0;  ///< of the nominal flights
    double miss_99_m = 0;         ///< 99 of 100 flights without deviations end this near their aim
};

/// Of flights drawn anywhere in both areas without deviations, 99 in 100 end this near their aim; an
/// area for which that cannot be had is refused.
inline constexpr double aim_miss_99_max_m = 5000;

/// Finds the flight between the centres, then the flights between some two hundred pairs of places,
/// fits the controls as a polynomial of the places by least squares, and flies other pairs to see how
/// near they end.
AimResult aim(Atmosphere const& atmosphere, ThreatParams const& threat);

}  // namespace longwatch
