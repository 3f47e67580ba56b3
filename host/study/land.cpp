#include "host/study/land.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "host/study/table_view.hpp"
#include "models/earth/wgs84.hpp"

namespace longwatch {

namespace {

/// "588 2 20" as the columns 588, 590, 610; nothing where it is no such list or does not fill the row.
std::vector<int> changes_of(std::string const& row, int columns)
{
    std::vector<int> out;
    int at = 0;
    for (char const *next = row.data(), *end = next + row.size(); next != end;) {
        int length = 0;
        auto const read = std::from_chars(next, end, length);
        if (read.ec != std::errc{} || length < 0 || length > columns - at) { return {}; }
        at += length;
        out.push_back(at);
        next = read.ptr == end ? end : read.ptr + 1;
    }
    return at == columns ? out : std::vector<int>{};
}

}  // namespace

bool LandMap::is_land(double latitude_rad, double longitude_rad) const
{
    double const north_deg = 90 - latitude_rad / rad_per_deg;
    double const east_deg = std::remainder(longitude_rad / rad_per_deg, 360) + 180;
    auto const rows = static_cast<int>(changes_.size());
    auto const columns = 2 * rows;
    int const row = std::clamp(static_cast<int>(north_deg / cell_deg_), 0, rows - 1);
    int const column = std::clamp(static_cast<int>(east_deg / cell_deg_), 0, columns - 1);
    auto const& changes = changes_[static_cast<std::size_t>(row)];
    auto const passed = std::upper_bound(changes.begin(), changes.end(), column) - changes.begin();
    return passed % 2 == 1;
}

std::optional<LandMap> read_land(Catalog& catalog, Place const& where, Problems& problems)
{
    auto const* const file = catalog.file(catalog.folder() / "land.toml", where);
    if (!file) { return std::nullopt; }
    int const before = problems.count();
    TableView table(problems, {{&file->table, "the map of land"}});
    double const cell_deg = table.number("cell", Dimension::angle, positive(pi)) / rad_per_deg;
    table.text("source");
    table.text("description");
    auto const rows = table.texts("rows", std::nullopt);
    table.report_unknown_keys();
    if (problems.count() != before) { return std::nullopt; }
    auto const row_count = static_cast<int>(std::lround(180 / cell_deg));
    std::vector<std::vector<int>> changes;
    for (auto const& [row, place] : rows) {
        changes.push_back(changes_of(row, 2 * row_count));
        if (changes.back().empty()) {
            problems.add(place,
                         "a row of the map of land does not fill it (must be lengths that "
                         "add up to " +
                             std::to_string(2 * row_count) + " cells)");
            return std::nullopt;
        }
    }
    if (static_cast<int>(changes.size()) != row_count) {
        table.problem_at_key("rows", "the map of land has " + std::to_string(changes.size()) +
                                         " rows (must be " + std::to_string(row_count) + ")");
        return std::nullopt;
    }
    return LandMap(cell_deg, std::move(changes));
}

}  // namespace longwatch
