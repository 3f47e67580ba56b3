// What a user types, and the help for it.
#pragma once

#include "host/command/exit_status.hpp"

namespace longwatch {

/// Does what the command line asks. Throws UsageError for one that cannot be understood, and whatever the
/// verbs throw.
ExitStatus run_command_line(int argc, char const* const* argv);

}  // namespace longwatch
