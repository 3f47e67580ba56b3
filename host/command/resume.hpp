// What is there of a run already: its result, and the checkpoint beside it.
#pragma once

#include <optional>
#include <string>

#include "host/command/run_keeper.hpp"
#include "host/command/verbs.hpp"

namespace longwatch {

/// Where a run begins.
struct Beginning {
    FlownPart part;                      ///< flown already
    KeptBefore kept;                     ///< the checkpoint to go on with
    std::optional<ResultFile> complete;  ///< the result, where nothing is left to fly or to write
};

/// The run that is asked for.
struct AskedRun {
    RunOptions const& options;
    std::filesystem::path place;  ///< of the result
    FlightRange range;
    FlownPart none;  ///< it, without a flight
    /// Whether a run with these flights would end here, and what its result would say of that.
    std::function<bool(FlownPart const&)> is_finished;
    std::function<std::string(FlownPart const&)> stopped;
};

/// Without --resume an empty part, and CannotRun where a checkpoint would be lost. With it what the checkpoint or the result
/// holds, told on standard error; UsageError where that is of another run or has other flights than are asked for. With
/// --restart the checkpoint is thrown away.
Beginning beginning_of(AskedRun const& asked);

}  // namespace longwatch
