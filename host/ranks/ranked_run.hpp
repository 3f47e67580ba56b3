// A run on several ranks: rank 0 deals flights out, adds up what comes back and keeps it; all of them fly.
#pragma once

#include <functional>

#include "host/command/run_keeper.hpp"
#include "host/ranks/ranks.hpp"
#include "host/study/study.hpp"

namespace longwatch {

/// What a rank flies.
struct RankedWork {
    Study const& study;
    Flying const& flying;
    FlightRange range;
    FlownPart none;      ///< the run without a flight: what it is of
    double pause_s = 0;  ///< between checkpoints
    int ranks = 1;       ///< that fly it
    std::string output;  ///< where the result goes, as asked
};

/// Another rank than 0: flies what it is dealt until rank 0 says that the run has ended. `work`, called once, may throw:
/// then rank 0 is told, and the others fly without this one.
void fly_for_keeper(Ranks& ranks, std::function<RankedWork()> const& work);

/// Rank 0: has flown what the part lacks of the range, and adds it. `enough`, where given, is asked after each block of
/// flights. Returns the CPU threads of all ranks. Throws Interrupted once it is kept after an interruption, UsageError where
/// a rank would fly another run, CannotRun where no rank is left that flies, StoreError.
int fly_on_ranks(Ranks& ranks, RankedWork const& work, RunKeeper& keeper, FlownPart& part,
                 std::function<bool(FlownPart const&)> const& enough);

}  // namespace longwatch
