// What every verb that flies takes from the command line: how many flights, on what, and how loud.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/study/study.hpp"
#include "kernels/backend/backend.hpp"
#include "results/store/flown_part.hpp"

namespace longwatch {

/// The options as text, as given.
struct FlyingOptions {
    std::optional<std::string> flights, first_flight, seed, threads, chunk;
    std::optional<std::string> catalog;  ///< folder, in place of the one that the study names
    std::string device = "auto";
    bool quiet = false;
};

/// The device a run uses.
struct Device {
    bool is_cuda = false;
    int number = 0;            ///< which of several
    std::string name = "cpu";  ///< as results record it: "cpu", or "cuda: " and the device's name
};

/// Options checked and put in numbers.
struct Flying {
    std::optional<std::int64_t> flights;  ///< in place of the study's
    std::int64_t first_flight = 0;
    std::optional<std::uint64_t> seed;
    Dealing dealing;
    Device device;
    bool quiet = false;
};

/// Throws UsageError for a value that is not allowed, CannotRun where the device is not there.
Flying resolve(FlyingOptions const& options);

/// The flights of the study, or those asked for. Throws UsageError where they are no whole raids, or more than can be
/// numbered.
FlightRange flights_asked(Study const& study, Flying const& flying);

/// Flies with its progress on standard error under the name `what`. Throws CannotRun where threads cannot be started,
/// DeviceError.
Tally fly(std::string const& what, Scenario const& scenario, Flying const& flying,
          FlightRange const& range);

/// "trilateral-warning: up to 300 flights from 600 on, seed 5, on cpu"
std::string announcement(std::string const& what, Flying const& flying, FlightRange const& range,
                         bool may_end_early);

/// Calls fly(progress), which flies at most so many flights and returns how many, with what it does told on standard error.
void fly_told(std::string const& announcement, Flying const& flying, std::int64_t flights,
              std::function<std::int64_t(Progress const&)> const& fly);

/// Flies from the first flight of a range on, until something is due; at least a chunk. is_due, where given, is asked before
/// each chunk, by any thread. The part names neither study nor seed.
FlownPart fly_piece(Scenario const& scenario, Flying const& flying, FlightRange const& range,
                    std::function<bool()> const& is_due, Progress const& progress);

/// What a run does between its pieces.
struct BetweenPieces {
    /// Whether to end the piece under way: asked before each chunk, by any thread.
    std::function<bool()> is_due;
    /// Called after each piece with all that is flown.
    std::function<void(FlownPart const&)> look;
    /// Asked after each block of flights whether what is flown is enough; absent: all are flown.
    std::function<bool(FlownPart const&)> enough;
};
/// Flights of a block: at least 10,000, whole raids and whole rounds of the mix; the same on every device.
std::int64_t block_flights(Scenario const& scenario);

/// Flies what the part lacks of the range, piece by piece, and adds it. Progress and exceptions as of fly(), and those
/// of `look`: the part then holds what was finished.
void fly_missing(std::string const& what, Study const& study, Flying const& flying,
                 FlightRange const& range, BetweenPieces const& between, FlownPart& part);

/// The tally of each independent randomisation; none under plain Monte Carlo.
std::vector<Tally> randomisations_of(Tally const& tally);

}  // namespace longwatch
