// The flight for Cesium: CZML 1.0 (github.com/AnalyticalGraphicsInc/czml-writer/wiki/CZML-Guide).
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/replay/replay_files.hpp"

namespace longwatch {

namespace {

using Json = nlohmann::ordered_json;

Json colour(int red, int green, int blue)
{
    return {{"solidColor", {{"color", {{"rgba", {red, green, blue, 255}}}}}}};
}

Json point(int red, int green, int blue)
{
    return {{"color", {{"rgba", {red, green, blue, 255}}}}, {"pixelSize", 8}};
}

Json label(std::string const& text)
{
    return {{"text", text},
            {"font", "11pt sans-serif"},
            {"horizontalOrigin", "LEFT"},
            {"pixelOffset", {{"cartesian2", {10, 0}}}}};
}

Json fixed(Vec3<double, Ecef> const& r)
{
    return {{"referenceFrame", "FIXED"}, {"cartesian", {r.x, r.y, r.z}}};
}

std::string interval(double from_s, double to_s)
{
    return notional_utc(from_s) + "/" + notional_utc(to_s);
}

Json document(Study const& study, FlightReplay const& replay, double t_end_s)
{
    return {{"id", "document"},
            {"name", fmt::format("{}: flight {}", study.name, replay.flight)},
            {"version", "1.0"},
            {"clock",
             {{"interval", interval(0, t_end_s)},
              {"currentTime", notional_utc(0)},
              {"multiplier", 10},
              {"range", "CLAMPED"},
              {"step", "SYSTEM_CLOCK_MULTIPLIER"}}}};
}

Json flight(Study const& study, FlightReplay const& replay, std::vector<ArcPoint> const& points)
{
    Json numbers = Json::array();
    for (ArcPoint const& p : points) {
        for (double const x : {p.state.t_s, p.position_m.x, p.position_m.y, p.position_m.z}) {
            numbers.push_back(x);
        }
    }
    double const t_end = points.back().state.t_s;
    auto const& threat = study.threats[static_cast<std::size_t>(replay.outcome.threat)];
    return {{"id", "flight"},
            {"name", threat},
            {"description",
             fmt::format("flight {} of study {}, seed {}; ignition is set to the notional date {}",
                         replay.flight, study.name, replay.seed, notional_epoch)},
            {"availability", interval(0, t_end)},
            {"position",
             {{"epoch", notional_epoch},
              {"referenceFrame", "FIXED"},
              {"interpolationAlgorithm", "LAGRANGE"},
              {"interpolationDegree", 3},
              {"cartesian", numbers}}},
            {"point", point(213, 94, 0)},
            {"path",
             {{"material", colour(213, 94, 0)},
              {"width", 2},
              {"leadTime", 0},
              {"trailTime", t_end},
              {"resolution", 5}}},
            {"label", label(threat)}};
}

/// Shown from its instant on.
Json mark(std::string const& id, GlobeMark const& at, Json const& dot, double t_end_s)
{
    double const t = at.at.state.t_s;
    return {{"id", id},
            {"name", at.name},
            {"description", at.description},
            {"availability", interval(t, larger(t, t_end_s))},
            {"position", fixed(at.at.position_m)},
            {"point", dot},
            {"label", label(at.name)}};
}

}  // namespace

std::string czml_text(Study const& study, FlightReplay const& replay)
{
    auto const points = globe_points(replay);
    double const t_end = points.empty() ? 0 : points.back().state.t_s;
    Json packets = Json::array();
    packets.push_back(document(study, replay, t_end));
    if (points.size() > 1) { packets.push_back(flight(study, replay, points)); }
    for (FlightEvent const& event : replay.events) {
        GlobeMark const at{event.name, fmt::format("{:.1f} s after ignition", event.at.state.t_s),
                           event.at};
        packets.push_back(mark("event/" + event.name, at, point(213, 94, 0), t_end));
    }
    for (GlobeMark const& message : message_marks(study, replay)) {
        packets.push_back(mark("message/" + message.name, message, point(0, 114, 178), t_end));
    }
    for (GlobeSite const& site : globe_sites(study)) {
        packets.push_back({{"id", site.kind + "/" + site.name},
                           {"name", site.name},
                           {"description", site.kind},
                           {"position", fixed(ecef_from_geodetic(site.place))},
                           {"point", point(0, 158, 115)},
                           {"label", label(site.name)}});
    }
    return packets.dump(1) + "\n";
}

}  // namespace longwatch
