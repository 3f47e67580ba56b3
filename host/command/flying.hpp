// What every verb that flies takes from the command line: how many flights, on what, and how loud.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernels/backend/backend.hpp"

namespace longwatch {

/// The options as text, as given.
struct FlyingOptions {
    std::optional<std::string> flights, seed, threads, chunk;
    std::string device = "auto";
    bool quiet = false;
};

/// The device a run uses.
struct Device {
    bool is_cuda = false;
    std::string name;  ///< as results record it: "cpu", or "cuda: " and the device's name
};

/// Options checked and put in numbers.
struct Flying {
    std::optional<std::int64_t> flights;  ///< in place of the study's
    std::optional<std::uint64_t> seed;
    Dealing dealing;
    Device device;
    bool quiet = false;
};

/// Throws UsageError for a value that is not allowed, CannotRun where the device is not there.
Flying resolve(FlyingOptions const& options);

/// Flies, with its progress on standard error under the name `what`.
/// Throws CannotRun where threads cannot be started, DeviceError.
FlownTally fly(std::string const& what, Scenario const& scenario, Flying const& flying,
               FlightRange const& range);

/// The tally of each independent randomisation; none under plain Monte Carlo.
std::vector<Tally> randomisations_of(Tally const& tally);

/// Flights of a tally that ended in a failure.
std::uint64_t failed_flights(Tally const& tally);

}  // namespace longwatch
