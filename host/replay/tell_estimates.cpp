// What fusing nodes know of the flight as it goes on. The tracks of an arm are found again from the columns
// by the very stage of a run, in plain double.
#include <algorithm>
#include <cmath>

#include "host/replay/told_flight.hpp"
#include "kernels/stages/arm_tracks.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/held_tracks.hpp"
#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/observe_infrared.hpp"

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

/// What the scans of all infrared sensors tell of the launch, as they arrive at a node.
class LaunchKnowledge {
public:
    LaunchKnowledge(ToldFlight const& flight, ArmTracks<double> const& tracks, int node,
                    FlightReplay const& replay)
        : flight_(flight), place_(load_inputs<double>(flight.c, 0).inputs.launch),
          from_m_(ecef_from_geodetic(place_)),
          enu_(enu_from_ecef(place_.latitude_rad, place_.longitude_rad))
    {
        for (InfraredScan const& scan : replay.scans) {
            InfraredParams const& p = flight.scenario.sensor[scan.sensor].infrared;
            double const held = tracks.held_s(scan.sensor, node, MessageKind::alert);
            if (scan.hit && p.line_of_sight_sigma_rad > 0 && held < never_s) { add(scan, p, held); }
        }
    }

    LaunchAccuracy<double> at(double t_s) const
    {
        auto sum = no_scans<double>();
        for (Piece const& piece : all_) {
            if (piece.arrives_s > t_s) { continue; }
            for (std::size_t k = 0; k < std::size(sum.entry); ++k) {
                sum.entry[k] += piece.told.entry[k];
            }
        }
        return launch_accuracy(sum);
    }
    bool has_any_at(double t_s) const
    {
        return std::any_of(all_.begin(), all_.end(),
                           [&](Piece const& piece) { return piece.arrives_s <= t_s; });
    }

private:
    struct Piece {
        double arrives_s;
        Information<double, launch_unknowns> told;
    };

    void add(InfraredScan const& scan, InfraredParams const& p, double held_s)
    {
        // Scans until the report come with it, later ones as long after they are taken.
        double const t_report = flight_.value(flight_.c.t_report_s, scan.sensor);
        double const u = flight_.launch.draws<double>(0).uniform(
            {DrawKind::orbit, flight_.scenario.sensor[scan.sensor].name_hash}, 0);
        auto const satellite = satellite_position_m(p, p.elliptical ? u : 0.5);
        auto const state = ArcReader<double>(flight_.c, 0).state_at(scan.t_s);
        auto const place = ecef_from_eci(scan.t_s, state.r_m);
        auto const velocity =
            ecef_from_eci(scan.t_s, velocity_relative_to_air(state.r_m, state.v_mps));
        double const sigma_m = p.line_of_sight_sigma_rad * norm(place - satellite);
        Piece piece{std::max(scan.t_s, t_report) + (held_s - t_report), {}};
        add_scan(piece.told, enu_ * (place - from_m_), enu_ * velocity,
                 enu_ * unit(place - satellite), 1 / square(sigma_m));
        all_.push_back(piece);
    }

    ToldFlight const& flight_;
    GeodeticPoint<double> place_;
    Vec3<double, Ecef> from_m_;
    Rotation<double, Enu, Ecef> enu_;
    std::vector<Piece> all_;
};

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
    LaunchKnowledge const launch(flight, tracks, node, out);
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
        if (launch.has_any_at(t)) {
            auto const from = launch.at(t);
            estimate.launch_half_axis_m = from.half_axis_m;
            estimate.launch_azimuth_rad = from.azimuth_rad;
        }
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
