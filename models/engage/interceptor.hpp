// An interceptor: how it is boosted, where it may be employed, and the kill vehicle it carries.
#pragma once

#include "models/vehicle/vehicle.hpp"

namespace longwatch {

/// Boost by stages, as a threat's (vehicle.hpp); or, where no stages are known, at a constant acceleration to a known
/// burnout speed, without air.
struct BoosterParams {
    int stage_count = 0;  ///< 0: constant acceleration
    StageParams stage[max_stages];
    double payload_kg = 0;  ///< kill vehicle and all that the last stage carries
    DragTable drag;
    double burnout_speed_mps = 0;            ///< ideal, without gravity loss
    double boost_s = 0;                      ///< at constant acceleration until then
    double ballistic_coefficient_kgpm2 = 0;  ///< after burnout, m / (Cd A); 0: no air then
    bool operator==(BoosterParams const&) const = default;
};

/// The last seconds, from acquisition by the seeker to the closest approach. See homing.hpp.
struct KillVehicleParams {
    double acquisition_range_m = 0;
    double half_view_rad = 0;  ///< of the seeker: a target farther off its axis is not acquired
    double navigation_constant = 0;    ///< N', effective
    bool augmented = false;            ///< by the target's acceleration
    double lag_s = 0;                  ///< from commanded to achieved acceleration
    double seeker_lag_s = 0;           ///< of the filter that tells the line of sight's rate
    double acceleration_max_mps2 = 0;  ///< magnitude
    double divert_max_mps = 0;         ///< all that it can change its velocity by; 0: no limit
    double noise_density_rad2s = 0;    ///< of the measured line of sight, per axis, two-sided
    double kill_radius_m = 0;          ///< a closest approach within it is a hit
    double uplink_s = 0;               ///< age at handover of the last word from the battery
};

/// From launch to the last burnout.
LW_FUNC double boost_duration_s(BoosterParams const& p)
{
    constexpr double g0_mps2 = 9.80665;
    if (p.stage_count == 0) { return p.boost_s; }
    double t_s = 0;
    for (int k = 0; k < p.stage_count; ++k) {
        StageParams const& stage = p.stage[k];
        double const flow_kgps =
            stage.thrust_vacuum_n / (g0_mps2 * stage.specific_impulse_vacuum_s);
        t_s += stage.propellant_kg / flow_kgps;
        if (k + 1 < p.stage_count) { t_s += stage.coast_after_s; }
    }
    return t_s;
}

/// A kill vehicle is to have at least so long from burnout to the intercept.
inline constexpr double least_homing_s = 2;

struct InterceptorParams {
    BoosterParams booster;
    double range_max_m = 0;  ///< ground range limit of the kill vehicle's employment
    double altitude_min_m = 0;
    double altitude_max_m = 0;
    /// Between the interceptor's velocity and the reverse of the threat's: 0 is head-on, pi a chase.
    double crossing_angle_max_rad = pi;
    bool is_simulated = false;    ///< a shot is a flight of the kill vehicle; else one number
    double kill_probability = 0;  ///< single shot, where it is not simulated
    double reliability = 1;       ///< of a simulated shot: all but its homing
    KillVehicleParams kill_vehicle;
};

/// No intercept comes before the boost is over.
LW_FUNC double least_flight_s(InterceptorParams const& p)
{
    return boost_duration_s(p.booster) + (p.is_simulated ? least_homing_s : 0);
}

}  // namespace longwatch
