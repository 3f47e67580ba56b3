// One flight from ignition to the ground: powered phases, then ballistic flight.
#pragma once

#include "models/flight/flight_run.hpp"
#include "models/flight/threat.hpp"

namespace longwatch {

/// What sets one flight apart from the others of its threat.
template <class Real>
struct FlightInputs {
    GeodeticPoint<Real> launch;
    Real azimuth_rad, pitch_rad, cutoff_frac;                                 ///< see Controls
    Real thrust, specific_impulse, drag, ballistic_coefficient, air_density;  ///< factors
};

/// All powered phases, in order: vertical rise and pitch-over of the first stage, then gravity turns
/// of each stage with unpowered gaps, ended by thrust termination in the last.
template <class Real, class Run>
LW_FUNC void boost(Atmosphere const& atmosphere, VehicleParams const& vehicle,
                   FlightInputs<Real> const& in, StepTolerance const& tolerance, Run& run)
{
    double stack_kg = vehicle.payload_kg;
    for (int i = 0; i < vehicle.stage_count; ++i) {
        stack_kg += vehicle.stage[i].propellant_kg + vehicle.stage[i].dry_kg;
    }
    BoostForce<Real> force{atmosphere,
                           vehicle.drag,
                           Steering::vertical,
                           0,
                           0,
                           Real(0),
                           Real(0),
                           Real(0),
                           Real(0),
                           sin(in.azimuth_rad),
                           cos(in.azimuth_rad),
                           in.pitch_rad * Real(1.0 / vehicle.pitch_over_s),
                           in.drag,
                           in.air_density};
    Real t = Real(0);
    auto const fly_until = [&](Steering steering, Real const& t_end) {
        force.steering = steering;
        run.advance(force, tolerance, t_end);
        force.mass_kg = force.mass_kg - force.mass_flow_kgps * (t_end - force.t_start_s);
        force.t_start_s = t_end;
    };
    for (int i = 0; i < vehicle.stage_count; ++i) {
        StageParams const& stage = vehicle.stage[i];
        bool const is_last = i + 1 == vehicle.stage_count;
        force.exit_area_m2 = stage.nozzle_exit_area_m2;
        force.reference_area_m2 = stage.reference_area_m2;
        force.thrust_vacuum_n = Real(stage.thrust_vacuum_n) * in.thrust;
        force.mass_flow_kgps =
            force.thrust_vacuum_n /
            (Real(standard_gravity_mps2 * stage.specific_impulse_vacuum_s) * in.specific_impulse);
        force.mass_kg = Real(stack_kg);
        force.t_start_s = t;
        Real burn_s = Real(stage.propellant_kg) / force.mass_flow_kgps;
        if (is_last) { burn_s = burn_s * clamp(in.cutoff_frac, Real(0), Real(1)); }
        Real const t_end = t + burn_s;
        if (i == 0) {
            // A burn may end before they do.
            double const turned_s = vehicle.vertical_rise_s + vehicle.pitch_over_s;
            fly_until(Steering::vertical, smaller(Real(vehicle.vertical_rise_s), t_end));
            fly_until(Steering::pitch_over, smaller(Real(turned_s), t_end));
        }
        fly_until(Steering::gravity_turn, t_end);
        t = t_end;
        stack_kg -= stage.propellant_kg + stage.dry_kg;
        if (!is_last && stage.coast_after_s > 0) {
            force.mass_kg = Real(stack_kg);
            force.mass_flow_kgps = Real(0);
            force.reference_area_m2 = vehicle.stage[i + 1].reference_area_m2;
            t = t + Real(stage.coast_after_s);
            fly_until(Steering::none, t);
        }
    }
}

/// knots.add(mask, knot) receives the arc: a knot at the start of each phase and after each step.
template <class Real, class Knots>
LW_FUNC FlightSummary<Real> fly(Atmosphere const& atmosphere, ThreatParams const& threat,
                                FlightInputs<Real> const& in, Knots& knots,
                                FlightTolerance const& tolerance = flight_tolerance())
{
    auto const start = ecef_from_geodetic(in.launch);
    Vec3<Real, Eci> const r{start.x, start.y, start.z};
    Vec3<Real, Eci> const v{Real(-earth_rotation_radps) * r.y, Real(earth_rotation_radps) * r.x,
                            Real(0)};
    FlightRun<Real, Knots> run(knots, r, v);
    boost(atmosphere, threat.vehicle, in, tolerance.boost, run);
    run.mark_burnout();
    BallisticForce<Real> const ballistic{
        atmosphere, in.air_density,
        Real(1.0 / threat.vehicle.ballistic_coefficient_kgpm2) / in.ballistic_coefficient};
    run.advance(ballistic, tolerance.ballistic, Real(threat.max_flight_time_s));
    return run.summary();
}

}  // namespace longwatch
