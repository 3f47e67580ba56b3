// What the simulation tells a node of an exercise: the looks that its sensors take, the delays that were drawn for it, and what a
// computer there would find from a track. Everything else a node knows has come to it in messages.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "host/exercise/live_message.hpp"
#include "host/study/study.hpp"
#include "kernels/backend/backend.hpp"
#include "models/track/prediction.hpp"

namespace longwatch {

/// A look with both its outcomes: searching unaided, and cued.
struct ScriptedLook {
    bool hits_searching = false, hits_cued = false;
    double weight_pm2 = 0;  ///< of the cued hit: inverse variance across the line
    bool tells = false;     ///< a cued hit after burnout
    std::array<double, information_size> information{};  ///< by a look that tells
    std::array<double, state_size> error{};              ///< its error, times that information
};

struct ScriptedRadar {
    int sensor = 0;
    double processing_s = 0;
    double t_first_s = 0;  ///< of look 0 of these, and one a period from there
    std::vector<ScriptedLook> looks;
};

struct ScriptedInfrared {
    int sensor = 0;
    double t_made_s = 0;  ///< its report, processed
    std::optional<LaunchEstimate> launch;
};

/// What is to come, linearised about the flight as the Monte Carlo does it.
struct Linearisation {
    double t_burnout_s = 0, t_end_s = 0;
    ImpactMap<double> impact;
    double impact_latitude_rad = 0, impact_longitude_rad = 0;
    std::vector<StateRows<double>> passing;  ///< per battery; used where a quality asks for it
};

/// What a prediction of the flight says to a consumer.
struct ScriptedClock {
    double t_end_s = 0;
    bool concerns = false;
};

struct DrawnLink {
    double release_s = 0, latency_s = 0;  ///< latency: never_s where it is out for good
};

/// One flight at one node.
struct FlightScript {
    std::int64_t flight = 0;
    int threat = 0;
    double relay_s = 0, node_release_s = 0, fusion_s = 0, fusion_wait_s = 0;
    std::vector<ScriptedRadar> radars;       ///< of its own
    std::vector<ScriptedInfrared> infrared;  ///< likewise
    std::vector<DrawnLink> links;  ///< in the order of the study; used are those that leave here
    std::vector<double> decision_s, precaution_s;  ///< per consumer of the study
    std::vector<double> commit_s;                  ///< per battery of the study
    std::vector<ScriptedClock> clocks;             ///< per consumer of the study
    Linearisation linearisation;                   ///< read by nodes that fuse
};

struct NodeScript {
    int node = 0, arm = 0;
    std::vector<FlightScript> flights;
};

/// Of one flight as flown, at one node of an arm. The study must be prepared.
FlightScript script_of(Study const& study, FlownFlight& flown, int arm, int node);

}  // namespace longwatch
