#include "host/exercise/exercise_picture.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "host/replay/replay_files.hpp"
#include "host/study/land.hpp"
#include "models/earth/wgs84.hpp"

namespace longwatch {

namespace {

using nlohmann::json;

constexpr std::size_t told_shown = 400, flights_shown = 32;

double degrees(double rad) { return rad / rad_per_deg; }

json place_json(double latitude_rad, double longitude_rad)
{
    return {{"latitude_deg", degrees(latitude_rad)}, {"longitude_deg", degrees(longitude_rad)}};
}

std::string nation_of_node(Study const& study, int node)
{
    int const origin = study.node_origins[static_cast<std::size_t>(node)];
    return origin < 0 ? "others" : study.origins[static_cast<std::size_t>(origin)];
}

/// Where a node is: at a radar of its own, a battery or a consumer with a place; null where none says so.
json place_of_node(Study const& study, int node)
{
    Scenario const& scenario = *study.scenario;
    for (int s = 0; s < scenario.sensor_count; ++s) {
        SensorParams const& sensor = scenario.sensor[s];
        if (sensor.node == node && sensor.kind == SensorKind::radar) {
            return place_json(sensor.site.latitude_rad, sensor.site.longitude_rad);
        }
    }
    for (int b = 0; b < scenario.battery_count; ++b) {
        Geodetic const& site = scenario.battery[b].site;
        if (scenario.battery[b].node == node) {
            return place_json(site.latitude_rad, site.longitude_rad);
        }
    }
    for (int n = 0; n < scenario.network.consumer_count; ++n) {
        ConsumerParams const& consumer = scenario.network.consumer[n];
        if (consumer.node == node && consumer.clock == Clock::overflight) {
            return place_json(consumer.place.latitude_rad, consumer.place.longitude_rad);
        }
    }
    return nullptr;
}

/// Writes an exercise's snapshot.
class Picture {
public:
    Picture(PictureOf const& of, Conductor const& conductor)
        : of_(of), study_(of.study), conductor_(conductor), t_s_(std::max(conductor.now_s(), 0.0)),
          arm_(study_.scenario->network.arm[arm_index()])
    {
        for (int const n : nodes_of_arm(study_, arm_index())) { nodes_.push_back(n); }
    }

    json whole() const
    {
        json nations = json::array();
        for (auto const& name : nation_names()) { nations.push_back(nation(name)); }
        return {{"schema", 1},          {"study", study_.name},
                {"arm", of_.plan.arm},  {"exercise", of_.plan.exercise},
                {"flights", flights()}, {"clock", clock()},
                {"places", places()},   {"nations", std::move(nations)},
                {"truth", truth()}};
    }

private:
    int arm_index() const
    {
        auto const at = std::find(study_.arms.begin(), study_.arms.end(), of_.plan.arm);
        return static_cast<int>(at - study_.arms.begin());
    }
    std::string const& node_name(int node) const
    {
        return study_.nodes[static_cast<std::size_t>(node)];
    }
    NodeState const& state(int node) const { return conductor_.nodes().at(node_name(node)); }

    std::vector<std::string> nation_names() const
    {
        std::vector<std::string> names;
        for (int const n : nodes_) {
            auto const name = nation_of_node(study_, n);
            if (std::find(names.begin(), names.end(), name) == names.end()) {
                names.push_back(name);
            }
        }
        return names;
    }

    std::vector<FlownFlight const*> shown() const
    {
        std::vector<FlownFlight const*> out;
        for (auto const& flown : of_.flights) {
            if (out.size() < flights_shown) { out.push_back(flown.get()); }
        }
        return out;
    }
    Columns columns(FlownFlight const& flown) const
    {
        // Read only: columns are made for stages, which write.
        return lay_out(*study_.scenario, 1, const_cast<double*>(flown.memory.data()));
    }

    json flights() const
    {
        json out = json::array();
        for (auto const* flown : shown()) {
            auto const threat = static_cast<std::size_t>(flown->launch.threat);
            out.push_back({{"flight", flown->launch.flight_first},
                           {"threat", study_.threats[threat]},
                           {"t_ignition_s", columns(*flown).ignition_s.load<double>(0)}});
        }
        return out;
    }

