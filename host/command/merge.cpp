// longwatch merge: results of different flights of one run, put together.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "host/command/output.hpp"
#include "host/command/provenance.hpp"
#include "host/command/same_run.hpp"
#include "host/command/verbs.hpp"
#include "host/command/whole_number.hpp"
#include "kernels/tally/settle.hpp"
#include "results/show/show_text.hpp"
#include "results/show/spans_text.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"
#include "results/store/flown_part.hpp"
#include "results/store/schema.hpp"
#include "results/store/store.hpp"

namespace longwatch {

namespace {

namespace fs = std::filesystem;

struct Part {
    std::string file;
    FlightSpans spans;
};

/// Parts put together one by one: only their sum is held, however many there are.
class Merger {
public:
    void add(std::string const& file)
    {
        auto result = read_result(file);
        auto part = part_from(file, result);
        if (parts_.empty()) {
            sum_ = part;
        } else {
            check_belongs(file, part);
            sum_.add(part);
        }
        threads_ = std::max(threads_, result.provenance.threads);
        parts_.push_back({file, part.spans});
        bool const is_first = !first_ || result.first_flight < first_->first_flight;
        if (is_first) { first_ = std::move(result); }
    }

    /// Names, text and assumptions are those of the part with the first flight.
    ResultFile result() const
    {
        auto out = *first_;
        put_into(out, sum_);
        out.provenance.threads = threads_;
        out.provenance.created_utc = created_now();
        return out;
    }

private:
    static FlownPart part_from(std::string const& file, ResultFile const& result)
    {
        auto const refuse = [&](std::string const& why) {
            throw UsageError(fmt::format("cannot merge {} ({})", file, why));
        };
        if (result.flight_count == 0) { refuse("it holds no flights"); }
        if (!result.stopped.empty()) {
            refuse("its run ended early, " + result.stopped + "; it is whole as it is");
        }
        try {
            return part_of(result);
        } catch (std::invalid_argument const& error) {
            refuse(error.what());
        }
        return {};
    }

    void check_belongs(std::string const& file, FlownPart const& part) const
    {
        auto const& other = parts_.front().file;
        auto const said = [](std::string const& value) { return value.empty() ? "absent" : value; };
        if (auto const d = first_difference(sum_, part)) {
            throw UsageError(fmt::format(
                "{} and {} cannot be merged (they are of different runs: {} is {} in the one and "
                "{} "
                "in the other) merge parts of one study, seed, version and kind of device",
                other, file, d->key, said(d->a), said(d->b)));
        }
        for (auto const& earlier : parts_) {
            auto const both = first_overlap(earlier.spans, part.spans);
            if (!both) { continue; }
            throw UsageError(
                fmt::format("{} and {} cannot be merged (both hold {}) give each flight once",
                            earlier.file, file, spans_text({*both})));
        }
    }

    std::vector<Part> parts_;
    FlownPart sum_;
    std::optional<ResultFile> first_;
    int threads_ = 1;
};

/// The flights that there are to be, where that is said.
std::optional<FlightSpan> asked_flights(MergeOptions const& options)
{
    if (!options.flights) {
        if (options.first_flight) {
            throw UsageError("--first-flight says little without --flights (give both)");
        }
        return std::nullopt;
    }
    FlightSpan asked;
    auto const number = [](char const* option, std::string const& text, std::int64_t low) {
        return static_cast<std::int64_t>(
            whole_number(option, text, static_cast<std::uint64_t>(low), run_flights_max));
    };
    asked.count = number("--flights", *options.flights, 1);
    if (options.first_flight) { asked.first = number("--first-flight", *options.first_flight, 0); }
    return asked;
}

/// Flights that lack: between the parts, and of those asked for. Throws UsageError where the parts hold others than these.
FlightSpans missing_flights(ResultFile const& result, std::optional<FlightSpan> const& asked)
{
    if (!asked) { return result.gaps; }
    auto const spans = spans_of(result);
    if (spans.front().first < asked->first || spans.back().end() > asked->end()) {
        throw UsageError(fmt::format("the parts hold {}, and {} are asked for", spans_text(spans),
                                     spans_text({*asked})));
    }
    return missing_from(*asked, spans);
}

void check_output(MergeOptions const& options)
{
    std::error_code ignored;
    for (auto const& part : options.parts) {
        if (!fs::equivalent(part, options.output, ignored)) { continue; }
        throw UsageError(fmt::format(
            "-o {} is one of the parts (it would be replaced) give another file", options.output));
    }
}

}  // namespace

ExitStatus merge(MergeOptions const& options)
{
    check_output(options);
    auto const asked = asked_flights(options);
    auto const place = writable_place(options.output, {}, result_file_type);
    Merger merger;
    for (auto const& file : options.parts) { merger.add(file); }
    auto const result = merger.result();
    auto const missing = missing_flights(result, asked);
    if (!missing.empty()) {
        tell(fmt::format("longwatch: {} {} missing ({} in all){}\n", spans_text(missing),
                         asked ? "are" : "between the parts are", grouped(count_of(missing)),
                         options.with_gaps
                             ? ""
                             : "; nothing is written: fly them with run --first-flight and "
                               "--flights, or give --gaps"));
        if (!options.with_gaps) { return exit_answer_is_no; }
    }
    {
        InterruptionsHeld const held;
        write_result(place, result);
    }
    print(show_text(result));
    print(fmt::format("\n{}\n", options.output));
    finish_output();
    auto const failed = failed_flights(result.tally);
    if (failed == 0) { return exit_fine; }
    tell(fmt::format("longwatch: {} of {} flights failed (counted by fate above)\n", failed,
                     result.flight_count));
    return exit_answer_is_no;
}

}  // namespace longwatch
