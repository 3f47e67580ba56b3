#include "host/command/catalog_folder.hpp"

#include <system_error>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"

namespace longwatch {

namespace fs = std::filesystem;

namespace {

bool is_catalog(fs::path const& folder)
{
    std::error_code ignored;
    return fs::is_directory(folder / "threats", ignored);
}

}  // namespace

fs::path catalog_folder(std::optional<std::string> const& given)
{
    if (given) {
        if (is_catalog(*given)) { return *given; }
        throw CannotRun(fmt::format(
            "cannot read the catalogue {} (it has no folder 'threats') give models/catalog of the "
            "source tree with --catalog",
            *given));
    }
    fs::path below = fs::path("models") / "catalog";
    if (is_catalog(below)) { return below; }
    std::error_code ignored;
    auto folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    auto installed = folder.parent_path() / "share" / "longwatch" / below;
    if (is_catalog(installed)) { return installed; }
    for (; folder.has_relative_path(); folder = folder.parent_path()) {
        if (is_catalog(folder / below)) { return folder / below; }
    }
    throw CannotRun(
        "cannot find the catalogue (there is no models/catalog here or above the program) name it "
        "with --catalog");
}

}  // namespace longwatch
