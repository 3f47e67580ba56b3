#include "host/command/flying.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <numeric>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/command/output.hpp"
#include "host/command/progress.hpp"
#include "host/command/whole_number.hpp"
#include "host/study/nearest_name.hpp"
#include "host/study/read_sampling.hpp"
#include "kernels/backend/chunks.hpp"
#include "kernels/tally/settle.hpp"
#include "results/show/table.hpp"
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
    auto const count = [](char const* name, std::string const& text, std::uint64_t high) {
        return whole_number(name, text, 1, high);
    };
    if (options.flights) {
        flying.flights =
            static_cast<std::int64_t>(count("--flights", *options.flights, run_flights_max));
    }
    if (options.first_flight) {
        flying.first_flight = static_cast<std::int64_t>(
            whole_number("--first-flight", *options.first_flight, 0, run_flights_max - 1));
    }
    if (options.seed) {
        flying.seed =
            whole_number("--seed", *options.seed, 0, std::numeric_limits<std::uint64_t>::max());
    }
    if (options.threads) {
        flying.dealing.threads =
            static_cast<int>(count("--threads", *options.threads, threads_max));
    }
    if (options.chunk) {
        flying.dealing.chunk = static_cast<int>(count("--chunk", *options.chunk, chunk_max));
    }
    flying.device = chosen_device(options.device);
    flying.dealing.device = flying.device.number;
    return flying;
}

FlightRange flights_asked(Study const& study, Flying const& flying)
{
    FlightRange const range{flying.seed.value_or(study.seed), flying.first_flight,
                            flying.flights.value_or(study.flights)};
    int const size = study.scenario->raid.size;
    for (auto const& [option, value] :
         {std::pair{"--flights", range.count}, std::pair{"--first-flight", range.first}}) {
        if (value % size == 0) { continue; }
        throw UsageError(
            fmt::format("{} {} (must be a multiple of the raid's size, {}; the nearest is {})",
                        option, value, size, nearest_whole_raids(value, size)));
    }
    auto const most = most_flights(study.scenario->sampling);
    if (range.first + range.count > most) {
        throw UsageError(fmt::format(
            "flights {} to {} (flights of this study are numbered from 0 to {}) ask for fewer",
            range.first, range.first + range.count - 1, most - 1));
    }
    if (range.first > 0 && !study.stop.on.empty()) {
        throw UsageError(fmt::format(
            "--first-flight {} (the study has a [stop], which looks at flights from the first on) "
            "leave one of the two out",
            range.first));
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

static_assert(failures_kept == failures_listed_max);

FlownPart part_from(FlightSpan const& span, FlownTally const& flown)
{
    FlownPart part;
    part.spans = joined(std::vector<FlightSpan>{span});
    part.tally = flown.tally;
    for (auto const& failure : flown.failures) {
        part.failures.push_back({failure.flight, failure.fate});
    }
    return part;
}

}  // namespace

FlownPart fly_piece(Scenario const& scenario, Flying const& flying, FlightRange const& range,
                    std::function<bool()> const& is_due, Progress const& progress)
{
    std::atomic<bool> has_begun{false};
    auto dealing = flying.dealing;
    if (is_due) {
        dealing.stop = [&] { return has_begun.exchange(true) && is_due(); };
    }
    auto const flown =
        (flying.device.is_cuda ? fly_on_cuda : fly_on_cpu)(scenario, range, dealing, progress);
    return part_from({range.first, flown.flights}, flown);
}

namespace {

void fly_pieces(Scenario const& scenario, Flying const& flying, FlightRange const& range,
                BetweenPieces const& between, Progress const& progress, FlownPart& part)
{
    std::int64_t done = 0;
    auto const block = between.enough ? block_flights(scenario) : run_flights_max;
    for (auto const& gap : missing_from({range.first, range.count}, part.spans)) {
        for (std::int64_t at = gap.first; at < gap.end();) {
            auto const boundary = (at / block + 1) * block;
            auto const end = std::min({gap.end(), boundary, at + settled_above});
            auto const flown =
                fly_piece(scenario, flying, {range.seed, at, end - at}, between.is_due,
                          [&](std::int64_t of_piece) { progress(done + of_piece); });
            auto const flights = count_of(flown.spans);
            part.add(flown);
            at += flights;
            done += flights;
            if (between.look) { between.look(part); }
            if (between.enough && at == boundary && between.enough(part)) { return; }
        }
    }
}

}  // namespace

std::string announcement(std::string const& what, Flying const& flying, FlightRange const& range,
                         bool may_end_early)
{
    return fmt::format("{}: {}{}{}, seed {}, on {}", terminal_text(what),
                       may_end_early ? "up to " : "", counted(range.count, "flight"),
                       range.first == 0 ? "" : " from " + grouped(range.first) + " on", range.seed,
                       flying.device.name);
}

void fly_told(std::string const& announcement, Flying const& flying, std::int64_t flights,
              std::function<std::int64_t(Progress const&)> const& fly)
{
    auto const style = progress_style(flying.quiet);
    if (style != ProgressStyle::none) { tell(announcement + "\n"); }
    double elapsed_s = 0;
    std::int64_t flown = 0;
    {
        ProgressDisplay display(flights, style);
        try {
            flown = fly([&](std::int64_t done) { display.update(done); });
            elapsed_s = display.elapsed_s();
        } catch (std::system_error const& error) {
            if (error.code() != std::errc::resource_unavailable_try_again) { throw; }
            auto const threads =
                flying.dealing.threads > 0 ? flying.dealing.threads : cpu_info().threads;
            throw CannotRun(fmt::format("cannot start {} threads ({}) use fewer --threads", threads,
                                        error.code().message()));
        }
    }
    if (style != ProgressStyle::none) {
        auto const rate = static_cast<double>(flown) / elapsed_s;
        tell(fmt::format("{} in {:.1f} s ({} per second)\n", counted(flown, "flight"), elapsed_s,
                         grouped(static_cast<std::int64_t>(rate))));
    }
}

Tally fly(std::string const& what, Scenario const& scenario, Flying const& flying,
          FlightRange const& range)
{
    FlownPart part;
    part.tally = Tally(tally_layout(scenario));
    auto const text = announcement(what, flying, range, false);
    fly_told(text, flying, range.count, [&](Progress const& progress) {
        fly_pieces(scenario, flying, range, {}, progress, part);
        return range.count;
    });
    return part.tally;
}

void fly_missing(std::string const& what, Study const& study, Flying const& flying,
                 FlightRange const& range, BetweenPieces const& between, FlownPart& part)
{
    auto const before = count_of(part.spans);
    auto const text = announcement(what, flying, range, static_cast<bool>(between.enough));
    fly_told(text, flying, range.count - before, [&](Progress const& progress) {
        fly_pieces(*study.scenario, flying, range, between, progress, part);
        return count_of(part.spans) - before;
    });
}

std::vector<Tally> randomisations_of(Tally const& tally)
{
    std::vector<Tally> out;
    int const count = tally.layout.randomisation_count;
    for (int r = 0; count > 1 && r < count; ++r) { out.push_back(tally.part(r)); }
    return out;
}

}  // namespace longwatch
