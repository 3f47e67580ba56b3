// Numbers on the command line: within bounds, anything else is refused with the reason.
#pragma once

#include <string>

namespace longwatch {

/// What a number may be; the lowest value itself only where it is not `above_low`.
struct Allowed {
    double low = 0, high = 0;
    bool above_low = false;
};

/// The number in text. Throws UsageError naming the option, the text and what is allowed.
double real_number(std::string const& option, std::string const& text, Allowed const& allowed);

}  // namespace longwatch
