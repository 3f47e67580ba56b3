#include "host/plan/prepare.hpp"

#include <fmt/format.h>

#include "host/plan/aim.hpp"
#include "host/plan/predicting_nodes.hpp"
#include "host/study/study_error.hpp"
#include "models/engage/flyout.hpp"
#include "models/sensing/detection.hpp"

namespace longwatch {

namespace {

/// Dispersed flights may take longer than nominal ones; one beyond this has gone astray.
constexpr double flight_time_margin = 1.3;

void prepare_threats(Study& study)
{
    Scenario& scenario = *study.scenario;
    scenario.atmosphere = us_standard_1976();
    std::vector<StudyProblem> problems;
    for (int i = 0; i < scenario.threat_count; ++i) {
        ThreatParams& threat = scenario.threat[i];
        AimResult const aimed = aim(scenario.atmosphere, threat);
        if (!aimed.reached) {
            Place const& where = study.threat_places[static_cast<std::size_t>(i)];
            problems.push_back(
                {where.file, where.line, where.column,
                 fmt::format("threat '{}' cannot fly from its launch area to its aim area with an "
                             "apogee of {:.0f} km ({}); choose a nearer aim, another apogee or "
                             "another model",
                             study.threats[static_cast<std::size_t>(i)], threat.apogee_m / 1000,
                             aimed.shortfall)});
            continue;
        }
        threat.aim_map = aimed.map;
        threat.max_flight_time_s = flight_time_margin * aimed.longest_flight_s + 60;
    }
    if (!problems.empty()) { throw StudyErrors(problems); }
}

void prepare_sensors(Scenario& scenario)
{
    for (int i = 0; i < scenario.sensor_count; ++i) {
        SensorParams& sensor = scenario.sensor[i];
        sensor.same_way_as = 0;
        while (scenario.sensor[sensor.same_way_as].node != sensor.node ||
               scenario.sensor[sensor.same_way_as].origin != sensor.origin) {
            ++sensor.same_way_as;
        }
        if (sensor.kind != SensorKind::radar) { continue; }
        sensor.frame = site_frame(sensor.site);
        sensor.radar.detection =
            detection_curve(sensor.radar.swerling, sensor.radar.false_alarm_probability);
    }
}

}  // namespace

void prepare(Study& study)
{
    Scenario& scenario = *study.scenario;
    prepare_threats(study);
    prepare_sensors(scenario);
    for (int i = 0; i < scenario.battery_count; ++i) {
        BatteryParams& battery = scenario.battery[i];
        battery.frame = site_frame(battery.site);
        battery.flyout = flyout_table(battery.interceptor);
    }
    for (int i = 0; i < scenario.network.consumer_count; ++i) {
        ConsumerParams& consumer = scenario.network.consumer[i];
        consumer.frame = site_frame(consumer.place);
    }
    for (int arm = 0; arm < scenario.network.arm_count; ++arm) {
        find_predicting_nodes(scenario, arm);
    }
}

}  // namespace longwatch
