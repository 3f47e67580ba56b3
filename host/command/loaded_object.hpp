// Where a shared object lies that only some verbs load.
#pragma once

#include <filesystem>
#include <string>

namespace longwatch {

/// Beside the program in a build, in ../lib/longwatch/COMPONENT of an installed one. It need not be there.
std::filesystem::path loaded_object(std::string const& name, std::string const& component);

}  // namespace longwatch
