// Where texts go that a user names (baselines, reports of a regression, timings): onto an earlier one of the same kind, and onto
// nothing else.
#pragma once

#include <string>

namespace longwatch {

/// A text file that is written on top of an earlier one, or added to; each is named by an option.
enum class OwnText {
    baseline,  ///< --renew
    junit,     ///< --junit
    markdown,  ///< --markdown
    timing,    ///< --timing of run
};

/// Throws CannotRun where something is at the place that is no plain file, or is neither empty nor such a text. Never waits
/// for a pipe.
void check_text_place(std::string const& place, OwnText kind);

}  // namespace longwatch
