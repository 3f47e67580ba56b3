// How the program ends.
#pragma once

#include <stdexcept>

namespace longwatch {

enum ExitStatus : int {
    exit_fine = 0,
    exit_answer_is_no = 1,  ///< the answer is no, or flights failed
    exit_bad_usage = 2,     ///< of the command line, or a study with problems
    exit_could_not_run = 3,
};

/// The command line asks for something that makes no sense: a message for the user.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Asked well, but it cannot be done here: a message for the user.
struct CannotRun : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace longwatch
