#include "host/exercise/exercise_folder.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <random>
#include <set>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "host/command/arm_option.hpp"
#include "host/exercise/exercise_file.hpp"
#include "host/exercise/identity.hpp"
#include "host/exercise/node_script_file.hpp"
#include "results/store/atomic_file.hpp"

namespace longwatch {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::hours identities_valid_for{48};
constexpr std::int64_t certificate_bytes_max = 1 << 16;

Member member_of(WireSettings const& settings)
{
    Member member;
    member.name = settings.member;
    auto& rights = member.rights;
    for (auto const& link : settings.outgoing) {
        rights.publishes.push_back(topic_name("link", link));
        rights.subscribes.push_back(topic_name("heard", link));
    }
    for (auto const& link : settings.incoming) {
        rights.subscribes.push_back(topic_name("link", link));
        rights.publishes.push_back(topic_name("heard", link));
    }
    rights.publishes.push_back(topic_name("words", settings.member));
    if (!settings.is_conductor) {
        rights.subscribes.push_back(topic_name("words", conductor_name));
    }
    for (auto const& node : settings.nodes) {
        rights.subscribes.push_back(topic_name("words", node));
    }
    return member;
}

/// UDP ports of this machine that somebody has, as the kernel lists them: asking it needs no socket.
std::set<int> taken_ports()
{
    std::set<int> taken;
    for (char const* list : {"/proc/net/udp", "/proc/net/udp6"}) {
        std::ifstream in(list);
        std::string line;
        for (std::getline(in, line); std::getline(in, line);) {
            // "  sl: address:port ...", hexadecimal.
            auto const number = line.find(':');
            auto const port = line.find(':', number + 1);
            if (port == std::string::npos || port + 5 > line.size()) { continue; }
            taken.insert(std::stoi(line.substr(port + 1, 4), nullptr, 16));
        }
    }
    return taken;
}

}  // namespace

void make_exercise_folder(fs::path const& folder, ExercisePlan const& plan, Study const& study,
                          ExerciseFlights const& flights)
{
    std::vector<Member> members;
    for (auto const& place : plan.places) {
        members.push_back(member_of(wire_settings(plan, folder, study, place.member)));
    }
    make_identities(folder, plan.exercise, members, identities_valid_for);
    auto certificates = nlohmann::json::object();
    int const arm = arm_named(study, plan.arm);
    for (auto const& place : plan.places) {
        certificates[place.member] =
            load_exercise_file(folder / place.member / "identity.pem", certificate_bytes_max);
        if (place.member == conductor_name) { continue; }
        auto const at = std::find(study.nodes.begin(), study.nodes.end(), place.member);
        NodeScript script{static_cast<int>(at - study.nodes.begin()), arm, {}};
        for (auto const& flown : flights) {
            script.flights.push_back(script_of(study, *flown, arm, script.node));
        }
        write_node_script(folder / place.member / "script.msgpack", script);
    }
    replace_file(folder / "certificates.json", certificates.dump(2) + '\n');
    write_plan(folder, plan);
}

std::vector<MessageRow> messages_of(fs::path const& folder, ExercisePlan const& plan)
{
    std::vector<MessageRow> rows;
    for (auto const& place : plan.places) {
        std::ifstream in(folder / place.member / message_rows_file);
        for (std::string line; std::getline(in, line);) {
            if (auto row = message_row_of(line)) { rows.push_back(std::move(*row)); }
        }
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](auto const& a, auto const& b) { return a.t_s < b.t_s; });
    return rows;
}

int free_base_port(int count)
{
    auto const taken = taken_ports();
    std::random_device random;
    std::uniform_int_distribution<int> some(20000, 59000);
    for (int tries = 0; tries < 1000; ++tries) {
        int const base = some(random);
        auto const next = taken.lower_bound(base);
        if (next == taken.end() || *next > base + 11 + 2 * count) { return base; }
    }
    throw std::runtime_error("no free ports for an exercise of " + std::to_string(count) +
                             " members");
}

}  // namespace longwatch
