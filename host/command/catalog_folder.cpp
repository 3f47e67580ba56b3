#include "host/command/catalog_folder.hpp"

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/study/catalog_place.hpp"

namespace longwatch {

namespace fs = std::filesystem;

fs::path catalog_folder(std::optional<std::string> const& given)
{
    if (given) {
        if (is_catalog(*given)) { return *given; }
        throw CannotRun(fmt::format(
            "cannot read the catalogue {} (it has no folder 'threats') give models/catalog of the "
            "source tree with --catalog",
            *given));
    }
    auto const known = known_catalogs();
    if (!known.empty()) { return known.front(); }
    throw CannotRun(
        "cannot find the catalogue (there is no models/catalog here or above the program) name it "
        "with --catalog");
}

StudyReading reading_with(std::optional<std::string> const& catalog)
{
    StudyReading with;
    if (catalog) { with.catalog = catalog_folder(catalog); }
    return with;
}

}  // namespace longwatch
