// How an interceptor flies out in a vertical plane: boost on a held course, then ballistic.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/earth/atmosphere.hpp"
#include "models/earth/wgs84.hpp"
#include "models/engage/interceptor.hpp"
#include "models/flight/forces.hpp"

namespace longwatch {

// The Earth of the fly-out: a sphere of the mean radius, at rest, attracting as GM / r^2.
inline constexpr double flyout_mu_m3ps2 = 3.986004418e14;  ///< WGS 84
inline constexpr double flyout_longest_s = 3600;           ///< no flight is followed further
/// No air above: at 7 km/s and 1000 kg/m^2 what is left out slows by less than 1e-5 m/s^2.
inline constexpr double flyout_air_top_m = 200e3;

/// In the plane: x along the horizon of the battery, z up from the Earth's centre.
struct FlyoutState {
    double x_m = 0, z_m = earth_mean_radius_m;
    double vx_mps = 0, vz_mps = 0;
};

/// An instant of a fly-out as the battery sees it: ground range and altitude, and the velocity
/// outward along the horizontal there and up.
struct FlyoutPoint {
    double t_s = 0;
    double range_m = 0, altitude_m = 0;
    double out_mps = 0, up_mps = 0;
};

inline FlyoutPoint flyout_point(double t_s, FlyoutState const& s)
{
    double const r = std::hypot(s.x_m, s.z_m);
    double const x = s.x_m / r, z = s.z_m / r;
    return {t_s, earth_mean_radius_m * std::atan2(s.x_m, s.z_m), r - earth_mean_radius_m,
            s.vx_mps * z - s.vz_mps * x, s.vx_mps * x + s.vz_mps * z};
}

/// A span of the flight in which thrust, mass and drag follow one law; what does not apply is nil.
struct FlyoutPhase {
    double start_s = 0, end_s = 0;
    double acceleration_mps2 = 0;  ///< of thrust, where no stages are known
    double mass_kg = 1;            ///< at start_s
    double mass_flow_kgps = 0;     ///< at start_s
    double mass_flow_rate_kgps2 = 0;
    double exhaust_mps = 0;  ///< vacuum thrust over mass flow
    double exit_area_m2 = 0;
    double reference_area_m2 = 0;                    ///< drag by the table
    double inverse_ballistic_coefficient_m2pkg = 0;  ///< drag of what is left at burnout
};

/// All phases of a flight in order, the same for every elevation.
struct FlyoutPlan {
    std::vector<FlyoutPhase> phases;
    DragTable drag;
    double burnout_s = 0;
    double ideal_speed_mps = 0;  ///< of the rocket equation in vacuum, no gravity
};

/// Adds the burn of a stage: one phase per straight piece of its thrust curve.
inline void add_burn(FlyoutPlan& plan, StageParams const& stage, double mass_kg)
{
    FlyoutPhase phase;
    phase.exhaust_mps = standard_gravity_mps2 * stage.specific_impulse_vacuum_s;
    phase.exit_area_m2 = stage.nozzle_exit_area_m2;
    phase.reference_area_m2 = stage.reference_area_m2;
    double const mean_flow_kgps = stage.thrust_vacuum_n / phase.exhaust_mps;
    double const burn_s = stage.propellant_kg / mean_flow_kgps;
    ThrustCurve const& curve = stage.thrust;
    for (int k = 0; k + 1 < curve.count; ++k) {
        double const duration_s = burn_s * (curve.burn_frac[k + 1] - curve.burn_frac[k]);
        double const first_kgps = mean_flow_kgps * curve.thrust_frac[k];
        double const last_kgps = mean_flow_kgps * curve.thrust_frac[k + 1];
        phase.start_s = plan.burnout_s;
        phase.end_s = plan.burnout_s + duration_s;
        phase.mass_kg = mass_kg;
        phase.mass_flow_kgps = first_kgps;
        phase.mass_flow_rate_kgps2 = (last_kgps - first_kgps) / duration_s;
        plan.phases.push_back(phase);
        plan.burnout_s = phase.end_s;
        mass_kg -= (first_kgps + last_kgps) / 2 * duration_s;
    }
}

/// Adds all stages and the coasts between them, in which the next stage's area meets the air.
inline void add_stages(FlyoutPlan& plan, BoosterParams const& booster)
{
    double mass_kg = booster.payload_kg;
    for (int i = 0; i < booster.stage_count; ++i) {
        mass_kg += booster.stage[i].propellant_kg + booster.stage[i].dry_kg;
    }
    for (int i = 0; i < booster.stage_count; ++i) {
        StageParams const& stage = booster.stage[i];
        add_burn(plan, stage, mass_kg);
        plan.ideal_speed_mps += standard_gravity_mps2 * stage.specific_impulse_vacuum_s *
                                std::log(mass_kg / (mass_kg - stage.propellant_kg));
        mass_kg -= stage.propellant_kg + stage.dry_kg;
        if (i + 1 < booster.stage_count && stage.coast_after_s > 0) {
            FlyoutPhase coast;
            coast.start_s = plan.burnout_s;
            coast.end_s = plan.burnout_s += stage.coast_after_s;
            coast.mass_kg = mass_kg;
            coast.reference_area_m2 = booster.stage[i + 1].reference_area_m2;
            plan.phases.push_back(coast);
        }
    }
}

/// Boost by the stages, or at constant acceleration without air where there are none; then
/// ballistic flight, in air if the ballistic coefficient is known.
inline FlyoutPlan flyout_plan(BoosterParams const& booster)
{
    FlyoutPlan plan;
    plan.drag = booster.drag;
    if (booster.stage_count > 0) {
        add_stages(plan, booster);
    } else {
        FlyoutPhase boost;
        boost.end_s = plan.burnout_s = booster.boost_s;
        boost.acceleration_mps2 = booster.burnout_speed_mps / booster.boost_s;
        plan.ideal_speed_mps = booster.burnout_speed_mps;
        plan.phases.push_back(boost);
    }
    FlyoutPhase ballistic;
    ballistic.start_s = plan.burnout_s;
    ballistic.end_s = flyout_longest_s;
    if (booster.ballistic_coefficient_kgpm2 > 0) {
        ballistic.inverse_ballistic_coefficient_m2pkg = 1 / booster.ballistic_coefficient_kgpm2;
    }
    plan.phases.push_back(ballistic);
    return plan;
}

/// r'' = thrust - GM r / |r|^3 - (rho / 2) |v| v (Cd A / m + 1 / beta), as a rate of state.
///
/// Thrust per mass is (c mdot - A_e p) / m and not below nil: c the exhaust speed, mdot the mass
/// flow, A_e the exit area, p the air's pressure. It holds the course set at launch: its part
/// across the course balances gravity's, the rest pushes along; lift and angle of attack do not
/// appear. Cd is of the Mach number (drag_coefficient). The air is at rest.
struct FlyoutLaw {
    Atmosphere const& atmosphere;
    DragTable const& drag;
    FlyoutPhase const& phase;
    double course_x, course_z;  ///< a unit vector

