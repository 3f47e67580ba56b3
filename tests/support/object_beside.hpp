// Shared objects that the program loads lie beside it in a build, and are looked for beside the test program.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include <catch2/catch.hpp>

#include "host/command/loaded_object.hpp"

namespace longwatch::test {

/// Puts a link to it beside the test program.
inline void need_object(std::string const& name)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    auto const folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    fs::create_symlink(fs::path("..") / name, folder / name, ignored);
    INFO(name << " is not in this build");
    REQUIRE(fs::exists(loaded_object(name, "exercise"), ignored));
}

}  // namespace longwatch::test
