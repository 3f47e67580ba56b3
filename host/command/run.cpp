// longwatch run: flies a study and writes its result.
#include <exception>
#include <optional>

#include <fmt/format.h>

#include "host/command/catalog_folder.hpp"
#include "host/command/flying.hpp"
#include "host/command/output.hpp"
#include "host/command/provenance.hpp"
#include "host/command/real_number.hpp"
#include "host/command/resume.hpp"
#include "host/command/run_keeper.hpp"
#include "host/command/timing_file.hpp"
#include "host/command/verbs.hpp"
#include "host/plan/ground_tracks.hpp"
#include "host/plan/prepare.hpp"
#include "host/ranks/ranked_run.hpp"
#include "kernels/backend/chunks.hpp"
#include "results/show/show_text.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"
#include "results/statistics/stopping.hpp"
#include "results/store/result_file.hpp"
#include "results/store/schema.hpp"
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

/// A run of the study of which no flight is flown yet.
FlownPart no_part(Study const& study, Flying const& flying, FlightRange const& range)
{
    FlownPart part;
    part.provenance = provenance_of(flying);
    part.study = {study.name, study.question, study.text, study.resolved, study.hash};
    part.seed = range.seed;
    part.tally = Tally(tally_layout(*study.scenario));
    return part;
}

ResultFile result_of(Study const& study, Flying const& flying, FlightRange const& range,
                     FlownPart const& part)
{
    ResultFile result;
    result.provenance = provenance_of(flying);
    result.study = part.study;
    result.seed = range.seed;
    put_into(result, part);
    result.stopped = stopped_text(study, range, result.flight_count);
    result.assumptions = study.assumptions;
    result.names = {study.threats, study.arms,    study.consumers, study.batteries,
                    study.sensors, study.origins, study.nodes,     study.links};
    result.sampling = sampling_names[static_cast<int>(study.scenario->sampling.kind)];
    result.tracks = ground_tracks(*study.scenario);
    return result;
}

/// The flights are all flown, or as many as the study's rule asks for: it looks at whole blocks from the first flight on.
bool is_finished(Study const& study, FlightRange const& range, FlownPart const& part)
{
    if (count_of(part.spans) == range.count) { return true; }
    bool const is_looked_at = !study.stop.on.empty() && part.spans.size() == 1 &&
                              part.spans[0].count % block_flights(*study.scenario) == 0;
    return is_looked_at && is_enough(study, part.tally);
}

void tell_kept(RunKeeper const& keeper, FlightRange const& range)
{
    auto const file = terminal_text(keeper.path().string());
    tell(
        keeper.kept() > 0
            ? fmt::format("longwatch: {} of {} flights are kept in {}: go on with the same command "
                          "and --resume\n",
                          grouped(keeper.kept()), grouped(range.count), file)
            : fmt::format("longwatch: no flights could be kept in {}\n", file));
}

/// Something went wrong that is no interruption: what is flown is kept, where that can be.
void keep_after_failure(RunKeeper& keeper, FlownPart const& part, FlightRange const& range)
{
    if (part.spans.empty()) { return; }
    try {
        if (count_of(part.spans) > keeper.kept()) { keeper.keep(part); }
    } catch (StoreError const&) {
        // What was kept before still is.
    }
    tell_kept(keeper, range);
}

/// Flies what the part lacks, with the other ranks where there are any. Returns the CPU threads that flew.
int fly_and_keep(Ranks* ranks, RankedWork const& work, RunKeeper& keeper, FlownPart& part)
{
    auto const& study = work.study;
    auto const& range = work.range;
    BetweenPieces between;
    between.is_due = [&] { return keeper.is_due(); };
    between.look = [&](FlownPart const& so_far) { keeper.look(so_far); };
    if (!study.stop.on.empty()) {
        between.enough = [&](FlownPart const& so_far) { return is_enough(study, so_far.tally); };
    }
    try {
        if (ranks != nullptr) { return fly_on_ranks(*ranks, work, keeper, part, between.enough); }
        fly_missing(study.name, study, work.flying, range, between, part);
        return work.none.provenance.threads;
    } catch (Interrupted const&) {
        if (part.spans.empty()) {
            tell("longwatch: interrupted before a flight was finished\n");
        } else {
            tell_kept(keeper, range);
        }
        keeper.let_interruptions_through();
        if (ranks != nullptr) { ranks->let_interruptions_through(); }
        throw CannotRun("interrupted");  // where something else keeps the program alive
    } catch (std::exception const&) {
        keep_after_failure(keeper, part, range);
        throw;
    }
}

