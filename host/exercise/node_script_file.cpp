#include "host/exercise/node_script_file.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/exercise/exercise_file.hpp"
#include "kernels/tally/settle.hpp"
#include "models/limits.hpp"
#include "results/store/atomic_file.hpp"

namespace longwatch {

namespace {

using nlohmann::json;

constexpr std::int64_t script_bytes_max = 1 << 28;
constexpr std::size_t looks_max = 1 << 20, flights_max = 1 << 14;

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

ScriptedLook look_of(FileValue const& from)
{
    auto const parts = from.list(3, 5);
    ScriptedLook look;
    look.hits_searching = parts[0].flag();
    look.hits_cued = parts[1].flag();
    look.weight_pm2 = parts[2].number();
    look.tells = parts.size() > 3;
    if (look.tells) {
        if (parts.size() != 5) { from.refuse("a list of 3 or of 5"); }
        parts[3].get_to(look.information);
        parts[4].get_to(look.error);
    }
    return look;
}

json rows_json(StateRows<double> const& rows)
{
    json out = json::array();
    for (auto const& row : rows.row) {
        for (double const x : row) { out.push_back(x); }
    }
    return out;
}

StateRows<double> rows_of(FileValue const& from)
{
    std::array<double, 3 * state_size> numbers{};
    from.get_to(numbers);
    StateRows<double> rows{};
    for (std::size_t k = 0; k < numbers.size(); ++k) {
        rows.row[k / state_size][k % state_size] = numbers[k];
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

Linearisation linearisation_of(FileValue const& from)
{
    Linearisation l;
    l.t_burnout_s = from.at("t_burnout_s").seconds();
    l.t_end_s = from.at("t_end_s").seconds();
    from.at("east").get_to(l.impact.east);
    from.at("north").get_to(l.impact.north);
    from.at("time").get_to(l.impact.time);
    l.impact_latitude_rad = from.at("impact_latitude_rad").number();
    l.impact_longitude_rad = from.at("impact_longitude_rad").number();
    for (auto const& rows : from.at("passing").list(0, max_batteries)) {
        l.passing.push_back(rows_of(rows));
    }
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

void read_sensors(FileValue const& from, FlightScript& f)
{
    auto const sensor_of = [](FileValue const& one) {
        return static_cast<int>(one.at("sensor").whole(0, max_sensors - 1));
    };
    for (auto const& r : from.at("radars").list(0, max_sensors)) {
        ScriptedRadar radar{
            sensor_of(r), r.at("processing_s").seconds(), r.at("t_first_s").seconds(), {}};
        for (auto const& look : r.at("looks").list(0, looks_max)) {
            radar.looks.push_back(look_of(look));
        }
        f.radars.push_back(std::move(radar));
    }
    for (auto const& i : from.at("infrared").list(0, max_sensors)) {
        ScriptedInfrared one{sensor_of(i), i.at("t_made_s").seconds(), {}};
        if (i.has("launch")) {
            auto const l = i.at("launch").list(3, 3);
            one.launch = {l[0].number(), l[1].number(), l[2].number()};
        }
        f.infrared.push_back(one);
    }
}

std::vector<double> seconds_of(FileValue const& from, std::size_t most)
{
    std::vector<double> out;
    for (auto const& one : from.list(0, most)) { out.push_back(one.seconds()); }
    return out;
}

FlightScript flight_of(FileValue const& from)
{
    FlightScript f;
    f.flight = from.at("flight").whole(0, run_flights_max - 1);
    f.threat = static_cast<int>(from.at("threat").whole(0, max_threats - 1));
    f.relay_s = from.at("relay_s").seconds();
    f.node_release_s = from.at("node_release_s").seconds();
    f.fusion_s = from.at("fusion_s").seconds();
    f.fusion_wait_s = from.at("fusion_wait_s").seconds();
    read_sensors(from, f);
    for (auto const& link : from.at("links").list(0, max_links)) {
        auto const l = link.list(2, 2);
        f.links.push_back({l[0].seconds(), l[1].seconds()});
    }
    f.decision_s = seconds_of(from.at("decision_s"), max_consumers);
    f.precaution_s = seconds_of(from.at("precaution_s"), max_consumers);
    f.commit_s = seconds_of(from.at("commit_s"), max_batteries);
    for (auto const& clock : from.at("clocks").list(0, max_consumers)) {
        auto const c = clock.list(2, 2);
        f.clocks.push_back({c[0].seconds(), c[1].flag()});
    }
    f.linearisation = linearisation_of(from.at("linearisation"));
    return f;
}

std::vector<FlightScript> flights_of(FileValue const& from)
{
    std::vector<FlightScript> flights;
    for (auto const& one : from.list(0, flights_max)) {
        try {
            auto flight = flight_of(one);
            if (!flights.empty() && flight.flight <= flights.back().flight) {
                one.at("flight").refuse("a number larger than that before it");
            }
            flights.push_back(std::move(flight));
        } catch (WrongValue const& wrong) {
            throw WrongValue(fmt::format("flights[{}], {}", flights.size(), wrong.what()));
        }
    }
    return flights;
}

/// Its sensors stand at the node; there is of everything what the study has.
bool fits(FlightScript const& f, Scenario const& scenario, int node)
{
    auto const size = [](int n) { return static_cast<std::size_t>(n); };
    auto const is_here = [&](int s) {
        return s < scenario.sensor_count && scenario.sensor[s].node == node;
    };
    auto const is_radar = [&](auto const& one) {
        return is_here(one.sensor) && scenario.sensor[one.sensor].kind == SensorKind::radar;
    };
    auto const is_infrared = [&](auto const& one) {
        return is_here(one.sensor) && scenario.sensor[one.sensor].kind == SensorKind::infrared;
    };
    return f.links.size() == size(scenario.network.link_count) &&
           f.decision_s.size() == size(scenario.network.consumer_count) &&
           f.precaution_s.size() == f.decision_s.size() && f.clocks.size() == f.decision_s.size() &&
           f.commit_s.size() == size(scenario.battery_count) && f.threat < scenario.threat_count &&
           f.linearisation.passing.size() == size(scenario.battery_count) &&
           std::all_of(f.radars.begin(), f.radars.end(), is_radar) &&
           std::all_of(f.infrared.begin(), f.infrared.end(), is_infrared);
}

}  // namespace

void write_node_script(std::filesystem::path const& file, NodeScript const& script)
{
    json flights = json::array();
    for (auto const& flight : script.flights) { flights.push_back(flight_json(flight)); }
    auto const bytes = json::to_msgpack(
        {{"node", script.node}, {"arm", script.arm}, {"flights", std::move(flights)}});
    std::string_view const text{reinterpret_cast<char const*>(bytes.data()), bytes.size()};
    auto problem = msgpack_problem(text);
    if (static_cast<std::int64_t>(text.size()) > script_bytes_max) {
        problem = fmt::format("it has more than {} bytes", script_bytes_max);
    }
    if (!problem.empty()) {
        throw std::runtime_error(fmt::format("{} could not be read again ({}) play fewer flights",
                                             file.string(), problem));
    }
    replace_file(file, text);
}

NodeScript read_node_script(std::filesystem::path const& file, Scenario const& scenario)
{
    auto const read = load_msgpack(file, script_bytes_max);
    NodeScript script;
    try {
        FileValue const from(read, "script");
        script.node = static_cast<int>(from.at("node").whole(0, scenario.network.node_count - 1));
        script.arm = static_cast<int>(from.at("arm").whole(0, scenario.network.arm_count - 1));
        script.flights = flights_of(from.at("flights"));
    } catch (WrongValue const& wrong) {
        throw std::runtime_error(
            fmt::format("{} is no node's script: {}", file.string(), wrong.what()));
    }
    for (auto const& flight : script.flights) {
        if (!fits(flight, scenario, script.node)) {
            throw std::runtime_error(file.string() + " is of another study");
        }
    }
    return script;
}

}  // namespace longwatch
