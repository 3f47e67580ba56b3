// A told flight on a page, for the terminal.
#pragma once

#include <string>

#include "host/replay/flight_replay.hpp"
#include "host/study/study.hpp"

namespace longwatch {

std::string replay_tables(Study const& study, FlightReplay const& replay);

}  // namespace longwatch
