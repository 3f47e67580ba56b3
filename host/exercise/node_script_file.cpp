#include "host/exercise/node_script_file.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "results/store/atomic_file.hpp"

namespace longwatch {

namespace {

using nlohmann::json;

constexpr std::int64_t script_bytes_max = std::int64_t{1} << 30;

json looks_json(std::vector<ScriptedLook> const& looks)
{
    json out = json::array();
    for (auto const& look : looks) {
        json one = json::array({look.hits_searching, look.hits_cued, look.weight_pm2});
        if (look.tells) {
            one.push_back(look.information);
            one.push_back(look.error);
        }
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<ScriptedLook> looks_of(json const& from)
{
    std::vector<ScriptedLook> looks;
    for (auto const& one : from) {
        ScriptedLook look;
        look.hits_searching = one.at(0).get<bool>();
        look.hits_cued = one.at(1).get<bool>();
        look.weight_pm2 = one.at(2).get<double>();
        look.tells = one.size() > 3;
        if (look.tells) {
            one.at(3).get_to(look.information);
            one.at(4).get_to(look.error);
        }
        looks.push_back(look);
    }
    return looks;
}

json rows_json(StateRows<double> const& rows)
{
    json out = json::array();
    for (auto const& row : rows.row) {
        for (double const x : row) { out.push_back(x); }
    }
    return out;
}

StateRows<double> rows_of(json const& from)
{
    StateRows<double> rows{};
    std::size_t at = 0;
    for (auto& row : rows.row) {
        for (double& x : row) { x = from.at(at++).get<double>(); }
    }
    return rows;
}

json linearisation_json(Linearisation const& l)
{
    json passing = json::array();
    for (auto const& rows : l.passing) { passing.push_back(rows_json(rows)); }
    return {{"t_burnout_s", l.t_burnout_s},
            {"t_end_s", l.t_end_s},
            {"east", l.impact.east},
            {"north", l.impact.north},
            {"time", l.impact.time},
            {"impact_latitude_rad", l.impact_latitude_rad},
            {"impact_longitude_rad", l.impact_longitude_rad},
            {"passing", passing}};
}

Linearisation linearisation_of(json const& from)
{
    Linearisation l;
    from.at("t_burnout_s").get_to(l.t_burnout_s);
    from.at("t_end_s").get_to(l.t_end_s);
    for (std::size_t k = 0; k < state_size; ++k) {
        l.impact.east[k] = from.at("east").at(k).get<double>();
        l.impact.north[k] = from.at("north").at(k).get<double>();
        l.impact.time[k] = from.at("time").at(k).get<double>();
    }
    from.at("impact_latitude_rad").get_to(l.impact_latitude_rad);
    from.at("impact_longitude_rad").get_to(l.impact_longitude_rad);
    for (auto const& rows : from.at("passing")) { l.passing.push_back(rows_of(rows)); }
    return l;
}

json flight_json(FlightScript const& f)
{
    json radars = json::array(), infrared = json::array(), links = json::array(),
         clocks = json::array();
    for (auto const& r : f.radars) {
        radars.push_back({{"sensor", r.sensor},
                          {"processing_s", r.processing_s},
                          {"t_first_s", r.t_first_s},
                          {"looks", looks_json(r.looks)}});
    }
    for (auto const& i : f.infrared) {
        json one{{"sensor", i.sensor}, {"t_made_s", i.t_made_s}};
        if (i.launch) {
            one["launch"] = {i.launch->latitude_rad, i.launch->longitude_rad,
                             i.launch->half_axis_m};
        }
        infrared.push_back(std::move(one));
    }
    for (auto const& l : f.links) { links.push_back({l.release_s, l.latency_s}); }
    for (auto const& c : f.clocks) { clocks.push_back(json::array({c.t_end_s, c.concerns})); }
    return {{"flight", f.flight},
            {"threat", f.threat},
            {"relay_s", f.relay_s},
            {"node_release_s", f.node_release_s},
            {"fusion_s", f.fusion_s},
            {"fusion_wait_s", f.fusion_wait_s},
            {"radars", radars},
            {"infrared", infrared},
            {"links", links},
            {"decision_s", f.decision_s},
            {"precaution_s", f.precaution_s},
            {"commit_s", f.commit_s},
            {"clocks", clocks},
            {"linearisation", linearisation_json(f.linearisation)}};
}

void read_sensors(json const& from, FlightScript& f)
{
    for (auto const& r : from.at("radars")) {
        f.radars.push_back({r.at("sensor").get<int>(), r.at("processing_s").get<double>(),
                            r.at("t_first_s").get<double>(), looks_of(r.at("looks"))});
    }
    for (auto const& i : from.at("infrared")) {
        ScriptedInfrared one{i.at("sensor").get<int>(), i.at("t_made_s").get<double>(), {}};
        if (i.contains("launch")) {
            auto const& l = i.at("launch");
            one.launch = {l.at(0).get<double>(), l.at(1).get<double>(), l.at(2).get<double>()};
        }
        f.infrared.push_back(one);
    }
}

FlightScript flight_of(json const& from)
{
    FlightScript f;
    from.at("flight").get_to(f.flight);
    from.at("threat").get_to(f.threat);
    from.at("relay_s").get_to(f.relay_s);
    from.at("node_release_s").get_to(f.node_release_s);
    from.at("fusion_s").get_to(f.fusion_s);
    from.at("fusion_wait_s").get_to(f.fusion_wait_s);
    read_sensors(from, f);
    for (auto const& l : from.at("links")) {
        f.links.push_back({l.at(0).get<double>(), l.at(1).get<double>()});
    }
    from.at("decision_s").get_to(f.decision_s);
    from.at("precaution_s").get_to(f.precaution_s);
    from.at("commit_s").get_to(f.commit_s);
    for (auto const& c : from.at("clocks")) {
        f.clocks.push_back({c.at(0).get<double>(), c.at(1).get<bool>()});
    }
    f.linearisation = linearisation_of(from.at("linearisation"));
    return f;
}

bool fits(FlightScript const& f, Scenario const& scenario)
{
    auto const size = [](int n) { return static_cast<std::size_t>(n); };
    auto const is_sensor = [&](auto const& s) {
        return s.sensor >= 0 && s.sensor < scenario.sensor_count;
    };
    return f.links.size() == size(scenario.network.link_count) &&
           f.decision_s.size() == size(scenario.network.consumer_count) &&
           f.precaution_s.size() == f.decision_s.size() && f.clocks.size() == f.decision_s.size() &&
           f.commit_s.size() == size(scenario.battery_count) && f.threat >= 0 &&
           f.threat < scenario.threat_count &&
           f.linearisation.passing.size() == size(scenario.battery_count) &&
           std::all_of(f.radars.begin(), f.radars.end(), is_sensor) &&
           std::all_of(f.infrared.begin(), f.infrared.end(), is_sensor);
}

}  // namespace

void write_node_script(std::filesystem::path const& file, NodeScript const& script)
{
    json flights = json::array();
    for (auto const& flight : script.flights) { flights.push_back(flight_json(flight)); }
    auto const bytes = json::to_msgpack(
        {{"node", script.node}, {"arm", script.arm}, {"flights", std::move(flights)}});
    replace_file(file, {reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

NodeScript read_node_script(std::filesystem::path const& file, Scenario const& scenario)
{
    auto const bytes = load_file(file, script_bytes_max);
    NodeScript script;
    try {
        auto const from = json::from_msgpack(bytes);
        from.at("node").get_to(script.node);
        from.at("arm").get_to(script.arm);
        for (auto const& flight : from.at("flights")) {
            script.flights.push_back(flight_of(flight));
            if (!fits(script.flights.back(), scenario)) {
                throw std::runtime_error(file.string() + " is of another study");
            }
        }
    } catch (json::exception const& error) {
        throw std::runtime_error(file.string() + " is no node's script (" + error.what() + ")");
    }
    return script;
}

}  // namespace longwatch
