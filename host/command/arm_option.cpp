#include "host/command/arm_option.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/study/nearest_name.hpp"
#include "host/study/read_sampling.hpp"

namespace longwatch {

int arm_named(Study const& study, std::string const& name)
{
    auto const found = std::find(study.arms.begin(), study.arms.end(), name);
    if (found != study.arms.end()) { return static_cast<int>(found - study.arms.begin()); }
    throw UsageError(fmt::format("--arm '{}' is no arm of the study (known: {})", name,
                                 fmt::join(study.arms, ", ")) +
                     did_you_mean(name, study.arms));
}

void check_flight(Study const& study, std::int64_t flight)
{
    auto const most = most_flights(study.scenario->sampling);
    if (flight < most) { return; }
    throw UsageError(fmt::format("--flight {} (flights of this study are numbered from 0 to {})",
                                 flight, most - 1));
}

}  // namespace longwatch
