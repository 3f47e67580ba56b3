// One flight's inputs, drawn: where it starts and is meant to end, how its vehicle and the air
// deviate, and the controls that follow from both by the threat's aim map.
#pragma once

#include "models/flight/fly.hpp"
#include "models/math/purpose.hpp"

namespace longwatch {

/// A place in an area, as fractions of its radius east and north of the centre.
template <class Real>
struct PlaceInArea {
    Real east, north;
};

/// Uniform over the disc.
template <class Real, class Draws>
LW_FUNC PlaceInArea<Real> draw_place(Draws const& draws, DrawKind kind)
{
    Real const distance = sqrt(draws.uniform({kind}, 0));
    Real const bearing = Real(2 * pi) * draws.uniform({kind}, 1);
    return {distance * sin(bearing), distance * cos(bearing)};
}

/// Arc lengths east and north of the centre laid along parallel and meridian of the mean sphere.
template <class Real>
LW_FUNC GeodeticPoint<Real> place_in_area(Area const& area, PlaceInArea<Real> const& x)
{
    double const north = area.radius_m / earth_mean_radius_m;
    double const east = north / cos(area.center.latitude_rad);
    return {Real(area.center.latitude_rad) + Real(north) * x.north,
            Real(area.center.longitude_rad) + Real(east) * x.east, Real(area.center.altitude_m)};
}

/// Value of a quadratic in the four place coordinates; the terms are those of AimMap.
template <class Real>
LW_FUNC Real quadratic(double const (&term)[aim_terms], PlaceInArea<Real> const& launch,
                       PlaceInArea<Real> const& aim)
{
    Real const x[4] = {launch.east, launch.north, aim.east, aim.north};
    Real sum = Real(term[0]);
    int next = 5;
    for (int i = 0; i < 4; ++i) {
        Real slope = Real(term[1 + i]);
        for (int j = i; j < 4; ++j) { slope = slope + Real(term[next++]) * x[j]; }
        sum = sum + slope * x[i];
    }
    return sum;
}

/// What guidance adds to a control.
template <class Real>
LW_FUNC Real guidance(double const (&response)[guided_deviations], FlightInputs<Real> const& in)
{
    Real const factor[guided_deviations] = {in.thrust, in.specific_impulse, in.drag,
                                            in.air_density};
    Real sum = Real(0);
    for (int i = 0; i < guided_deviations; ++i) {
        sum = sum + Real(response[i]) * (factor[i] - Real(1));
    }
    return sum;
}

template <class Real>
struct DrawnFlight {
    PlaceInArea<Real> launch, aim;
    FlightInputs<Real> inputs;
    Real rcs;  ///< factor
};

template <class Real, class Draws>
LW_FUNC DrawnFlight<Real> draw_flight(ThreatParams const& threat, Draws const& draws)
{
    DrawnFlight<Real> flight;
    flight.launch = draw_place<Real>(draws, DrawKind::launch_place);
    flight.aim = draw_place<Real>(draws, DrawKind::aim_place);
    auto& in = flight.inputs;
    in.launch = place_in_area(threat.launch, flight.launch);
    auto const factor = [&](Distribution const& p, DrawKind kind) {
        return quantile(p, draws.uniform({kind}, 0));
    };
    Dispersions const& d = threat.dispersions;
    in.thrust = factor(d.thrust, DrawKind::thrust);
    in.specific_impulse = factor(d.specific_impulse, DrawKind::specific_impulse);
    in.drag = factor(d.drag, DrawKind::drag);
    in.ballistic_coefficient = factor(d.ballistic_coefficient, DrawKind::ballistic_coefficient);
    in.air_density = factor(d.air_density, DrawKind::air_density);
    flight.rcs = factor(d.rcs, DrawKind::rcs);
    AimMap const& map = threat.aim_map;
    in.azimuth_rad = quadratic(map.azimuth_rad, flight.launch, flight.aim) +
                     guidance(map.azimuth_response_rad, in);
    in.pitch_rad =
        quadratic(map.pitch_rad, flight.launch, flight.aim) + guidance(map.pitch_response_rad, in);
    in.cutoff_frac = quadratic(map.cutoff_frac, flight.launch, flight.aim) +
                     guidance(map.cutoff_response_frac, in);
    return flight;
}

}  // namespace longwatch
