// A node of an exercise: its sensors look, it hears, passes on, fuses, releases, decides. Without clock, network or file: it is told
// when it is, and what has come; so it is the same on a clock that runs, on one that is granted, and in a test.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "host/exercise/fusion_centre.hpp"
#include "host/exercise/node_script.hpp"
#include "host/exercise/radar_tracker.hpp"
#include "host/exercise/warned_consumer.hpp"

namespace longwatch {

/// Something that happened at a node.
enum class NodeEventKind : int {
    cued,          ///< a radar is, by word from elsewhere
    firm_track,    ///< of a radar
    made,          ///< a message
    held,          ///< a message, for the first time
    acts,          ///< a consumer holds what it acts on, and begins to decide
    warned,        ///< it has decided
    calm,          ///< it has been told that it need not act
    quality_held,  ///< a battery's node holds a good enough prediction
    commits        ///< it may launch from now on
};
struct NodeEvent {
    double t_s = 0;
    NodeEventKind kind = NodeEventKind::made;
    std::int64_t flight = 0;
    int who = -1;  ///< sensor, consumer or battery
    int by = -1;   ///< of a consumer: the kind of message that it acts on
    std::optional<MessageId> message;
};

/// A message that a node has made, or heard as news.
struct ToldMessage {
    double t_s = 0;
    MessageId id;
    OriginSet origins = 0;  ///< as it counts here
    int link = -1;          ///< by which it came; -1: its own
};

/// What a node has to give after it was told something.
struct Outbox {
    std::vector<SentMessage> sent;
    std::vector<NodeEvent> events;
    std::vector<ToldMessage> told;
};

/// What a node knows of one flight.
struct KnownFlight {
    std::int64_t flight = 0;
    double t_newest_s = 0;  ///< when the newest that it holds was seen or made
    int tracks = 0;
    std::optional<LaunchEstimate> launch;
    std::optional<ImpactEstimate> impact;
};

class LiveNode {
public:
    /// The script's flights, at its node in its arm. The scenario's predicting nodes must be found.
    LiveNode(Scenario const& scenario, NodeScript const& script);
    ~LiveNode();

    /// The instant of what comes next by itself; never_s for nothing.
    double next_s() const;
    /// Does what comes next by itself.
    void step(Outbox& out);
    /// A message has come to the end of a link. Messages are told before what comes by itself at the same instant.
    void hear(double t_s, LiveMessage const& message, Outbox& out);

    /// It was not there until then: it has missed the looks before, and does then what else was due.
    void was_away_until(double t_s) { back_s_ = t_s; }

    /// Of all flights that it has heard or seen something of.
    std::vector<KnownFlight> knows() const;

private:
    struct Flight;
    using Action = std::function<void(double t_s, Outbox& out)>;

    void begin(FlightScript const& script);
    void at(double t_s, Action action);
    void make(Flight& flight, double t_s, LiveMessage const& message, Outbox& out);
    void make_track(Flight& flight, double t_s, std::size_t radar, TrackReport const& track,
                    Outbox& out);
    void use(Flight& flight, double t_s, LiveMessage const& message, Outbox& out);
    void pass_on(Flight& flight, double t_s, LiveMessage const& message, bool is_own);
    void learn(Flight& flight, LiveMessage const& message);
    void cue_radars(Flight& flight, double t_s, LiveMessage const& message, Outbox& out);
    void fuse(Flight& flight, double t_s, LiveMessage const& message);
    void keep_predictions(Flight& flight, FusionCentre& centre);
    void keep_all_clears(Flight& flight, FusionCentre const& centre);
    void tell_consumers(Flight& flight, double t_s, LiveMessage const& message, Outbox& out);
    void tell_batteries(Flight& flight, double t_s, LiveMessage const& message, Outbox& out);
    void decide(Flight& flight, double t_s, int consumer, Outbox& out);
    void plan_look(Flight& flight, std::size_t radar);
    void take_look(Flight& flight, std::size_t radar, double t_s, Outbox& out);

    Scenario const& scenario_;
    NetworkParams const& network_;
    ArmParams const& arm_;
    NodeParams const& params_;
    NodeScript const& script_;
    std::map<std::int64_t, std::unique_ptr<Flight>> flights_;
    std::multimap<double, Action> due_;  ///< in the order of time, and of their planning
    double back_s_;
};

}  // namespace longwatch
