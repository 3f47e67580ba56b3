// A limited process: whatever the work does there, the program goes on and says what happened.
#include "results/store/limited_process.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <new>
#include <vector>

#include "tests/support/folder.hpp"

namespace longwatch::test {
namespace {

using Catch::Contains;

std::string failure_of(std::function<std::string()> const& work, ProcessLimits const& limits = {})
{
    try {
        run_limited(work, limits);
    } catch (LimitedFailure const& failure) {
        return failure.what();
    }
    return "";
}

std::string refusal_of(std::function<std::string()> const& work)
{
    try {
        run_limited(work);
    } catch (WorkRefused const& refused) {
        return refused.what();
    }
    return "";
}

}  // namespace

TEST_CASE("what work returns comes back byte for byte, however much it is", "[results][hostile]")
{
    CHECK(run_limited([] { return std::string(); }).empty());
    std::string bytes;
    for (int i = 0; i < 5'000'000; ++i) { bytes += static_cast<char>(i * 7 + i / 256); }
    CHECK((run_limited([&] { return bytes; }) == bytes));
}

TEST_CASE("what work throws is told", "[results][hostile]")
{
    CHECK(refusal_of([]() -> std::string { throw std::runtime_error("no such thing"); }) ==
          "no such thing");
    CHECK_THAT(refusal_of([]() -> std::string { throw std::bad_alloc(); }), Contains("memory"));
    // Not at any length.
    CHECK(refusal_of([]() -> std::string {
              throw std::runtime_error(std::string(100'000, 'a'));
          }).size() < 5000);
}

TEST_CASE("work that crashes is a failure with the signal's name", "[results][hostile]")
{
    CHECK_THAT(failure_of([]() -> std::string {
                   std::raise(SIGSEGV);
                   return "";
               }),
               Contains("crashed (Segmentation fault)"));
    CHECK_THAT(failure_of([]() -> std::string { std::abort(); }), Contains("crashed (Aborted)"));
    CHECK_THAT(failure_of([]() -> std::string { ::_exit(0); }), Contains("without an answer"));
    CHECK_THAT(failure_of([]() -> std::string { ::_exit(3); }), Contains("without an answer"));
    // And the next work is done as if nothing had been.
    CHECK(run_limited([] { return std::string("well"); }) == "well");
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);  // no child is left behind
}

TEST_CASE("work without end is ended", "[results][hostile]")
{
    auto const from = std::chrono::steady_clock::now();
    ProcessLimits limits;
    limits.cpu_s = 1;
    CHECK_THAT(failure_of(
                   []() -> std::string {
                       // Something to do, or the loop might be left out.
                       for (std::atomic<unsigned> i = 0;;) { ++i; }
                   },
                   limits),
               Contains("processor time"));
    limits.wall_s = 1;
    CHECK_THAT(failure_of(
                   []() -> std::string {
                       for (;;) { ::pause(); }
                   },
                   limits),
               Contains("1 s"));
    limits.output = 1000;
    CHECK_THAT(failure_of([] { return std::string(2000, 'a'); }, limits), Contains("1000 bytes"));
    CHECK(std::chrono::steady_clock::now() - from < std::chrono::seconds(60));
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("work reaches no file, program or network, and leaves none", "[results][hostile]")
{
    Folder const folder;
    auto const path = folder.path / "made";
    auto const tried = [&](std::function<int()> const& attempt) {
        return run_limited([&] { return std::string(attempt() < 0 ? "denied" : "done"); });
    };
    CHECK(tried([] { return ::open("/etc/passwd", O_RDONLY | O_CLOEXEC); }) == "denied");
    CHECK(tried([&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600); }) ==
          "denied");
    CHECK(tried([] { return ::socket(AF_INET, SOCK_STREAM, 0); }) == "denied");
    CHECK(tried([] { return static_cast<int>(::fork()); }) == "denied");
    CHECK(tried([] { return ::execl("/bin/true", "true", nullptr); }) == "denied");
    CHECK(tried([] { return ::kill(::getppid(), 0); }) == "denied");
    // Nor does it send a signal to another.
    auto const us = static_cast<int>(::getpid());
    CHECK(tried([us] { return static_cast<int>(::syscall(SYS_tgkill, us, us, 0)); }) == "denied");
    CHECK(tried([] {
              auto const itself = static_cast<int>(::getpid());
              return static_cast<int>(::syscall(SYS_tgkill, itself, itself, 0));
          }) == "done");
    CHECK_FALSE(std::filesystem::exists(path));
    // Nor one that is open here.
    int const open = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(open >= 0);
    CHECK(tried([&] { return static_cast<int>(::write(open, "more", 4)); }) == "denied");
    CHECK(std::filesystem::file_size(path) == 0);
    ::close(open);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they do without that limit
TEST_CASE("work that takes all memory is refused", "[results][hostile]")
{
    ProcessLimits limits;
    limits.memory = std::int64_t{256} << 20;
    CHECK_THROWS_AS(run_limited(
                        [] {
                            std::vector<std::string> kept;
                            for (;;) { kept.emplace_back(std::size_t{1} << 24, 'x'); }
                            return kept.front();
                        },
                        limits),
                    WorkRefused);
}
#endif

}  // namespace longwatch::test
