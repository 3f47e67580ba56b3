// [environment]: wind, and density apart from the standard's, as profiles over height.
#include <algorithm>

#include "host/study/study_reader.hpp"

namespace longwatch {
namespace {

constexpr Bounds height_m = {-500, 1e6}, wind_mps = {-200, 200}, sigma_mps = {0, 100};
constexpr Bounds any_factor = {0.2, 5}, sigma_frac = {0, 0.5};

using Column = std::vector<double>;

/// Heights rise, and each column has as many values.
bool is_profile(TableView& table, Column const& height,
                std::vector<std::pair<std::string, Column const*>> const& columns)
{
    auto const key = table.spelling_used("height", Dimension::length);
    if (height.size() < 2) {
        table.problem_at_key(key, table.what() + ": '" + key + "' has one value (2 to " +
                                      std::to_string(max_weather_rows) + " are wanted)");
        return false;
    }
    for (std::size_t i = 1; i < height.size(); ++i) {
        if (height[i] > height[i - 1]) { continue; }
        auto const& unit = unit_of_key(key, "height", Dimension::length);
        table.problem_at_key(key, table.what() + ": '" + key + "' does not rise from " +
                                      number_text(from_si(unit, height[i - 1])) + " to " +
                                      number_text(from_si(unit, height[i])) + " (must rise)");
        return false;
    }
    for (auto const& [name, values] : columns) {
        if (values->size() == height.size()) { continue; }
        table.problem_at_key(name, table.what() + " has " + std::to_string(height.size()) + " '" +
                                       key + "' and " + std::to_string(values->size()) + " '" +
                                       name + "' values (one for one is wanted)");
        return false;
    }
    return true;
}

/// A column that may be left out, and is then 0 at every height.
Column column_or_zeros(TableView& table, std::string const& base, Bounds const& bounds,
                       Dimension dimension, std::size_t size)
{
    auto column = table.numbers(base, bounds, max_weather_rows, dimension, false);
    if (!column.empty() || table.has(table.spelling_used(base, dimension))) { return column; }
    column.assign(size, 0.0);
    std::string zeros;
    for (std::size_t i = 0; i < size; ++i) { zeros += i == 0 ? "0.0" : ", 0.0"; }
    table.write(base + units_of(dimension).front().suffix, '[' + zeros + ']');
    return column;
}

void read_wind(TableView& table, Weather& weather, SourceCount& provenance)
{
    int const before = table.problem_count();
    auto const height = table.numbers("height", height_m, max_weather_rows, Dimension::length);
    auto const east = table.numbers("east", wind_mps, max_weather_rows, Dimension::speed);
    auto const north = table.numbers("north", wind_mps, max_weather_rows, Dimension::speed);
    auto const sigma = [&](char const* base) {
        return column_or_zeros(table, base, sigma_mps, Dimension::speed, height.size());
    };
    auto const sigma_east = sigma("sigma_east"), sigma_north = sigma("sigma_north");
    table.read_provenance(provenance);
    table.report_unknown_keys();
    auto const used = [&](char const* base) { return table.spelling_used(base, Dimension::speed); };
    if (table.problem_count() != before || height.empty() ||
        !is_profile(table, height,
                    {{used("east"), &east},
                     {used("north"), &north},
                     {used("sigma_east"), &sigma_east},
                     {used("sigma_north"), &sigma_north}})) {
        return;
    }
    weather.wind_count = static_cast<int>(height.size());
    std::copy(height.begin(), height.end(), weather.wind_height_m);
    std::copy(east.begin(), east.end(), weather.east_mps);
    std::copy(north.begin(), north.end(), weather.north_mps);
    std::copy(sigma_east.begin(), sigma_east.end(), weather.sigma_east_mps);
    std::copy(sigma_north.begin(), sigma_north.end(), weather.sigma_north_mps);
}

void read_density(TableView& table, Weather& weather, SourceCount& provenance)
{
    int const before = table.problem_count();
    auto const height = table.numbers("height", height_m, max_weather_rows, Dimension::length);
    auto const mean = table.numbers("factor", any_factor, max_weather_rows);
    auto const sigma =
        column_or_zeros(table, "sigma_frac", sigma_frac, Dimension::none, height.size());
    table.read_provenance(provenance);
    table.report_unknown_keys();
    if (table.problem_count() != before || height.empty() ||
        !is_profile(table, height, {{"factor", &mean}, {"sigma_frac", &sigma}})) {
        return;
    }
    weather.density_count = static_cast<int>(height.size());
    std::copy(height.begin(), height.end(), weather.density_height_m);
    std::copy(mean.begin(), mean.end(), weather.factor);
    std::copy(sigma.begin(), sigma.end(), weather.sigma_frac);
}

}  // namespace

void read_environment(StudyReader& reader, TableView& root)
{
    auto const own = root.table("environment", false, Whose::study);
    if (!own) { return; }
    auto environment = overlaid(reader, *own, "environments");
    read_model_name(environment);
    Weather& weather = reader.study.scenario->atmosphere.weather;
    auto& provenance = reader.provenance["environment"];
    SourceCount no_values_of_its_own;
    environment.read_provenance(no_values_of_its_own);
    std::string below;
    auto wind = environment.table("wind", false);
    auto density = environment.table("density", false);
    if (wind) {
        read_wind(*wind, weather, provenance);
        below += "\n[environment.wind]\n" + wind->as_lines();
    }
    if (density) {
        read_density(*density, weather, provenance);
        below += "\n[environment.density]\n" + density->as_lines();
    }
    if (!wind && !density && !environment.forgives_missing()) {
        environment.problem(environment.what() +
                            " has neither 'wind' nor 'density' (a table [environment.wind] or "
                            "[environment.density], or a model that has one)");
    }
    environment.report_unknown_keys();
    reader.replaced.push_back({environment.what(), environment.replaced_keys()});
    reader.resolved += "\n[environment]\n" + environment.as_lines() + below;
}

}  // namespace longwatch
