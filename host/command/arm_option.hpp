// --arm: an arm of the study by its name.
#pragma once

#include <string>

#include "host/study/study.hpp"

namespace longwatch {

/// Its index. Throws UsageError with the known names and the nearest one.
int arm_named(Study const& study, std::string const& name);

}  // namespace longwatch
