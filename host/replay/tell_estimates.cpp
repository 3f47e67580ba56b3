// What fusing nodes know of the flight as it goes on. The tracks of an arm are found again from the columns
// by the very stage of a run, in plain double.
#include <algorithm>
#include <cmath>

#include "host/replay/told_flight.hpp"
#include "kernels/stages/arm_tracks.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/held_tracks.hpp"
#include "kernels/stages/measure_stage.hpp"

namespace longwatch {

namespace {

constexpr double estimate_step_s = 10;

/// Standard deviations of what a node's information tells at an instant.
void tell_accuracy(ToldFlight const& flight, TrackInformation<double> const& told,
                   TransitionReader<double>& transitions, NodeEstimate& out)
{
    auto const f = factored(told);
    double const since = out.t_s - flight.value(flight.c.t_burnout_s);
    auto const& knot = transitions.before(since);
    double const after = transitions.after_s(since);
    out.position_sigma_m = std::sqrt(position_variance_m2(f, position_rows(knot, after)));
    out.velocity_sigma_mps = std::sqrt(position_variance_m2(f, velocity_rows(knot, after)));
    auto const map = load_impact_map<double>(flight.c, 0);
    auto const c = impact_covariance(f, map);
    out.half_axis_major_m = half_axis_m(c);
    double const area2 = c.east * c.north - c.both * c.both;
    out.half_axis_minor_m = std::sqrt(std::max(area2, 0.0)) / std::max(out.half_axis_major_m, 1e-9);
    double const from_east = 0.5 * std::atan2(2 * c.both, c.east - c.north);
    double const clockwise = pi / 2 - from_east;
    out.major_azimuth_rad = clockwise < 0 ? clockwise + pi : clockwise;
    auto const time = reduced(f, map.time);
    out.time_sigma_s = std::sqrt(covariance(f, time, time));
}

void tell_node(ToldFlight const& flight, ArmTracks<double> const& tracks, int arm, int node,
               FlightReplay& out)
{
    Scenario const& scenario = flight.scenario;
    Columns const& c = flight.c;
    HeldTracks<double> held(c, 0);
    std::vector<double> held_from;
    for (int s = 0; s < scenario.sensor_count; ++s) {
        if (!tracks.takes_part(s) || !tracks.is_radar(s)) { continue; }
        double const age = tracks.track_delay_s(s, node) + flight.value(c.processing_s, s);
        if (tracks.t_firm_s(s) >= never_s || age >= never_s) { continue; }
        held.add(scenario.sensor[s].radar, s, tracks.t_cue_s(s), tracks.t_firm_s(s), age);
        held_from.push_back(tracks.t_firm_s(s) + age);
    }
    if (held_from.empty()) { return; }
    double const t_end = end_of_flight_s<double>(c, 0);
    double const first = std::max(*std::min_element(held_from.begin(), held_from.end()),
                                  flight.value(c.t_burnout_s));
    TransitionReader<double> transitions(c, 0);
    for (double t = std::ceil(first / estimate_step_s) * estimate_step_s; t < t_end;
         t += estimate_step_s) {
        NodeEstimate estimate;
        estimate.arm = arm;
        estimate.node = node;
        estimate.t_s = t;
        estimate.tracks = static_cast<int>(std::count_if(held_from.begin(), held_from.end(),
                                                         [&](double from) { return from <= t; }));
        estimate.time_to_go_s = t_end - t;
        tell_accuracy(flight, held.told_by(t), transitions, estimate);
        // Until some looks of the free flight have come, what is known is what was before any.
        if (estimate.half_axis_major_m < earth_mean_radius_m) { out.estimates.push_back(estimate); }
    }
}

}  // namespace

void tell_estimates(ToldFlight const& flight, FlightReplay& out)
{
    Scenario const& scenario = flight.scenario;
    for (int const arm : out.arms) {
        ArmTracks<double> tracks(scenario, flight.c, 0, arm);
        Arrivals<double> message;
        tracks.find(message);
        ArmParams const& p = scenario.network.arm[arm];
        for (int node = 0; node < scenario.network.node_count; ++node) {
            if (scenario.network.node[node_entry(p, node)].fuses) {
                tell_node(flight, tracks, arm, node, out);
            }
        }
    }
}

}  // namespace longwatch
