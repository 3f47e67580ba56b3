// Writing placement files. docs/io_format.md describes what is in one.
#pragma once

#include <filesystem>

#include "results/placement/placement_file.hpp"

namespace longwatch {

inline constexpr char const* placement_file_type = "longwatch placement";

/// As write_result() does.
void write_placement(std::filesystem::path const& path, PlacementFile const& placement);

}  // namespace longwatch
