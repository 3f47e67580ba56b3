#include "host/replay/replay_tables.hpp"

#include <cmath>

#include <fmt/format.h>

#include "host/replay/replay_files.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

namespace {

std::string seconds(double t_s) { return t_s < never_s / 2 ? fmt::format("{:.1f}", t_s) : "-"; }

Table event_table(FlightReplay const& replay)
{
    Table table{{"event", "t s", "altitude km", "speed m/s", "over ground m/s", "range km"}, {}};
    for (FlightEvent const& event : replay.events) {
        ArcPoint const& p = event.at;
        table.rows.push_back(
            {event.name, seconds(p.state.t_s),
             fmt::format("{:.2f}",
                         std::abs(p.place.altitude_m) < 5 ? 0.0 : p.place.altitude_m / 1000),
             fmt::format("{:.1f}", p.speed_inertial_mps),
             fmt::format("{:.1f}", p.speed_relative_mps),
             fmt::format("{:.1f}", p.ground_range_m / 1000)});
    }
    return table;
}

Table sensor_table(Study const& study, FlightReplay const& replay)
{
    Table table{
        {"sensor", "looks", "hits searching", "cued", "firm searching s", "firm or report s"}, {}};
    for (SensorView const& view : replay.sensors) {
        table.rows.push_back({name_at(study.sensors, view.sensor), std::to_string(view.looks),
                              std::to_string(view.hits_searching), std::to_string(view.hits_cued),
                              seconds(view.t_firm_searching_s),
                              seconds(smaller(view.t_firm_cued_s, view.t_report_s))});
    }
    return table;
}

Table message_table(Study const& study, FlightReplay const& replay)
{
    Table table{{"consumer", "arm", "message s", "clock ends s", "warning s"}, {}};
    for (ArmMessage const& message : replay.messages) {
        if (!message.concerned) { continue; }
        bool const has = message.warning.has_message;
        double const warning_s = static_cast<double>(message.warning.time_quanta) * time_quantum_s;
        table.rows.push_back({name_at(study.consumers, message.consumer),
                              name_at(study.arms, message.arm), seconds(message.t_message_s),
                              seconds(message.t_clock_end_s),
                              has ? fmt::format("{:.1f}", warning_s) : "no message"});
    }
    return table;
}

Table engagement_table(Study const& study, FlightReplay const& replay)
{
    Table table{{"battery", "arm", "may launch s", "shots", "kill s"}, {}};
    for (ArmEngagement const& e : replay.engagements) {
        if (!e.may_take) { continue; }
        table.rows.push_back({name_at(study.batteries, e.battery), name_at(study.arms, e.arm),
                              seconds(e.t_commit_s), std::to_string(e.shots), seconds(e.t_kill_s)});
    }
    return table;
}

Table shot_table(Study const& study, FlightReplay const& replay)
{
    Table table{{"shot of", "arm", "launch s", "intercept s", "miss m", "what came of it"}, {}};
    for (ShotReplay const& shot : replay.shots) {
        char const* const came = shot.hits                             ? "hit"
                                 : shot.is_simulated && !shot.acquired ? "not acquired"
                                 : !shot.works                         ? "failed"
                                                                       : "missed";
        table.rows.push_back(
            {name_at(study.batteries, shot.battery), name_at(study.arms, shot.arm),
             seconds(shot.t_launch_s), seconds(shot.t_intercept_s),
             shot.is_simulated && shot.acquired ? fmt::format("{:.2f}", shot.miss_m) : "-", came});
    }
    return table;
}

}  // namespace

std::string replay_tables(Study const& study, FlightReplay const& replay)
{
    FlightOutcome const& out = replay.outcome;
    std::string text = fmt::format("{}: flight {}, {}, seed {}: {}\n", terminal_text(study.name),
                                   replay.flight, name_at(study.threats, out.threat), replay.seed,
                                   fate_names[static_cast<int>(out.fate)]);
    for (auto const& table :
         {event_table(replay), sensor_table(study, replay), message_table(study, replay),
          engagement_table(study, replay), shot_table(study, replay)}) {
        if (!table.rows.empty()) { text += "\n" + lay_out(table); }
    }
    return text;
}

}  // namespace longwatch
