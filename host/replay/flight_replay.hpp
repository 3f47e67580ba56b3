// One flight told in full, as plain rows in the order of time: what replay writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernels/backend/backend.hpp"
#include "kernels/stages/tally_stage.hpp"
#include "models/flight/inputs.hpp"
#include "models/sensing/radar.hpp"

namespace longwatch {

// Instants that never come are never_s or more, as in the columns.

/// Where a flight is at an instant, and how it moves.
struct ArcPoint {
    Knot<double> state;
    Vec3<double, Ecef> position_m;
    GeodeticPoint<double> place;
    double speed_inertial_mps = 0, speed_relative_mps = 0;
    /// Of the velocity relative to the Earth, above the geodetic horizontal; none where it stands.
    std::optional<double> flight_path_angle_rad;
    double ground_range_m = 0;  ///< from the launch place, on the mean sphere
    bool is_knot = false;       ///< of the stored arc, or a sample between knots
    char const* phase = "";     ///< boost, midcourse, reentry
};

struct FlightEvent {
    std::string name;
    ArcPoint at;
};

/// A radar's look inside its window.
struct RadarLook {
    int sensor = 0;
    std::int64_t number = 0;  ///< look 0 is the first after ignition
    double t_s = 0;
    RadarGeometry<double> geometry;
    bool in_coverage = false, in_fence = false;
    double rcs_m2 = 0, snr_searching = 0, snr_cued = 0;  ///< ratios
    double pd_searching = 0, pd_cued = 0;
    double draw = 0;
    bool hit_searching = false, hit_cued = false;
    double t_firm_if_cued_s = 0;  ///< firm track if the radar is cued from this look on
};

/// A scan of the plume by a space infrared sensor.
struct InfraredScan {
    int sensor = 0;
    int number = 0;
    double t_s = 0, altitude_m = 0, cloud_top_m = 0;
    bool visible = false;
    double draw = 0;
    bool hit = false;
};

/// What a sensor has of the flight whatever the arm.
struct SensorView {
    int sensor = 0;
    double t_window_first_s = 0, t_window_last_s = 0;  ///< radars
    std::optional<GeodeticPoint<double>> stands;  ///< radars: where; a ship has drawn its place
    int looks = 0, hits_searching = 0, hits_cued = 0;
    double t_firm_searching_s = 0, t_firm_cued_s = 0;  ///< never cued; cued from the first look on
    double t_report_s = 0;                             ///< infrared
    /// Infrared sensors that tell launches: at the report, at burnout.
    std::optional<double> launch_half_axis_m[2], launch_azimuth_rad[2];
};

struct DrawnDelay {
    char const* kind = "";
    std::string name;
    double delay_s = 0;
};

struct ArmTrack {
    int arm = 0, sensor = 0;
    double t_cue_s = 0, t_firm_s = 0;
};

/// What a fusing node knows of the free flight at an instant, by all tracks it holds: standard deviations.
struct NodeEstimate {
    int arm = 0, node = 0;
    double t_s = 0;
    int tracks = 0;                                       ///< held
    double position_sigma_m = 0, velocity_sigma_mps = 0;  ///< roots of the sums over the axes
    double half_axis_major_m = 0, half_axis_minor_m = 0;  ///< of the impact's ellipse
    double major_azimuth_rad = 0;                         ///< clockwise from north, 0 to pi
    double time_to_go_s = 0, time_sigma_s = 0;            ///< to the impact
    std::optional<double> launch_half_axis_m,
        launch_azimuth_rad;  ///< where it came from, by infrared scans
};

struct ArmMessage {
    int arm = 0, consumer = 0;
    bool concerned = false;
    int kind = -1;           ///< MessageKind, or acts_as_precaution
    double all_clear_s = 0;  ///< after the end of the clock; never_s if none
    double t_message_s = 0;  ///< decision included
    double t_clock_end_s = 0;
    Warning warning;
    DelayParts<double> delay{};  ///< where the time until the message went
};

struct ArmEngagement {
    int arm = 0, battery = 0;
    bool may_take = false;
    double t_commit_s = 0;
    int shots = 0;
    bool killed = false;
    double t_kill_s = 0;
    double t_track_s = 0;  ///< its node holds a good enough track
    bool on_remote = false;
    int opportunities = 0;
    double t_first_intercept_s = 0, t_last_intercept_s = 0;  ///< never_s if none
};

/// A shot at the flight.
struct ShotReplay {
    int arm = 0, battery = 0, number = 0;
    double t_launch_s = 0, t_intercept_s = 0;
    bool is_simulated = false, acquired = false, works = false, hits = false;
    double miss_m = 0;  ///< of a simulated one that acquired
};

/// When a battery must have launched for an intercept at t_s.
struct LatestLaunch {
    int battery = 0;
    double t_s = 0, latest_launch_s = 0;
};

struct FlightReplay {
    std::uint64_t seed = 0;
    std::int64_t flight = 0;
    int raid_size = 1;
    double t_ignition_s = 0;  ///< after the raid's beginning; all other times are since ignition
    std::vector<int> arms;    ///< those told
    FlightOutcome outcome;
    double t_track_loss_s = 0;  ///< from then on no radar sees it; never_s if they do to the end
    DrawnFlight<double> drawn;
    GeodeticPoint<double> aim;      ///< the place it is meant for
    std::vector<ArcPoint> history;  ///< knots, and samples evenly spaced in time
    std::vector<FlightEvent> events;
    std::vector<SensorView> sensors;
    std::vector<RadarLook> looks;
    std::vector<InfraredScan> scans;
    std::vector<DrawnDelay> delays;
    std::vector<ArmTrack> tracks;
    std::vector<NodeEstimate> estimates;
    std::vector<ArmMessage> messages;
    std::vector<ArmEngagement> engagements;
    std::vector<ShotReplay> shots;
    std::vector<LatestLaunch> battlespace;
};

inline constexpr double sample_step_boost_s = 1, sample_step_free_s = 10;

struct Study;

/// Tells the arms asked for.
FlightReplay tell_flight(Study const& study, FlownFlight flown, std::vector<int> const& arms);

}  // namespace longwatch
