#include "host/command/output.hpp"

#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/plan/deaf_consumers.hpp"
#include "host/plan/sampling.hpp"
#include "results/show/terminal_text.hpp"
#include "results/store/store.hpp"

namespace longwatch {

namespace fs = std::filesystem;

namespace {

void check_printed(bool printed)
{
    if (printed || errno == EPIPE) { return; }
    throw CannotRun(fmt::format("cannot write to standard output ({})", std::strerror(errno)));
}

}  // namespace

void print(std::string_view text)
{
    errno = 0;
    check_printed(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

void tell(std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

void tell_remarks(Study const& study, std::int64_t flights)
{
    auto remarks = deaf_consumers(study);
    for (auto const& remark : sampling_remarks(study, flights)) { remarks.push_back(remark); }
    for (auto const& remark : remarks) {
        tell(fmt::format("{}: remark: {}\n", terminal_text(study.path.string()), remark));
    }
}

void finish_output()
{
    errno = 0;
    check_printed(std::fflush(stdout) == 0);
}

fs::path replaceable_place(fs::path const& path, fs::path const& study, std::string_view type)
{
    std::error_code ignored;
    auto place = fs::is_symlink(path, ignored) ? fs::weakly_canonical(path, ignored) : path;
    auto const refuse = [&](std::string const& why) {
        throw CannotRun(
            fmt::format("cannot write {} ({}) give another file with -o", path.string(), why));
    };
    if (place.empty() || !place.has_filename()) { refuse("it names no file"); }
    if (fs::is_symlink(place, ignored)) { refuse("it is a link to a file that is not there"); }
    std::error_code unreachable;
    bool const is_there = fs::exists(place, unreachable);
    if (!is_there && unreachable && unreachable != std::errc::no_such_file_or_directory &&
        unreachable != std::errc::not_a_directory) {
        refuse(unreachable.message());
    }
    if (fs::equivalent(place, study, ignored)) {
        throw UsageError(fmt::format(
            "-o {} is the study itself (it would be replaced) give another file", path.string()));
    }
    auto const folder = place.has_parent_path() ? place.parent_path() : fs::path(".");
    if (!fs::exists(folder, ignored)) {
        refuse("the folder " + folder.string() + " does not exist");
    }
    if (!fs::is_directory(folder, ignored)) { refuse(folder.string() + " is not a folder"); }
    if (fs::is_directory(place, ignored)) { refuse("it is a folder"); }
    if (fs::exists(place, ignored) && !fs::is_regular_file(place, ignored)) {
        refuse("it is there and not a plain file");
    }
    check_replaceable(place, type);
    return place;
}

void check_writable(fs::path const& place, fs::path const& path)
{
    auto const folder = place.has_parent_path() ? place.parent_path() : fs::path(".");
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        throw CannotRun(fmt::format("cannot write {} (folder {}: {}) give another file with -o",
                                    path.string(), folder.string(), std::strerror(errno)));
    }
}

fs::path writable_place(fs::path const& path, fs::path const& study, std::string_view type)
{
    auto place = replaceable_place(path, study, type);
    check_writable(place, path);
    return place;
}

InterruptionsHeld::InterruptionsHeld()
{
    sigemptyset(&held_);
    for (int const signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction now = {};
        bool const is_ignored = sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
        if (!is_ignored) { sigaddset(&held_, signal); }
    }
    pthread_sigmask(SIG_BLOCK, &held_, &before_);
}

bool InterruptionsHeld::is_one_waiting() const
{
    sigset_t waiting;
    sigemptyset(&waiting);
    if (sigpending(&waiting) != 0) { return false; }
    for (int const signal : {SIGINT, SIGTERM, SIGHUP}) {
        if (sigismember(&held_, signal) == 1 && sigismember(&waiting, signal) == 1) { return true; }
    }
    return false;
}

void InterruptionsHeld::forget() const
{
    constexpr timespec at_once{0, 0};
    while (is_one_waiting() && sigtimedwait(&held_, nullptr, &at_once) > 0) {}
}

void InterruptionsHeld::let_through() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace longwatch
