// Where the catalogue is, for verbs that read no study.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace longwatch {

/// The given folder; else models/catalog below the folder worked in; else the one that was installed with
/// the program; else models/catalog below the nearest folder that holds the program. Throws CannotRun where there is none.
std::filesystem::path catalog_folder(std::optional<std::string> const& given);

}  // namespace longwatch