    json clock() const
    {
        json speed = "max";
        if (of_.may_control) { speed = conductor_.speed(); }
        return {{"t_s", t_s_},
                {"speed", speed},
                {"paused", conductor_.is_paused()},
                {"over", conductor_.is_over()},
                {"may_control", of_.may_control && !conductor_.is_over()}};
    }

    json places() const
    {
        json out = json::array();
        for (int const n : nodes_) {
            auto place = place_of_node(study_, n);
            if (place.is_null()) { continue; }
            place["name"] = node_name(n);
            place["nation"] = nation_of_node(study_, n);
            out.push_back(std::move(place));
        }
        return out;
    }

    json nation(std::string const& name) const
    {
        json knows = json::array(), nodes = json::array();
        std::vector<std::pair<double, json>> told;
        for (int const n : nodes_) {
            if (nation_of_node(study_, n) != name) { continue; }
            nodes.push_back(node(n));
            if (state(n).is_dead) { continue; }
            for (auto const& known : state(n).knows) { knows.push_back(known_json(n, known)); }
            for (auto const& one : state(n).told) { told.emplace_back(one.t_s, told_row(n, one)); }
        }
        std::stable_sort(told.begin(), told.end(),
                         [](auto const& a, auto const& b) { return a.first < b.first; });
        json rows = json::array();
        std::size_t const from = told.size() > told_shown ? told.size() - told_shown : 0;
        for (std::size_t k = from; k < told.size(); ++k) {
            rows.push_back(std::move(told[k].second));
        }
        return {{"name", name},         {"knows", best_known(std::move(knows))},
                {"told", rows},         {"clocks", clocks(name)},
                {"links", links(name)}, {"nodes", nodes}};
    }

    /// Who knows most comes first; a flight's other rows are of those that have an impact too.
    static json best_known(json knows)
    {
        std::stable_sort(knows.begin(), knows.end(), [](json const& a, json const& b) {
            auto const rank = [](json const& k) {
                return std::pair(!k["impact"].is_null(), k["tracks"].get<int>());
            };
            return rank(a) > rank(b);
        });
        json out = json::array();
        std::set<std::int64_t> seen;
        for (auto& known : knows) {
            bool const is_first = seen.insert(known["flight"].get<std::int64_t>()).second;
            if (is_first || known["tracks"].get<int>() > 0) { out.push_back(std::move(known)); }
        }
        return out;
    }

    json known_json(int n, KnownFlight const& known) const
    {
        json out{{"flight", known.flight},  {"node", node_name(n)},
                 {"t_s", known.t_newest_s}, {"age_s", std::max(t_s_ - known.t_newest_s, 0.0)},
                 {"tracks", known.tracks},  {"launch", nullptr},
                 {"impact", nullptr}};
        if (auto const& l = known.launch) {
            out["launch"] = place_json(l->latitude_rad, l->longitude_rad);
            out["launch"]["half_axis_m"] = l->half_axis_m;
        }
        if (auto const& i = known.impact) {
            auto& impact = out["impact"] = place_json(i->latitude_rad, i->longitude_rad);
            impact["half_axis_major_m"] = i->half_axis_major_m;
            impact["half_axis_minor_m"] = i->half_axis_minor_m;
            impact["major_azimuth_deg"] = degrees(i->major_azimuth_rad);
            impact["t_impact_s"] = i->t_impact_s;
            impact["time_sigma_s"] = i->time_sigma_s;
        }
        return out;
    }

    json told_row(int n, ToldMessage const& told) const
    {
        bool const is_of_sensor =
            told.id.kind == MessageKind::alert || told.id.kind == MessageKind::track;
        auto const& makers = is_of_sensor ? study_.sensors : study_.nodes;
        json origins = json::array();
        for (std::size_t o = 0; o < study_.origins.size(); ++o) {
            if ((told.origins >> o & 1U) != 0) { origins.push_back(study_.origins[o]); }
        }
        json link;
        if (told.link >= 0) { link = study_.links[static_cast<std::size_t>(told.link)]; }
        return {{"t_s", told.t_s},
                {"kind", message_kind_texts[static_cast<int>(told.id.kind)]},
                {"maker", makers[static_cast<std::size_t>(told.id.maker)]},
                {"origins", origins},
                {"link", link},
                {"node", node_name(n)},
                {"flight", told.id.flight}};
    }

