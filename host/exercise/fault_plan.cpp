#include "host/exercise/fault_plan.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/command/real_number.hpp"
#include "host/exercise/exercise_plan.hpp"
#include "host/study/nearest_name.hpp"

namespace longwatch {

namespace {

struct KindOfFault {
    char const* word;
    bool is_of_link;
    char const* amount;  ///< what it is called; nullptr for none
    double low, high;
    char const* said;
};
constexpr std::array<KindOfFault, 8> kinds_of_fault{{
    {"kill", false, nullptr, 0, 0, "{} is killed"},
    {"restart", false, nullptr, 0, 0, "{} is started again"},
    {"cut", true, nullptr, 0, 0, "link {} is cut"},
    {"mend", true, nullptr, 0, 0, "link {} is mended"},
    {"slow", true, "SECONDS", 0, 3600, "link {} takes {} s more"},
    {"lose", true, "PART", 0, 1, "link {} loses {} of 1 of its messages"},
    {"repeat", true, nullptr, 0, 0, "link {} gives every message twice"},
    {"clock", false, "SECONDS", -3600, 3600, "the clock of {} is {} s fast"},
}};

KindOfFault const& of(FaultKind kind) { return kinds_of_fault[static_cast<std::size_t>(kind)]; }

std::string known_kinds()
{
    std::string all;
    for (auto const& kind : kinds_of_fault) {
        all += fmt::format("{}{} {}{}{}", all.empty() ? "" : ", ", kind.word,
                           kind.is_of_link ? "LINK" : "NODE", kind.amount ? " " : "",
                           kind.amount ? kind.amount : "");
    }
    return all;
}

std::vector<std::string> links_of_arm(Study const& study, int arm)
{
    std::vector<std::string> names;
    NetworkParams const& network = study.scenario->network;
    for (std::size_t l = 0; l < study.links.size(); ++l) {
        if (network.arm[arm].link[l].present) { names.push_back(study.links[l]); }
    }
    return names;
}

std::vector<std::string> node_names(Study const& study, int arm)
{
    std::vector<std::string> names;
    for (int const n : nodes_of_arm(study, arm)) {
        names.push_back(study.nodes[static_cast<std::size_t>(n)]);
    }
    return names;
}

Fault fault_of(std::string const& text, Study const& study, int arm)
{
    auto const wrong = [&](std::string const& why) {
        return UsageError(fmt::format("--fault '{}': {}", text, why));
    };
    std::vector<std::string> words;
    std::istringstream from(text);
    for (std::string word; from >> word;) { words.push_back(word); }
    if (words.size() < 3) {
        throw wrong("give a time in seconds and what happens (known: " + known_kinds() + ")");
    }
    auto const kind =
        std::find_if(kinds_of_fault.begin(), kinds_of_fault.end(),
                     [&](KindOfFault const& known) { return words[1] == known.word; });
    if (kind == kinds_of_fault.end()) {
        std::vector<std::string> known;
        for (auto const& one : kinds_of_fault) { known.emplace_back(one.word); }
        throw wrong(
            fmt::format("'{}' is nothing that can happen (known: {})", words[1], known_kinds()) +
            did_you_mean(words[1], known));
    }
    if (words.size() != (kind->amount ? 4U : 3U)) {
        throw wrong(fmt::format("write: SECONDS {} {}{}{}", kind->word,
                                kind->is_of_link ? "LINK" : "NODE", kind->amount ? " " : "",
                                kind->amount ? kind->amount : ""));
    }
    auto const names = kind->is_of_link ? links_of_arm(study, arm) : node_names(study, arm);
    if (std::find(names.begin(), names.end(), words[2]) == names.end()) {
        throw wrong(fmt::format("'{}' is no {} that takes part in the arm", words[2],
                                kind->is_of_link ? "link" : "node") +
                    did_you_mean(words[2], names));
    }
    Fault fault;
    fault.t_s = real_number("--fault", words[0], {0, 1e6});
    fault.kind = static_cast<FaultKind>(kind - kinds_of_fault.begin());
    fault.name = words[2];
    if (kind->amount) { fault.amount = real_number("--fault", words[3], {kind->low, kind->high}); }
    return fault;
}

}  // namespace

bool is_of_link(FaultKind kind) { return of(kind).is_of_link; }

std::vector<Fault> fault_plan(std::vector<std::string> const& texts, Study const& study, int arm)
{
    std::vector<Fault> plan;
    for (auto const& text : texts) { plan.push_back(fault_of(text, study, arm)); }
    std::stable_sort(plan.begin(), plan.end(),
                     [](Fault const& a, Fault const& b) { return a.t_s < b.t_s; });
    std::map<std::string, bool> is_dead;
    for (auto const& fault : plan) {
        bool& dead = is_dead[fault.name];
        if (fault.kind == FaultKind::kill || fault.kind == FaultKind::restart) {
            bool const kills = fault.kind == FaultKind::kill;
            if (kills == dead) {
                throw UsageError(fmt::format("--fault '{} {} {}': {} {} then", fault.t_s,
                                             of(fault.kind).word, fault.name, fault.name,
                                             kills ? "is dead already" : "has not been killed by"));
            }
            dead = kills;
        }
    }
    return plan;
}

std::string said_of(Fault const& fault)
{
    return fmt::format(fmt::runtime(of(fault.kind).said), fault.name, fault.amount);
}

}  // namespace longwatch
