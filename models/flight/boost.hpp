// Powered flight: stages, thrust curves, coasts between stages, shroud, steering programme.
#pragma once

#include "models/flight/flight_run.hpp"
#include "models/flight/threat.hpp"

namespace longwatch {

/// What sets one flight apart from the others of its threat.
template <class Real>
struct FlightInputs {
    GeodeticPoint<Real> launch;
    Real lean_east_rad, lean_north_rad, cutoff_stages;                        ///< see Controls
    Real thrust, specific_impulse, drag, ballistic_coefficient, air_density;  ///< factors
    WeatherScores<Real> weather = {};
};

/// From the vertical, at the end of the pitch-over.
template <class Real>
LW_FUNC Real pitch_rad(FlightInputs<Real> const& in)
{
    return sqrt(in.lean_east_rad * in.lean_east_rad + in.lean_north_rad * in.lean_north_rad);
}

/// Of the direction of the lean; without one any direction serves: north.
template <class Real>
LW_FUNC Real east_part(FlightInputs<Real> const& in)
{
    Real const pitch = pitch_rad(in);
    return select(pitch > Real(0), in.lean_east_rad, Real(0)) /
           select(pitch > Real(0), pitch, Real(1));
}
template <class Real>
LW_FUNC Real north_part(FlightInputs<Real> const& in)
{
    Real const pitch = pitch_rad(in);
    return select(pitch > Real(0), in.lean_north_rad, Real(1)) /
           select(pitch > Real(0), pitch, Real(1));
}

/// The instants, since ignition, at which the programme changes whatever the stages do: steering is
/// vertical, then pitch-over, then a gravity turn; and the shroud falls.
struct Programme {
    static constexpr int count = 3;
    double until_s[count] = {};     ///< rising
    Steering steering[count] = {};  ///< before that; a gravity turn after the last
};

LW_FUNC Programme programme(VehicleParams const& vehicle)
{
    double const upright = vehicle.vertical_rise_s;
    double const turned = upright + vehicle.pitch_over_s;
    double const release = vehicle.shroud_kg > 0 ? vehicle.shroud_release_s : turned;
    if (release < upright) {
        return {{release, upright, turned},
                {Steering::vertical, Steering::vertical, Steering::pitch_over}};
    }
    if (release < turned) {
        return {{upright, release, turned},
                {Steering::vertical, Steering::pitch_over, Steering::pitch_over}};
    }
    return {{upright, turned, release},
            {Steering::vertical, Steering::pitch_over, Steering::gravity_turn}};
}

/// Flies the powered phases of one flight in order, each ended exactly where thrust, mass or
/// steering changes its law.
template <class Real, class Run>
class Boost {
public:
    LW_FUNC Boost(Atmosphere const& atmosphere, VehicleParams const& vehicle,
                  FlightInputs<Real> const& in, StepTolerance const& tolerance, Run& run)
        : vehicle_(vehicle), in_(in), tolerance_(tolerance), run_(run),
          programme_(programme(vehicle)),
          cutoff_(clamp(in.cutoff_stages, Real(0), Real(double(vehicle.stage_count)))),
          force_{atmosphere,
                 vehicle.drag,
                 Steering::vertical,
                 0,
                 0,
                 Real(0),
                 Real(0),
                 Real(0),
                 Real(0),
                 Real(0),
                 vehicle.vertical_rise_s,
                 east_part(in),
                 north_part(in),
                 pitch_rad(in) * Real(1.0 / vehicle.pitch_over_s),
                 in.drag,
                 in.air_density,
                 in.weather}
    {
    }

