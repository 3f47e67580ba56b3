#include "host/command/flying.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/command/output.hpp"
#include "host/command/progress.hpp"
#include "host/command/whole_number.hpp"
#include "host/study/nearest_name.hpp"
#include "host/study/read_sampling.hpp"
#include "kernels/backend/chunks.hpp"
#include "kernels/tally/tally_layout.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

namespace {

constexpr std::uint64_t threads_max = 4096;
constexpr std::uint64_t chunk_max = std::uint64_t{1} << 24;
constexpr std::uint64_t devices_max = 1023;

Device chosen_device(std::string const& wish)
{
    std::vector<std::string> const known = {"auto", "cpu", "cuda"};
    bool const is_numbered = wish.rfind("cuda:", 0) == 0;
    auto const number =
        is_numbered ? whole_number("--device cuda:N, N being", wish.substr(5), 0, devices_max) : 0;
    if (!is_numbered && std::find(known.begin(), known.end(), wish) == known.end()) {
        throw UsageError(
            fmt::format("--device '{}' (known: {}, cuda:N)", wish, fmt::join(known, ", ")) +
            did_you_mean(wish, known));
    }
    if (wish == "cpu") { return {}; }
    auto const cuda = cuda_info();
    if (number < cuda.devices.size()) {
        return {true, static_cast<int>(number), "cuda: " + cuda.devices[number]};
    }
    if (wish == "auto") { return {}; }
    if (!cuda.devices.empty()) {
        throw CannotRun(fmt::format("--device {} (devices here: {}) use cuda:0 to cuda:{}", wish,
                                    cuda.devices.size(), cuda.devices.size() - 1));
    }
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
    flying.dealing.device = flying.device.number;
    return flying;
}

FlightRange flights_asked(Study const& study, Flying const& flying)
{
    FlightRange const range{flying.seed.value_or(study.seed), 0,
                            flying.flights.value_or(study.flights)};
    int const size = study.scenario->raid.size;
    if (range.count % size != 0) {
        throw UsageError(fmt::format(
            "--flights {} (must be a multiple of the raid's size, {}; the nearest is {})",
            range.count, size, nearest_whole_raids(range.count, size)));
    }
    return range;
}

std::int64_t block_flights(Scenario const& scenario)
{
    constexpr std::int64_t least = 10000;
    std::int64_t const round = std::lcm(scenario.mix_count, scenario.raid.size);
    return (least + round - 1) / round * round;
}

namespace {

/// One block after the other, added up, until it is enough.
FlownTally fly_blocks(Scenario const& scenario, Flying const& flying, FlightRange const& range,
                      Progress const& progress, Enough const& enough)
{
    auto const fly_on = flying.device.is_cuda ? fly_on_cuda : fly_on_cpu;
    if (!enough) { return fly_on(scenario, range, flying.dealing, progress); }
    FlownTally all{Tally(tally_layout(scenario)), {}};
    std::int64_t const block = block_flights(scenario);
    for (std::int64_t done = 0; done < range.count; done += block) {
        FlightRange const here{range.seed, range.first + done, std::min(block, range.count - done)};
        auto const flown = fly_on(scenario, here, flying.dealing,
                                  [&](std::int64_t of_block) { progress(done + of_block); });
        all.tally.merge(flown.tally);
        all.failures.insert(all.failures.end(), flown.failures.begin(), flown.failures.end());
        keep_first_failures(all.failures);
        if (enough(all.tally)) { break; }
    }
    return all;
}

}  // namespace

FlownTally fly(std::string const& what, Scenario const& scenario, Flying const& flying,
               FlightRange const& range, Enough const& enough)
{
    auto const count = grouped(static_cast<std::uint64_t>(range.count));
    auto const style = progress_style(flying.quiet);
    if (style != ProgressStyle::none) {
        tell(fmt::format("{}: {}{} flights, seed {}, on {}\n", terminal_text(what),
                         enough ? "up to " : "", count, range.seed, flying.device.name));
    }
    double elapsed_s = 0;
    auto flown = [&] {
        ProgressDisplay display(range.count, style);
        try {
            auto tally = fly_blocks(
                scenario, flying, range, [&](std::int64_t done) { display.update(done); }, enough);
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
        auto const flights = flown_flights(flown.tally);
        auto const rate = static_cast<double>(flights) / elapsed_s;
        tell(fmt::format("{} flights in {:.1f} s ({} per second)\n",
                         grouped(static_cast<std::uint64_t>(flights)), elapsed_s,
                         grouped(static_cast<std::uint64_t>(rate))));
    }
    return flown;
}

std::int64_t flown_flights(Tally const& tally)
{
    auto const& l = tally.layout;
    std::uint64_t sum = 0;
    for (int r = 0; r < l.randomisation_count; ++r) {
        for (int cell = 0; cell < l.threat_count * fate_count; ++cell) {
            int const at = l.randomisation_first(r) + cell;
            sum += tally.cells[static_cast<std::size_t>(at)];
        }
    }
    return static_cast<std::int64_t>(sum);
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
