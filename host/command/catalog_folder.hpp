// Where the catalogue is: the one given, or the one that comes with the program.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "host/study/study.hpp"

namespace longwatch {

/// The given folder; else models/catalog below the folder worked in; else the one that was installed with
/// the program; else models/catalog below the nearest folder that holds the program. Throws CannotRun where there is none.
std::filesystem::path catalog_folder(std::optional<std::string> const& given);

/// What goes with reading a study where the user may have given a catalogue, which then takes the place of the study's.
StudyReading reading_with(std::optional<std::string> const& catalog);

}  // namespace longwatch
