// Events of nodes as the words in which they are told to the exercise.
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "host/exercise/live_node.hpp"

namespace longwatch {

nlohmann::json events_json(std::vector<NodeEvent> const& events);

/// Those that can be read; a node's word is not trusted.
std::vector<NodeEvent> events_of(nlohmann::json const& words);

}  // namespace longwatch
