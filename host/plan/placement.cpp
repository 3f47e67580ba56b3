#include "host/plan/placement.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "host/plan/predicting_nodes.hpp"
#include "host/study/name_hash.hpp"
#include "models/sensing/radar.hpp"

namespace longwatch {

namespace {

/// Clockwise from north, along the shortest way.
double azimuth_towards_rad(SiteFrame const& from, Geodetic const& to)
{
    auto const line = site_frame(to).position_m - from.position_m;
    return std::atan2(dot(from.enu_from_ecef.row_x, line), dot(from.enu_from_ecef.row_y, line));
}

int same_way_as(Scenario const& scenario, SensorParams const& sensor)
{
    int s = 0;
    while (s < scenario.sensor_count &&
           (scenario.sensor[s].node != sensor.node || scenario.sensor[s].origin != sensor.origin)) {
        ++s;
    }
    return s < scenario.sensor_count ? scenario.sensor[s].same_way_as : s;
}

/// At the end of the sensors; its index.
int add_sensor(Scenario& scenario, SensorParams sensor)
{
    sensor.same_way_as = same_way_as(scenario, sensor);
    scenario.sensor[scenario.sensor_count] = sensor;
    return scenario.sensor_count++;
}

}  // namespace

std::vector<SensorParams> candidates_of(Study const& study)
{
    Placement const& placement = study.placement;
    SensorParams sensor = placement.sensor;
    sensor.radar.detection = detection_curve(detection_rule(sensor.radar));
    sensor.same_way_as = same_way_as(*study.scenario, sensor);
    std::vector<SensorParams> out;
    for (CandidateSite const& site : placement.sites) {
        sensor.site = site.place;
        sensor.frame = site_frame(site.place);
        if (placement.looks_towards) {
            sensor.radar.azimuth_center_rad =
                azimuth_towards_rad(sensor.frame, *placement.looks_towards);
        }
        fill_sectors(sensor.radar);
        out.push_back(sensor);
    }
    return out;
}

std::unique_ptr<Scenario> with_seat(Study const& study)
{
    auto made = std::make_unique<Scenario>(*study.scenario);
    Scenario& out = *made;
    out.network.arm[0] = study.scenario->network.arm[study.placement.arm];
    out.network.arm_count = 1;
    out.importance = {};  // counts are of the true draws
    int const seat = add_sensor(out, candidates_of(study).front());
    out.network.arm[0].sensors |= std::uint64_t{1} << seat;
    find_predicting_nodes(out, 0);
    return made;
}

std::unique_ptr<Scenario> with_sets(Study const& study, std::vector<std::vector<int>> const& sets)
{
    auto made = std::make_unique<Scenario>(*study.scenario);
    Scenario& out = *made;
    auto const candidates = candidates_of(study);
    ArmParams const present = study.scenario->network.arm[study.placement.arm];
    out.network.arm[0] = present;
    out.network.arm_count = 1;
    std::vector<std::pair<int, int>>
        added;  // site and number of the radar, in the order of sensors
    for (auto const& set : sets) {
        ArmParams arm = present;
        for (std::size_t k = 0; k < set.size(); ++k) {
            std::pair const radar{set[k], static_cast<int>(k)};
            auto at = std::find(added.begin(), added.end(), radar);
            if (at == added.end()) {
                SensorParams sensor = candidates[static_cast<std::size_t>(set[k])];
                if (k > 0) {
                    auto const name = study.placement.sensor_name + "-" + std::to_string(k + 1);
                    sensor.name_hash = name_hash(name);
                }
                add_sensor(out, sensor);
                at = added.insert(added.end(), radar);
            }
            arm.sensors |= std::uint64_t{1}
                           << (study.scenario->sensor_count + (at - added.begin()));
        }
        out.network.arm[out.network.arm_count++] = arm;
    }
    for (int a = 0; a < out.network.arm_count; ++a) { find_predicting_nodes(out, a); }
    return made;
}

}  // namespace longwatch
