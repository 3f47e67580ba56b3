// A node's script as a file: MessagePack, numbers in full.
#pragma once

#include <filesystem>

#include "host/exercise/node_script.hpp"

namespace longwatch {

/// Throws std::system_error where it cannot be written, std::runtime_error where it would be too large to be read.
void write_node_script(std::filesystem::path const& file, NodeScript const& script);
/// Throws std::runtime_error, which names the file, where it cannot be read or is no script of this study's.
NodeScript read_node_script(std::filesystem::path const& file, Scenario const& scenario);

}  // namespace longwatch
