#include "results/store/limited_process.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <limits>
#include <new>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

namespace longwatch {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_memory_bound = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool is_memory_bound = false;
#else
constexpr bool is_memory_bound = true;
#endif
#else
constexpr bool is_memory_bound = true;
#endif

// An answer: one of these, then what the work returned or said.
constexpr char answer_returned = 'R', answer_refused = 'E';
constexpr std::size_t longest_refusal = 4000;

[[noreturn]] void fail(char const* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

/// Address space of this process, bytes; 0 where it is not told.
std::int64_t address_space()
{
    std::ifstream sizes("/proc/self/statm");
    std::int64_t pages = 0;
    sizes >> pages;
    return sizes ? pages * ::sysconf(_SC_PAGESIZE) : 0;
}

void limit(decltype(RLIMIT_AS) which, std::int64_t most)
{
    rlimit now = {};
    ::getrlimit(which, &now);
    auto const wanted = std::min<rlim_t>(static_cast<rlim_t>(most), now.rlim_max);
    rlimit const then = {wanted, wanted};
    ::setrlimit(which, &then);
}

/// System calls that computing needs. All others fail, as if forbidden by permissions.
constexpr std::array allowed_calls = {__NR_read,           __NR_write,        __NR_close,
                                      __NR_fstat,          __NR_lseek,        __NR_mmap,
                                      __NR_munmap,         __NR_mremap,       __NR_mprotect,
                                      __NR_madvise,        __NR_brk,          __NR_futex,
                                      __NR_exit,           __NR_exit_group,   __NR_rt_sigaction,
                                      __NR_getpid,         __NR_rt_sigreturn, __NR_gettid,
                                      __NR_rt_sigprocmask, __NR_getrandom,    __NR_sched_yield,
                                      __NR_clock_gettime,  __NR_gettimeofday, __NR_sigaltstack,
                                      __NR_restart_syscall};

#if defined(__x86_64__)
constexpr unsigned audit_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned audit_architecture = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned audit_architecture = 0;
#endif

constexpr unsigned refused_call = SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA);

/// abort() sends one. The kernel takes the low half of the argument for the process.
void allow_signals_to_itself(std::vector<sock_filter>& program)
{
    constexpr auto at_process = static_cast<unsigned>(offsetof(seccomp_data, args));
    constexpr auto tgkill = static_cast<unsigned>(__NR_tgkill);
    auto const own = static_cast<unsigned>(::getpid());
    program.insert(program.end(), {
                                      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, tgkill, 0, 4),
                                      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at_process),
                                      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, own, 1, 0),
                                      BPF_STMT(BPF_RET | BPF_K, refused_call),
                                      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                                  });
}

/// Whether the kernel takes it or not: the other limits hold without.
void filter_calls()
{
    if (audit_architecture == 0) { return; }
    constexpr auto at_call = static_cast<unsigned>(offsetof(seccomp_data, nr));
    constexpr auto at_architecture = static_cast<unsigned>(offsetof(seccomp_data, arch));
    std::vector<sock_filter> program = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at_architecture),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, audit_architecture, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, refused_call),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at_call),
    };
    allow_signals_to_itself(program);
    for (auto const call : allowed_calls) {
        program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call), 0, 1));
        program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    program.push_back(BPF_STMT(BPF_RET | BPF_K, refused_call));
    sock_fprog const whole = {static_cast<unsigned short>(program.size()), program.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) { return; }
    ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole);
}

/// All open files but one. Where a sanitizer may want to say something, its stream stays open.
void close_all_but(int kept)
{
    int const first = is_memory_bound ? 0 : 3;
    if (kept > first) {
        ::close_range(static_cast<unsigned>(first), static_cast<unsigned>(kept) - 1, 0);
    }
    if (::close_range(static_cast<unsigned>(kept) + 1, ~0U, 0) == 0) { return; }
    constexpr int most = 4096;  // a kernel older than 5.9
    for (int fd = first; fd < most; ++fd) {
        if (fd != kept) { ::close(fd); }
    }
}

void lock_in(ProcessLimits const& limits, std::int64_t address_space_before)
{
    for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGXCPU}) {
        std::signal(signal, SIG_DFL);
    }
    for (int const signal : {SIGPIPE, SIGXFSZ}) { std::signal(signal, SIG_IGN); }
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_DUMPABLE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, limits.cpu_s);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, 0);
    limit(RLIMIT_NPROC, 0);
    if (is_memory_bound) { limit(RLIMIT_AS, address_space_before + limits.memory); }
    filter_calls();
}

