#include "host/exercise/conductor.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/exercise/node_words.hpp"

namespace longwatch {

namespace {

using nlohmann::json;
using TimeOfDay = std::chrono::system_clock;
using namespace std::chrono_literals;

constexpr auto granted_patience = 60s;
constexpr auto word_period = 1s;
constexpr auto lost_after = 30s;

NodeState state_of(json const& said, NodeState before)
{
    NodeState state = std::move(before);
    state.has_reported = true;
    state.heard_at = TimeOfDay::now();
    state.round = said.value("round", std::uint64_t{0});
    state.next_s = said.value("next_s", double(never_s));
    auto const links = said.value("links", json::object());
    for (auto const& [link, of] : links.items()) {
        if (of.contains("sent")) { state.sent[link] = of.value("sent", std::uint64_t{0}); }
        if (of.contains("heard")) { state.heard[link] = of.value("heard", std::uint64_t{0}); }
        bool const is_end = of.contains("heard");
        state.is_connected[link + (is_end ? " (end)" : "")] = of.value("is_connected", false);
    }
    return state;
}

}  // namespace

Conductor::Conductor(WireSettings const& settings, Wire& wire) : settings_(settings), wire_(wire)
{
    for (auto const& node : settings.nodes) { nodes_[node]; }
}

void Conductor::hear()
{
    auto const mail = wire_.take();
    for (auto const& word : mail.words) {
        auto const at = nodes_.find(word.from);
        auto const said = json::parse(word.text, nullptr, false);
        if (at == nodes_.end() || !said.is_object()) { continue; }
        at->second = state_of(said, std::move(at->second));
        auto const events = events_of(said.value("events", json::array()));
        events_.insert(events_.end(), events.begin(), events.end());
    }
}

void Conductor::say(json word)
{
    word["round"] = round_;
    wire_.tell({conductor_name, ++words_, word.dump()});
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

void Conductor::wait_for_nodes(std::chrono::seconds at_most)
{
    auto const until = TimeOfDay::now() + at_most;
    while (wire_.connected_nodes().size() < nodes_.size() || !missing().empty()) {
        if (TimeOfDay::now() > until) {
            throw std::runtime_error(
                fmt::format("not all nodes came within {} s: {}", at_most.count(), missing()));
        }
        wire_.wait(100ms);
        hear();
    }
}

double Conductor::next_s() const
{
    double next = never_s;
    for (auto const& [name, state] : nodes_) { next = std::min(next, state.next_s); }
    return next;
}

/// Everybody has done what was granted, and nothing is on its way.
bool Conductor::has_settled() const
{
    std::map<std::string, std::uint64_t> sent, heard;
    for (auto const& [name, state] : nodes_) {
        if (!state.has_reported || state.round != round_) { return false; }
        sent.insert(state.sent.begin(), state.sent.end());
        heard.insert(state.heard.begin(), state.heard.end());
    }
    return sent == heard;
}

void Conductor::play_granted(double lookahead_s)
{
    double granted_s = -double(never_s);
    for (;;) {
        ++round_;
        say({{"kind", "grant"}, {"t_s", granted_s}});
        auto const until = TimeOfDay::now() + granted_patience;
        while (!has_settled()) {
            if (TimeOfDay::now() > until) {
                throw std::runtime_error("a node does not answer, or a message was lost");
            }
            wire_.wait(100ms);
            hear();
        }
        if (next_s() >= never_s) { return; }
        // Whatever is yet to come is heard of by others later than this.
        granted_s = std::max(next_s(), std::nextafter(next_s() + lookahead_s, 0.0));
    }
}

void Conductor::play_running(double t_from_s, double speed)
{
    ++round_;
    auto const now = TimeOfDay::now();
    auto const since = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch());
    json const word{
        {"kind", "run"}, {"t_s", t_from_s}, {"unix_ns", since.count()}, {"speed", speed}};
    auto last_said = now - word_period;
    while (!has_settled() || next_s() < never_s) {
        // Who comes back learns what time it is, and who hears nothing for long gives up.
        if (TimeOfDay::now() - last_said >= word_period) {
            say(word);
            last_said = TimeOfDay::now();
        }
        wire_.wait(100ms);
        hear();
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
        if (TimeOfDay::now() - state.heard_at < lost_after) { continue; }
        lost += (lost.empty() ? "" : ", ") + name;
    }
    return lost;
}

void Conductor::break_something(json const& fault)
{
    auto word = fault;
    word["kind"] = "fault";
    say(std::move(word));
}

void Conductor::stop() { say({{"kind", "stop"}}); }

}  // namespace longwatch
