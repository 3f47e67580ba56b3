// A study's question about places, as scenarios.
#pragma once

#include <memory>
#include <vector>

#include "host/study/study.hpp"

namespace longwatch {

/// The radar at every candidate site.
std::vector<SensorParams> candidates_of(Study const& study);

/// The prepared study's scenario with its placement's arm alone, in which the radar takes part as the last sensor, at the first
/// candidate site.
std::unique_ptr<Scenario> with_seat(Study const& study);

/// The same arm as it is, then with the radars of each set at their sites (indices of sites); each radar of a set has draws of
/// its own, the first one those of a single candidate.
std::unique_ptr<Scenario> with_sets(Study const& study, std::vector<std::vector<int>> const& sets);

}  // namespace longwatch
