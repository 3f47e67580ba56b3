// SHA-256, which names a study.
#pragma once

#include <string>
#include <string_view>

namespace longwatch {

/// SHA-256 of the text, 64 hexadecimal digits.
std::string sha256(std::string_view text);

}  // namespace longwatch
