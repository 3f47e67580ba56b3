// What a study asks about places for one more radar.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/sensing/sensor.hpp"
#include "results/placement/objective.hpp"

namespace longwatch {

struct CandidateSite {
    std::string name;
    Geodetic place;
    bool on_land = false;
};

struct Placement {
    int arm = -1;  ///< the layout that the radar is added to
    std::string sensor_name;
    SensorParams sensor;  ///< but for place and boresight
    /// Each candidate looks towards this point; without it, where the sensor says.
    std::optional<Geodetic> looks_towards;
    std::vector<CandidateSite> sites;
    int choose = 1;  ///< radars to place together
    PlacementObjective objective = PlacementObjective::expected_warning;
    double at_least_s = 0;          ///< of probability_of_warning
    std::uint64_t consumers = ~0U;  ///< bit per consumer that counts

    bool is_asked() const { return !sites.empty(); }
};

}  // namespace longwatch
