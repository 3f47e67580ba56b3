// A result as tables for a terminal.
#pragma once

#include <string>

#include "results/store/result_file.hpp"

namespace longwatch {

/// What each arm adds to the one before, then warning, gains, engagement, fates, and where the
/// numbers come from. Lines of at most 100 columns, unless a word is longer: long names lose their
/// middle in tables. What no terminal should be sent is '?'.
std::string show_text(ResultFile const& result);

}  // namespace longwatch
