// longwatch run: flies a study and writes its result.
#include <ctime>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "host/command/code_version.hpp"
#include "host/command/flying.hpp"
#include "host/command/output.hpp"
#include "host/command/verbs.hpp"
#include "host/plan/prepare.hpp"
#include "results/show/show_text.hpp"
#include "results/store/result_file.hpp"
#include "results/store/store.hpp"

namespace longwatch {

namespace {

Provenance provenance_of(Flying const& flying)
{
    auto const cpu = cpu_info();
    Provenance origin;
    origin.code_version = code_version;
    origin.git_hash = code_commit;
    origin.created_utc = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    origin.device = flying.device.name;
    origin.precision = "double";
    if (flying.device.is_cuda) {
        origin.instructions = "cuda";
        return origin;
    }
    origin.instructions = cpu.instructions;
    origin.lanes = cpu.lanes;
    origin.threads = flying.dealing.threads > 0 ? flying.dealing.threads : cpu.threads;
    return origin;
}

ResultFile result_of(Study const& study, Flying const& flying, FlightRange const& range,
                     FlownTally const& flown)
{
    ResultFile result;
    result.provenance = provenance_of(flying);
    result.study = {study.name, study.question, study.text, study.resolved, study.hash};
    result.seed = range.seed;
    result.first_flight = range.first;
    result.flight_count = range.count;
    result.assumptions = study.assumptions;
    result.names = {study.threats, study.arms,    study.consumers, study.batteries,
                    study.sensors, study.origins, study.nodes,     study.links};
    result.sampling = sampling_names[static_cast<int>(study.scenario->sampling.kind)];
    result.randomisations = randomisations_of(flown.tally);
    result.tally = flown.tally.pooled();
    for (auto const& failure : flown.failures) {
        result.failures.push_back({failure.flight, failure.fate});
    }
    return result;
}

}  // namespace

ExitStatus run(RunOptions const& options)
{
    auto const flying = resolve(options.flying);
    auto const place = writable_place(options.output, options.study);
    auto study = read_study(options.study);
    prepare(study);
    FlightRange const range{flying.seed.value_or(study.seed), 0,
                            flying.flights.value_or(study.flights)};
    tell_remarks(study, range.count);
    auto const result =
        result_of(study, flying, range, fly(study.name, *study.scenario, flying, range));
    {
        InterruptionsHeld const held;
        write_result(place, result);
    }
    print(show_text(result));
    print(fmt::format("\n{}\n", options.output));
    finish_output();

    auto const failed = failed_flights(result.tally);
    if (failed == 0) { return exit_fine; }
    tell(fmt::format(
        "longwatch: {} of {} flights failed (counted by fate above; the first are listed in the "
        "result)\n",
        failed, range.count));
    return exit_answer_is_no;
}

}  // namespace longwatch
