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

/// Value of a polynomial in the four place coordinates; the terms are those of AimMap.
template <class Real>
LW_FUNC Real polynomial(double const (&term)[aim_terms], PlaceInArea<Real> const& launch,
                        PlaceInArea<Real> const& aim)
{
    Real const x[4] = {launch.east, launch.north, aim.east, aim.north};
    int next = 0;
    Real sum = Real(term[next++]);
    for (int i = 0; i < 4; ++i) {
        Real at_i = Real(term[next++]);
        for (int j = i; j < 4; ++j) {
            Real at_j = Real(term[next++]);
            for (int k = j; k < 4; ++k) {
                Real at_k = Real(term[next++]);
                for (int l = k; l < 4; ++l) { at_k = at_k + Real(term[next++]) * x[l]; }
                at_j = at_j + at_k * x[k];
            }
            at_i = at_i + at_j * x[j];
        }
        sum = sum + at_i * x[i];
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

/// In the order of Dispersions.
template <class Real>
struct Deviations {
    Real of[dispersion_count];
};

/// Each from its own uniform number, whether it stands alone or in a correlated set.
template <class Real, class Draws>
LW_FUNC Deviations<Real> draw_deviations(Dispersions const& d, Draws const& draws)
{
    Distribution const* const alone[dispersion_count] = {
        &d.thrust, &d.specific_impulse, &d.drag, &d.ballistic_coefficient, &d.air_density, &d.rcs};
    constexpr DrawKind kind[dispersion_count] = {
        DrawKind::thrust,      DrawKind::specific_impulse,
        DrawKind::drag,        DrawKind::ballistic_coefficient,
        DrawKind::air_density, DrawKind::rcs};
    CorrelatedNormals const& together = d.correlated;
    Deviations<Real> out;
    Real score[dispersion_count];
    for (int i = 0; i < dispersion_count; ++i) {
        Real const u = draws.uniform({kind[i]}, 0);
        score[i] = together.in[i] ? normal_quantile(u) : Real(0);
        out.of[i] = together.in[i] ? Real(together.mean[i]) : quantile(*alone[i], u);
    }
    for (int i = 0; i < dispersion_count; ++i) {
        for (int j = 0; j < dispersion_count; ++j) {
            if (together.factor[i][j] != 0) {
                out.of[i] = out.of[i] + Real(together.factor[i][j]) * score[j];
            }
        }
    }
    return out;
}

/// The weather of one flight: its wind and air density as a whole, for every height at once.
template <class Real, class Draws>
LW_FUNC WeatherScores<Real> draw_weather(Weather const& weather, Draws const& draws)
{
    WeatherScores<Real> score;
    if (weather.wind_count > 0) {
        score.wind_east = normal_quantile(Real(draws.uniform({DrawKind::wind_east}, 0)));
        score.wind_north = normal_quantile(Real(draws.uniform({DrawKind::wind_north}, 0)));
    }
    if (weather.density_count > 0) {
        score.density = normal_quantile(Real(draws.uniform({DrawKind::density_profile}, 0)));
    }
    return score;
}

template <class Real>
struct DrawnFlight {
    PlaceInArea<Real> launch, aim;
    FlightInputs<Real> inputs;
    Real rcs;  ///< factor
};

/// Breaks up before its thrust would end: true where it does, and cuts the thrust off there.
template <class Real, class Draws>
LW_FUNC Mask<Real> draw_break_up(Mishaps const& mishaps, Draws const& draws, FlightInputs<Real>& in)
{
    auto const never = Real(0) > Real(1);
    if (!(mishaps.break_up_probability > 0)) { return never; }
    Real const after = quantile(mishaps.break_up_stages, draws.uniform({DrawKind::break_up}, 1));
    Real const u = draws.uniform({DrawKind::break_up}, 0);
    auto const breaks = u < Real(mishaps.break_up_probability) && after < in.cutoff_stages;
    in.cutoff_stages = select(breaks, after, in.cutoff_stages);
    return breaks;
}

/// From when on no radar sees the flight; never_s where they go on seeing it.
template <class Real, class Draws>
LW_FUNC Real draw_track_loss_s(Mishaps const& mishaps, Draws const& draws)
{
    if (!(mishaps.track_loss_probability > 0)) { return Real(never_s); }
    Real const t = quantile(mishaps.track_loss_s, draws.uniform({DrawKind::track_loss}, 1));
    Real const u = draws.uniform({DrawKind::track_loss}, 0);
    return select(u < Real(mishaps.track_loss_probability), t, Real(never_s));
}

template <class Real, class Draws>
LW_DEVICE_APART DrawnFlight<Real> draw_flight(ThreatParams const& threat, Draws const& draws)
{
    DrawnFlight<Real> flight;
    flight.launch = draw_place<Real>(draws, DrawKind::launch_place);
    flight.aim = draw_place<Real>(draws, DrawKind::aim_place);
    auto& in = flight.inputs;
    in.launch = place_in_area(threat.launch, flight.launch);
    auto const factors = draw_deviations<Real>(threat.dispersions, draws);
    in.thrust = factors.of[0];
    in.specific_impulse = factors.of[1];
    in.drag = factors.of[2];
    in.ballistic_coefficient = factors.of[3];
    in.air_density = factors.of[4];
    flight.rcs = factors.of[5];
    AimMap const& map = threat.aim_map;
    in.lean_east_rad = polynomial(map.lean_east_rad, flight.launch, flight.aim) +
                       guidance(map.lean_east_response_rad, in);
    in.lean_north_rad = polynomial(map.lean_north_rad, flight.launch, flight.aim) +
                        guidance(map.lean_north_response_rad, in);
    in.cutoff_stages = polynomial(map.cutoff_stages, flight.launch, flight.aim) +
                       guidance(map.cutoff_response_stages, in);
    return flight;
}

}  // namespace longwatch
