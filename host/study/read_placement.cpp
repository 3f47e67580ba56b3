// [placement]: candidate places for one more radar, and what makes one better than another.
#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "host/study/land.hpp"
#include "host/study/name_hash.hpp"
#include "host/study/study_reader.hpp"

namespace longwatch {
namespace {

constexpr int sites_max = 10000;
constexpr int chosen_max = 16;
constexpr int grids_max = 16;

/// "38-50n-134-25e", hundredths of degrees.
std::string name_of(Geodetic const& place)
{
    auto const part = [](double rad, char positive, char negative) {
        auto const hundredths = std::lround(std::fabs(rad) / rad_per_deg * 100);
        return fmt::format("{}-{:02}{}", hundredths / 100, hundredths % 100,
                           rad < 0 ? negative : positive);
    };
    return part(place.latitude_rad, 'n', 's') + "-" + part(place.longitude_rad, 'e', 'w');
}

double rounded_rad(double rad) { return std::round(rad / rad_per_deg * 100) / 100 * rad_per_deg; }

struct Grid {
    double south, north, west, east;  ///< rad
    double spacing_m;
    std::string surface;
};

/// Rows of even spacing, each with columns of the same spacing: as many places to the area everywhere.
std::vector<CandidateSite> points_of(Grid const& grid, LandMap const& land)
{
    std::vector<CandidateSite> out;
    double const step = grid.spacing_m / earth_mean_radius_m;
    for (int row = 0; grid.south + row * step <= grid.north + 1e-9; ++row) {
        double const latitude = rounded_rad(grid.south + row * step);
        double const column_step = step / std::fmax(std::cos(latitude), 1e-3);
        for (int column = 0; grid.west + column * column_step <= grid.east + 1e-9; ++column) {
            double const longitude =
                rounded_rad(std::remainder(grid.west + column * column_step, 2 * pi));
            CandidateSite site{"", {latitude, longitude, 0}, land.is_land(latitude, longitude)};
            if (grid.surface != "any" && (grid.surface == "land") != site.on_land) { continue; }
            site.name = name_of(site.place);
            out.push_back(site);
            if (out.size() > sites_max) { return out; }
        }
    }
    return out;
}

std::vector<CandidateSite> read_grid(TableView& table, LandMap const& land)
{
    auto const angle = [&](char const* base, double low_deg, double high_deg) {
        return table.number(base, Dimension::angle,
                            between(low_deg * rad_per_deg, high_deg * rad_per_deg));
    };
    int const before = table.problem_count();
    Grid grid{};
    grid.south = angle("south", -85, 85);
    grid.north = angle("north", -85, 85);
    grid.west = angle("west", -180, 360);
    grid.east = angle("east", -180, 360);
    grid.spacing_m = table.number("spacing", Dimension::length, between(2e3, 2e6));
    grid.surface = table.choice("surface", {"land", "water", "any"}, "any");
    table.report_unknown_keys();
    if (table.problem_count() != before) { return {}; }
    if (grid.east < grid.west) { grid.east += 2 * pi; }
    double const step = grid.spacing_m / earth_mean_radius_m;
    if ((grid.north - grid.south + step) * (grid.east - grid.west + step) > 1e6 * step * step) {
        table.problem(table.what() +
                      " has more than a million points (a larger spacing gives fewer)");
        return {};
    }
    if (grid.south > grid.north || grid.east - grid.west > 2 * pi) {
        table.problem(table.what() +
                      " is no area (south must not lie above north, nor may it go round "
                      "the Earth more than once)");
        return {};
    }
    auto points = points_of(grid, land);
    if (points.empty()) {
        table.problem(table.what() +
                      " has no place on its surface (a smaller spacing or "
                      "another surface may find some)");
    }
    return points;
}

/// The map of land and water, read when it is first asked for.
class LandWhenAsked {
public:
    LandWhenAsked(StudyReader& reader, Place place) : reader_(reader), place_(std::move(place)) {}

