// Tables of a told flight, comma-separated. Numbers have the fewest digits that read back to the same
// bits; a cell is empty where there is nothing to tell: an instant that never comes, no message.
#include <cmath>

#include <fmt/format.h>

#include "host/replay/replay_files.hpp"

namespace longwatch {

namespace {

class Csv {
public:
    explicit Csv(std::string const& header) : text_(header + "\n") {}

    Csv& operator<<(double x)
    {
        return cell(std::isfinite(x) && std::abs(x) < never_s / 2 ? fmt::format("{}", x) : "");
    }
    Csv& operator<<(std::optional<double> const& x) { return x ? *this << *x : cell(""); }
    Csv& operator<<(int x) { return cell(std::to_string(x)); }
    Csv& operator<<(std::int64_t x) { return cell(std::to_string(x)); }
    Csv& operator<<(bool x) { return cell(x ? "1" : "0"); }
    Csv& operator<<(std::string const& x) { return cell(x); }
    Csv& operator<<(char const* x) { return cell(x); }
    template <class Frame>
    Csv& operator<<(Vec3<double, Frame> const& v)
    {
        return *this << v.x << v.y << v.z;
    }
    Csv& empty() { return cell(""); }
    void end_row()
    {
        text_ += '\n';
        starts_row_ = true;
    }
    std::string text() const { return text_; }

private:
    Csv& cell(std::string const& x)
    {
        if (!starts_row_) { text_ += ','; }
        starts_row_ = false;
        text_ += x;
        return *this;
    }

