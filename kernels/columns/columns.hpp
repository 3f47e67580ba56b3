// The memory between the stages: structure of arrays, one place per flight of a chunk. A column has
// slots; slot s of flight i lies at data[s * stride + i], so neighbouring flights lie side by side.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/scenario.hpp"
#include "models/math/real.hpp"
#include "models/track/information.hpp"

namespace longwatch {

struct Column {
    double* data = nullptr;
    std::int64_t stride = 0;

    template <class Real>
    LW_FUNC Real load(std::int64_t i, int slot = 0) const
    {
        return Lane<Real>::load(data + slot * stride + i);
    }
    template <class Real>
    LW_FUNC void store(std::int64_t i, int slot, Real const& value) const
    {
        Lane<Real>::store(data + slot * stride + i, value);
    }
    /// Each lane its own slot.
    template <class Real>
    LW_FUNC Real load_at(std::int64_t i, Real const& slot, int first_slot = 0) const
    {
        return Lane<Real>::load_slot(data + first_slot * stride + i, stride, slot);
    }
    template <class Real>
    LW_FUNC void store_at(Mask<Real> const& mask, std::int64_t i, Real const& slot,
                          Real const& value, int first_slot = 0) const
    {
        Lane<Real>::store_slot(mask, data + first_slot * stride + i, stride, slot, value);
    }
};

/// Runs of `count` numbers that are read together and at places that differ from flight to flight: so a flight's
/// numbers lie side by side, run after run, each beginning a line of memory.
template <int count>
struct RunColumn {
    static constexpr int size = run_size(count);
    double* data = nullptr;
    std::int64_t runs = 0;  ///< of a flight

    template <class Real>
    LW_FUNC void load(std::int64_t i, Real const& run, Real (&out)[count]) const
    {
        Lane<Real>::load_run(data + i * runs * size, runs * size, run, out);
    }
    template <class Real>
    LW_FUNC void store(std::int64_t i, Real const& run, Real const (&values)[count]) const
    {
        Lane<Real>::store_run(data + i * runs * size, runs * size, run, values);
    }
};

inline constexpr int knots_max = 768;
inline constexpr int knot_size = 10;
inline constexpr double battlespace_step_s = 4.0;
inline constexpr double transition_grid_s = 60.0;
/// Instants from a good enough prediction to the passing of a battery at which what it knows is kept.
inline constexpr int known_instants = 5;
inline constexpr int transition_size = 3 * 3 * state_size;

/// Shots at a flight in an arm that a replay keeps, and what of each.
inline constexpr int shots_kept = 32;
enum class OfShot : int {
    battery,
    number,
    t_launch_s,
    t_intercept_s,
    acquired,
    miss_m,
    works,
    hits
};
inline constexpr int of_shot_count = 8;

/// Slots of the look columns of one sensor, laid one sensor after the other.
struct LookSlots {
    int first = 0;
    int capacity = 0;  ///< looks; the columns have one slot more
};

/// All columns of a chunk. Filled by lay_out().
struct Columns {
    std::int64_t capacity = 0;  ///< flights; a multiple of every pack width
    /// Member m of the raid at place r lies at m * raid_capacity + r; capacity = raid size * raid_capacity.
    std::int64_t raid_capacity = 0;

    // fly
    Column knot_t_s;             ///< [knot]
    RunColumn<knot_size> knots;  ///< [knot] time, position, velocity, acceleration

    Column knot_count;
    Column t_burnout_s, t_apogee_s, apogee_m, t_descend_100km_s, t_impact_s;
    Column impact_latitude_rad, impact_longitude_rad;
    Column rcs_factor, fate;
    Column t_track_loss_s;  ///< from then on no radar sees it
    // what no stage reads: for replay
    Column inputs;                           ///< [input] see input_columns.hpp
    Column t_stage_end_s, t_ascend_100km_s;  ///< [stage]

