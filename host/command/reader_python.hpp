// Finds a Python that has the reader, longwatch_reader, and runs it.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace longwatch {

/// The Python that is given, or that LONGWATCH_PYTHON names; else the first that has the reader of
/// .venv/bin/python here or above the program, and python3. Throws CannotRun where none has it.
std::string python_with_reader(std::optional<std::string> const& given);

/// Runs a program and waits for it; looks for its name where it has no folder. Its exit status; 128 and
/// the signal where one ended it. Throws CannotRun where it cannot be started. `quiet`: what it says goes
/// nowhere.
int run_program(std::vector<std::string> const& arguments, bool quiet = false);

}  // namespace longwatch
