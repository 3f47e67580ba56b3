#include "host/exercise/conductor.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/exercise/exercise_file.hpp"
#include "host/exercise/node_words.hpp"

namespace longwatch {

namespace {

using nlohmann::json;
using TimeOfDay = std::chrono::system_clock;
using namespace std::chrono_literals;

constexpr auto granted_patience = 60s;
constexpr auto word_period = 1s;
constexpr auto lost_after = 30s;
constexpr std::size_t told_kept = 400;

/// What is asked for at the end; a track makes and holds messages for as long as it lasts.
bool is_lasting(NodeEvent const& event)
{
    return event.kind != NodeEventKind::made && event.kind != NodeEventKind::held;
}

void learn(json const& said, Study const& study, NodeState& state)
{
    state.has_reported = true;
    state.heard_at = TimeOfDay::now();
    state.round = said.value("round", std::uint64_t{0});
    state.next_s = said.value("next_s", double(never_s));
    state.worst_wire_s = said.value("worst_wire_s", 0.0);
    state.has_rejoined = said.value("has_rejoined", false);
    auto const links = said.value("links", json::object());
    for (auto const& [link, of] : links.items()) {
        if (of.contains("sent")) { state.sent[link] = of.value("sent", std::uint64_t{0}); }
        if (of.contains("heard")) { state.heard[link] = of.value("heard", std::uint64_t{0}); }
        if (of.contains("dropped")) { of.at("dropped").get_to(state.dropped[link]); }
        bool const is_end = of.contains("heard");
        state.is_connected[link + (is_end ? " (end)" : "")] = of.value("is_connected", false);
    }
    for (auto const& told : told_of(said.value("told", json::array()), study)) {
        state.told.push_back(told);
        if (state.told.size() > told_kept) { state.told.pop_front(); }
        if (told.link < 0) { continue; }
        auto& last_s = state.t_told_s[study.links[static_cast<std::size_t>(told.link)]];
        last_s = std::max(last_s, told.t_s);
    }
    if (said.contains("knows")) { state.knows = knows_of(said.at("knows")); }
}

json fault_word(Fault const& fault)
{
    json word{{"kind", "fault"}, {is_of_link(fault.kind) ? "link" : "node", fault.name}};
    switch (fault.kind) {
    case FaultKind::cut: word["cut"] = true; break;
    case FaultKind::slow: word["slower_s"] = fault.amount; break;
    case FaultKind::lose: word["lost"] = fault.amount; break;
    case FaultKind::repeat: word["doubled"] = true; break;
    case FaultKind::clock: word["clock_error_s"] = fault.amount; break;
    case FaultKind::mend:
        word.update({{"cut", false}, {"slower_s", 0.0}, {"lost", 0.0}, {"doubled", false}});
        break;
    default: break;
    }
    return word;
}

}  // namespace

Conductor::Conductor(Study const& study, WireSettings const& settings, Wire& wire)
    : study_(study), settings_(settings), wire_(wire)
{
    for (auto const& node : settings.nodes) { nodes_[node]; }
}

void Conductor::hear()
{
    auto const mail = wire_.take();
    for (auto const& word : mail.words) {
        auto const at = nodes_.find(word.from);
        // A node's word is not trusted to be one.
        auto const value = json_of_text(word.text);
        if (at == nodes_.end() || !value || !value->is_object()) { continue; }
        auto const& said = *value;
        try {
            bool const is_back = at->second.was_dead && !at->second.has_reported;
            learn(said, study_, at->second);
            at->second.t_heard_s = now_s();
            if (is_back) {
                for (auto const& [link, fault] : broken_) { say(fault_word(fault)); }
            }
            auto const events = events_of(said.value("events", json::array()));
            std::copy_if(events.begin(), events.end(), std::back_inserter(events_), is_lasting);
        } catch (json::exception const&) {
            continue;
        }
    }
}

void Conductor::say(json word)
{
    word["round"] = round_;
    wire_.tell({conductor_name, ++words_, word.dump()});
    said_at_ = TimeOfDay::now();
}

/// Who or what is not there yet; "" for nothing.
std::string Conductor::missing() const
{
    std::string names;
    for (auto const& [name, state] : nodes_) {
        bool const is_there =
            state.has_reported && std::all_of(state.is_connected.begin(), state.is_connected.end(),
                                              [](auto const& link) { return link.second; });
        if (!is_there) { names += (names.empty() ? "" : ", ") + name; }
    }
    return names;
}

/// Whether it is the one to open its wire anew, of the two ends of a link that do not find each other: the end where that was
/// started again, the beginning else.
bool Conductor::should_rejoin(std::string const& node) const
{
    auto const& network = study_.scenario->network;
    for (std::size_t k = 0; k < study_.links.size(); ++k) {
        auto const from = nodes_.find(study_.nodes[static_cast<std::size_t>(network.link[k].from)]);
        auto const to = nodes_.find(study_.nodes[static_cast<std::size_t>(network.link[k].to)]);
        if (from == nodes_.end() || to == nodes_.end()) { continue; }
        auto const& asked = to->second.was_dead ? *to : *from;
        if (asked.first != node || !from->second.has_reported || !to->second.has_reported) {
            continue;
        }
        auto const is_apart = [&](NodeState const& state, std::string const& link) {
            auto const at = state.is_connected.find(link);
            return at != state.is_connected.end() && !at->second;
        };
        if (is_apart(from->second, study_.links[k]) ||
            is_apart(to->second, study_.links[k] + " (end)")) {
            return true;
        }
    }
    return false;
}

/// Where no end of a link has found another for long, who could is asked to.
void Conductor::ask_to_rejoin()
{
    std::size_t connections = 0;
    for (auto const& [name, state] : nodes_) {
        connections += static_cast<std::size_t>(
            std::count_if(state.is_connected.begin(), state.is_connected.end(),
                          [](auto const& link) { return link.second; }));
    }
    auto const now = TimeOfDay::now();
    if (connections != connections_) {
        connections_ = connections;
        connected_at_ = now;
    }
    if (now - connected_at_ < rejoin_after_) { return; }
    std::vector<std::string> asked;
    for (auto const& [name, state] : nodes_) {
        // Who has never reported may hear nonetheless.
        bool const is_asked = !state.has_reported || should_rejoin(name);
        if (!state.is_dead && is_asked) { asked.push_back(name); }
    }
    connected_at_ = now;
    if (asked.empty()) { return; }
    say({{"kind", "rejoin"}, {"nodes", asked}});
    rejoin_after_ *= 2;
}

void Conductor::wait_for_nodes(std::chrono::seconds at_most, std::function<bool()> const& watch)
{
    auto const until = TimeOfDay::now() + at_most;
    connected_at_ = TimeOfDay::now();
    while (wire_.connected_nodes().size() < nodes_.size() || !missing().empty()) {
        if (TimeOfDay::now() > until) {
            throw std::runtime_error(
                fmt::format("not all nodes came within {} s: {}", at_most.count(), missing()));
        }
        wire_.wait(100ms);
        hear();
        ask_to_rejoin();
        say_that_it_waits();
        if (!watch()) { throw std::runtime_error("interrupted while nodes began"); }
    }
}

double Conductor::next_s() const
{
    double next = never_s;
    for (auto const& [name, state] : nodes_) {
        if (!state.is_dead) { next = std::min(next, state.next_s); }
    }
    return next;
}

/// Both its ends have been there all the time: it has counted everything.
bool Conductor::is_steady(std::string const& link) const
{
    auto const at = std::find(study_.links.begin(), study_.links.end(), link);
    if (at == study_.links.end()) { return false; }
    LinkParams const& l = study_.scenario->network.link[at - study_.links.begin()];
    for (int const end : {l.from, l.to}) {
        auto const node = nodes_.find(study_.nodes[static_cast<std::size_t>(end)]);
        if (node == nodes_.end()) { return false; }
        if (node->second.was_dead || node->second.has_rejoined) { return false; }
    }
    return true;
}

/// Everybody who is there has done what the latest word said.
bool Conductor::has_reported() const
{
    return std::all_of(nodes_.begin(), nodes_.end(), [&](auto const& node) {
        auto const& [name, state] = node;
        return state.is_dead || (state.has_reported && state.round == round_);
    });
}

std::string Conductor::lost_on_links() const
{
    std::map<std::string, std::uint64_t> sent, heard;
    for (auto const& [name, state] : nodes_) {
        sent.insert(state.sent.begin(), state.sent.end());
        heard.insert(state.heard.begin(), state.heard.end());
    }
    std::string lost;
    for (auto const& [link, count] : sent) {
        if (!is_steady(link) || heard[link] == count) { continue; }
        lost += fmt::format("{}{} ({} sent, {} heard)", lost.empty() ? "" : ", ", link, count,
                            heard[link]);
    }
    return lost;
}

std::string Conductor::dropped_on_links() const
{
    std::string dropped;
    for (auto const& [name, state] : nodes_) {
        for (auto const& [link, counts] : state.dropped) {
            for (std::size_t k = 0; k < counts.size(); ++k) {
                if (counts[k] == 0) { continue; }
                dropped += fmt::format("{}{} ({} {})", dropped.empty() ? "" : ", ", link, counts[k],
                                       dropped_names[k]);
            }
        }
    }
    return dropped;
}

void Conductor::play_granted(double lookahead_s, std::function<bool()> const& watch)
{
    double granted_s = -double(never_s);
    for (;;) {
        ++round_;
        clock_.grant(granted_s);
        say({{"kind", "grant"}, {"t_s", granted_s}});
        auto const until = TimeOfDay::now() + granted_patience;
        while (!has_settled()) {
            if (TimeOfDay::now() > until) {
                throw std::runtime_error("a node does not answer, or a message was lost");
            }
            wire_.wait(100ms);
            hear();
            say_that_it_waits();
            if (watch && !watch()) { return; }
        }
        if (next_s() >= never_s) {
            is_over_ = true;
            return;
        }
        // Whatever is yet to come is heard of by others later than this.
        granted_s = std::max(next_s(), std::nextafter(next_s() + lookahead_s, 0.0));
    }
}

/// Who has nothing to do hears now and then that the exercise is still there.
void Conductor::say_that_it_waits()
{
    if (TimeOfDay::now() - said_at_ >= word_period) { say({{"kind", "wait"}}); }
}

void Conductor::say_time()
{
    auto const now = TimeOfDay::now();
    auto const since = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch());
    if (is_paused_) {
        say({{"kind", "grant"}, {"t_s", clock_.now_s(now)}});
    } else {
        say({{"kind", "run"},
             {"t_s", clock_.now_s(now)},
             {"unix_ns", since.count()},
             {"speed", speed_}});
    }
}

