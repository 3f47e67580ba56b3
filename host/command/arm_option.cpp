#include "host/command/arm_option.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/study/nearest_name.hpp"

namespace longwatch {

int arm_named(Study const& study, std::string const& name)
{
    auto const found = std::find(study.arms.begin(), study.arms.end(), name);
    if (found != study.arms.end()) { return static_cast<int>(found - study.arms.begin()); }
    throw UsageError(fmt::format("--arm '{}' is no arm of the study (known: {})", name,
                                 fmt::join(study.arms, ", ")) +
                     did_you_mean(name, study.arms));
}

}  // namespace longwatch
