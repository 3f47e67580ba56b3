#include "host/plan/prepare.hpp"

#include <fmt/format.h>

#include <future>

#include "host/plan/aim.hpp"
#include "host/plan/predicting_nodes.hpp"
#include "host/plan/sampling.hpp"
#include "host/study/study_error.hpp"
#include "models/earth/us_standard_1976.hpp"
#include "models/engage/flyout_surface.hpp"
#include "models/sensing/radar.hpp"

namespace longwatch {

namespace {

/// Dispersed flights may take longer than nominal ones; one beyond this has gone astray.
constexpr double flight_time_margin = 1.3;

std::string shape_text(ThreatParams const& threat)
{
    if (threat.shape == FlightShape::minimum_energy) { return "on a path of minimum energy"; }
    return fmt::format("with an apogee of {:.0f} km", threat.apogee_m / 1000);
}

void prepare_threats(Study& study)
{
    Scenario& scenario = *study.scenario;
    std::vector<std::future<AimResult>> aiming;
    for (int i = 0; i < scenario.threat_count; ++i) {
        aiming.push_back(std::async(std::launch::async, [&scenario, i] {
            return aim(scenario.atmosphere, scenario.threat[i]);
        }));
    }
    std::vector<StudyProblem> problems;
    for (int i = 0; i < scenario.threat_count; ++i) {
        ThreatParams& threat = scenario.threat[i];
        AimResult const aimed = aiming[static_cast<std::size_t>(i)].get();

        if (!aimed.reached) {
            Place const& where = study.threat_places[static_cast<std::size_t>(i)];
            problems.push_back(
                {where.file, where.line, where.column,
                 fmt::format("threat '{}' cannot fly from its launch area to its aim area {} ({}); "
                             "choose a nearer aim, another shape or apogee, or another model",
                             study.threats[static_cast<std::size_t>(i)], shape_text(threat),
                             aimed.shortfall)});
            continue;
        }
        threat.aim_map = aimed.map;
        threat.apogee_m = aimed.apogee_m;
        threat.max_flight_time_s = flight_time_margin * aimed.longest_flight_s + 60;
    }
    if (!problems.empty()) { throw StudyErrors(problems); }
}

bool same_flyout(InterceptorParams const& a, InterceptorParams const& b)
{
    return a.booster == b.booster && a.range_max_m == b.range_max_m &&
           a.altitude_min_m == b.altitude_min_m && a.altitude_max_m == b.altitude_max_m;
}

/// Batteries of the same interceptor share its fly-out surface. Surfaces are filled side by side: to be waited for.
std::vector<std::future<void>> prepare_batteries(Scenario& scenario)
{
    int surfaces = 0;
    std::vector<std::future<void>> filling;

    for (int i = 0; i < scenario.battery_count; ++i) {
        BatteryParams& battery = scenario.battery[i];
        battery.frame = site_frame(battery.site);
        int same = 0;
        while (!same_flyout(scenario.battery[same].interceptor, battery.interceptor)) { ++same; }
        battery.surface = same < i ? scenario.battery[same].surface : surfaces++;
        if (same == i) {
            filling.push_back(std::async(std::launch::async, [&scenario, &battery] {
                scenario.surface[battery.surface] =
                    flyout_surface(battery.interceptor, scenario.atmosphere);
            }));
        }
    }
    return filling;
}

/// Radars that decide alike share a table, which takes some milliseconds to make.
void fill_detection(Scenario& scenario, int radar)
{
    DetectionRule const rule = detection_rule(scenario.sensor[radar].radar);
    for (int other = 0; other < radar; ++other) {
        SensorParams const& sensor = scenario.sensor[other];
        if (sensor.kind == SensorKind::radar && detection_rule(sensor.radar) == rule) {
            scenario.sensor[radar].radar.detection = sensor.radar.detection;
            return;
        }
    }
    scenario.sensor[radar].radar.detection = detection_curve(rule);
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
        fill_sectors(sensor.radar);
        fill_detection(scenario, i);
    }
}

}  // namespace

void prepare(Study& study)
{
    Scenario& scenario = *study.scenario;
    if (scenario.sampling.kind == Sampling::sobol) { fill_sobol_directions(scenario.sampling); }
    Weather const weather = scenario.atmosphere.weather;
    scenario.atmosphere = us_standard_1976();
    scenario.atmosphere.weather = weather;
    auto surfaces = prepare_batteries(scenario);
    prepare_threats(study);
    prepare_sensors(scenario);
    for (auto& surface : surfaces) { surface.get(); }
    for (int i = 0; i < scenario.network.consumer_count; ++i) {
        ConsumerParams& consumer = scenario.network.consumer[i];
        consumer.frame = site_frame(consumer.place);
    }
    for (int arm = 0; arm < scenario.network.arm_count; ++arm) {
        find_predicting_nodes(scenario, arm);
    }
}

}  // namespace longwatch