    /// Nothing, with a problem, where it cannot be read.
    LandMap const* map()
    {
        if (!tried_) { land_ = read_land(reader_.catalog, place_, reader_.problems); }
        tried_ = true;
        return land_ ? &*land_ : nullptr;
    }

private:
    StudyReader& reader_;
    Place place_;
    bool tried_ = false;
    std::optional<LandMap> land_;
};

CandidateSite read_site(StudyReader& reader, TableView& entry, NameList& names, LandWhenAsked& land)
{
    CandidateSite site;
    site.name = names.read_name(entry, reader.problems);
    site.place = read_place(entry, 85 * rad_per_deg);
    entry.know("surface", Whose::study);
    if (entry.has("surface")) {
        site.on_land = entry.choice("surface", {"land", "water"}) == "land";
    } else if (auto const* map = land.map()) {
        site.on_land = map->is_land(site.place.latitude_rad, site.place.longitude_rad);
    }
    entry.read_provenance(reader.provenance["placement site"]);
    entry.report_unknown_keys();
    return site;
}

/// Of several radars the second draws as "name-2", and so on: no sensor of the study may.
void check_further_names(StudyReader& reader, TableView& sensor, Placement const& p)
{
    for (int k = 2; k <= p.choose; ++k) {
        auto const name = p.sensor_name + "-" + std::to_string(k);
        for (auto const& other : reader.sensors.names()) {
            if (name_hash(other) != name_hash(name)) { continue; }
            sensor.problem_at_key("name", "sensor '" + other + "' would share its draws with '" +
                                              name +
                                              "', one of the radars placed together (rename one)");
        }
    }
}

/// The radar to be placed; its text as a table within [placement].
std::string read_placed_sensor(StudyReader& reader, TableView& placement, Placement& p)
{
    auto entry = placement.table("sensor", true, Whose::study);
    if (!entry) { return ""; }
    auto sensor = overlaid(reader, *entry, "sensors");
    NameList names = reader.sensors;
    p.sensor_name = names.read_name(sensor, reader.problems);
    p.sensor.name_hash = name_hash(p.sensor_name);
    read_model_name(sensor);
    p.sensor.node = reader.nodes.index_of_key(sensor, "node", reader.problems);
    if (p.sensor.node >= 0) {
        p.sensor.origin = reader.study.node_origins[static_cast<std::size_t>(p.sensor.node)];
    }
    if (sensor.has("origin")) {
        p.sensor.origin = reader.origins.index_of_key(sensor, "origin", reader.problems);
    }
    sensor.know("origin", Whose::study);
    std::string below;
    bool const is_known =
        read_sensor_itself(sensor, p.sensor, below, reader.provenance["sensor"], PlaceOf::others);

    auto const boresight = sensor.spelling_used("azimuth_center", Dimension::angle);
    if (p.looks_towards && sensor.own().contains(boresight)) {
        sensor.problem_at_key(boresight, sensor.what() +
                                             " says azimuth_center and [placement] looks_towards "
                                             "(must be one)");
    }
    check_further_names(reader, sensor, p);
    sensor.read_provenance(reader.provenance["sensor"]);
    if (is_known) { sensor.report_unknown_keys(); }
    auto const is_below = below.find("[sensor.");
    if (is_below != std::string::npos) { below.insert(is_below + 1, "placement."); }
    auto lines = sensor.as_lines();
    auto const at = lines.find("azimuth_center_rad = ");
    if (p.looks_towards && at != std::string::npos) {
        lines.erase(at, lines.find('\n', at) + 1 - at);
    }
    return "\n[placement.sensor]\n" + lines + below;
}

void read_objective(StudyReader& reader, TableView& table, Placement& p)
{
    std::vector<std::string> const objectives(std::begin(placement_objective_names),
                                              std::end(placement_objective_names));
    auto const objective = table.choice("objective", objectives, objectives.front());
    auto const at = std::find(objectives.begin(), objectives.end(), objective);
    p.objective =
        static_cast<PlacementObjective>(at == objectives.end() ? 0 : at - objectives.begin());
    if (p.objective == PlacementObjective::probability_of_warning) {
        p.at_least_s = table.number("at_least", Dimension::time, between(0, 7200));
    }
    if (p.objective == PlacementObjective::kill_probability &&
        reader.study.scenario->battery_count == 0) {
        table.problem_at_key("objective",
                             "'kill-probability' is of batteries (the study has none)");
    }
    p.consumers =
        reader.consumers.set_of_key(table, "consumers", reader.consumers.names(), reader.problems);
    if (p.consumers == 0 && table.problem_count() == 0) {
        table.problem_at_key("consumers", "'consumers' is empty (at least one must count)");
    }
    p.choose = static_cast<int>(table.integer("choose", 1, chosen_max, 1));
    // The best place and two sets are flown side by side.
    int const room = (max_sensors - 1 - reader.study.scenario->sensor_count) / 2;
    if (p.choose > room) {
        table.problem(
            fmt::format("'choose' = {} of {} (beside the study's {} sensors there is room for "
                        "{}: at most {} are flown together)",
                        p.choose, table.what(), reader.study.scenario->sensor_count,
                        std::max(room, 0), max_sensors));
    }
    if (p.choose > 1 && p.objective == PlacementObjective::kill_probability) {
        table.problem_at_key("choose",
                             "'choose' = " + std::to_string(p.choose) +
                                 " (must be 1 under 'kill-probability': what several radars "
                                 "bring in kills does not follow from each alone)");
    }
}

/// The resolved study names every place and its surface, so that it needs no map.
std::string site_text(CandidateSite const& site)
{
    return "\n[[placement.site]]\nname = " + toml_text(site.name) +
           "\nlatitude_rad = " + number_text(site.place.latitude_rad) +
           "\nlongitude_rad = " + number_text(site.place.longitude_rad) +
           "\naltitude_m = " + number_text(site.place.altitude_m) +
           "\nsurface = " + (site.on_land ? "\"land\"" : "\"water\"") + '\n';
}

std::string read_sites(StudyReader& reader, TableView& table, Placement& p)
{
    LandWhenAsked land(reader, table.place());
    std::unordered_set<std::string> names;
    // Where grids overlap a place is one.
    auto const add = [&](CandidateSite const& site) {
        if (p.sites.size() <= sites_max && names.insert(site.name).second) {
            p.sites.push_back(site);
        }
    };
    for (auto& grid : table.tables("grid", grids_max, Whose::study)) {
        auto const* map = land.map();
        if (map == nullptr) { break; }
        for (auto const& site : read_grid(grid, *map)) { add(site); }
    }
    NameList listed("candidate");
    for (auto& entry : table.tables("site", sites_max, Whose::study)) {
        add(read_site(reader, entry, listed, land));
    }
    if (reader.problems.count() == 0) {
        if (p.sites.empty()) {
            table.problem(table.what() +
                          " has no places (give [[placement.grid]] or [[placement.site]])");
        } else if (p.sites.size() > sites_max) {
            table.problem(fmt::format("{} has more than {} places (a larger spacing gives fewer)",
                                      table.what(), sites_max));
        } else if (static_cast<std::size_t>(p.choose) > p.sites.size()) {
            table.problem_at_key("choose", fmt::format("'choose' = {} (there are {} places)",
                                                       p.choose, p.sites.size()));
        }
    }
    std::string text;
    for (auto const& site : p.sites) { text += site_text(site); }
    return text;
}

}  // namespace

void read_placement(StudyReader& reader, TableView& root)
{
    auto table = root.table("placement", false, Whose::study);
    if (!table) { return; }
    auto& p = reader.study.placement;
    p.arm = reader.arms.size() - 1;
    if (table->has("arm")) {
        p.arm = reader.arms.index_of_key(*table, "arm", reader.problems);
    } else if (p.arm >= 0) {
        table->write("arm", toml_text(reader.arms.names()[static_cast<std::size_t>(p.arm)]));
    }
    table->know("arm", Whose::study);
    if (auto point = table->table("looks_towards", false, Whose::study)) {
        p.looks_towards = read_place(*point);
        point->report_unknown_keys();
        table->write("looks_towards", point->as_inline());
    }
    read_objective(reader, *table, p);
    auto const sensor = read_placed_sensor(reader, *table, p);
    auto const sites = read_sites(reader, *table, p);
    table->read_provenance(reader.provenance["placement"]);
    table->report_unknown_keys();
    reader.resolved += "\n[placement]\n" + table->as_lines() + sensor + sites;
}

}  // namespace longwatch
