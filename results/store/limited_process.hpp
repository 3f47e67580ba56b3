// Work on bytes that strangers made, in a child process that can do nothing but compute: no file, no program, no network, so
// much memory and so much time. What breaks there breaks nothing here.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

namespace longwatch {

struct ProcessLimits {
    int cpu_s = 120;                              ///< processor time
    int wall_s = 600;                             ///< time by the clock
    std::int64_t memory = std::int64_t{6} << 30;  ///< bytes, beyond what this process has
    std::int64_t output = std::int64_t{3} << 30;  ///< bytes of what the work returns
};

/// The child crashed, ran into a limit or answered nonsense: what() says which, in words that follow "because".
struct LimitedFailure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The work threw: what() is what it said.
struct WorkRefused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What the work returns, done in the child. What it says and returns is anybody's: check it. Throws LimitedFailure and
/// WorkRefused; std::system_error where no child can be had. The child has no open file but the way back.
///
/// Linux: resource limits, and a filter of system calls where the kernel takes one (seccomp). Builds with the address
/// sanitizer, whose own memory is without bound, do without the limit on memory.
std::string run_limited(std::function<std::string()> const& work, ProcessLimits const& limits = {});

}  // namespace longwatch
