// What was drawn for a flight, in columns, so that it can be told afterwards.
#pragma once

#include "kernels/columns/columns.hpp"
#include "models/flight/inputs.hpp"

namespace longwatch {

inline constexpr int input_count = 18;

/// Calls visit(number) for each number of a drawn flight, always in the same order.
template <class Flight, class Visit>
LW_FUNC void for_each_input(Flight& flight, Visit const& visit)
{
    visit(flight.launch.east);
    visit(flight.launch.north);
    visit(flight.aim.east);
    visit(flight.aim.north);
    visit(flight.inputs.launch.latitude_rad);
    visit(flight.inputs.launch.longitude_rad);
    visit(flight.inputs.launch.altitude_m);
    visit(flight.inputs.lean_east_rad);
    visit(flight.inputs.lean_north_rad);
    visit(flight.inputs.cutoff_stages);
    visit(flight.inputs.thrust);
    visit(flight.inputs.specific_impulse);
    visit(flight.inputs.drag);
    visit(flight.inputs.ballistic_coefficient);
    visit(flight.inputs.air_density);
    visit(flight.inputs.weather.wind_east);
    visit(flight.inputs.weather.wind_north);
    visit(flight.inputs.weather.density);
    // The factor on the radar cross-section has a column of its own, which observe reads.
}

template <class Real>
LW_FUNC void store_inputs(Columns const& c, std::int64_t i, DrawnFlight<Real> const& flight)
{
    int slot = 0;
    for_each_input(flight, [&](Real const& number) { c.inputs.store(i, slot++, number); });
}

template <class Real>
LW_FUNC DrawnFlight<Real> load_inputs(Columns const& c, std::int64_t i)
{
    DrawnFlight<Real> flight;
    int slot = 0;
    for_each_input(flight, [&](Real& number) { number = c.inputs.load<Real>(i, slot++); });
    flight.rcs = c.rcs_factor.load<Real>(i);
    return flight;
}

}  // namespace longwatch
