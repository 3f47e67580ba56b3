// Shared objects that only some verbs load.
#pragma once

#include <filesystem>
#include <string>

namespace longwatch {

/// Beside the program in a build, in ../lib/longwatch/COMPONENT of an installed one. It need not be there.
std::filesystem::path loaded_object(std::string const& name, std::string const& component);

struct ObjectAsked {
    std::filesystem::path object;
    char const* function = "";   ///< its one function
    std::string absent;          ///< why, where it is not there, and what is to be done
    bool is_for_others = false;  ///< what it loads finds names in it
};

/// Loads the object, which stays loaded, and finds its function. Throws std::runtime_error with why not.
void* loaded_function(ObjectAsked const& asked);

}  // namespace longwatch
