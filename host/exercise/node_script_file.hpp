// A node's script as a file: MessagePack, numbers in full.
#pragma once

#include <filesystem>

#include "host/exercise/node_script.hpp"

namespace longwatch {

/// Throws std::system_error where it cannot be written.
void write_node_script(std::filesystem::path const& file, NodeScript const& script);
/// Throws std::system_error where it cannot be read, std::runtime_error where it is no script of this study's.
NodeScript read_node_script(std::filesystem::path const& file, Scenario const& scenario);

}  // namespace longwatch
