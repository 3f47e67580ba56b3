// longwatch run: flies a study and writes its result.
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "host/command/flying.hpp"
#include "host/command/output.hpp"
#include "host/command/provenance.hpp"
#include "host/command/timing_file.hpp"
#include "host/command/verbs.hpp"
#include "host/plan/ground_tracks.hpp"
#include "host/plan/prepare.hpp"
#include "results/show/show_text.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"
#include "results/statistics/stopping.hpp"
#include "results/store/result_file.hpp"
#include "results/store/store.hpp"

namespace longwatch {

namespace {

/// Some arm, and some consumer where it is about them, whose interval is still too wide.
bool is_enough(Study const& study, Tally const& tally)
{
    auto const& rule = study.stop;
    auto const pooled = tally.pooled();
    auto const parts = randomisations_of(tally);
    int const arms = pooled.layout.arm_count;
    int const consumers = is_of_consumer(rule.on) ? pooled.layout.consumer_count : 1;
    for (int arm = 0; arm < arms; ++arm) {
        for (int consumer = 0; consumer < consumers; ++consumer) {
            bool const asked = (rule.arm < 0 || rule.arm == arm) &&
                               (rule.consumer < 0 || rule.consumer == consumer);
            if (!asked) { continue; }
            auto const half = half_width_of(rule.on, pooled, parts, arm, consumer, rule.confidence);
            if (!half || *half > rule.half_width) { return false; }
        }
    }
    return true;
}

/// What the result says of stopping; "" where the study has no rule, or all flights were flown.
std::string stopped_text(Study const& study, FlightRange const& range, std::int64_t flown)
{
    if (study.stop.on.empty() || flown == range.count) { return ""; }
    return fmt::format("after {} of {} flights: {} is known within {:g} at {:g} % confidence",
                       grouped(flown), grouped(range.count), study.stop.on, study.stop.half_width,
                       100 * study.stop.confidence);
}

ResultFile result_of(Study const& study, Flying const& flying, FlightRange const& range,
                     FlownTally const& flown)
{
    ResultFile result;
    result.provenance = provenance_of(flying);
    result.study = {study.name, study.question, study.text, study.resolved, study.hash};
    result.seed = range.seed;
    result.first_flight = range.first;
    result.flight_count = flown_flights(flown.tally);
    result.stopped = stopped_text(study, range, result.flight_count);
    result.assumptions = study.assumptions;
    result.names = {study.threats, study.arms,    study.consumers, study.batteries,
                    study.sensors, study.origins, study.nodes,     study.links};
    result.sampling = sampling_names[static_cast<int>(study.scenario->sampling.kind)];
    result.randomisations = randomisations_of(flown.tally);
    result.tally = flown.tally.pooled();
    for (auto const& failure : flown.failures) {
        result.failures.push_back({failure.flight, failure.fate});
    }
    result.tracks = ground_tracks(*study.scenario);
    return result;
}

}  // namespace

ExitStatus run(RunOptions const& options)
{
    auto const flying = resolve(options.flying);
    auto const place = writable_place(options.output, options.study);
    auto study = read_study(options.study);
    prepare(study);
    auto const range = flights_asked(study, flying);
    tell_remarks(study, range.count);
    Enough enough;
    if (!study.stop.on.empty()) {
        enough = [&](Tally const& tally) { return is_enough(study, tally); };
    }
    std::optional<TimingFile> timing;
    if (options.timing) { timing.emplace(*options.timing); }
    Stopwatch const watch;
    auto const flown = fly(study.name, *study.scenario, flying, range, enough);
    auto const elapsed = watch.elapsed();
    auto const result = result_of(study, flying, range, flown);
    if (timing) { timing->add(result, elapsed); }
    {
        InterruptionsHeld const held;
        write_result(place, result);
    }
    print(show_text(result));
    print(fmt::format("\n{}\n", options.output));
    finish_output();

    if (enough && result.stopped.empty() && !is_enough(study, flown.tally)) {
        tell(fmt::format(
            "{}: remark: all {} flights are flown, and {} is not yet known within {:g}\n",
            terminal_text(study.name), grouped(result.flight_count), study.stop.on,
            study.stop.half_width));
    }
    auto const failed = failed_flights(result.tally);
    if (failed == 0) { return exit_fine; }
    tell(fmt::format(
        "longwatch: {} of {} flights failed (counted by fate above; the first are listed in the "
        "result)\n",
        failed, result.flight_count));
    return exit_answer_is_no;
}

}  // namespace longwatch
