#include "host/command/whole_number.hpp"

#include <charconv>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"

namespace longwatch {

std::uint64_t whole_number(std::string const& option, std::string const& text, std::uint64_t low,
                           std::uint64_t high)
{
    std::uint64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, problem] = std::from_chars(text.data(), end, number);
    bool const is_number = stopped == end && !text.empty();
    if (!is_number || (problem != std::errc() && problem != std::errc::result_out_of_range)) {
        throw UsageError(fmt::format("{} {}: not a plain whole number (digits only, from {} to {})",
                                     option, text, low, high));
    }
    if (problem == std::errc::result_out_of_range || number < low || number > high) {
        throw UsageError(
            fmt::format("{} {}: out of range (allowed: {} to {})", option, text, low, high));
    }
    return number;
}

}  // namespace longwatch