void write_or_end(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) { continue; }
        if (written < 0) { ::_exit(1); }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

/// The child's whole life.
[[noreturn]] void work_in_child(std::function<std::string()> const& work, int to)
{
    char kind = answer_refused;
    std::string answer;
    try {
        answer = work();
        kind = answer_returned;
    } catch (std::bad_alloc const&) {
        answer = "it asks for more memory than its reading is given";
    } catch (std::length_error const&) {
        answer = "it asks for more memory than its reading is given";
    } catch (std::exception const& error) {
        answer = error.what();
    }
    write_or_end(to, std::string_view(&kind, 1));
    write_or_end(to, answer);
    ::_exit(0);
}

struct Pipe {
    int from = -1, to = -1;
    Pipe()
    {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) { fail("no pipe can be had"); }
        from = ends[0];
        to = ends[1];
    }
    ~Pipe()
    {
        close_one(from);
        close_one(to);
    }
    Pipe(Pipe const&) = delete;
    Pipe& operator=(Pipe const&) = delete;
    static void close_one(int& fd)
    {
        if (fd >= 0) { ::close(fd); }
        fd = -1;
    }
};

/// A child that is ended and waited for when it goes.
class Child {
public:
    explicit Child(pid_t pid) : pid_(pid) {}
    ~Child()
    {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            wait();
        }
    }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;
    /// Its status; 0 where the system has forgotten it.
    int wait()
    {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0) {
            if (errno != EINTR) {
                status = 0;
                break;
            }
        }
        pid_ = 0;
        return status;
    }

private:
    pid_t pid_;
};

std::string answer_from(int fd, ProcessLimits const& limits)
{
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(limits.wall_s);
    std::string answer;
    std::vector<char> buffer(std::size_t{1} << 20);
    for (;;) {
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            throw LimitedFailure(fmt::format("its reading took longer than {} s", limits.wall_s));
        }
        pollfd one = {fd, POLLIN, 0};
        auto const most = std::min<std::int64_t>(left.count(), std::numeric_limits<int>::max());
        if (::poll(&one, 1, static_cast<int>(most)) < 0 && errno != EINTR) { fail("no answer"); }
        if (one.revents == 0) { continue; }
        auto const got = ::read(fd, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) { continue; }
        if (got < 0) { fail("no answer"); }
        if (got == 0) { return answer; }
        answer.append(buffer.data(), static_cast<std::size_t>(got));
        if (static_cast<std::int64_t>(answer.size()) > limits.output) {
            throw LimitedFailure(fmt::format("more than {} bytes came of it", limits.output));
        }
    }
}

void check_ended(int status, ProcessLimits const& limits)
{
    if (WIFSIGNALED(status)) {
        int const signal = WTERMSIG(status);
        if (signal == SIGXCPU || signal == SIGKILL) {
            throw LimitedFailure(fmt::format(
                "its reading took more than {} s of processor time, or more memory than there is",
                limits.cpu_s));
        }
        throw LimitedFailure(fmt::format(
            "its reading crashed ({}), inside a process that can do no harm", ::strsignal(signal)));
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw LimitedFailure("its reading ended without an answer");
    }
}

}  // namespace

std::string run_limited(std::function<std::string()> const& work, ProcessLimits const& limits)
{
    Pipe pipe;
    auto const before = address_space();
    pid_t const pid = ::fork();
    if (pid < 0) { fail("no process can be had to read it in"); }
    if (pid == 0) {
        close_all_but(pipe.to);
        lock_in(limits, before);
        work_in_child(work, pipe.to);
    }
    Child child(pid);
    Pipe::close_one(pipe.to);
    auto answer = answer_from(pipe.from, limits);
    check_ended(child.wait(), limits);
    if (answer.empty()) { throw LimitedFailure("its reading ended without an answer"); }
    char const kind = answer.front();
    answer.erase(0, 1);
    if (kind == answer_returned) { return answer; }
    if (kind != answer_refused) { throw LimitedFailure("its reading gave a garbled answer"); }
    throw WorkRefused(answer.substr(0, longest_refusal));
}

}  // namespace longwatch
