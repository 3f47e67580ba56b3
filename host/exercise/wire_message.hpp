// Messages of an exercise between the node, which numbers things, and the wire, which names them; and what is wrong with one that came.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "host/exercise/wire.hpp"
#include "host/study/study.hpp"

namespace longwatch {

inline constexpr std::uint32_t wire_schema_major = 1, wire_schema_minor = 0;

/// Why a message is thrown away.
enum class Dropped : int { refused, replayed, forged, malformed, expired };
inline constexpr int dropped_count = 5;
inline constexpr char const* dropped_names[dropped_count] = {"refused", "replayed", "forged",
                                                             "malformed", "expired"};

struct DroppedMessage {
    Dropped why = Dropped::malformed;
    std::string what;  ///< a sentence for the log
};

/// Names for numbers; without what the link adds.
WireMessage to_wire(Study const& study, std::string const& exercise, LiveMessage const& message);

/// What is signed: everything that its maker says, in the order of the schema.
std::vector<std::uint8_t> signed_bytes(WireMessage const& message);

/// Checks all but signature, time and whether it came before: known names that fit together, finite numbers, what a message of
/// its kind must have.
std::variant<LiveMessage, DroppedMessage> from_wire(Study const& study, std::string const& exercise,
                                                    WireMessage const& message);

}  // namespace longwatch
