// longwatch reconstruct: the flight of a notional vehicle that matches a published observation.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "host/command/catalog_folder.hpp"
#include "host/command/output.hpp"
#include "host/command/real_number.hpp"
#include "host/command/reconstruct_text.hpp"
#include "host/command/verbs.hpp"
#include "host/study/nearest_name.hpp"

namespace longwatch {

namespace {

Geodetic launch_place(std::string const& text)
{
    auto const comma = text.find(',');
    if (comma == std::string::npos) {
        throw UsageError(fmt::format(
            "--launch '{}': not a place (two numbers with a comma between, as 39.2,125.7)", text));
    }
    auto const trimmed = [](std::string s) {
        s.erase(0, s.find_first_not_of(' '));
        return s.substr(0, s.find_last_not_of(' ') + 1);
    };
    // Aiming steers by east and north, which a pole does not have.
    double const latitude_deg =
        real_number("--launch, latitude", trimmed(text.substr(0, comma)), {-89, 89});
    double const longitude_deg =
        real_number("--launch, longitude", trimmed(text.substr(comma + 1)), {-180, 360});
    return {latitude_deg * rad_per_deg, longitude_deg * rad_per_deg, 0};
}

Observation observation_of(ReconstructOptions const& given)
{
    Observation o;
    o.launch = launch_place(given.launch);
    o.azimuth_rad = real_number("--azimuth-deg", given.azimuth_deg, {-180, 360}) * rad_per_deg;
    o.apogee_m = 1000 * real_number("--apogee-km", given.apogee_km, {0, 20000, true});
    o.range_m = 1000 * real_number("--range-km", given.range_km, {0, 20000, true});
    if (given.flight_time_s) {
        o.flight_time_s = real_number("--flight-time-s", *given.flight_time_s, {0, 86400, true});
    }
    o.time_tolerance_s = real_number("--time-tolerance-s", given.time_tolerance_s, {0, 3600});
    return o;
}

}  // namespace

ExitStatus reconstruct(ReconstructOptions const& given)
{
    auto const observation = observation_of(given);
    auto const folder = catalog_folder(given.catalog);
    auto const names = catalog_names(folder, "threats");
    auto const chosen = std::find(names.begin(), names.end(), given.vehicle);
    if (chosen == names.end()) {
        throw UsageError(
            fmt::format("--vehicle '{}': the catalogue has no such vehicle (known: {})",
                        given.vehicle, fmt::join(names, ", ")) +
            did_you_mean(given.vehicle, names));
    }
    std::vector<CatalogThreat> catalog;
    for (auto const& name : names) { catalog.push_back(read_catalog_threat(folder, name)); }
    auto const& vehicle = catalog[static_cast<std::size_t>(chosen - names.begin())];
    auto const sites = read_sensor_sites(folder);
    auto const found = reconstruct(observation, vehicle, catalog, sites);
    print(given.as_json ? reconstruct_json(observation, vehicle, found)
                        : reconstruct_text(observation, vehicle, found));
    return found.matches ? exit_fine : exit_answer_is_no;
}

}  // namespace longwatch
