// Conducts an exercise: says what time it is, hears what the nodes report, breaks what it is asked to break.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "host/exercise/exercise_plan.hpp"
#include "host/exercise/live_node.hpp"

namespace longwatch {

/// Of a node, as it last reported.
struct NodeState {
    std::uint64_t round = 0;
    double next_s = 0;
    bool has_reported = false;
    std::chrono::system_clock::time_point heard_at;
    std::map<std::string, std::uint64_t> sent, heard;  ///< by link
    std::map<std::string, bool> is_connected;          ///< by link: its other end is there
};

class Conductor {
public:
    Conductor(WireSettings const& settings, Wire& wire);

    /// Until every node and every link is there. Throws std::runtime_error that says who is not after so long.
    void wait_for_nodes(std::chrono::seconds at_most);

    /// Time is granted from event to event until nobody has anything to come. `lookahead_s`: nothing that happens at a
    /// node is heard of by another sooner. Throws std::runtime_error where a node is lost.
    void play_granted(double lookahead_s);

    /// Time runs from `t_from_s`, until nobody has anything to come.
    void play_running(double t_from_s, double speed);

    void break_something(nlohmann::json const& fault);
    void stop();

    std::vector<NodeEvent> const& events() const { return events_; }

private:
    void hear();
    void say(nlohmann::json word);
    bool has_settled() const;
    double next_s() const;
    std::string missing() const;
    std::string lost_nodes() const;

    WireSettings settings_;
    Wire& wire_;
    std::map<std::string, NodeState> nodes_;
    std::vector<NodeEvent> events_;
    std::uint64_t round_ = 0, words_ = 0;
};

}  // namespace longwatch