    // observe
    LookSlots looks[max_sensors];
    Column window_first_s, window_last_s;  ///< [sensor] outside, a radar cannot see the flight
    Column window_knot;                    ///< [sensor] a knot from which on it may see the flight
    Column top_speed_mps;                  ///< over the ground, or more
    Column look_phase_s;            ///< [sensor] time of look 0; look n comes n periods later
    Column look_first, look_count;  ///< [sensor] look in slot 0; slots up to the last one seen
    Column look_firm_s;             ///< [slot] firm track if cued from this look on
    Column hit_weight;  ///< [slot] of the cued hits before this look, 1/sigma^2 across the line
    Column search_hits, cued_hits;  ///< [slot] hits before this look
    /// [slot] after burnout, where this look is a cued hit: the direction of the flight in Eci, and what it tells along and
    /// across it
    Column look_x, look_y, look_z, look_along_pm2, look_across_pm2;
    Column t_report_s;  ///< [sensor] infrared report; never_s if none
    Column
        launch_half_axis_m;  ///< [2 * sensor] infrared: of the launch place, at report; at burnout
    Column launch_azimuth_rad;         ///< [2 * sensor] of the azimuth, one standard deviation
    Column patrol_east, patrol_north;  ///< [sensor] fractions of the patrol's radius
    Column t_visible_s;                ///< [sensor] first look or scan in coverage; never_s if none
    Column t_search_hit_s;             ///< [sensor] first hit unaided; never_s if none
    Column concerns;  ///< [consumer] 1 where the flight comes near enough to concern it, else 0
    Column t_clock_end_s;  ///< [consumer]
    Column t_passes_s;     ///< [battery] the flight passes it closest

    // measure: see track_columns.hpp
    int transition_slots = 0;
    RunColumn<transition_size> transition;  ///< [minute after burnout]
    Column impact_map;                      ///< [3 * state_size]
    Column passing_rows;                    ///< [battery * 3 * state_size]
    /// [sensor's first slot + n] what the first n cued hits after burnout tell; before a look there were as many as cued_hits
    /// are more than burnout_hits.
    RunColumn<information_size> info;
    Column burnout_hits;  ///< [sensor] cued hits before burnout

    // battlespace
    int battlespace_slots = 0;
    Column latest_launch_s;  ///< [battery * battlespace_slots + slot]

    // share
    Column link_latency_s, link_release_s;                    ///< [link]
    Column relay_s, node_release_s, fusion_s, fusion_wait_s;  ///< [entry of NetworkParams::node]
    Column processing_s;                                      ///< [sensor]
    Column decision_s, precaution_s;                          ///< [consumer]
    Column commit_s;                                          ///< [battery]
    Column alert_delay_s, track_delay_s;  ///< [sensor * nodes + node] of the arm in hand
    Column track_as_made_s,
        track_restamped_s;              ///< likewise: under its own origin, and as re-stamped
    Column alert_link_s, track_link_s;  ///< likewise: of these delays, the time on links
    Column delay_s;  ///< [(arm * consumers + consumer) * delay_part_count + part]; see delay.hpp
    Column t_message_s;  ///< [arm * consumers + consumer]
    Column t_commit_s;   ///< [arm * batteries + battery]
    Column t_quality_s;  ///< likewise: its node holds a good enough prediction; never_s for none
    Column is_remote;    ///< likewise: 1 where that came through the network, 0 where it is its own
    Column message_kind;  ///< [arm * consumers + consumer] MessageKind, -1 for none; for replay
    Column
        all_clear_s;  ///< [arm * consumers + consumer] after the end of the clock; never_s if none
    Column t_cue_s, t_firm_s;  ///< [arm * sensors + sensor] radars; for replay

    Column ignition_s;  ///< since the beginning of the raid
    /// [(arm * batteries + battery) * known_instants + k] what a battery of simulated shots knows at t_quality + k known_step
    RunColumn<information_size> known;
    Column known_step_s;  ///< [arm * batteries + battery]

    // engage
    Column killed_by;      ///< [arm] battery index or -1
    Column t_kill_s;       ///< [arm] never_s for none; for replay
    Column battery_shots;  ///< [arm * batteries + battery] at this flight
    Column t_first_intercept_s, t_last_intercept_s,
        opportunities;  ///< [arm * batteries + battery] see opportunities.hpp
    Column shot_count;  ///< [arm] shots kept, for replay
    Column shot_log;    ///< [(arm * shots_kept + shot) * of_shot_count + OfShot]
    Column of_pair;     ///< [OfPair * batteries + battery] of the arm in hand
    /// [arm * batteries + battery] of its shots at this flight: at it when it was dead already; acquired, close and hit, see
    /// salvo.hpp
    Column shots_wasted, shots_acquired, shots_close, shots_hit;
    Column is_aimed_at;  ///< [arm] a simulated shot has been aimed at it
    // of a raid, at its place
    Column raid_weight;   ///< [arm] see importance.hpp
    Column battery_left;  ///< [arm * batteries + battery] interceptors
};

/// Doubles of memory that lay_out() will divide for so many flights.
std::int64_t column_doubles(Scenario const& scenario, std::int64_t capacity);

/// The columns of a scenario over `memory`, which holds column_doubles().
Columns lay_out(Scenario const& scenario, std::int64_t capacity, double* memory);

/// The memory of one flight's columns, to be laid out for a capacity of one.
std::vector<double> copy_flight(Scenario const& scenario, Columns const& columns, std::int64_t i);

}  // namespace longwatch
