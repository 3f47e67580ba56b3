// longwatch report: has the Python reader turn a result into a page or tables.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "host/command/output.hpp"
#include "host/command/reader_python.hpp"
#include "host/command/verbs.hpp"
#include "host/study/nearest_name.hpp"
#include "results/store/schema.hpp"
#include "results/store/store.hpp"

namespace longwatch {

namespace {

constexpr char const* placement_file_type = "longwatch placement";

void check_format(std::string const& format)
{
    std::vector<std::string> const known = {"html", "md", "csv", "json"};
    if (std::ranges::find(known, format) != known.end()) { return; }
    throw UsageError(fmt::format("--format '{}' (known: {})", format, fmt::join(known, ", ")) +
                     did_you_mean(format, known));
}

/// Of a result, all that show would refuse too.
void check_file(std::string const& file)
{
    auto const type = sealed_file_type(file);
    if (type == result_file_type) {
        read_result(file);
    } else if (type != placement_file_type) {
        throw StoreError(file,
                         fmt::format("cannot report on {} (its file type is '{}', not '{}' or "
                                     "'{}')",
                                     file, type, result_file_type, placement_file_type));
    }
}

}  // namespace

ExitStatus report(ReportOptions const& options)
{
    if (options.format) { check_format(*options.format); }
    check_file(options.file);
    std::vector<std::string> arguments = {python_with_reader(options.python), "-P", "-m",
                                          "longwatch_reader.report"};
    // One word each: nothing a user names is taken for an option.
    arguments.push_back("--output=" + options.output);
    if (options.format) { arguments.push_back("--format=" + *options.format); }
    if (options.value) { arguments.push_back("--value=" + *options.value); }
    arguments.insert(arguments.end(), {"--", options.file});
    finish_output();
    int const status = run_program(arguments);
    if (status == exit_fine || status == exit_bad_usage) { return static_cast<ExitStatus>(status); }
    return exit_could_not_run;
}

}  // namespace longwatch
