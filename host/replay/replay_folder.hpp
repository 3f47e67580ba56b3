// The folder a replay is written to.
#pragma once

#include <filesystem>
#include <vector>

#include "host/replay/replay_files.hpp"

namespace longwatch {

/// Throws CannotRun unless the folder can take a replay: it is not there (and is made, in a folder that
/// is), it is empty, or it holds a replay, whose files are replaced. Nothing else is touched.
void check_replay_folder(std::filesystem::path const& folder);

/// Each file is complete or not there; the index, last, is the one of all the others. Throws CannotRun.
void write_replay(std::filesystem::path const& folder, std::vector<ReplayFile> const& files);

}  // namespace longwatch
