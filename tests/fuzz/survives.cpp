#include "tests/fuzz/survives.hpp"

#include <dlfcn.h>
#include <execinfo.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "results/store/limited_process.hpp"

/// What the address sanitizer finds is a signal, so that it is seen whose code it was in. A program may have options of its own.
extern "C" [[gnu::weak]] char const* __asan_default_options() { return "abort_on_error=1"; }

namespace longwatch::fuzz {

namespace {

/// What the child leaves of its crash. Seen by both processes, in whose memory the same code lies at the same place.
struct Crash {
    int signal = 0, count = 0;
    std::array<void*, 100> frames{};
};

Crash& crash()
{
    static void* const shared =
        ::mmap(nullptr, sizeof(Crash), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return *static_cast<Crash*>(shared);
}

void note_crash(int signal)
{
    crash().signal = signal;
    crash().count = ::backtrace(crash().frames.data(), static_cast<int>(crash().frames.size()));
    ::_exit(1);
}

/// Ours calls the library, and the library none of ours: it is anywhere on the stack only where it was at work.
bool was_in_library()
{
    for (int i = 0; i < crash().count; ++i) {
        Dl_info found = {};
        bool const is_known = ::dladdr(crash().frames[static_cast<std::size_t>(i)], &found) != 0;
        if (is_known && std::strstr(found.dli_fname, "libhdf5") != nullptr) { return true; }
    }
    return false;
}

[[noreturn]] void tell_and_abort(char const* said)
{
    std::cerr << "claim broken: a crash is the library's, not ours\n"
              << said << ", signal " << crash().signal << std::endl;
    ::backtrace_symbols_fd(crash().frames.data(), crash().count, STDERR_FILENO);
    std::abort();
}

}  // namespace

bool library_survives(std::function<void()> const& work)
{
    // Its first call loads a library, which the child could not.
    std::array<void*, 1> frame{};
    ::backtrace(frame.data(), 1);
    crash() = {};
    ProcessLimits limits;
    limits.cpu_s = 2;
    try {
        run_limited(
            [&] {
                for (int const signal : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL}) {
                    std::signal(signal, note_crash);
                }
                work();
                return std::string();
            },
            limits);
        return true;
    } catch (WorkRefused const&) {
        return true;
    } catch (LimitedFailure const& failure) {
        std::string const said = failure.what();
        bool const is_limit = said.find("processor time") != std::string::npos;
        if (is_limit || was_in_library()) { return false; }
        tell_and_abort(failure.what());
    }
}

}  // namespace longwatch::fuzz