    std::string text_;
    bool starts_row_ = true;
};

double decibel(double ratio) { return 10 * std::log10(ratio); }

std::string inputs(FlightReplay const& replay)
{
    Csv csv("quantity,value,unit,meaning");
    auto const row = [&](char const* quantity, double value, char const* unit,
                         char const* meaning) {
        csv << quantity << value << unit << meaning;
        csv.end_row();
    };
    auto const& in = replay.drawn.inputs;
    row("launch_latitude_rad", in.launch.latitude_rad, "rad", "geodetic");
    row("launch_longitude_rad", in.launch.longitude_rad, "rad", "east");
    row("launch_altitude_m", in.launch.altitude_m, "m", "above the ellipsoid");
    row("launch_east_frac", replay.drawn.launch.east, "1", "of the area's radius from its centre");
    row("launch_north_frac", replay.drawn.launch.north, "1", "of the area's radius");
    row("aim_latitude_rad", replay.aim.latitude_rad, "rad", "place it is meant for");
    row("aim_longitude_rad", replay.aim.longitude_rad, "rad", "east");
    row("aim_east_frac", replay.drawn.aim.east, "1", "of the area's radius from its centre");
    row("aim_north_frac", replay.drawn.aim.north, "1", "of the area's radius");
    row("lean_east_rad", in.lean_east_rad, "rad",
        "control: from the vertical after the pitch-over");
    row("lean_north_rad", in.lean_north_rad, "rad", "control: likewise; towards north");
    row("azimuth_rad", std::atan2(in.lean_east_rad, in.lean_north_rad), "rad",
        "of the lean; clockwise from north");
    row("pitch_rad", pitch_rad(in), "rad", "size of the lean");
    row("cutoff_stages", in.cutoff_stages, "1", "control: propellant burnt; in stages");
    row("thrust_factor", in.thrust, "1", "on the nominal value");
    row("specific_impulse_factor", in.specific_impulse, "1", "on the nominal value");
    row("drag_factor", in.drag, "1", "on the nominal value");
    row("ballistic_coefficient_factor", in.ballistic_coefficient, "1", "on the nominal value");
    row("air_density_factor", in.air_density, "1", "on the nominal value");
    row("wind_east_score", in.weather.wind_east, "1", "standard deviations from the mean profile");
    row("wind_north_score", in.weather.wind_north, "1",
        "standard deviations from the mean profile");
    row("density_score", in.weather.density, "1", "standard deviations from the mean profile");
    row("rcs_factor", replay.drawn.rcs, "1", "on the nominal values");
    return csv.text();
}

std::string history(FlightReplay const& replay)
{
    Csv csv(
        "t_s,row,phase,latitude_deg,longitude_deg,altitude_m,speed_inertial_mps,"
        "speed_relative_mps,flight_path_angle_deg,ground_range_m,r_eci_x_m,r_eci_y_m,r_eci_z_m,"
        "v_eci_x_mps,v_eci_y_mps,v_eci_z_mps,a_eci_x_mps2,a_eci_y_mps2,a_eci_z_mps2");
    for (ArcPoint const& p : replay.history) {
        csv << p.state.t_s << (p.is_knot ? "knot" : "sample") << p.phase
            << p.place.latitude_rad * deg_per_rad << p.place.longitude_rad * deg_per_rad
            << p.place.altitude_m << p.speed_inertial_mps << p.speed_relative_mps;
        if (p.flight_path_angle_rad) {
            csv << *p.flight_path_angle_rad * deg_per_rad;
        } else {
            csv.empty();
        }
        csv << p.ground_range_m << p.state.r_m << p.state.v_mps << p.state.a_mps2;
        csv.end_row();
    }
    return csv.text();
}

std::string events(FlightReplay const& replay)
{
    Csv csv(
        "event,t_s,latitude_deg,longitude_deg,altitude_m,speed_inertial_mps,speed_relative_mps,"
        "ground_range_m");
    for (FlightEvent const& event : replay.events) {
        ArcPoint const& p = event.at;
        csv << event.name << p.state.t_s << p.place.latitude_rad * deg_per_rad
            << p.place.longitude_rad * deg_per_rad << p.place.altitude_m << p.speed_inertial_mps
            << p.speed_relative_mps << p.ground_range_m;
        csv.end_row();
    }
    return csv.text();
}

std::string outcome(Study const& study, FlightReplay const& replay)
{
    Csv csv("quantity,value,unit");
    auto const row = [&](char const* quantity, auto const& value, char const* unit) {
        csv << quantity << value << unit;
        csv.end_row();
    };
    FlightOutcome const& out = replay.outcome;
    row("flight", out.flight, "1");
    row("threat", name_at(study.threats, out.threat), "1");
    row("fate", fate_names[static_cast<int>(out.fate)], "1");
    row("t_burnout_s", out.t_burnout_s, "s");
    row("t_apogee_s", out.t_apogee_s, "s");
    row("apogee_m", out.apogee_m, "m");
    row("t_reentry_s", out.t_entry_s, "s");
    row("t_track_loss_s", replay.t_track_loss_s, "s");
    row("t_impact_s", out.t_impact_s, "s");
    row("impact_latitude_rad", out.impact_latitude_rad, "rad");
    row("impact_longitude_rad", out.impact_longitude_rad, "rad");
    row("raid", out.flight / replay.raid_size, "1");
    row("member", out.flight % replay.raid_size, "1");
    row("t_ignition_s", replay.t_ignition_s, "s");
    return csv.text();
}

std::string sensors(Study const& study, FlightReplay const& replay)
{
    Csv csv(
        "sensor,kind,window_first_s,window_last_s,looks,hits_searching,hits_cued,"
        "t_firm_searching_s,t_firm_cued_s,t_report_s,launch_half_axis_report_m,"
        "launch_azimuth_report_deg,launch_half_axis_burnout_m,launch_azimuth_burnout_deg,"
        "stands_latitude_deg,stands_longitude_deg");
    for (SensorView const& view : replay.sensors) {
        bool const is_radar = study.scenario->sensor[view.sensor].kind == SensorKind::radar;
        bool const opens = view.t_window_first_s < view.t_window_last_s;
        csv << name_at(study.sensors, view.sensor) << (is_radar ? "radar" : "infrared")
            << (opens ? view.t_window_first_s : never_s) << (opens ? view.t_window_last_s : never_s)
            << view.looks << view.hits_searching << view.hits_cued << view.t_firm_searching_s
            << view.t_firm_cued_s << view.t_report_s;
        for (int when = 0; when < 2; ++when) {
            auto const& azimuth = view.launch_azimuth_rad[when];
            csv << view.launch_half_axis_m[when]
                << (azimuth ? std::optional(*azimuth * deg_per_rad) : std::nullopt);
        }
        if (view.stands) {
            csv << view.stands->latitude_rad * deg_per_rad
                << view.stands->longitude_rad * deg_per_rad;
        } else {
            csv.empty().empty();
        }
        csv.end_row();
    }
    return csv.text();
}

std::string looks(Study const& study, FlightReplay const& replay)
{
    Csv csv(
        "sensor,look,t_s,in_coverage,in_fence,slant_range_m,azimuth_deg,elevation_deg,rcs_dbsm,"
        "snr_searching_db,snr_cued_db,pd_searching,pd_cued,draw,hit_searching,hit_cued,"
        "t_firm_if_cued_s");
    for (RadarLook const& look : replay.looks) {
        double const azimuth = azimuth_rad(look.geometry) * deg_per_rad;
        csv << name_at(study.sensors, look.sensor) << look.number << look.t_s << look.in_coverage
            << look.in_fence << look.geometry.slant_range_m
            << (azimuth < 0 ? azimuth + 360 : azimuth) << elevation_rad(look.geometry) * deg_per_rad
            << decibel(look.rcs_m2);
        if (look.in_coverage) {
            csv << decibel(look.snr_searching) << decibel(look.snr_cued) << look.pd_searching
                << look.pd_cued;
        } else {
            csv.empty().empty().empty().empty();
        }
        csv << look.draw << look.hit_searching << look.hit_cued << look.t_firm_if_cued_s;
        csv.end_row();
    }
    return csv.text();
}

std::string scans(Study const& study, FlightReplay const& replay)
{
    Csv csv("sensor,scan,t_s,altitude_m,cloud_top_m,visible,draw,hit");
    for (InfraredScan const& scan : replay.scans) {
        csv << name_at(study.sensors, scan.sensor) << scan.number << scan.t_s << scan.altitude_m
            << scan.cloud_top_m << scan.visible << scan.draw << scan.hit;
        csv.end_row();
    }
    return csv.text();
}

std::string delays(FlightReplay const& replay)
{
    Csv csv("delay,of,delay_s");
    for (DrawnDelay const& delay : replay.delays) {
        csv << delay.kind << delay.name << delay.delay_s;
        csv.end_row();
    }
    return csv.text();
}

std::string tracks(Study const& study, FlightReplay const& replay)
{
    Csv csv("arm,sensor,t_cue_s,t_firm_s");
    for (ArmTrack const& track : replay.tracks) {
        csv << name_at(study.arms, track.arm) << name_at(study.sensors, track.sensor)
            << track.t_cue_s << track.t_firm_s;
        csv.end_row();
    }
    return csv.text();
}

std::string estimates(Study const& study, FlightReplay const& replay)
{
    Csv csv(
        "arm,node,t_s,tracks,position_sigma_m,velocity_sigma_mps,impact_half_axis_major_m,"
        "impact_half_axis_minor_m,impact_major_azimuth_deg,time_to_go_s,time_sigma_s,"
        "launch_half_axis_m,launch_azimuth_deg");
    for (NodeEstimate const& e : replay.estimates) {
        csv << name_at(study.arms, e.arm) << name_at(study.nodes, e.node) << e.t_s << e.tracks
            << e.position_sigma_m << e.velocity_sigma_mps << e.half_axis_major_m
            << e.half_axis_minor_m << e.major_azimuth_rad * deg_per_rad << e.time_to_go_s
            << e.time_sigma_s << e.launch_half_axis_m
            << (e.launch_azimuth_rad ? std::optional(*e.launch_azimuth_rad * deg_per_rad)
                                     : std::nullopt);
        csv.end_row();
    }
    return csv.text();
}

char const* message_outcome(ArmMessage const& message, FlightReplay const& replay)
{
    if (!message.concerned) { return "not concerned"; }
    if (is_failure(replay.outcome.fate)) { return "flight failed"; }
    if (!message.warning.has_message) { return "none"; }
    return message.warning.warned() ? "warned" : "too late";
}

std::string messages(Study const& study, FlightReplay const& replay)
{
    std::string header = "arm,consumer,outcome,message,t_message_s,t_clock_end_s,warning_time_us";
    for (char const* part : delay_part_names) { header += std::string(",") + part + "_s"; }
    header += ",all_clear_after_s";
    Csv csv(header);
    for (ArmMessage const& message : replay.messages) {
        csv << name_at(study.arms, message.arm) << name_at(study.consumers, message.consumer)
            << message_outcome(message, replay)
            << (message.kind < 0 ? "" : message_kind_texts[message.kind]) << message.t_message_s
            << message.t_clock_end_s;
        if (message.warning.has_message) {
            csv << message.warning.time_quanta;
            for (double const one_s : message.delay.part_s) { csv << one_s; }
        } else {
            for (int k = 0; k <= delay_part_count; ++k) { csv.empty(); }
        }
        csv << (message.warning.has_message ? message.all_clear_s : never_s);
        csv.end_row();
    }
    return csv.text();
}

std::string engagement(Study const& study, FlightReplay const& replay)
{
    Csv csv(
        "arm,battery,may_take,t_commit_s,shots,killed,t_kill_s,t_track_s,on_remote,opportunities,"
        "t_first_intercept_s,t_last_intercept_s");
    for (ArmEngagement const& e : replay.engagements) {
        csv << name_at(study.arms, e.arm) << name_at(study.batteries, e.battery) << e.may_take
            << e.t_commit_s << e.shots << e.killed << e.t_kill_s << e.t_track_s << e.on_remote
            << e.opportunities << e.t_first_intercept_s << e.t_last_intercept_s;
        csv.end_row();
    }
    return csv.text();
}

std::string shots(Study const& study, FlightReplay const& replay)
{
    Csv csv("arm,battery,shot,t_launch_s,t_intercept_s,acquired,miss_m,works,hits");
    for (ShotReplay const& shot : replay.shots) {
        csv << name_at(study.arms, shot.arm) << name_at(study.batteries, shot.battery)
            << shot.number << shot.t_launch_s << shot.t_intercept_s;
        if (shot.is_simulated) {
            csv << shot.acquired;
        } else {
            csv.empty();
        }
        if (shot.is_simulated && shot.acquired) {
            csv << shot.miss_m;
        } else {
            csv.empty();
        }
        csv << shot.works << shot.hits;
        csv.end_row();
    }
    return csv.text();
}

std::string battlespace(Study const& study, FlightReplay const& replay)
{
    Csv csv("battery,t_intercept_s,latest_launch_s");
    for (LatestLaunch const& slot : replay.battlespace) {
        csv << name_at(study.batteries, slot.battery) << slot.t_s << slot.latest_launch_s;
        csv.end_row();
    }
    return csv.text();
}

}  // namespace

std::vector<ReplayFile> csv_files(Study const& study, FlightReplay const& replay)
{
    return {{"inputs.csv", inputs(replay)},
            {"history.csv", history(replay)},
            {"events.csv", events(replay)},
            {"outcome.csv", outcome(study, replay)},
            {"sensors.csv", sensors(study, replay)},
            {"looks.csv", looks(study, replay)},
            {"scans.csv", scans(study, replay)},
            {"delays.csv", delays(replay)},
            {"tracks.csv", tracks(study, replay)},
            {"estimates.csv", estimates(study, replay)},
            {"messages.csv", messages(study, replay)},
            {"engagement.csv", engagement(study, replay)},
            {"shots.csv", shots(study, replay)},
            {"battlespace.csv", battlespace(study, replay)}};
}

}  // namespace longwatch
