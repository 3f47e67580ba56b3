#include "host/command/resume.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "host/command/output.hpp"
#include "host/command/same_run.hpp"
#include "host/command/whole_number.hpp"
#include "results/show/spans_text.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"
#include "results/store/store.hpp"

namespace longwatch {

namespace fs = std::filesystem;

namespace {

void tell_of(AskedRun const& asked, std::string const& what)
{
    tell(fmt::format("{}: {}\n", terminal_text(asked.none.study.name), terminal_text(what)));
}

/// A part that was found in a file.
struct Found {
    std::string file;
    FlownPart part;
};

/// Why it does not belong to the run that is asked for; "" where it does.
std::string why_not(AskedRun const& asked, FlownPart const& part)
{
    auto const said = [](std::string const& value) { return value.empty() ? "absent" : value; };
    if (auto const d = first_difference(part, asked.none)) {
        return fmt::format("it is of another run: {} is {} there and {} here", d->key, said(d->a),
                           said(d->b));
    }
    FlightSpan const range{asked.range.first, asked.range.count};
    auto const& spans = part.spans;
    if (!spans.empty() && (spans.front().first < range.first || spans.back().end() > range.end())) {
        return fmt::format("it holds {}, and {} are asked for: none can be taken out",
                           spans_text(spans), spans_text({range}));
    }
    return "";
}

void check_belongs(AskedRun const& asked, Found const& found)
{
    auto const why = why_not(asked, found.part);
    if (why.empty()) { return; }
    throw UsageError(fmt::format(
        "cannot go on from {} ({}) give another file with -o, or start anew {}", found.file, why,
        found.file == asked.options.output ? "without --resume" : "with --restart"));
}

/// The result that is there, where it is whole.
std::optional<ResultFile> result_of(AskedRun const& asked)
{
    std::error_code ignored;
    if (!fs::exists(asked.place, ignored) || fs::file_size(asked.place, ignored) == 0) {
        return std::nullopt;
    }
    try {
        return read_result(asked.place);
    } catch (StoreError const& error) {
        if (error.is_whole) {
            throw UsageError(
                fmt::format("{}: it would be lost; give another file with -o", error.what()));
        }
        tell_of(asked, fmt::format("{}: its flights are flown again", error.what()));
        return std::nullopt;
    }
}

bool is_complete(AskedRun const& asked, ResultFile const& result)
{
    auto const part = part_of(result);
    return why_not(asked, part).empty() && asked.is_finished(part) &&
           result.stopped == asked.stopped(part);
}

/// No checkpoint may be lost that nobody has given up.
void check_no_checkpoint(AskedRun const& asked, fs::path const& path)
{
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(path, ignored))) { return; }
    // What cannot be gone on with is refused here, with its own words.
    auto const found = find_checkpoint(path);
    std::string held = "what is left of flights of a run that did not finish";
    if (found && found->part) {
        held =
            fmt::format("{} of study {}, seed {}, of a run that did not finish",
                        spans_text(found->part->spans), found->part->study.name, found->part->seed);
    }
    throw CannotRun(fmt::format(
        "cannot begin {} ({} holds {}) go on with --resume, or throw that away with --restart",
        asked.options.output, path.string(), held));
}

void tell_beginning(AskedRun const& asked, Found const& found)
{
    auto const have = count_of(found.part.spans);
    auto const file = found.file;
    if (have == 0) {
        tell_of(asked,
                fmt::format("nothing to resume ({} and {}.partial hold no flights of it); starting "
                            "from the first flight",
                            asked.options.output, asked.options.output));
    } else if (asked.is_finished(found.part)) {
        tell_of(asked, fmt::format("all {} flights are in {}", grouped(have), file));
    } else {
        tell_of(asked, fmt::format("{} of {} flights are in {}; flying the rest", grouped(have),
                                   grouped(asked.range.count), file));
    }
}

/// What was flown last was written, and its checkpoint not yet removed; one of other flights is left.
void clear_away(AskedRun const& asked, FoundCheckpoint const& checkpoint, ResultFile const& result,
                fs::path const& path)
{
    auto const written = part_of(result);
    auto const is_written = [&](FlightSpan const& span) {
        return missing_from(span, written.spans).empty();
    };
    bool const is_left =
        checkpoint.part && (first_difference(*checkpoint.part, written) ||
                            !std::ranges::all_of(checkpoint.part->spans, is_written));
    if (is_left) {
        tell_of(asked, fmt::format("{} is of {} of study {}, seed {}, and left as it is",
                                   path.string(), spans_text(checkpoint.part->spans),
                                   checkpoint.part->study.name, checkpoint.part->seed));
        return;
    }
    std::error_code ignored;
    fs::remove(path, ignored);
}

