// --arm and --flight: an arm of the study by its name, a flight by its number.
#pragma once

#include <cstdint>
#include <string>

#include "host/study/study.hpp"

namespace longwatch {

/// Its index. Throws UsageError with the known names and the nearest one.
int arm_named(Study const& study, std::string const& name);

/// Throws a UsageError where the study can have no flight of this number.
void check_flight(Study const& study, std::int64_t flight);

}  // namespace longwatch
