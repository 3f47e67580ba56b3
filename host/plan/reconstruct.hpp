// Reconstructing an observed flight: the flight of a notional vehicle that goes from a place, along an
// azimuth, over an apogee, to a range, and what it says of the observation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/study/read_catalog.hpp"
#include "models/earth/atmosphere.hpp"
#include "models/flight/two_body.hpp"

namespace longwatch {

/// As published. The impact lies at the range along the great circle of a sphere of 6371 km that leaves
/// the launch place with the azimuth.
struct Observation {
    Geodetic launch;
    double azimuth_rad = 0;
    double apogee_m = 0, range_m = 0;
    std::optional<double> flight_time_s;
    double time_tolerance_s = 0;
};

struct TrackPoint {
    double t_s = 0;
    Geodetic place;
    double relative_speed_mps = 0;
};

struct SpentStage {
    int stage = 0;  ///< counted from 1
    double t_separation_s = 0, t_impact_s = 0;
    Geodetic impact;
    double range_m = 0;
};

/// When a sensor first sees the flight; t_s empty where it never does.
struct FirstSight {
    std::string sensor, model;
    std::optional<double> t_s;
    double altitude_m = 0;
    double slant_range_m = 0;  ///< radars
};

struct ReconstructedFlight {
    double flight_time_s = 0;
    double burnout_time_s = 0, burnout_altitude_m = 0;
    double burnout_speed_inertial_mps = 0, burnout_speed_relative_mps = 0;
    double apogee_m = 0, apogee_time_s = 0;
    Geodetic impact;
    double range_m = 0;
    double pitch_rad = 0, cutoff_stages = 0;
    /// By how much the flight time grows with the apogee, and with the range, the other held.
    std::optional<double> time_per_apogee_spm, time_per_range_spm;
    std::vector<TrackPoint> ground_track;
    std::vector<SpentStage> spent_stages;
    std::vector<FirstSight> first_seen;
};

/// The flight time of another vehicle of the catalogue over the same apogee and range; empty if it cannot.
struct OtherVehicle {
    std::string name;
    std::optional<double> flight_time_s;
};

struct Reconstruction {
    TwoBodyFlight two_body;
    Geodetic aim;
    std::optional<ReconstructedFlight> flight;
    std::vector<OtherVehicle> others;
    bool matches = false;
    std::string reason;  ///< why it does not match; empty where it does
};

Reconstruction reconstruct(Observation const& observation, CatalogThreat const& vehicle,
                           std::vector<CatalogThreat> const& catalog,
                           std::vector<SensorSite> const& sites);

}  // namespace longwatch
