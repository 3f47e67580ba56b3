// Whole files, in and out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace longwatch {

/// Writes `bytes` under a temporary name beside `path`, waits until they are on the disk, and renames.
/// Throws std::system_error; nothing is left behind then, and `path` is as it was.
void replace_file(std::filesystem::path const& path, std::string_view bytes);

/// Throws std::system_error where the file cannot be read or is larger than `size_max`.
std::string load_file(std::filesystem::path const& path, std::int64_t size_max);

}  // namespace longwatch
