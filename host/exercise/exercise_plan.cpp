#include "host/exercise/exercise_plan.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "host/command/arm_option.hpp"
#include "results/store/atomic_file.hpp"

namespace longwatch {

namespace {

using nlohmann::json;

constexpr char const* plan_file = "exercise.json";
constexpr std::int64_t plan_bytes_max = 1 << 24;
constexpr int plan_schema = 1;

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
    ExercisePlan plan;
    try {
        auto const from = json::parse(load_file(file, plan_bytes_max));
        if (from.at("schema").get<int>() != plan_schema) {
            throw std::runtime_error(file.string() + " is of another version of Longwatch");
        }
        from.at("exercise").get_to(plan.exercise);
        from.at("study_hash").get_to(plan.study_hash);
        from.at("seed").get_to(plan.seed);
        from.at("arm").get_to(plan.arm);
        from.at("flights").get_to(plan.flights);
        from.at("base_port").get_to(plan.base_port);
        for (auto const& place : from.at("places")) {
            plan.places.push_back({place.at("member").get<std::string>(),
                                   place.at("address").get<std::string>(),
                                   place.at("index").get<int>()});
        }
    } catch (json::exception const& error) {
        throw std::runtime_error(file.string() + " is no exercise (" + error.what() + ")");
    }
    if (plan.study_hash != study.hash) {
        throw std::runtime_error(file.string() + " is of another study than " +
                                 study.path.string() + " (give the very study of the exercise)");
    }
    return plan;
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
