// Where there is land: the catalogue's map of land and water.
#pragma once

#include <optional>
#include <vector>

#include "host/study/catalog.hpp"
#include "host/study/problems.hpp"

namespace longwatch {

class LandMap {
public:
    /// Cells of cell_deg from 90 degrees north and 180 degrees west on; in a row, the columns at which water and land change,
    /// beginning with water.
    LandMap(double cell_deg, std::vector<std::vector<int>> changes)
        : cell_deg_(cell_deg), changes_(std::move(changes))
    {
    }

    bool is_land(double latitude_rad, double longitude_rad) const;
    double cell_deg() const { return cell_deg_; }
    std::vector<std::vector<int>> const& changes() const { return changes_; }

private:
    double cell_deg_;
    std::vector<std::vector<int>> changes_;
};

/// The catalogue's land.toml; nothing, with a problem, where it cannot be read.
std::optional<LandMap> read_land(Catalog& catalog, Place const& where, Problems& problems);

}  // namespace longwatch
