#include "host/study/catalog_place.hpp"

#include <algorithm>
#include <system_error>

namespace longwatch {

namespace fs = std::filesystem;

namespace {

/// Empty where links go in circles or a folder on the way is shut.
fs::path followed(fs::path const& path)
{
    std::error_code error;
    auto const from = fs::absolute(path.empty() ? fs::path(".") : path, error);
    auto found = fs::weakly_canonical(from, error);
    return error ? fs::path() : found;
}

}  // namespace

bool is_catalog(fs::path const& folder)
{
    std::error_code ignored;
    return fs::is_directory(folder / "threats", ignored);
}

std::vector<fs::path> known_catalogs()
{
    fs::path const below = fs::path("models") / "catalog";
    std::error_code ignored;
    auto folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    std::vector<fs::path> places = {below, folder.parent_path() / "share" / "longwatch" / below};
    for (; folder.has_relative_path(); folder = folder.parent_path()) {
        places.push_back(folder / below);
    }
    std::erase_if(places, [](fs::path const& place) { return !is_catalog(place); });
    return places;
}

bool lies_in(fs::path const& path, fs::path const& folder)
{
    auto const inner = followed(path), outer = followed(folder);
    if (inner.empty() || outer.empty()) { return false; }
    auto const ends = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
    return ends.first == outer.end();
}

bool may_be_named(fs::path const& catalog, fs::path const& study_folder)
{
    if (lies_in(catalog, study_folder)) { return true; }
    auto const beside = followed(study_folder).parent_path() / "models" / "catalog";
    auto const named = followed(catalog);
    if (!named.empty() && named == beside) { return true; }
    auto const known = known_catalogs();
    // The one in the folder worked in must be there itself: a link may come from whoever packed the folder.
    return std::any_of(known.begin(), known.end(), [&](fs::path const& one) {
        bool const is_itself = one.is_absolute() || lies_in(one, ".");
        return is_itself && named == followed(one);
    });
}

}  // namespace longwatch
