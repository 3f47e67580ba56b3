// longwatch regress: what has moved since a baseline; and making baselines.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "host/command/output.hpp"
#include "host/command/regress_report.hpp"
#include "host/command/text_place.hpp"
#include "host/command/verbs.hpp"
#include "host/study/study_differences.hpp"
#include "host/study/study_hash.hpp"
#include "results/comparison/first_cell.hpp"
#include "results/statistics/tally_checks.hpp"
#include "results/store/atomic_file.hpp"
#include "results/store/store.hpp"

namespace longwatch {

namespace {

/// A baseline, and the result it comes from where it is one.
struct GivenRegression {
    Baseline baseline;
    std::optional<ResultFile> result;
};

bool is_result(std::string const& file)
{
    constexpr std::string_view mark = "\x89HDF";
    try {
        // A pipe is not waited for.
        auto const ends = ends_of_file(file, mark.size(), 0);
        return ends && ends->first == mark;
    } catch (std::system_error const&) {
        return false;
    }
}

std::string tally_hash(ResultFile const& result)
{
    // Little-endian, as result files are and every machine that this builds on.
    std::string bytes;
    auto const add = [&](Tally const& tally) {
        bytes.append(reinterpret_cast<char const*>(tally.cells.data()),
                     tally.cells.size() * sizeof(tally.cells[0]));
    };
    add(result.tally);
    for (auto const& one : result.randomisations) { add(one); }
    return sha256(bytes);
}

GivenRegression given_result(std::string const& file)
{
    GivenRegression given;
    given.result = read_result(file);
    if (!given.result->gaps.empty()) {
        throw UsageError(
            fmt::format("{} lacks flights between its first and its last (it was merged with gaps) "
                        "compare whole "
                        "results: longwatch run --resume flies what is missing",
                        file));
    }
    given.baseline = baseline_of(*given.result);
    given.baseline.entries = study_entries(given.result->study.resolved);
    given.baseline.tally_hash = tally_hash(*given.result);
    return given;
}

GivenRegression read_given(std::string const& file)
{
    if (is_result(file)) { return given_result(file); }
    return {read_baseline(file), std::nullopt};
}

void write_text(std::string const& file, std::string const& text)
{
    errno = 0;
    std::ofstream out(file, std::ios::binary);
    out << text << std::flush;
    if (!out) {
        throw CannotRun(
            fmt::format("cannot write {} ({}) give another file", file, std::strerror(errno)));
    }
}

/// A report must not take the place of what it is about.
void check_no_input(char const* option, std::string const& place, RegressOptions const& options)
{
    std::error_code ignored;
    bool const is_input = std::filesystem::equivalent(place, options.baseline, ignored) ||
                          std::filesystem::equivalent(place, *options.fresh, ignored);
    if (is_input) {
        throw UsageError(
            fmt::format("{} {} is one of the two that are compared (it would be "
                        "replaced) give another file",
                        option, place));
    }
}

void check_places(RegressOptions const& options)
{
    if (options.junit) {
        check_no_input("--junit", *options.junit, options);
        check_text_place(*options.junit, OwnText::junit);
    }
    if (options.markdown) {
        check_no_input("--markdown", *options.markdown, options);
        check_text_place(*options.markdown, OwnText::markdown);
    }
}

/// What a test's library says of numbers it cannot take tells a user nothing.
Regression tested(RegressOptions const& options, Baseline const& before, Baseline const& after)
{
    try {
        return regress(before, after);
    } catch (std::bad_alloc const&) {
        throw;
    } catch (std::exception const&) {
        throw CannotRun(
            fmt::format("cannot compare {} and {} (a test cannot take their numbers) renew the "
                        "baseline",
                        options.baseline, *options.fresh));
    }
}

std::vector<std::string> differing_keys(GivenRegression const& before, GivenRegression const& after)
{
    std::vector<std::string> keys;
    if (!before.result || !after.result) { return keys; }
    for (auto const& d : study_differences(study_keys(before.result->study.resolved),
                                           study_keys(after.result->study.resolved))) {
        keys.push_back(fmt::format("{}: {} -> {}", d.key, d.a.empty() ? "(none)" : d.a,
                                   d.b.empty() ? "(none)" : d.b));
    }
    return keys;
}

/// Where both are results, the first cell that differs says more than the first quantity.
void name_first_cell(GivenRegression const& before, GivenRegression const& after, Regression& r)
{
    bool const can = r.must_be_identical && !r.is_identical && before.result && after.result &&
                     same_layout(before.result->tally.layout, after.result->tally.layout) &&
                     before.result->names == after.result->names;
    if (!can) { return; }
    auto const cell = first_different_cell(*before.result, *after.result);
    if (!cell.empty()) { r.first_difference = cell; }
}

ExitStatus renew(RegressOptions const& options)
{
    if (options.fresh || options.junit || options.markdown) {
        throw UsageError(
            "regress --renew takes one result file, and no NEW, --junit or --markdown "
            "(it compares nothing) see longwatch regress --help");
    }
    if (!is_result(options.baseline)) {
        throw UsageError(
            fmt::format("{} is no result file (a baseline is made of one) give what "
                        "longwatch run has written",
                        options.baseline));
    }
    check_text_place(*options.renewed, OwnText::baseline);
    auto given = given_result(options.baseline);
    if (options.timing) {
        given.baseline.throughput = read_timing(*options.timing, given.baseline.study);
    }
    write_text(*options.renewed, baseline_text(given.baseline));
    print(fmt::format("{}: {} quantities of {}\n", *options.renewed,
                      given.baseline.quantities.size(), given.baseline.study));
    return exit_fine;
}

}  // namespace

ExitStatus regress(RegressOptions const& options)
{
    if (options.renewed) { return renew(options); }
    if (!options.fresh) { throw UsageError("regress lacks NEW (see longwatch regress --help)"); }
    check_places(options);
    auto const before = read_given(options.baseline);
    auto after = read_given(*options.fresh);
    if (options.timing) {
        after.baseline.throughput = read_timing(*options.timing, after.baseline.study);
    }
    RegressReport report{options.baseline,
                         *options.fresh,
                         &before.baseline,
                         &after.baseline,
                         tested(options, before.baseline, after.baseline),
                         differing_keys(before, after)};
    name_first_cell(before, after, report.regression);
    print(options.as_json ? regress_json(report) : regress_text(report));
    if (options.junit) { write_text(*options.junit, regress_junit(report)); }
    if (options.markdown) { write_text(*options.markdown, regress_markdown(report)); }
    switch (report.regression.verdict) {
    case Verdict::clean: return exit_fine;
    case Verdict::moved: return exit_answer_is_no;
    case Verdict::not_comparable: break;
    }
    return exit_bad_usage;
}

}  // namespace longwatch
