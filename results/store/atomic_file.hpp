// Whole files, in and out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace longwatch {

/// Writes `bytes` under a temporary name beside `path`, waits until they are on the disk, and renames.
/// The new file has the permissions of the one it replaces. Throws std::system_error; nothing is left behind then, and `path` is as it was.
void replace_file(std::filesystem::path const& path, std::string_view bytes);

/// The same for a file that is not there yet. False, and nothing is done, where one is.
bool make_file(std::filesystem::path const& path, std::string_view bytes);

/// Throws std::system_error where the file cannot be read or is larger than `size_max`.
std::string load_file(std::filesystem::path const& path, std::int64_t size_max);

/// The first and the last bytes of a file, fewer where it is shorter.
struct FileEnds {
    std::int64_t size = 0;
    std::string first, last;
};
/// Absent where there is no file. Throws std::system_error where it cannot be read.
std::optional<FileEnds> ends_of_file(std::filesystem::path const& path, std::size_t first,
                                     std::size_t last);

}  // namespace longwatch
