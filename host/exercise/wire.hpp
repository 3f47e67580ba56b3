// The network of an exercise as one of its members has it: its own links, and no others. What DDS does is behind this page:
// dds_wire.cpp, a shared object of its own that only the verbs of an exercise load.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/exercise/live_message.hpp"

namespace longwatch {

/// The topic that carries a link's messages ("link"), what is heard of them ("heard"), or a member's words ("words"). DDS takes no
/// hyphens; names have no underscores.
inline std::string topic_name(std::string const& what, std::string const& name)
{
    auto topic = what + '_' + name;
    std::replace(topic.begin(), topic.end(), '-', '_');
    return topic;
}

/// A message as it is on the wire: names in place of numbers. See warning_exercise.idl, of which this is the copy.
struct WireMessage {
    std::uint32_t schema_major = 0, schema_minor = 0;
    std::string exercise;
    std::int64_t flight = 0;
    MessageKind kind = MessageKind::alert;
    std::string maker;        ///< sensor or node
    std::string maker_node;   ///< whose key has signed it
    std::int32_t part = 0;    ///< of a prediction: class and quality; of an all-clear: the consumer
    std::string stamp;        ///< the state that re-stamped it; "" for none
    std::int32_t number = 0;  ///< of a track: its looks so far
    std::vector<std::string> origins;
    double t_made_s = 0, t_expires_s = 0;
    std::optional<LaunchEstimate> launch;
    std::optional<TrackReport> track;
    std::optional<ImpactEstimate> impact;
    std::vector<std::uint8_t> signature;  ///< of all above but the stamp
    std::uint64_t sequence_number = 0;    ///< on its link, from 1
    double t_sent_s = 0;                  ///< by its sender's own clock
    double t_arrives_s = 0;               ///< on the exercise's clock: when the link gives it out
};

struct WireAcknowledgement {
    std::string link;
    std::uint64_t sequence_number = 0;  ///< all up to here have been heard
    double t_heard_s = 0;
};

/// Between the exercise and its nodes: what is the time, what is known.
struct WireWord {
    std::string from;
    std::uint64_t number = 0;
    std::string text;
};

struct WirePlace {
    std::string member;
    std::string address;
    int index = 0;  ///< says its ports
};

struct WireSettings {
    std::string member, exercise;
    std::filesystem::path identity;  ///< folder: key, certificate, permissions
    WirePlace place;
    std::vector<WirePlace> peers;  ///< those at the other ends of its links, and the exercise
    int base_port = 0;
    std::vector<std::string> outgoing, incoming;  ///< names of its links
    bool is_conductor = false;
    std::vector<std::string> nodes;  ///< a conductor's: all
};

/// What is found in the readers.
struct WireMail {
    struct Heard {
        std::string link;
        std::optional<WireMessage> message;  ///< none: what came could not be read
    };
    std::vector<Heard> messages;
    std::vector<WireAcknowledgement> acknowledgements;
    std::vector<WireWord> words;
};

/// To be used from one thread, but for wake(). Throws std::runtime_error where DDS reports an error.
class Wire {
public:
    virtual ~Wire() = default;
    Wire() = default;
    Wire(Wire const&) = delete;
    Wire& operator=(Wire const&) = delete;

    virtual void send(std::string const& link, WireMessage const& message) = 0;
    virtual void acknowledge(WireAcknowledgement const& heard) = 0;
    /// A node's to the exercise; the exercise's to all nodes.
    virtual void tell(WireWord const& word) = 0;
    virtual WireMail take() = 0;
    /// Until there is mail, or so long.
    virtual void wait(std::chrono::nanoseconds at_most) = 0;
    /// Readers and writers at other ends that this member has found: of a link's name, whether its other end is there.
    virtual bool is_connected(std::string const& link) = 0;
    /// A conductor's: nodes whose words it can hear and who can hear it.
    virtual std::vector<std::string> connected_nodes() = 0;
};

/// The one function of the shared object, by this name.
inline constexpr char const* make_wire_name = "longwatch_make_wire";
using MakeWire = std::unique_ptr<Wire>(WireSettings const& settings,
                                       std::string const& configuration);

/// A member's end of the network. Throws std::runtime_error, with what is to be done, where this build has none.
std::unique_ptr<Wire> open_wire(WireSettings const& settings);

}  // namespace longwatch
