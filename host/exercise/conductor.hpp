// Conducts an exercise: says what time it is, hears what the nodes report, breaks what it is asked to break.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "host/exercise/exercise_clock.hpp"
#include "host/exercise/exercise_plan.hpp"
#include "host/exercise/fault_plan.hpp"
#include "host/exercise/live_node.hpp"
#include "host/exercise/wire_message.hpp"

namespace longwatch {

/// Of a node, as it last reported.
struct NodeState {
    std::uint64_t round = 0;
    double next_s = 0;
    bool has_reported = false, is_dead = false, was_dead = false;
    bool has_rejoined = false;  ///< by a new wire: what it counted is not comparable
    std::chrono::system_clock::time_point heard_at;
    double t_heard_s = 0;  ///< likewise, on the exercise's clock
    double worst_wire_s = 0;
    std::map<std::string, std::uint64_t> sent, heard;  ///< by link
    std::map<std::string, bool> is_connected;          ///< by link: its other end is there
    std::map<std::string, std::array<std::uint64_t, dropped_count>>
        dropped;                             ///< by link that ends here
    std::map<std::string, double> t_told_s;  ///< by link that ends here: of the last message
    std::vector<KnownFlight> knows;
    std::deque<ToldMessage> told;  ///< the last ones
};

/// A run by the clock.
struct ConductedRun {
    double speed = 1;
    std::vector<Fault> faults;                         ///< in the order of time
    std::function<void(Fault const&)> change_process;  ///< kills a node, or starts it again
    std::function<void(std::string const&)> say;       ///< what is happening
    std::function<bool()> watch;  ///< a few times a second; false ends the exercise early
};

class Conductor {
public:
    Conductor(Study const& study, WireSettings const& settings, Wire& wire);

    /// Until every node and every link is there. Throws std::runtime_error that says who is not after so long, or
    /// where `watch` has enough.
    void wait_for_nodes(std::chrono::seconds at_most, std::function<bool()> const& watch);

    /// Time is granted from event to event until nobody has anything to come. `lookahead_s`: nothing that happens at a
    /// node is heard of by another sooner. `watch` may end it early, as below.
    /// Throws std::runtime_error where a node is lost.
    void play_granted(double lookahead_s, std::function<bool()> const& watch);

    /// Time runs from 0 s, until nobody has anything to come. Throws std::runtime_error where a node is lost that was not to be.
    void play_running(ConductedRun const& run);
    void stop();

    void pause();
    /// Goes on, so many seconds a second.
    void go_on(double speed);
    double now_s() const { return clock_.now_s(std::chrono::system_clock::now()); }
    bool is_paused() const { return is_paused_; }
    double speed() const { return speed_; }
    bool is_over() const { return is_over_; }

    /// Links on which more was sent than came, as "NAME (12 sent, 11 heard)"; "" for none. Links of nodes that died or rejoined are not counted.
    std::string lost_on_links() const;

    /// What the ends of links threw away, as "NAME (3 replayed)"; "" for nothing.
    std::string dropped_on_links() const;

    std::vector<NodeEvent> const& events() const { return events_; }
    std::map<std::string, NodeState> const& nodes() const { return nodes_; }
    /// What links have been made to do, for as long as they have.
    std::map<std::string, Fault> const& broken_links() const { return broken_; }

private:
    void hear();
    void say(nlohmann::json word);
    void say_time();
    void say_that_it_waits();
    void play(Fault const& fault, ConductedRun const& run);
    bool has_reported() const;
    bool has_settled() const { return has_reported() && lost_on_links().empty(); }
    bool is_steady(std::string const& link) const;
    double next_s() const;
    std::string missing() const;
    std::string lost_nodes() const;
    void ask_to_rejoin();
    bool should_rejoin(std::string const& node) const;

    Study const& study_;
    WireSettings settings_;
    Wire& wire_;
    ExerciseClock clock_;
    double speed_ = 0;
    bool is_paused_ = false, is_over_ = false;
    std::map<std::string, NodeState> nodes_;
    std::map<std::string, Fault> broken_;
    std::vector<NodeEvent> events_;
    std::uint64_t round_ = 0, words_ = 0;
    std::chrono::system_clock::time_point said_at_;
    std::size_t connections_ = 0;  ///< ends of links that have found the other end
    std::chrono::system_clock::time_point connected_at_;  ///< when that number changed last
    std::chrono::seconds rejoin_after_{10};
};

}  // namespace longwatch
