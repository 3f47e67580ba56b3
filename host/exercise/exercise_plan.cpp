#include "host/exercise/exercise_plan.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <climits>
#include <set>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "host/command/arm_option.hpp"
#include "host/exercise/exercise_file.hpp"
#include "host/exercise/identity.hpp"
#include "kernels/tally/settle.hpp"
#include "models/limits.hpp"
#include "results/store/atomic_file.hpp"

namespace longwatch {

namespace {

using nlohmann::json;

constexpr char const* plan_file = "exercise.json";
constexpr std::int64_t plan_bytes_max = 1 << 20;
constexpr int plan_schema = 1;
constexpr std::size_t plan_flights_max = 1 << 14;
/// Of the last member: two ports a member from 10 beyond the base on.
constexpr int base_port_max = 65535 - 11 - 2 * max_nodes;

WirePlace place_of_member(FileValue const& from, Study const& study)
{
    WirePlace place;
    place.member = from.at("member").text();
    auto const& nodes = study.nodes;
    bool const is_node = std::find(nodes.begin(), nodes.end(), place.member) != nodes.end();
    if (!is_member_name(place.member) || (!is_node && place.member != conductor_name)) {
        from.at("member").refuse("a node of the study, or 'conductor',");
    }
    place.address = from.at("address").text();
    if (!is_address(place.address)) { from.at("address").refuse("an address as 192.0.2.7"); }
    place.index = static_cast<int>(from.at("index").whole(0, max_nodes));
    return place;
}

std::vector<WirePlace> places_of_members(FileValue const& from, Study const& study)
{
    std::vector<WirePlace> places;
    for (auto const& one : from.list(1, max_nodes + 1)) {
        auto place = place_of_member(one, study);
        for (auto const& other : places) {
            if (other.member == place.member) { one.at("member").refuse("a name of its own"); }
            if (other.index == place.index) { one.at("index").refuse("a number of its own"); }
        }
        places.push_back(std::move(place));
    }
    return places;
}

ExercisePlan plan_of_study(FileValue const& from, Study const& study)
{
    ExercisePlan plan;
    plan.exercise = from.at("exercise").text();
    if (!is_exercise_name(plan.exercise)) {
        from.at("exercise").refuse("a name of 1 to 64 letters, digits, '_', '.' and '-'");
    }
    plan.study_hash = study.hash;
    plan.seed = from.at("seed").natural();
    plan.arm = from.at("arm").text();
    if (std::find(study.arms.begin(), study.arms.end(), plan.arm) == study.arms.end()) {
        from.at("arm").refuse("an arm of the study");
    }
    for (auto const& flight : from.at("flights").list(0, plan_flights_max)) {
        plan.flights.push_back(flight.whole(0, run_flights_max - 1));
    }
    plan.base_port = static_cast<int>(from.at("base_port").whole(1, base_port_max));
    plan.places = places_of_members(from.at("places"), study);
    return plan;
}

}  // namespace

void write_plan(std::filesystem::path const& folder, ExercisePlan const& plan)
{
    json places = json::array();
    for (auto const& place : plan.places) {
        places.push_back(
            {{"member", place.member}, {"address", place.address}, {"index", place.index}});
    }
    json const out{
        {"schema", plan_schema},       {"exercise", plan.exercise}, {"study_hash", plan.study_hash},
        {"seed", plan.seed},           {"arm", plan.arm},           {"flights", plan.flights},
        {"base_port", plan.base_port}, {"places", places}};
    replace_file(folder / plan_file, out.dump(2) + '\n');
}

ExercisePlan read_plan(std::filesystem::path const& folder, Study const& study)
{
    auto const file = folder / plan_file;
    auto const read = load_json(file, plan_bytes_max);
    try {
        FileValue const from(read, plan_file);
        if (from.at("schema").whole(0, INT_MAX) != plan_schema) {
            throw std::runtime_error(file.string() + " is of another version of Longwatch");
        }
        if (from.at("study_hash").text() != study.hash) {
            throw std::runtime_error(file.string() + " is of another study than " +
                                     study.path.string() +
                                     " (give the very study of the exercise)");
        }
        return plan_of_study(from, study);
    } catch (WrongValue const& wrong) {
        throw std::runtime_error(file.string() + " is no exercise: " + wrong.what());
    }
}

bool is_address(std::string const& text)
{
    in_addr parsed{};
    // It would take a zero byte for the end.
    return text.find('\0') == std::string::npos && inet_pton(AF_INET, text.c_str(), &parsed) == 1;
}

WireSettings wire_settings(ExercisePlan const& plan, std::filesystem::path const& folder,
                           Study const& study, std::string const& member)
{
    NetworkParams const& network = study.scenario->network;
    ArmParams const& arm = network.arm[arm_named(study, plan.arm)];
    WireSettings out;
    out.member = member;
    out.exercise = plan.exercise;
    out.identity = folder / member;
    out.base_port = plan.base_port;
    out.is_conductor = member == conductor_name;
    std::set<std::string> neighbours{conductor_name};
    for (int l = 0; l < network.link_count && !out.is_conductor; ++l) {
        if (!arm.link[l].present) { continue; }
        auto const& from = study.nodes[static_cast<std::size_t>(network.link[l].from)];
        auto const& to = study.nodes[static_cast<std::size_t>(network.link[l].to)];
        auto const& name = study.links[static_cast<std::size_t>(l)];
        if (from == member) { out.outgoing.push_back(name); }
        if (to == member) { out.incoming.push_back(name); }
        if (from == member) { neighbours.insert(to); }
        if (to == member) { neighbours.insert(from); }
    }
    for (auto const& place : plan.places) {
        if (place.member == member) {
            out.place = place;
        } else if (out.is_conductor || neighbours.count(place.member) > 0) {
            out.peers.push_back(place);
        }
        if (out.is_conductor && place.member != member) { out.nodes.push_back(place.member); }
    }
    if (out.place.member.empty()) {
        throw std::runtime_error("nobody named " + member + " takes part in the exercise in " +
                                 folder.string());
    }
    return out;
}

std::vector<int> nodes_of_arm(Study const& study, int arm)
{
    Scenario const& scenario = *study.scenario;
    NetworkParams const& network = scenario.network;
    std::set<int> nodes;
    for (int s = 0; s < scenario.sensor_count; ++s) {
        if ((network.arm[arm].sensors >> s & 1U) != 0) { nodes.insert(scenario.sensor[s].node); }
    }
    for (int l = 0; l < network.link_count; ++l) {
        if (!network.arm[arm].link[l].present) { continue; }
        nodes.insert(network.link[l].from);
        nodes.insert(network.link[l].to);
    }
    for (int n = 0; n < network.consumer_count; ++n) { nodes.insert(network.consumer[n].node); }
    for (int b = 0; b < scenario.battery_count; ++b) { nodes.insert(scenario.battery[b].node); }
    return {nodes.begin(), nodes.end()};
}

}  // namespace longwatch