    FlyoutState operator()(double t_s, FlyoutState const& s) const
    {
        double const r2 = s.x_m * s.x_m + s.z_m * s.z_m, r = std::sqrt(r2);
        double const g = -flyout_mu_m3ps2 / (r2 * r);
        double const gx = g * s.x_m, gz = g * s.z_m;
        double const since_s = t_s - phase.start_s;
        double const flow_kgps = phase.mass_flow_kgps + phase.mass_flow_rate_kgps2 * since_s;
        double const mass_kg = phase.mass_kg - (phase.mass_flow_kgps + flow_kgps) / 2 * since_s;
        double push_n = phase.exhaust_mps * flow_kgps;
        double slowing_ps = 0;
        double const altitude_m = r - earth_mean_radius_m;
        if (meets_air() && altitude_m < flyout_air_top_m) {
            auto const ambient = air(atmosphere, altitude_m);
            push_n = std::max(push_n - phase.exit_area_m2 * ambient.pressure_pa, 0.0);
            double const speed = std::sqrt(s.vx_mps * s.vx_mps + s.vz_mps * s.vz_mps);
            double area_m2pkg = phase.inverse_ballistic_coefficient_m2pkg;
            if (phase.reference_area_m2 > 0) {
                area_m2pkg += drag_coefficient(drag, speed / ambient.speed_of_sound_mps) *
                              phase.reference_area_m2 / mass_kg;
            }
            slowing_ps = 0.5 * ambient.density_kgpm3 * speed * area_m2pkg;
        }
        double const thrust = phase.acceleration_mps2 + push_n / mass_kg;
        double const across = std::clamp(course_z * gx - course_x * gz, -thrust, thrust);
        double const along = std::sqrt(thrust * thrust - across * across);
        return {s.vx_mps, s.vz_mps,
                gx + along * course_x - across * course_z - slowing_ps * s.vx_mps,
                gz + along * course_z + across * course_x - slowing_ps * s.vz_mps};
    }

