// Reading a TOML file with care: what may be wrong with the file itself is said, never thrown.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "host/study/problems.hpp"
#include "host/study/toml_library.hpp"

namespace longwatch {

struct TomlFile {
    std::string text;
    toml::table table;
};

/// The parsed file; nothing, with a problem at where, if it cannot be read, and a problem at the
/// file's own line if it is no TOML. A parser stops at the first syntax error.
std::optional<TomlFile> read_toml_file(std::filesystem::path const& path, Place const& where,
                                       Problems& problems);

/// Text in hand, parsed, called by the name in messages.
std::optional<toml::table> parse_toml(std::string const& text, std::string const& name,
                                      Problems& problems);

}  // namespace longwatch
