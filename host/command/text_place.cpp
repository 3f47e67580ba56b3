#include "host/command/text_place.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "results/comparison/baseline.hpp"
#include "results/store/atomic_file.hpp"

namespace longwatch {

namespace fs = std::filesystem;

namespace {

/// Beginning of a file that tells what it is: more than the longest first line of ours.
constexpr std::size_t own_head_bytes = std::size_t{1} << 16;

struct OwnTextWords {
    char const *option, *kind;
};

OwnTextWords words_of(OwnText kind)
{
    switch (kind) {
    case OwnText::baseline: return {"--renew", "baseline"};
    case OwnText::junit: return {"--junit", "JUnit report of a regression"};
    case OwnText::markdown: return {"--markdown", "Markdown report of a regression"};
    case OwnText::timing: break;
    }
    return {"--timing", "file of timings"};
}

/// "## trilateral-warning: moved".
bool is_markdown_heading(std::string_view line)
{
    return line.starts_with("## ") && (line.ends_with(": clean") || line.ends_with(": moved") ||
                                       line.ends_with(": not comparable"));
}

bool begins_as(OwnText kind, std::string_view head)
{
    constexpr std::size_t first_lines = 128;
    auto const first = head.substr(0, first_lines);
    switch (kind) {
    case OwnText::baseline:
        return first.starts_with("{") && first.find("\"longwatch baseline\"") != first.npos;
    case OwnText::junit:
        return first.starts_with("<?xml") && first.find("<testsuite name=\"regress ") != first.npos;
    case OwnText::markdown: return is_markdown_heading(head.substr(0, head.find('\n')));
    case OwnText::timing: break;
    }
    return begins_as_timing(head);
}

/// Why nothing can be written there; empty if something can.
std::string obstacle(fs::path const& place, OwnText kind)
{
    std::error_code problem;
    auto const status = fs::status(place, problem);
    if (status.type() == fs::file_type::none) { return problem.message(); }
    if (!fs::exists(status)) {
        if (fs::is_symlink(place, problem)) { return "it is a link to a file that is not there"; }
        auto const folder = place.has_parent_path() ? place.parent_path() : fs::path(".");
        bool const is_reachable = fs::is_directory(folder, problem);
        return is_reachable ? "" : "the folder " + folder.string() + " does not exist";
    }
    if (fs::is_directory(status)) { return "it is a folder"; }
    if (!fs::is_regular_file(status)) { return "it is there and not a plain file"; }
    try {
        auto const ends = ends_of_file(place, own_head_bytes, 0);
        if (!ends || ends->size == 0 || begins_as(kind, ends->first)) { return ""; }
    } catch (std::system_error const& error) {
        return error.code().message();
    }
    return fmt::format("it is there and no {}, it would be lost", words_of(kind).kind);
}

}  // namespace

void check_text_place(std::string const& place, OwnText kind)
{
    auto const why = place.empty() ? "it names no file" : obstacle(place, kind);
    if (why.empty()) { return; }
    throw CannotRun(fmt::format("cannot write {} ({}) give another file with {}", place, why,
                                words_of(kind).option));
}

}  // namespace longwatch
