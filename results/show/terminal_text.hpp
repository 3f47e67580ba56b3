// Text that came with a study or a file, made fit for a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace longwatch {

/// With '?' for all that a terminal could take as a command or would not show as it is: control
/// characters, line ends among them, marks that turn the direction of writing, and bytes that are no
/// UTF-8.
std::string terminal_text(std::string_view text);

/// Whether it holds no such thing but line ends and tabs: what texts of studies may be.
bool is_plain_text(std::string_view text);
/// Longest text of a study's own: a question, a source, a sentence.
inline constexpr std::size_t plain_text_bytes_max = 16384;

/// Columns that a UTF-8 text takes, one per code point.
std::size_t text_width(std::string_view text);

/// Each name in at most `width` columns, at least 8: longer ones lose their middle to an ellipsis.
/// Where that makes two names the same, they end in their number in the list.
std::vector<std::string> shortened(std::vector<std::string> names, std::size_t width);

}  // namespace longwatch