/// Tells that another run's result, beside which this run began, will be replaced. UsageError where it was put there since.
void tell_replacing(AskedRun const& asked, Found const& other, fs::path const& path)
{
    std::error_code failed;
    auto const of_checkpoint = fs::last_write_time(path, failed);
    if (failed || fs::last_write_time(asked.place, failed) > of_checkpoint || failed) {
        throw UsageError(fmt::format(
            "cannot go on from {} (since it was written {} was put there, which would be lost; {}) "
            "move that one elsewhere",
            path.string(), other.file, why_not(asked, other.part)));
    }
    tell_of(asked,
            fmt::format("{} is of {} of study {}, seed {}, and will be replaced", other.file,
                        spans_text(other.part.spans), other.part.study.name, other.part.seed));
}

/// What is there of the run that is asked for: of the checkpoint and the result the one with more flights.
Found most_flown(AskedRun const& asked, std::optional<FoundCheckpoint> const& checkpoint,
                 std::optional<ResultFile> const& result, fs::path const& path)
{
    Found in_result{asked.options.output, asked.none};
    Found in_checkpoint{path.string(), asked.none};
    if (checkpoint && !checkpoint->damage.empty()) {
        tell_of(asked, fmt::format("{}: {}", path.string(), checkpoint->damage));
    }
    if (checkpoint && checkpoint->part) {
        in_checkpoint.part = *checkpoint->part;
        check_belongs(asked, in_checkpoint);
    }
    if (result) {
        Found const found{asked.options.output, part_of(*result)};
        if (!in_checkpoint.part.spans.empty() && !why_not(asked, found.part).empty()) {
            tell_replacing(asked, found, path);
        } else {
            check_belongs(asked, found);
            in_result = found;
        }
    }
    return count_of(in_checkpoint.part.spans) > count_of(in_result.part.spans) ? in_checkpoint
                                                                               : in_result;
}

Beginning resumed(AskedRun const& asked, fs::path const& path)
{
    auto const checkpoint = find_checkpoint(path);
    auto result = result_of(asked);
    Beginning out{asked.none, {}, std::nullopt};
    if (result && is_complete(asked, *result)) {
        tell_of(asked, fmt::format("{} is complete ({} flights): nothing to fly",
                                   asked.options.output, grouped(result->flight_count)));
        if (checkpoint) { clear_away(asked, *checkpoint, *result, path); }
        out.complete = std::move(result);
        return out;
    }
    auto const best = most_flown(asked, checkpoint, result, path);
    if (checkpoint) {
        auto const flights = checkpoint->part ? count_of(checkpoint->part->spans) : 0;
        out.kept = {flights, checkpoint->place};
    }
    tell_beginning(asked, best);
    // The rest of the identity is that of this run: its threads, its time.
    out.part.spans = best.part.spans;
    out.part.tally = best.part.tally;
    out.part.failures = best.part.failures;
    return out;
}

}  // namespace

Beginning beginning_of(AskedRun const& asked)
{
    auto const path = checkpoint_path(asked.place);
    auto const refuse = [&](std::string const& why) {
        throw CannotRun(fmt::format("cannot keep a checkpoint as {} ({}) give another file with -o",
                                    path.string(), why));
    };
    std::error_code unreachable;
    auto const there = fs::symlink_status(path, unreachable);
    if (fs::is_symlink(there)) { refuse("it is a link"); }
    if (!fs::exists(there) && unreachable && unreachable != std::errc::no_such_file_or_directory) {
        refuse(unreachable.message());
    }
    if (asked.options.resume) { return resumed(asked, path); }
    if (!asked.options.restart) {
        check_no_checkpoint(asked, path);
        return {asked.none, {}, std::nullopt};
    }
    if (find_checkpoint(path)) {
        std::error_code failed;
        if (!fs::remove(path, failed)) {
            throw CannotRun(fmt::format("cannot remove {} ({})", path.string(), failed.message()));
        }
    }
    return {asked.none, {}, std::nullopt};
}

}  // namespace longwatch
