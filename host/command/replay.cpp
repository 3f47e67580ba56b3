// longwatch replay: one flight of a study in full.
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "host/command/arm_option.hpp"
#include "host/command/catalog_folder.hpp"
#include "host/command/code_version.hpp"
#include "host/command/output.hpp"
#include "host/command/verbs.hpp"
#include "host/command/whole_number.hpp"
#include "host/plan/prepare.hpp"
#include "host/replay/replay_folder.hpp"
#include "host/replay/replay_tables.hpp"
#include "kernels/tally/settle.hpp"

namespace longwatch {

namespace {

/// The arms to tell: all, or the one asked for.
std::vector<int> chosen_arms(Study const& study, std::optional<std::string> const& wish)
{
    if (wish) { return {arm_named(study, *wish)}; }
    std::vector<int> arms(study.arms.size());
    std::iota(arms.begin(), arms.end(), 0);
    return arms;
}
}  // namespace

ExitStatus replay(ReplayOptions const& options)
{
    constexpr auto flight_max = static_cast<std::uint64_t>(run_flights_max) - 1;
    auto const flight =
        static_cast<std::int64_t>(whole_number("--flight", options.flight, 0, flight_max));
    auto const flying = resolve(options.flying);
    check_replay_folder(options.output);
    auto study = read_study(options.study, reading_with(options.flying.catalog));
    check_flight(study, flight);
    auto const arms = chosen_arms(study, options.arm);
    prepare(study);
    study.scenario->keeps_shots = true;
    if (flight >= study.flights) {
        tell(fmt::format("{}: remark: flight {} is beyond the {} that the study flies\n",
                         study.name, flight, study.flights));
    }
    auto const seed = flying.seed.value_or(study.seed);
    auto flown = flying.device.is_cuda
                     ? flight_on_cuda(*study.scenario, seed, flight, flying.dealing.device)
                     : flight_on_cpu(*study.scenario, seed, flight);
    auto const told = tell_flight(study, std::move(flown), arms);
    ReplayOrigin const origin{code_version, code_commit, flying.device.name,
                              flying.device.is_cuda ? "cuda" : cpu_info().instructions};
    auto const files = replay_files(study, told, origin);
    {
        InterruptionsHeld const held;
        write_replay(options.output, files);
    }
    print(replay_tables(study, told));
    print(fmt::format("\n{}\n", options.output));
    finish_output();
    return is_failure(told.outcome.fate) ? exit_answer_is_no : exit_fine;
}

}  // namespace longwatch
