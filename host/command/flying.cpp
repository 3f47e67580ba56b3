#include "host/command/flying.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/command/whole_number.hpp"
#include "host/study/nearest_name.hpp"
#include "kernels/tally/tally_layout.hpp"

namespace longwatch {

namespace {

constexpr std::uint64_t threads_max = 4096;
constexpr std::uint64_t chunk_max = std::uint64_t{1} << 24;

Device chosen_device(std::string const& wish)
{
    std::vector<std::string> const known = {"auto", "cpu", "cuda"};
    if (std::find(known.begin(), known.end(), wish) == known.end()) {
        throw UsageError(fmt::format("--device '{}' (known: {})", wish, fmt::join(known, ", ")) +
                         did_you_mean(wish, known));
    }
    if (wish == "cpu") { return {false, "cpu"}; }
    auto const cuda = cuda_info();
    if (!cuda.devices.empty()) { return {true, "cuda: " + cuda.devices.front()}; }
    if (wish == "auto") { return {false, "cpu"}; }
    throw CannotRun(cuda.built ? cuda.problem + " use --device cpu" : cuda.problem);
}

}  // namespace

Flying resolve(FlyingOptions const& options)
{
    Flying flying;
    flying.quiet = options.quiet;
    auto const number = [](char const* name, std::string const& text, std::uint64_t high) {
        return whole_number(name, text, 1, high);
    };
    if (options.flights) {
        flying.flights =
            static_cast<std::int64_t>(number("--flights", *options.flights, tally_flights_max));
    }
    if (options.seed) {
        flying.seed =
            whole_number("--seed", *options.seed, 0, std::numeric_limits<std::uint64_t>::max());
    }
    if (options.threads) {
        flying.dealing.threads =
            static_cast<int>(number("--threads", *options.threads, threads_max));
    }
    if (options.chunk) {
        flying.dealing.chunk = static_cast<int>(number("--chunk", *options.chunk, chunk_max));
    }
    flying.device = chosen_device(options.device);
    return flying;
}

}  // namespace longwatch