    json clocks(std::string const& nation) const
    {
        json out = json::array();
        NetworkParams const& network = study_.scenario->network;
        for (int n = 0; n < network.consumer_count; ++n) {
            ConsumerParams const& consumer = network.consumer[n];
            if (nation_of_node(study_, consumer.node) != nation) { continue; }
            for (auto const* flown : shown()) {
                if ((consumer.threats >> flown->launch.threat & 1U) == 0) { continue; }
                out.push_back(clock_of(n, *flown));
            }
        }
        return out;
    }

    json clock_of(int n, FlownFlight const& flown) const
    {
        ConsumerParams const& consumer = study_.scenario->network.consumer[n];
        std::int64_t const flight = flown.launch.flight_first;
        json out{{"consumer", study_.consumers[static_cast<std::size_t>(n)]},
                 {"flight", flight},
                 {"state", "no-word"},
                 {"by", nullptr},
                 {"t_warned_s", nullptr},
                 {"t_clock_end_s", nullptr}};
        for (auto const& event : conductor_.events()) {
            if (event.who != n || event.flight != flight) { continue; }
            if (event.kind == NodeEventKind::acts && out["state"] == "no-word") {
                out["state"] = "deciding";
                if (event.by >= 0 && event.by <= acts_as_precaution) {
                    out["by"] = message_kind_texts[event.by];
                }
            } else if (event.kind == NodeEventKind::warned) {
                out["state"] = "warned";
                if (out["t_warned_s"].is_null()) { out["t_warned_s"] = event.t_s; }
            } else if (event.kind == NodeEventKind::calm) {
                out["state"] = "calm";
            }
        }
        tell_end(consumer, flown, out);
        return out;
    }

    /// Once its node holds a prediction it knows when the clock ends.
    void tell_end(ConsumerParams const& consumer, FlownFlight const& flown, json& out) const
    {
        Columns const c = columns(flown);
        auto const n = static_cast<int>(&consumer - study_.scenario->network.consumer);
        for (auto const& known : state(consumer.node).knows) {
            if (known.flight != flown.launch.flight_first || !known.impact) { continue; }
            double end_s = known.impact->t_impact_s;
            if (consumer.clock == Clock::overflight) {
                end_s = c.t_clock_end_s.load<double>(0, n) + c.ignition_s.load<double>(0);
            }
            if (!(end_s < never_s)) { continue; }
            out["t_clock_end_s"] = end_s;
            if (t_s_ > end_s && out["state"] != "calm") { out["state"] = "over"; }
        }
    }

    json links(std::string const& nation) const
    {
        json out = json::array();
        NetworkParams const& network = study_.scenario->network;
        for (int l = 0; l < network.link_count; ++l) {
            bool const is_of_nation = nation_of_node(study_, network.link[l].from) == nation ||
                                      nation_of_node(study_, network.link[l].to) == nation;
            if (arm_.link[l].present && is_of_nation) { out.push_back(link(l)); }
        }
        return out;
    }

    json link(int l) const
    {
        LinkParams const& params = study_.scenario->network.link[l];
        auto const& name = study_.links[static_cast<std::size_t>(l)];
        auto const &from = state(params.from), &to = state(params.to);
        auto const count = [&](auto const& counts) {
            auto const at = counts.find(name);
            return at == counts.end() ? std::uint64_t{0} : at->second;
        };
        json out{{"name", name},
                 {"from", node_name(params.from)},
                 {"to", node_name(params.to)},
                 {"state", link_state(name, from, to)},
                 {"t_heard_s", nullptr},
                 {"sent", count(from.sent)},
                 {"heard", count(to.heard)}};
        if (auto const at = to.t_told_s.find(name); at != to.t_told_s.end()) {
            out["t_heard_s"] = at->second;
        }
        auto const at = to.dropped.find(name);
        for (std::size_t k = 0; k < dropped_count; ++k) {
            out["dropped"][dropped_names[k]] = at == to.dropped.end() ? 0 : at->second[k];
        }
        return out;
    }

