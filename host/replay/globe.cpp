// What the KML and the CZML of a flight have in common.
#include <chrono>
#include <cmath>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "host/replay/replay_files.hpp"
#include "models/sensing/infrared.hpp"

namespace longwatch {

std::string notional_utc(double t_s)
{
    using namespace std::chrono;
    auto const epoch = sys_days(year(2000) / January / 1);
    auto const at = epoch + milliseconds(std::llround(t_s * 1000));
    auto const whole = std::chrono::floor<std::chrono::seconds>(at);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(whole)),
                       duration_cast<milliseconds>(at - whole).count());
}

std::vector<ArcPoint> globe_points(FlightReplay const& replay)
{
    std::vector<ArcPoint> points;
    for (ArcPoint const& p : replay.history) {
        if (!std::isfinite(p.position_m.x + p.position_m.y + p.position_m.z)) { continue; }
        if (points.empty() || p.state.t_s > points.back().state.t_s) { points.push_back(p); }
    }
    return points;
}

namespace {

ArcPoint point_near(std::vector<ArcPoint> const& points, double t_s)
{
    // Globes show where about the flight was; the nearest point is within seconds.
    ArcPoint best = points.front();
    for (ArcPoint const& p : points) {
        if (std::abs(p.state.t_s - t_s) < std::abs(best.state.t_s - t_s)) { best = p; }
    }
    return best;
}

}  // namespace

std::vector<GlobeMark> message_marks(Study const& study, FlightReplay const& replay)
{
    std::vector<GlobeMark> marks;
    auto const points = globe_points(replay);
    if (points.empty()) { return marks; }
    for (ArmMessage const& message : replay.messages) {
        if (!message.concerned || !message.warning.has_message) { continue; }
        auto const& consumer = study.consumers[static_cast<std::size_t>(message.consumer)];
        auto const& arm = study.arms[static_cast<std::size_t>(message.arm)];
        double const warning_s = static_cast<double>(message.warning.time_quanta) * time_quantum_s;
        GlobeMark mark{fmt::format("{} ({})", consumer, arm),
                       fmt::format("message at {:.1f} s after ignition; warning time {:.1f} s",
                                   message.t_message_s, warning_s),
                       point_near(points, message.t_message_s)};
        mark.at.state.t_s = message.t_message_s;
        marks.push_back(mark);
    }
    return marks;
}

/// A satellite's place; on an elliptical orbit, that at its apogee.
Geodetic as_geodetic(Vec3<double, Ecef> const& r)
{
    auto const p = geodetic_from_ecef(r);
    return {p.latitude_rad, p.longitude_rad, p.altitude_m};
}

std::vector<GlobeSite> globe_sites(Study const& study)
{
    std::vector<GlobeSite> sites;
    auto const add = [&](char const* kind, std::string const& name, Geodetic const& place) {
        sites.push_back({kind, name, {place.latitude_rad, place.longitude_rad, place.altitude_m}});
    };
    Scenario const& scenario = *study.scenario;
    for (std::size_t s = 0; s < study.sensors.size(); ++s) {
        SensorParams const& sensor = scenario.sensor[s];
        if (sensor.kind == SensorKind::radar) {
            add("radar", study.sensors[s], sensor.site);
        } else {
            add("infrared", study.sensors[s],
                as_geodetic(satellite_position_m(sensor.infrared, 0.5)));
        }
    }
    for (std::size_t n = 0; n < study.consumers.size(); ++n) {
        ConsumerParams const& consumer = scenario.network.consumer[n];
        // Others need no place: their clock ends at the impact.
        if (consumer.clock == Clock::overflight) {
            add("consumer", study.consumers[n], consumer.place);
        }
    }
    for (std::size_t b = 0; b < study.batteries.size(); ++b) {
        add("battery", study.batteries[b], scenario.battery[b].site);
    }
    return sites;
}

}  // namespace longwatch
