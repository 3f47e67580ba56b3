// Which folders may be a study's catalogue: a study from a stranger reads nothing else.
#pragma once

#include <filesystem>
#include <vector>

namespace longwatch {

/// It has a folder `threats`.
bool is_catalog(std::filesystem::path const& folder);

/// The catalogues that come with the program, those that are there: models/catalog in the folder worked in, catalog
/// in share/longwatch of an installed program, models/catalog in any folder above the program.
std::vector<std::filesystem::path> known_catalogs();

/// Whether a path leads to the folder or something in it, symbolic links followed. What is not there counts as where it would be.
bool lies_in(std::filesystem::path const& path, std::filesystem::path const& folder);

/// Whether a study in study_folder may name this folder: it lies in study_folder, is models/catalog beside it, or is
/// one that comes with the program.
bool may_be_named(std::filesystem::path const& catalog, std::filesystem::path const& study_folder);

}  // namespace longwatch
