// The last bytes of a result file: a checksum of all before them. HDF5 does not see them; they tell
// a file that is whole from one that was cut, damaged or changed, before HDF5 is trusted with it.
#pragma once

#include <string>
#include <string_view>

namespace longwatch {

/// "longwatch-crc32:" and the CRC-32 of `bytes` (that of zlib) in eight hexadecimal digits.
std::string seal_of(std::string_view bytes);
inline constexpr std::size_t seal_size = 24;

/// True where `file` ends in the seal of what is before it.
bool is_sealed(std::string_view file);

/// True where it ends in some seal, right or wrong.
bool has_seal(std::string_view file);

}  // namespace longwatch
