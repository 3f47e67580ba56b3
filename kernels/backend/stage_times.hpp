// How long each stage of the chain takes on the CPU's lanes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "kernels/columns/columns.hpp"
#include "kernels/stages/launch.hpp"

namespace longwatch {

inline constexpr std::array<char const*, 7> stage_names{
    "fly", "clock", "observe", "measure", "share", "battlespace", "engage"};

/// Runs one of these stages on a pack: on member m of its raids, but engage on the raids as a whole.
void run_stage(std::size_t stage, Scenario const& scenario, RaidLaunch const& pack, int m,
               Columns const& c);
inline bool is_of_raids(std::size_t stage) { return stage + 1 == stage_names.size(); }

/// Microseconds per flight, one of each stage for every pack timed.
using StageTimes = std::array<std::vector<double>, stage_names.size()>;

/// Flies packs of raids of one make-up on the thread that calls, stage by stage.
StageTimes stage_times(Scenario const& scenario, std::uint64_t seed, std::int64_t makeup,
                       int packs);

}  // namespace longwatch
