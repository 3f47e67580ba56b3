// Whole numbers on the command line: plain digits within bounds, anything else is refused with the reason.
#pragma once

#include <cstdint>
#include <string>

namespace longwatch {

/// The number in text. Throws UsageError naming the option, the text and what is allowed.
std::uint64_t whole_number(std::string const& option, std::string const& text, std::uint64_t low,
                           std::uint64_t high);

}  // namespace longwatch
