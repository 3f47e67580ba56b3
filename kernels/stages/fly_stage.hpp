// draw and fly: from a flight's number to its arc, events and fate.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/columns/input_columns.hpp"
#include "kernels/fate.hpp"
#include "kernels/stages/launch.hpp"
#include "models/flight/inputs.hpp"

namespace longwatch {

template <class Real>
LW_FUNC void fly_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                    std::int64_t i)
{
    ThreatParams const& threat = scenario.threat[launch.threat];
    auto const draws = launch.samples<Real>(scenario, i);
    auto flight = draw_flight<Real>(threat, draws);
    flight.inputs.weather = draw_weather<Real>(scenario.atmosphere.weather, draws);
    auto const befalls = launch.draws<Real>(i);
    auto const breaks = draw_break_up(threat.mishaps, befalls, flight.inputs);
    KnotWriter<Real> knots(c, i);
    auto const end = fly(scenario.atmosphere, threat, flight.inputs, knots);
    auto const place = geodetic_from_ecef(end.impact_m);

    auto const code = [](Fate fate) { return Real(static_cast<double>(fate)); };
    auto const in_time = end.landed && end.t_impact_s <= Real(threat.max_flight_time_s);
    Real fate = select(in_time, select(breaks, code(Fate::broke_up), code(Fate::impact)),
                       code(Fate::timed_out));
    fate = select(knots.overflowed(), code(Fate::arc_full), fate);
    // A cutoff is held within the vehicle's stages, and a target without a cross-section is not seen: neither must hide a NaN.
    auto const drawn = is_finite(flight.inputs.cutoff_stages) && is_finite(flight.rcs);
    auto const finite = drawn && end.finite && is_finite(end.t_impact_s) && is_finite(end.apogee_m);
    fate = select(finite, fate, code(Fate::non_finite));

    c.knot_count.store(i, 0, knots.count());
    c.t_burnout_s.store(i, 0, end.t_burnout_s);
    c.t_apogee_s.store(i, 0, end.t_apogee_s);
    c.apogee_m.store(i, 0, end.apogee_m);
    c.t_descend_100km_s.store(i, 0, end.t_descend_100km_s);
    c.t_impact_s.store(i, 0, end.t_impact_s);
    c.impact_latitude_rad.store(i, 0, place.latitude_rad);
    c.impact_longitude_rad.store(i, 0, place.longitude_rad);
    c.rcs_factor.store(i, 0, flight.rcs);
    c.fate.store(i, 0, fate);

    store_inputs(c, i, flight);
    c.t_track_loss_s.store(i, 0, draw_track_loss_s<Real>(threat.mishaps, befalls));
    c.t_ascend_100km_s.store(i, 0, end.t_ascend_100km_s);
    for (int k = 0; k < max_stages; ++k) { c.t_stage_end_s.store(i, k, end.t_stage_end_s[k]); }
}

}  // namespace longwatch
