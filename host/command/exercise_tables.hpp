// What an exercise came to, as tables.
#pragma once

#include <string>
#include <vector>

#include "host/exercise/conductor.hpp"
#include "host/exercise/model_events.hpp"
#include "results/store/message_log.hpp"

namespace longwatch {

/// The table of what was to happen and what did.
void print_comparison(Study const& study, std::vector<ComparedEvent> const& events);

/// On granted time (speed 0) everything is to happen when the model says; on a clock that runs, to happen. Whether it did.
bool print_verdict(std::vector<ComparedEvent> const& events, double speed);

/// What nodes know at the end, and how old that is.
void print_knowledge(Study const& study, Conductor const& conductor);

/// How long messages took from one end of a link to the other, by the clock on the wall; of a transport that keeps no latency.
void print_transport(std::vector<MessageRow> const& rows, double speed);

}  // namespace longwatch
