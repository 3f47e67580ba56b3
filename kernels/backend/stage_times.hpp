// How long each stage of the chain takes on the CPU's lanes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "kernels/scenario.hpp"

namespace longwatch {

inline constexpr std::array<char const*, 7> stage_names{
    "fly", "clock", "observe", "measure", "share", "battlespace", "engage"};

/// Microseconds per flight, one of each stage for every pack timed.
using StageTimes = std::array<std::vector<double>, stage_names.size()>;

/// Flies packs of raids of one make-up on the thread that calls, stage by stage.
StageTimes stage_times(Scenario const& scenario, std::uint64_t seed, std::int64_t makeup,
                       int packs);

}  // namespace longwatch
