#include "host/command/resume.hpp"

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

/// Throws where it does not belong to the run that is asked for.
void check_belongs(AskedRun const& asked, Found const& found)
{
    auto const refuse = [&](std::string const& why) {
        throw UsageError(fmt::format(
            "cannot go on from {} ({}) give another file with -o, or start anew {}", found.file,
            why, found.file == asked.options.output ? "without --resume" : "with --restart"));
    };
    auto const said = [](std::string const& value) { return value.empty() ? "absent" : value; };
    if (auto const d = first_difference(found.part, asked.none)) {
        refuse(fmt::format("it is of another run: {} is {} there and {} here", d->key, said(d->a),
                           said(d->b)));
    }
    FlightSpan const range{asked.range.first, asked.range.count};
    auto const& spans = found.part.spans;
    if (!spans.empty() && (spans.front().first < range.first || spans.back().end() > range.end())) {
        refuse(fmt::format("it holds {}, and {} are asked for: none can be taken out",
                           spans_text(spans), spans_text({range})));
    }
}

std::optional<FoundCheckpoint> checkpoint_of(AskedRun const& asked, fs::path const& path)
{
    auto found = find_checkpoint(path);
    if (!found) { return std::nullopt; }
    if (!found->damage.empty()) {
        tell_of(asked, fmt::format("{}: {}", path.string(), found->damage));
    }
    if (found->part) { check_belongs(asked, {path.string(), *found->part}); }
    return found;
}

/// The result that is there, where it is whole.
std::optional<ResultFile> result_of(AskedRun const& asked)
{
    std::error_code ignored;
    if (!fs::exists(asked.place, ignored) || fs::file_size(asked.place, ignored) == 0) {
        return std::nullopt;
    }
    try {
        auto result = read_result(asked.place);
        check_belongs(asked, {asked.options.output, part_of(result)});
        return result;
    } catch (StoreError const& damaged) {
        tell_of(asked, fmt::format("{}: its flights are flown again", damaged.what()));
        return std::nullopt;
    }
}

/// No checkpoint may be lost that nobody has given up.
void check_no_checkpoint(AskedRun const& asked, fs::path const& path)
{
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(path, ignored))) { return; }
    std::string held = "flights of a run that did not finish";
    try {
        auto const found = find_checkpoint(path);
        if (found && found->part) {
            held = fmt::format("{} of study {}, seed {}, of a run that did not finish",
                               spans_text(found->part->spans), found->part->study.name,
                               found->part->seed);
        }
    } catch (StoreError const&) {
        held = "something that is no checkpoint";
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

Beginning resumed(AskedRun const& asked, fs::path const& path)
{
    auto checkpoint = checkpoint_of(asked, path);
    auto result = result_of(asked);
    Beginning out{asked.none, {}, std::nullopt};
    if (checkpoint) {
        auto const flights = checkpoint->part ? count_of(checkpoint->part->spans) : 0;
        out.kept = {true, flights, checkpoint->place};
    }
    Found best{asked.options.output, asked.none};
    if (result) { best.part = part_of(*result); }
    bool const has_more = checkpoint && checkpoint->part &&
                          count_of(checkpoint->part->spans) > count_of(best.part.spans);
    if (has_more) { best = {path.string(), *checkpoint->part}; }
    bool const is_complete = result && !has_more && asked.is_finished(best.part) &&
                             result->stopped == asked.stopped(best.part);
    if (is_complete) {
        tell_of(asked, fmt::format("{} is complete ({} flights): nothing to fly",
                                   asked.options.output, grouped(result->flight_count)));
        // What was flown last was written, and its checkpoint not yet removed.
        if (checkpoint) {
            std::error_code ignored;
            fs::remove(path, ignored);
        }
        out.complete = std::move(result);
        return out;
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
    std::error_code unreachable;
    if (!fs::exists(fs::symlink_status(path, unreachable)) && unreachable &&
        unreachable != std::errc::no_such_file_or_directory) {
        throw CannotRun(fmt::format("cannot keep a checkpoint as {} ({}) give another file with -o",
                                    path.string(), unreachable.message()));
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