    std::string link_state(std::string const& name, NodeState const& from,
                           NodeState const& to) const
    {
        auto const fault = conductor_.broken_links().find(name);
        bool const is_broken = fault != conductor_.broken_links().end();
        if (from.is_dead || to.is_dead || (is_broken && fault->second.kind == FaultKind::cut)) {
            return "down";
        }
        auto const at = to.is_connected.find(name + " (end)");
        if (at != to.is_connected.end() && !at->second) { return "down"; }
        if (is_broken && fault->second.kind == FaultKind::slow) { return "slow"; }
        auto const heard = to.heard.find(name);
        return heard != to.heard.end() && heard->second > 0 ? "up" : "silent";
    }

    json node(int n) const
    {
        NodeState const& s = state(n);
        return {{"name", node_name(n)},
                {"state", s.is_dead || !s.has_reported ? "lost"
                          : s.was_dead                 ? "caught-up"
                                                       : "up"},
                {"t_heard_s", s.t_heard_s}};
    }

    json truth() const
    {
        json flights = json::array();
        for (auto const& replay : of_.replays) { flights.push_back(true_flight(replay)); }
        double worst_s = 0;
        for (auto const& [name, node] : conductor_.nodes()) {
            worst_s = std::max(worst_s, node.worst_wire_s);
        }
        double const speed = std::max(conductor_.speed(), 1.0);
        return {{"flights", flights}, {"worst_overhead_ms", worst_s / speed * 1e3}};
    }

    json true_flight(FlightReplay const& replay) const
    {
        auto const points = globe_points(replay);
        json path = json::array(), position, impact;
        auto const at_s = [&](ArcPoint const& p) { return p.state.t_s + replay.t_ignition_s; };
        for (auto const& p : points) {
            path.push_back({at_s(p), degrees(p.place.latitude_rad), degrees(p.place.longitude_rad),
                            p.place.altitude_m});
        }
        auto const next = std::find_if(points.begin(), points.end(),
                                       [&](ArcPoint const& p) { return at_s(p) >= t_s_; });
        if (next != points.end() && next != points.begin()) {
            auto const& before = *(next - 1);
            double const w = (t_s_ - at_s(before)) / (at_s(*next) - at_s(before));
            double const turn =
                std::remainder(next->place.longitude_rad - before.place.longitude_rad, 2 * pi);
            auto const between = [w](double a, double b) { return a + w * (b - a); };
            position = place_json(between(before.place.latitude_rad, next->place.latitude_rad),
                                  before.place.longitude_rad + w * turn);
            position["altitude_m"] = between(before.place.altitude_m, next->place.altitude_m);
        }
        if (!points.empty() && points.back().place.altitude_m < 1e3) {
            auto const& end = points.back();
            impact = place_json(end.place.latitude_rad, end.place.longitude_rad);
            impact["t_s"] = at_s(end);
        }
        return {
            {"flight", replay.flight}, {"path", path}, {"position", position}, {"impact", impact}};
    }

    PictureOf const& of_;
    Study const& study_;
    Conductor const& conductor_;
    double t_s_;
    ArmParams const& arm_;
    std::vector<int> nodes_;
};

}  // namespace

PictureOf picture_of(Study const& study, ExercisePlan const& plan, ExerciseFlights const& flights,
                     bool may_control)
{
    PictureOf of{study, plan, flights, {}, may_control};
    for (auto const& flown : flights) {
        if (of.replays.size() < flights_shown) {
            of.replays.push_back(tell_flight(study, *flown, {}));
        }
    }
    return of;
}

std::string land_json(std::filesystem::path const& catalog)
{
    Problems problems;
    Catalog files(catalog, problems);
    auto const land = read_land(files, {}, problems);
    json rows = json::array();
    if (!land) { return json{{"cell_deg", 1}, {"rows", rows}}.dump(); }
    for (auto const& changes : land->changes()) {
        std::string row;
        int last = 0;
        for (int const column : changes) {
            row += (row.empty() ? "" : " ") + std::to_string(column - last);
            last = column;
        }
        rows.push_back(row);
    }
    return json{{"cell_deg", land->cell_deg()}, {"rows", rows}}.dump();
}

std::string exercise_picture(PictureOf const& of, Conductor const& conductor)
{
    return Picture(of, conductor).whole().dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace longwatch