void Conductor::pause()
{
    clock_.grant(now_s());
    is_paused_ = true;
    say_time();
}

void Conductor::go_on(double speed)
{
    auto const now = TimeOfDay::now();
    clock_.run(clock_.now_s(now), now, speed);
    speed_ = speed;
    is_paused_ = false;
    say_time();
}

void Conductor::play(Fault const& fault, ConductedRun const& run)
{
    if (run.say) { run.say(fmt::format("{:.1f} s: {}", now_s(), said_of(fault))); }
    if (fault.kind == FaultKind::kill || fault.kind == FaultKind::restart) {
        run.change_process(fault);
        auto& node = nodes_.at(fault.name);
        node.is_dead = fault.kind == FaultKind::kill;
        node.was_dead = true;
        node.has_reported = false;
        node.heard_at = TimeOfDay::now();
    } else {
        say(fault_word(fault));
    }
    if (fault.kind == FaultKind::mend) {
        broken_.erase(fault.name);
    } else if (is_of_link(fault.kind)) {
        broken_[fault.name] = fault;
    }
}

void Conductor::play_running(ConductedRun const& run)
{
    ++round_;
    clock_.grant(0);
    go_on(run.speed);
    auto last_busy = TimeOfDay::now();
    auto next = run.faults.begin();
    // What a node's death has hidden from the counts has time to come; what is on its way too long is lost.
    auto const quiet = run.faults.empty() ? 0s : 2s;
    while (!is_over_) {
        for (; next != run.faults.end() && next->t_s <= now_s(); ++next) { play(*next, run); }
        // Who comes back learns what time it is, and who hears nothing for long gives up.
        if (TimeOfDay::now() - said_at_ >= word_period) { say_time(); }
        wire_.wait(50ms);
        hear();
        ask_to_rejoin();
        bool const is_busy =
            next != run.faults.end() || !has_reported() || next_s() < never_s || is_paused_;
        if (is_busy) { last_busy = TimeOfDay::now(); }
        auto const since_busy = TimeOfDay::now() - last_busy;
        is_over_ = !is_busy && since_busy >= (has_settled() ? quiet : lost_after);
        if (is_over_) { clock_.grant(now_s()); }
        if (run.watch && !run.watch()) { return; }
        if (auto const lost = lost_nodes(); !lost.empty()) {
            throw std::runtime_error("nothing has been heard of these nodes for long: " + lost);
        }
    }
}

/// Nodes that have not reported for long; "" for none.
std::string Conductor::lost_nodes() const
{
    std::string lost;
    for (auto const& [name, state] : nodes_) {
        if (state.is_dead || TimeOfDay::now() - state.heard_at < lost_after) { continue; }
        lost += (lost.empty() ? "" : ", ") + name;
    }
    return lost;
}

void Conductor::stop() { say({{"kind", "stop"}}); }

}  // namespace longwatch
