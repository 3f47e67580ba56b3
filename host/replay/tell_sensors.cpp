// What every sensor sees. Hits and instants are those of the run; geometry, signal and probability are
// found again by the same models from the run's arc.
#include "host/replay/told_flight.hpp"
#include "kernels/columns/arc_columns.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/firm_track.hpp"
#include "kernels/stages/observe_stage.hpp"

namespace longwatch {

namespace {

void tell_look(ToldFlight const& flight, Knot<double> const& state, RadarLook& look)
{
    SensorParams const& sensor = flight.scenario.sensor[look.sensor];
    RadarParams const& radar = sensor.radar;
    RadarView<double> const view(flight.scenario, flight.launch, flight.c, 0, look.sensor);
    look.geometry = view.geometry(view.seen_from_station(ecef_from_eci(look.t_s, state.r_m)));
    look.in_coverage = in_coverage(radar, view.sector(), look.geometry);
    look.in_fence = look.in_coverage && in_sector(fence_sector(radar), look.geometry);
    look.rcs_m2 = view.cross_section_m2(look.t_s, state);
    look.snr_searching = view.signal_to_noise_in(look.geometry, look.rcs_m2);
    look.snr_cued = radar.cue_gain * look.snr_searching;
    look.pd_searching = probability_of_detection(radar.detection, look.snr_searching);
    look.pd_cued = probability_of_detection(radar.detection, look.snr_cued);
    look.draw =
        LookDraws<double>(flight.launch.draws<double>(0), sensor.name_hash).of_look(look.number);
}

void tell_radar(ToldFlight const& flight, int s, FlightReplay& out)
{
    Columns const& c = flight.c;
    double const period = flight.scenario.sensor[s].radar.look_period_s;
    double const t_end = end_of_flight_s<double>(c, 0);
    auto const first = static_cast<std::int64_t>(flight.value(c.look_first, s));
    auto const count = static_cast<int>(flight.value(c.look_count, s));
    int const slots = c.looks[s].first;
    auto const grows = [&](Column const& column, int k) {
        return flight.value(column, slots + k + 1) > flight.value(column, slots + k);
    };
    SensorView view;
    view.sensor = s;
    view.stands =
        geodetic_from_ecef(RadarView<double>(flight.scenario, flight.launch, c, 0, s).site_m());
    view.t_window_first_s = flight.value(c.window_first_s, s);
    view.t_window_last_s = smaller(flight.value(c.window_last_s, s), t_end);
    RadarParams const& radar = flight.scenario.sensor[s].radar;
    view.t_firm_searching_s = firm_track_s(radar, c, 0, s, never_s);
    view.t_firm_cued_s = firm_track_s(radar, c, 0, s, 0.0);
    ArcReader<double> arc(c, 0);
    for (int k = 0; k < count; ++k) {
        RadarLook look;
        look.sensor = s;
        look.number = first + k;
        look.t_s = flight.value(c.look_phase_s, s) + static_cast<double>(look.number) * period;
        if (look.t_s < view.t_window_first_s || look.t_s >= view.t_window_last_s) { continue; }
        tell_look(flight, arc.state_at(look.t_s), look);
        look.hit_searching = grows(c.search_hits, k);
        look.hit_cued = grows(c.cued_hits, k);
        look.t_firm_if_cued_s = flight.value(c.look_firm_s, slots + k);
        view.looks += look.in_coverage ? 1 : 0;
        view.hits_searching += look.hit_searching ? 1 : 0;
        view.hits_cued += look.hit_cued ? 1 : 0;
        out.looks.push_back(look);
    }
    view.t_report_s = never_s;
    out.sensors.push_back(view);
}

void tell_infrared(ToldFlight const& flight, int s, FlightReplay& out)
{
    Columns const& c = flight.c;
    SensorParams const& sensor = flight.scenario.sensor[s];
    InfraredParams const& infrared = sensor.infrared;
    auto const draws = flight.launch.draws<double>(0);
    auto const draw = [&](DrawKind kind, int n) {
        return draws.uniform({kind, sensor.name_hash}, static_cast<std::uint32_t>(n));
    };
    SensorView view;
    view.sensor = s;
    view.t_window_first_s = view.t_firm_searching_s = view.t_firm_cued_s = never_s;
    view.t_window_last_s = -never_s;
    view.t_report_s = flight.value(c.t_report_s, s);
    double const t_end = smaller(flight.value(c.t_burnout_s), end_of_flight_s<double>(c, 0));
    double const t_first = infrared.revisit_s * draw(DrawKind::look_phase, 0);
    double const cloud_top = quantile(infrared.cloud_top_m, draw(DrawKind::cloud_top, 0));
    bool const works =
        sensor.availability >= 1 || draw(DrawKind::sensor_availability, 0) < sensor.availability;
    VehicleParams const& vehicle = flight.scenario.threat[flight.launch.threat].vehicle;
    auto const t_stage_end = [&](int stage) { return flight.value(c.t_stage_end_s, stage); };
    auto const satellite =
        satellite_position_m(infrared, infrared.elliptical ? draw(DrawKind::orbit, 0) : 0.5);
    ArcReader<double> arc(c, 0);
    for (int n = 0;; ++n) {
        InfraredScan scan;
        scan.sensor = s;
        scan.number = n;
        scan.t_s = t_first + static_cast<double>(n) * infrared.revisit_s;
        bool const goes_on = infrared.line_of_sight_sigma_rad > 0 && works;
        if (scan.t_s >= t_end || (scan.t_s > view.t_report_s && !goes_on)) { break; }
        auto const target = ecef_from_eci(scan.t_s, arc.position_at(scan.t_s));
        scan.altitude_m = geodetic_altitude_m(target);
        scan.cloud_top_m = cloud_top;
        scan.visible = plume_visible(infrared, satellite, target, scan.altitude_m, cloud_top,
                                     plume_at(vehicle, t_stage_end, scan.t_s)) &&
                       works;
        scan.draw = draw(DrawKind::look, n);
        scan.hit = scan.visible && scan.draw < infrared.probability_of_detection;
        view.looks += scan.visible ? 1 : 0;
        view.hits_searching += scan.hit ? 1 : 0;
        out.scans.push_back(scan);
    }
    view.hits_cued = view.hits_searching;
    for (int when = 0; infrared.line_of_sight_sigma_rad > 0 && when < 2; ++when) {
        if (view.t_report_s >= never_s) { continue; }
        view.launch_half_axis_m[when] = flight.value(c.launch_half_axis_m, 2 * s + when);
        view.launch_azimuth_rad[when] = flight.value(c.launch_azimuth_rad, 2 * s + when);
    }
    out.sensors.push_back(view);
}

}  // namespace

void tell_sensors(ToldFlight const& flight, FlightReplay& out)
{
    out.t_track_loss_s = flight.value(flight.c.t_track_loss_s);
    for (int s = 0; s < flight.scenario.sensor_count; ++s) {
        if (flight.scenario.sensor[s].kind == SensorKind::radar) {
            tell_radar(flight, s, out);
        } else {
            tell_infrared(flight, s, out);
        }
    }
}

}  // namespace longwatch
