// The flown arc: knots as the run stored them, samples between them, events.
#include <algorithm>

#include <fmt/format.h>

#include "host/replay/told_flight.hpp"
#include "kernels/columns/arc_columns.hpp"
#include "kernels/columns/input_columns.hpp"

namespace longwatch {

ToldArc::ToldArc(ToldFlight const& flight, GeodeticPoint<double> const& launch)
    : t_burnout_s_(flight.value(flight.c.t_burnout_s)),
      t_reentry_s_(flight.value(flight.c.t_descend_100km_s)),
      launch_(site_frame({launch.latitude_rad, launch.longitude_rad, launch.altitude_m}))
{
    auto const count = static_cast<int>(flight.value(flight.c.knot_count));
    for (int k = 0; k < count; ++k) {
        knots_.push_back(load_knot(flight.c, 0, static_cast<double>(k)));
    }
}

ArcPoint ToldArc::at(double t_s) const
{
    if (knots_.empty()) { return {}; }
    auto const earlier = [](Knot<double> const& knot, double t) { return knot.t_s < t; };
    auto const next = std::lower_bound(knots_.begin(), knots_.end(), t_s, earlier);
    if (next == knots_.begin()) { return point(knots_.front()); }
    if (next == knots_.end()) { return point(knots_.back()); }
    auto const interval = arc_interval(*(next - 1), *next);
    auto knot = knot_at(interval, fraction(interval, t_s));
    knot.t_s = t_s;
    return point(knot);
}

ArcPoint ToldArc::point(Knot<double> const& knot) const
{
    ArcPoint out;
    out.state = knot;
    out.position_m = ecef_from_eci(knot.t_s, knot.r_m);
    out.place = geodetic_from_ecef(out.position_m);
    out.speed_inertial_mps = norm(knot.v_mps);
    auto const relative = velocity_relative_to_air(knot.r_m, knot.v_mps);
    out.speed_relative_mps = norm(relative);
    if (out.speed_relative_mps > 0) {
        // The axes turn with the Earth, so the relative velocity turns like a position.
        auto const local = enu_from_ecef(out.place.latitude_rad, out.place.longitude_rad) *
                           ecef_from_eci(knot.t_s, relative);
        out.flight_path_angle_rad = std::atan2(local.z, std::hypot(local.x, local.y));
    }
    out.ground_range_m = earth_mean_radius_m * ground_angle_rad(launch_, out.position_m);
    out.phase = knot.t_s < t_burnout_s_ ? "boost" : "midcourse";
    if (knot.t_s >= t_reentry_s_) { out.phase = "reentry"; }
    return out;
}

namespace {

void tell_history(ToldFlight const& flight, ToldArc const& arc, FlightReplay& out)
{
    for (int k = 0; k < arc.knot_count(); ++k) {
        out.history.push_back(arc.at_knot(k));
        out.history.back().is_knot = true;
    }
    double const t_burnout = flight.value(flight.c.t_burnout_s);
    double t = 0;
    for (int n = 0; t < arc.t_end_s(); ++n) {
        out.history.push_back(arc.at(t));
        double const step = t < t_burnout ? sample_step_boost_s : sample_step_free_s;
        t = (std::floor(t / step) + 1) * step;
    }
    std::stable_sort(
        out.history.begin(), out.history.end(),
        [](ArcPoint const& a, ArcPoint const& b) { return a.state.t_s < b.state.t_s; });
}

void tell_events(ToldFlight const& flight, ToldArc const& arc, FlightReplay& out)
{
    Columns const& c = flight.c;
    auto const add = [&](std::string const& name, double t_s) {
        if (t_s < never_s) { out.events.push_back({name, arc.at(t_s)}); }
    };
    add("ignition", 0);
    for (int k = 0; k < flight.threat().vehicle.stage_count; ++k) {
        add(fmt::format("end of stage {}", k + 1), flight.value(c.t_stage_end_s, k));
    }
    add("burnout", flight.value(c.t_burnout_s));
    add("up through 100 km", flight.value(c.t_ascend_100km_s));
    add("apogee", flight.value(c.t_apogee_s));
    add("down through 100 km", flight.value(c.t_descend_100km_s));
    add("impact", flight.value(c.t_impact_s));
    std::stable_sort(
        out.events.begin(), out.events.end(),
        [](FlightEvent const& a, FlightEvent const& b) { return a.at.state.t_s < b.at.state.t_s; });
}

}  // namespace

void tell_arc(ToldFlight const& flight, ToldArc const& arc, FlightReplay& out)
{
    tell_history(flight, arc, out);
    tell_events(flight, arc, out);
}

FlightReplay tell_flight(Study const& study, FlownFlight flown, std::vector<int> const& arms)
{
    Scenario const& scenario = *study.scenario;
    Columns const columns = lay_out(scenario, 1, flown.memory.data());
    Launch launch = flown.launch;
    launch.column_first = 0;
    ToldFlight const flight{study, scenario, launch, columns};

    FlightReplay out;
    out.seed = launch.seed;
    out.flight = launch.flight_first;
    out.arms = arms;
    out.outcome = read_outcome(scenario, launch, columns, 0);
    out.drawn = load_inputs<double>(columns, 0);
    out.aim = place_in_area(flight.threat().aim, out.drawn.aim);
    ToldArc const arc(flight, out.drawn.inputs.launch);
    tell_arc(flight, arc, out);
    tell_sensors(flight, out);
    tell_sharing(flight, out);
    tell_estimates(flight, out);
    return out;
}

}  // namespace longwatch