    bool meets_air() const
    {
        return phase.reference_area_m2 > 0 || phase.exit_area_m2 > 0 ||
               phase.inverse_ballistic_coefficient_m2pkg > 0;
    }
};

/// One Runge-Kutta step (classical, fourth order).
inline FlyoutState step_flyout(FlyoutLaw const& law, double t_s, FlyoutState const& s,
                               double step_s)
{
    auto const moved = [&](FlyoutState const& d, double by_s) {
        return FlyoutState{s.x_m + by_s * d.x_m, s.z_m + by_s * d.z_m, s.vx_mps + by_s * d.vx_mps,
                           s.vz_mps + by_s * d.vz_mps};
    };
    auto const k1 = law(t_s, s);
    auto const k2 = law(t_s + step_s / 2, moved(k1, step_s / 2));
    auto const k3 = law(t_s + step_s / 2, moved(k2, step_s / 2));
    auto const k4 = law(t_s + step_s, moved(k3, step_s));
    FlyoutState const sum{k1.x_m + 2 * (k2.x_m + k3.x_m) + k4.x_m,
                          k1.z_m + 2 * (k2.z_m + k3.z_m) + k4.z_m,
                          k1.vx_mps + 2 * (k2.vx_mps + k3.vx_mps) + k4.vx_mps,
                          k1.vz_mps + 2 * (k2.vz_mps + k3.vz_mps) + k4.vz_mps};
    return moved(sum, step_s / 6);
}

/// The longest steps of a flight, until burnout and after it.
struct FlyoutSteps {
    double boost_s, coast_s;
};

/// Parts of a step, so that none passes more than 2 km of the air that counts: there drag changes
/// by a quarter, and slows by less than its own rate (which Runge-Kutta steps would not survive).
inline int parts_of_step(FlyoutLaw const& law, FlyoutState const& s, double step_s)
{
    constexpr double longest_m = 2000, top_m = 100e3;
    double const altitude_m = std::hypot(s.x_m, s.z_m) - earth_mean_radius_m;
    double const path_m = std::hypot(s.vx_mps, s.vz_mps) * step_s;
    if (!law.meets_air() || altitude_m - path_m > top_m) { return 1; }
    return std::max(1, static_cast<int>(std::ceil(path_m / longest_m)));
}

/// Flies one course from the battery in steps bounded at every ignition and burnout, the same for
/// all courses. Calls visit(t_s, state) after each step, until that returns false or the flight is
/// followed no further. Global error: fourth order in the step, see the test.
template <class Visit>
void fly_out(FlyoutPlan const& plan, Atmosphere const& atmosphere, double elevation_rad,
             FlyoutSteps const& longest, Visit const& visit)
{
    FlyoutState s;
    for (FlyoutPhase const& phase : plan.phases) {
        FlyoutLaw const law{atmosphere, plan.drag, phase, std::cos(elevation_rad),
                            std::sin(elevation_rad)};
        double const span_s = phase.end_s - phase.start_s;
        double const longest_s = phase.end_s > plan.burnout_s ? longest.coast_s : longest.boost_s;
        int const steps = std::max(1, static_cast<int>(std::ceil(span_s / longest_s)));
        for (int i = 0; i < steps; ++i) {
            double const start_s = phase.start_s + span_s * i / steps;
            int const parts = parts_of_step(law, s, span_s / steps);
            double const part_s = span_s / steps / parts;
            for (int k = 0; k < parts; ++k) {
                s = step_flyout(law, start_s + k * part_s, s, part_s);
            }
            if (!visit(phase.start_s + span_s * (i + 1) / steps, s)) { return; }
        }
    }
}

}  // namespace longwatch