ExitStatus show_flown(RunOptions const& options, ResultFile const& result)
{
    print(show_text(result));
    print(fmt::format("\n{}\n", options.output));
    finish_output();
    auto const failed = failed_flights(result.tally);
    if (failed == 0) { return exit_fine; }
    tell(fmt::format(
        "longwatch: {} of {} flights failed (counted by fate above; the first are listed in the "
        "result)\n",
        failed, result.flight_count));
    return exit_answer_is_no;
}

/// Seconds between checkpoints.
double checkpoint_pause_s(RunOptions const& options)
{
    constexpr double usual_s = 10, most_s = 86400;
    return options.checkpoint_s ? real_number("--checkpoint-s", *options.checkpoint_s, {0, most_s})
                                : usual_s;
}

int rank_count(Ranks const* ranks) { return ranks != nullptr ? ranks->place().ranks : 1; }

Flying flying_of(RunOptions const& options, Ranks const* ranks)
{
    // The threads that a device's driver starts must not take interruptions either.
    InterruptionsHeld const held;
    return resolve(ranks != nullptr ? options_of_rank(options.flying, ranks->place())
                                    : options.flying);
}

/// The run of this program alone, or of all ranks as seen from rank 0.
ExitStatus run_and_write(RunOptions const& options, Ranks* ranks)
{
    auto const pause_s = checkpoint_pause_s(options);
    auto const flying = flying_of(options, ranks);
    auto const place = replaceable_place(options.output, options.study, result_file_type);
    auto study = read_study(options.study, reading_with(options.flying.catalog));
    auto const range = flights_asked(study, flying);
    auto const none = no_part(study, flying, range);
    auto beginning = beginning_of(
        {options, place, range, none,
         [&](FlownPart const& part) { return is_finished(study, range, part); },
         [&](FlownPart const& part) { return stopped_text(study, range, count_of(part.spans)); }});
    if (beginning.complete) { return show_flown(options, *beginning.complete); }
    check_writable(place, options.output);
    prepare(study);
    tell_remarks(study, range.count);
    std::optional<TimingFile> timing;
    if (options.timing) { timing.emplace(*options.timing); }

    auto& part = beginning.part;
    auto const before = count_of(part.spans);
    RunKeeper keeper(place, beginning.kept, pause_s);
    Stopwatch const watch;
    auto result_threads = none.provenance.threads;
    if (!is_finished(study, range, part)) {
        RankedWork const work{study,         flying, range, none, pause_s, rank_count(ranks),
                              options.output};
        result_threads = fly_and_keep(ranks, work, keeper, part);
    }
    auto const elapsed = watch.elapsed();
    auto result = result_of(study, flying, range, part);
    result.provenance.threads = result_threads;
    try {
        write_result(place, result);
    } catch (StoreError const&) {
        keep_after_failure(keeper, part, range);
        throw;
    }
    keeper.discard();
    keeper.let_interruptions_through();
    if (timing) { timing->add(result, result.flight_count - before, elapsed); }
    if (!study.stop.on.empty() && result.stopped.empty() && !is_enough(study, part.tally)) {
        tell(fmt::format(
            "{}: remark: all {} flights are flown, and {} is not yet known within {:g}\n",
            terminal_text(study.name), grouped(result.flight_count), study.stop.on,
            study.stop.half_width));
    }
    return show_flown(options, result);
}

/// Of any other rank: it flies what rank 0 deals, which tells and writes everything.
ExitStatus fly_as_rank(RunOptions const& options, Ranks& ranks)
{
    std::optional<Flying> flying;
    std::optional<Study> study;
    fly_for_keeper(ranks, [&] {
        flying = flying_of(options, &ranks);
        study = read_study(options.study, reading_with(options.flying.catalog));
        auto const range = flights_asked(*study, *flying);
        auto const none = no_part(*study, *flying, range);
        prepare(*study);
        return RankedWork{
            *study,        *flying, range, none, checkpoint_pause_s(options), rank_count(&ranks),
            options.output};
    });
    return exit_fine;
}

}  // namespace

ExitStatus run(RunOptions const& options)
{
    if (options.resume && options.restart) {
        throw UsageError(
            "--resume and --restart (the one goes on, the other throws away) give one of them");
    }
    auto const ranks = options.alone ? nullptr : join_ranks();
    return ranks && !ranks->is_keeper() ? fly_as_rank(options, *ranks)
                                        : run_and_write(options, ranks.get());
}

}  // namespace longwatch
