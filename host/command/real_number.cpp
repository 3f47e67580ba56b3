#include "host/command/real_number.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"

namespace longwatch {

double real_number(std::string const& option, std::string const& text, Allowed const& allowed)
{
    auto const bounds = allowed.above_low ? fmt::format("above {} to {}", allowed.low, allowed.high)
                                          : fmt::format("{} to {}", allowed.low, allowed.high);
    double number = 0;
    auto const* const end = text.data() + text.size();
    auto const* const begin = text.data() + (text.size() > 1 && text[0] == '+' ? 1 : 0);
    auto const [stopped, problem] = std::from_chars(begin, end, number);
    if (text.empty() || stopped != end || problem != std::errc() || !std::isfinite(number)) {
        throw UsageError(fmt::format("{} '{}': not a number (allowed: {})", option, text, bounds));
    }
    bool const high_enough = allowed.above_low ? number > allowed.low : number >= allowed.low;
    if (!high_enough || number > allowed.high) {
        throw UsageError(fmt::format("{} {}: out of range (allowed: {})", option, text, bounds));
    }
    return number;
}

}  // namespace longwatch
