// Events of nodes as the words in which they are told to the exercise.
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "host/exercise/live_node.hpp"

namespace longwatch {

nlohmann::json events_json(std::vector<NodeEvent> const& events);

/// Those that can be read; a node's word is not trusted.
std::vector<NodeEvent> events_of(nlohmann::json const& words);

nlohmann::json told_json(std::vector<ToldMessage> const& told);
/// Those that name what the study has; others are left out.
std::vector<ToldMessage> told_of(nlohmann::json const& words, Study const& study);

nlohmann::json knows_json(std::vector<KnownFlight> const& knows);
/// Those whose numbers can be; others are left out.
std::vector<KnownFlight> knows_of(nlohmann::json const& words);

}  // namespace longwatch
