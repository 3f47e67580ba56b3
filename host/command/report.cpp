// longwatch report: has the Python reader turn a result into a page or tables.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "host/command/output.hpp"
#include "host/command/reader_python.hpp"
#include "host/command/verbs.hpp"
#include "host/study/nearest_name.hpp"
#include "results/store/schema.hpp"
#include "results/store/store.hpp"
#include "results/store/store_placement.hpp"

namespace longwatch {

namespace {

void check_format(std::string const& format)
{
    std::vector<std::string> const known = {"html", "md", "csv", "json"};
    if (std::ranges::find(known, format) != known.end()) { return; }
    throw UsageError(fmt::format("--format '{}' (known: {})", format, fmt::join(known, ", ")) +
                     did_you_mean(format, known));
}

/// Bytes that a program started from here can read under a path of its own, and that lie in no folder.
class HandedOn {
public:
    explicit HandedOn(std::string const& bytes) : fd_(::memfd_create("longwatch-result", 0))
    {
        std::string_view rest = bytes;
        while (fd_ >= 0 && !rest.empty()) {
            auto const written = ::write(fd_, rest.data(), rest.size());
            if (written < 0 && errno == EINTR) { continue; }
            if (written < 0) { break; }
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        if (fd_ < 0 || !rest.empty()) {
            throw CannotRun(fmt::format("cannot hand the result on ({})", std::strerror(errno)));
        }
    }
    ~HandedOn() { ::close(fd_); }
    HandedOn(HandedOn const&) = delete;
    HandedOn& operator=(HandedOn const&) = delete;

    std::string path() const { return fmt::format("/proc/self/fd/{}", fd_); }

private:
    int fd_;
};

/// Of a result what this program has read of it, and its estimates anew: nothing else in the file is reported on. Nothing of
/// a placement, which the reader checks.
std::optional<HandedOn> checked(std::string const& file)
{
    auto const type = sealed_file_type(file);
    if (type == result_file_type) {
        return std::optional<HandedOn>(std::in_place, sealed_bytes(read_result(file)));
    }
    if (type != placement_file_type) {
        throw StoreError(file,
                         fmt::format("cannot report on {} (its file type is '{}', not '{}' or "
                                     "'{}')",
                                     file, type, result_file_type, placement_file_type));
    }
    return std::nullopt;
}

}  // namespace

ExitStatus report(ReportOptions const& options)
{
    if (options.format) { check_format(*options.format); }
    auto const handed_on = checked(options.file);
    std::vector<std::string> arguments = {python_with_reader(options.python), "-P", "-m",
                                          "longwatch_reader.report"};
    // One word each: nothing a user names is taken for an option.
    arguments.push_back("--output=" + options.output);
    if (options.format) { arguments.push_back("--format=" + *options.format); }
    if (options.value) { arguments.push_back("--value=" + *options.value); }
    if (handed_on) { arguments.push_back("--checked=" + handed_on->path()); }
    arguments.insert(arguments.end(), {"--", options.file});
    finish_output();
    int const status = run_program(arguments);
    if (status == exit_fine || status == exit_bad_usage) { return static_cast<ExitStatus>(status); }
    return exit_could_not_run;
}

}  // namespace longwatch