    LW_FUNC void fly()
    {
        double stack_kg = vehicle_.payload_kg;
        for (int i = 0; i < vehicle_.stage_count; ++i) {
            stack_kg += vehicle_.stage[i].propellant_kg + vehicle_.stage[i].dry_kg;
        }
        for (int i = 0; i < vehicle_.stage_count; ++i) {
            StageParams const& stage = vehicle_.stage[i];
            mass_kg_ = Real(stack_kg);
            burn(stage, clamp(cutoff_ - Real(double(i)), Real(0), Real(1)));
            run_.mark_stage_end(i, cutoff_ > Real(double(i)));
            stack_kg -= stage.propellant_kg + stage.dry_kg;
            if (i + 1 < vehicle_.stage_count && stage.coast_after_s > 0) {
                mass_kg_ = Real(stack_kg);
                coast(stage.coast_after_s, vehicle_.stage[i + 1].reference_area_m2,
                      cutoff_ > Real(i + 1.0));
            }
        }
        run_.mark_burnout();
    }

private:
    /// A part of the stage's propellant, along its thrust curve.
    LW_FUNC void burn(StageParams const& stage, Real const& burnt_frac)
    {
        force_.exit_area_m2 = stage.nozzle_exit_area_m2;
        force_.reference_area_m2 = stage.reference_area_m2;
        force_.exhaust_mps =
            Real(standard_gravity_mps2 * stage.specific_impulse_vacuum_s) * in_.specific_impulse;
        Real const mean_flow = Real(stage.thrust_vacuum_n) * in_.thrust / force_.exhaust_mps;
        Real const burn_s = Real(stage.propellant_kg) / mean_flow;
        ThrustCurve const& curve = stage.thrust;
        double used_frac = 0;
        for (int k = 0; k + 1 < curve.count; ++k) {
            double const x = curve.burn_frac[k + 1] - curve.burn_frac[k];
            double const f = curve.thrust_frac[k];
            double const slope = (curve.thrust_frac[k + 1] - f) / x;
            double const here_frac = (f + 0.5 * slope * x) * x;
            // The part of the burn time in which f + slope x uses up what is left to burn here.
            Real const wanted = clamp(burnt_frac - Real(used_frac), Real(0), Real(here_frac));
            Real const root = sqrt(larger(Real(f * f) + Real(2 * slope) * wanted, Real(0)));
            Real const part = Real(2) * wanted / (Real(f) + root);
            force_.mass_flow_kgps = Real(f) * mean_flow;
            force_.mass_flow_rate_kgps2 = Real(slope) * mean_flow / burn_s;
            fly_programme(run_.t_s() + part * burn_s, true);
            used_frac += here_frac;
        }
    }

    /// Unpowered, where the next stage will burn.
    LW_FUNC void coast(double duration_s, double reference_area_m2, Mask<Real> const& burns_on)
    {
        force_.mass_flow_kgps = force_.mass_flow_rate_kgps2 = Real(0);
        force_.reference_area_m2 = reference_area_m2;
        fly_programme(run_.t_s() + select(burns_on, Real(duration_s), Real(0)), false);
    }

    /// Until t_end, in as many phases as the programme has instants on the way.
    LW_FUNC void fly_programme(Real const& t_end, bool powered)
    {
        for (int i = 0; i < Programme::count; ++i) {
            fly_until(smaller(Real(programme_.until_s[i]), t_end),
                      powered ? programme_.steering[i] : Steering::none);
        }
        fly_until(t_end, powered ? Steering::gravity_turn : Steering::none);
    }

    LW_DEVICE_APART void fly_until(Real const& t_end, Steering steering)
    {
        auto const moves = t_end > run_.t_s();
        if (!any(moves)) { return; }
        Real const start = run_.t_s();
        auto const shrouded = start < Real(vehicle_.shroud_release_s);
        force_.steering = steering;
        force_.t_start_s = start;
        force_.mass_kg = mass_kg_ + select(shrouded, Real(vehicle_.shroud_kg), Real(0));
        run_.advance(force_, tolerance_, t_end);
        Real const dt = select(moves, t_end - start, Real(0));
        Real const growth = force_.mass_flow_rate_kgps2 * dt;
        mass_kg_ = mass_kg_ - (force_.mass_flow_kgps + Real(0.5) * growth) * dt;
        force_.mass_flow_kgps = force_.mass_flow_kgps + growth;
    }

    VehicleParams const& vehicle_;
    FlightInputs<Real> const& in_;
    StepTolerance tolerance_;
    Run& run_;
    Programme programme_;
    Real cutoff_;
    Real mass_kg_ = Real(0);  ///< without the shroud
    BoostForce<Real> force_;
};

}  // namespace longwatch
