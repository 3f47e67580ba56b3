// One flight from ignition to the ground: powered phases, then ballistic flight.
#pragma once

#include "models/flight/boost.hpp"

namespace longwatch {

/// Where and how fast the launch place moves at ignition.
template <class Real>
LW_FUNC Knot<Real> at_launch(GeodeticPoint<Real> const& place)
{
    auto const start = ecef_from_geodetic(place);
    return {Real(0),
            {start.x, start.y, start.z},
            {Real(-earth_rotation_radps) * start.y, Real(earth_rotation_radps) * start.x, Real(0)},
            {Real(0), Real(0), Real(0)}};
}

/// Flies a flight that stands at its launch place.
template <class Real, class Run>
LW_FUNC void fly_with(Run& run, Atmosphere const& atmosphere, ThreatParams const& threat,
                      FlightInputs<Real> const& in, FlightTolerance const& tolerance)
{
    Boost<Real, Run>(atmosphere, threat.vehicle, in, tolerance.boost, run).fly();
    BallisticForce<Real> const ballistic{
        atmosphere, in.air_density,
        Real(1.0 / threat.vehicle.ballistic_coefficient_kgpm2) / in.ballistic_coefficient,
        in.weather};
    run.advance(ballistic, tolerance.ballistic, Real(threat.max_flight_time_s));
}

/// knots.add(mask, knot) receives the arc: a knot at the start of each phase and after each step.
template <class Real, class Knots>
LW_FUNC FlightSummary<Real> fly(Atmosphere const& atmosphere, ThreatParams const& threat,
                                FlightInputs<Real> const& in, Knots& knots,
                                FlightTolerance const& tolerance = flight_tolerance())
{
    auto const start = at_launch(in.launch);
    FlightRun<Real, Knots> run(knots, start.r_m, start.v_mps);
    fly_with(run, atmosphere, threat, in, tolerance);
    return run.summary();
}

/// The fall of a spent stage from where its thrust ended, to its impact. `from` is the flight's knot
/// at that stage's t_stage_end_s; the fall ends after two hours at the latest.
template <class Real, class Knots>
LW_FUNC FlightSummary<Real> fly_spent_stage(Atmosphere const& atmosphere, StageParams const& stage,
                                            FlightInputs<Real> const& in, Knot<Real> const& from,
                                            Knots& knots)
{
    FlightRun<Real, Knots> run(knots, from.r_m, from.v_mps, from.t_s);
    BallisticForce<Real> const ballistic{atmosphere, in.air_density,
                                         Real(1.0 / stage.spent_ballistic_coefficient_kgpm2),
                                         in.weather};
    constexpr double longest_fall_s = 7200;
    run.advance(ballistic, flight_tolerance().ballistic, from.t_s + Real(longest_fall_s));
    return run.summary();
}

}  // namespace longwatch
