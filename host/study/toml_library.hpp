// toml++, set up once for this folder: compiled in toml_library.cpp, with shallow nesting.
//
// Its parser asserts what a file may break ("[=" for one), and in release builds then runs on. So its
// assertions throw, in every build, and parse_toml says what happened.
#pragma once

#include <stdexcept>

namespace longwatch {

struct TomlAssertion : std::logic_error {
    using std::logic_error::logic_error;
};
constexpr void require_toml(bool holds, char const* what)
{
    if (!holds) { throw TomlAssertion(what); }
}

}  // namespace longwatch

#define TOML_HEADER_ONLY 0
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_UNRELEASED_FEATURES 0
#define TOML_MAX_NESTED_VALUES 16
#define TOML_ASSERT(expr) ::longwatch::require_toml(static_cast<bool>(expr), #expr)

#pragma push_macro("NDEBUG")
#undef NDEBUG
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
