#include "host/command/flying.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/command/output.hpp"
#include "host/command/progress.hpp"
#include "host/command/whole_number.hpp"
#include "host/study/nearest_name.hpp"
#include "kernels/tally/tally_layout.hpp"
#include "results/show/terminal_text.hpp"

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

FlownTally fly(std::string const& what, Scenario const& scenario, Flying const& flying,
               FlightRange const& range)
{
    auto const count = grouped(static_cast<std::uint64_t>(range.count));
    auto const style = progress_style(flying.quiet);
    if (style != ProgressStyle::none) {
        tell(fmt::format("{}: {} flights, seed {}, on {}\n", terminal_text(what), count, range.seed,
                         flying.device.name));
    }
    double elapsed_s = 0;
    auto flown = [&] {
        ProgressDisplay display(range.count, style);
        auto const fly_on = flying.device.is_cuda ? fly_on_cuda : fly_on_cpu;
        try {
            auto tally = fly_on(scenario, range, flying.dealing,
                                [&](std::int64_t done) { display.update(done); });
            elapsed_s = display.elapsed_s();
            return tally;
        } catch (std::system_error const& error) {
            if (error.code() != std::errc::resource_unavailable_try_again) { throw; }
            auto const threads =
                flying.dealing.threads > 0 ? flying.dealing.threads : cpu_info().threads;
            throw CannotRun(fmt::format("cannot start {} threads ({}) use fewer --threads", threads,
                                        error.code().message()));
        }
    }();
    if (style != ProgressStyle::none) {
        auto const rate = static_cast<double>(range.count) / elapsed_s;
        tell(fmt::format("{} flights in {:.1f} s ({} per second)\n", count, elapsed_s,
                         grouped(static_cast<std::uint64_t>(rate))));
    }
    return flown;
}

std::vector<Tally> randomisations_of(Tally const& tally)
{
    std::vector<Tally> out;
    int const count = tally.layout.randomisation_count;
    for (int r = 0; count > 1 && r < count; ++r) { out.push_back(tally.part(r)); }
    return out;
}

std::uint64_t failed_flights(Tally const& tally)
{
    std::uint64_t failed = 0;
    for (int threat = 0; threat < tally.layout.threat_count; ++threat) {
        for (int fate = 0; fate < fate_count; ++fate) {
            if (!is_failure(static_cast<Fate>(fate))) { continue; }
            failed += tally.cells[static_cast<std::size_t>(
                tally.layout.fate(threat, static_cast<Fate>(fate)))];
        }
    }
    return failed;
}

}  // namespace longwatch
