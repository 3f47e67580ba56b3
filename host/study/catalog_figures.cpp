// What a catalogue model can do, in a few numbers, found by the reader of studies.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "host/study/catalog_model.hpp"
#include "host/study/read_catalog.hpp"
#include "host/study/read_interceptor.hpp"
#include "host/study/study_reader.hpp"
#include "host/study/toml_file.hpp"
#include "models/math/real.hpp"

namespace longwatch {
namespace {

constexpr double standard_gravity_mps2 = 9.80665;
/// Radars are compared on a square metre, at the signal-to-noise ratio 20 of one look (13 dB).
constexpr double compared_rcs_m2 = 1, compared_snr = 20;

/// Rounded to so many significant digits: a summary claims no more.
double rounded(double value, int digits)
{
    return std::stod(fmt::format("{:.{}g}", value, digits));
}

/// Rocket equation, all stages burnt out one after the other.
double ideal_delta_v_mps(StageParams const* stage, int count, double payload_kg)
{
    double above_kg = payload_kg, sum_mps = 0;
    for (int i = count - 1; i >= 0; --i) {
        double const empty_kg = above_kg + stage[i].dry_kg;
        above_kg = empty_kg + stage[i].propellant_kg;
        sum_mps += standard_gravity_mps2 * stage[i].specific_impulse_vacuum_s *
                   std::log(above_kg / empty_kg);
    }
    return sum_mps;
}

/// Mass flow times burn time is the propellant.
double burn_time_s(VehicleParams const& v)
{
    double sum_s = 0;
    for (int i = 0; i < v.stage_count; ++i) {
        auto const& stage = v.stage[i];
        sum_s += stage.propellant_kg * standard_gravity_mps2 * stage.specific_impulse_vacuum_s /
                 stage.thrust_vacuum_n;
    }
    return sum_s;
}

std::vector<Figure> of_threat(CatalogModel const& model, std::filesystem::path const& catalog)
{
    auto const threat = read_catalog_threat(catalog, model.name);
    auto const& v = threat.params.vehicle;
    double const delta_v_mps = rounded(ideal_delta_v_mps(v.stage, v.stage_count, v.payload_kg), 4);
    double const burn_s = rounded(burn_time_s(v), 3);
    std::vector<Figure> figures = {
        {"stages", v.stage_count,
         fmt::format("{} stage{}", v.stage_count, v.stage_count == 1 ? "" : "s")},
        {"payload_kg", v.payload_kg, fmt::format("payload {:g} kg", v.payload_kg)},
        {"ideal_delta_v_mps", delta_v_mps, fmt::format("ideal delta-v {:g} m/s", delta_v_mps)},
        {"burn_time_s", burn_s, fmt::format("burns {:g} s", burn_s)},
    };
    double range_m = 0, apogee_m = 0;
    for (auto const& flight : threat.published.flights) {
        range_m = std::fmax(range_m, flight.range_m);
        apogee_m = std::fmax(apogee_m, flight.apogee_m);
    }
    if (range_m > 0) {
        figures.push_back({"published_range_max_km", range_m / 1000,
                           fmt::format("published flights to {:g} km of range", range_m / 1000)});
        figures.push_back({"published_apogee_max_km", apogee_m / 1000,
                           fmt::format("{:g} km of apogee", apogee_m / 1000)});
    }
    return figures;
}

std::vector<Figure> of_radar(RadarParams const& p)
{
    double const range_km = rounded(
        p.reference_range_m / 1000 *
            std::pow(compared_rcs_m2 / p.reference_rcs_m2 * p.reference_snr / compared_snr, 0.25),
        3);
    double const reach_km = p.instrumented_range_m / 1000;
    double const sector_deg =
        rounded(std::fmin(360, 2 * p.face_count * p.azimuth_half_width_rad / rad_per_deg), 4);
    return {{"range_1m2_13db_km", range_km, fmt::format("{:g} km on 1 m2 at 13 dB", range_km)},
            {"instrumented_range_km", reach_km, fmt::format("nothing beyond {:g} km", reach_km)},
            {"sector_deg", sector_deg, fmt::format("{:g} deg of azimuth", sector_deg)},
            {"look_period_s", p.look_period_s, fmt::format("a look in {:g} s", p.look_period_s)}};
}

std::vector<Figure> of_infrared(InfraredParams const& p)
{
    std::string const orbit = p.elliptical ? "elliptical" : "geostationary";
    return {
        {"orbit", orbit, orbit},
        {"revisit_s", p.revisit_s, fmt::format("a scan in {:g} s", p.revisit_s)},
        {"probability_of_detection", p.probability_of_detection,
         fmt::format("detects a visible plume with {:g} per scan", p.probability_of_detection)}};
}

TomlFile file_of(CatalogModel const& model, Problems& problems)
{
    auto const name = model.file.generic_string();
    auto file = read_toml_file(model.file, {name, 0, 0}, problems);
    problems.throw_if_any(name);
    return std::move(*file);
}

std::vector<Figure> of_sensor(CatalogModel const& model)
{
    Problems problems;
    auto const file = file_of(model, problems);
    TableView view(problems, {{&file.table, "model '" + model.name + "'"}});
    view.forgive_missing();  // its place
    SensorParams sensor;
    SourceCount unused;
    std::string unused_text;
    read_sensor_itself(view, sensor, unused_text, unused);
    problems.throw_if_any(model.file.generic_string());
    return sensor.kind == SensorKind::radar ? of_radar(sensor.radar) : of_infrared(sensor.infrared);
}

std::vector<Figure> of_interceptor(CatalogModel const& model)
{
    Problems problems;
    auto const file = file_of(model, problems);
    TableView view(problems, {{&file.table, "model '" + model.name + "'"}});
    SourceCount unused;
    std::string unused_text;
    auto const p = read_interceptor(view, unused_text, unused);
    problems.throw_if_any(model.file.generic_string());
    auto const& b = p.booster;
    double const speed_mps =
        rounded(b.stage_count > 0 ? ideal_delta_v_mps(b.stage, b.stage_count, b.payload_kg)
                                  : b.burnout_speed_mps,
                3);
    double const range_km = p.range_max_m / 1000;
    double const low_km = p.altitude_min_m / 1000, high_km = p.altitude_max_m / 1000;
    std::vector<Figure> figures = {
        {"burnout_speed_ideal_mps", speed_mps,
         fmt::format("ideal burnout speed {:g} m/s", speed_mps)},
        {"range_max_km", range_km, fmt::format("reaches {:g} km", range_km)},
        {"altitude_min_km", low_km, fmt::format("at {:g} to {:g} km of altitude", low_km, high_km)},
        {"altitude_max_km", high_km, ""}};
    auto const at = model.content.find("kill_probability");
    if (at != model.content.end() && at->is_number()) {
        figures.push_back({"kill_probability", *at,
                           fmt::format("kill probability {:g} per shot", at->get<double>())});
    }
    return figures;
}

/// A number, or a distribution's kind and middle.
void add_delay(std::vector<Figure>& figures, CatalogModel const& model, std::string const& base)
{
    auto const& content = model.content;
    auto const at = content.find(base + "_s"), dist = content.find(base);
    if (at != content.end() && at->is_number()) {
        figures.push_back({base + "_s", *at, fmt::format("{} {:g} s", base, at->get<double>())});
    } else if (dist != content.end() && dist->is_object()) {
        std::string text;
        for (auto const& [key, value] : dist->items()) {
            if (!value.is_number()) { continue; }
            auto const* const unit = suffix_of_key(key);
            text += fmt::format(", {} {:g}{}", without_unit(key), value.get<double>(),
                                unit == nullptr ? "" : ' ' + unit->name);
        }
        figures.push_back(
            {base, *dist, fmt::format("{} {}{}", base, text_at(*dist, "kind"), text)});
    }
}

std::vector<Figure> of_link(CatalogModel const& model)
{
    std::vector<Figure> figures;
    add_delay(figures, model, "latency");
    add_delay(figures, model, "release");
    auto const number = [&](char const* key, char const* words) {
        auto const at = model.content.find(key);
        if (at == model.content.end() || !at->is_number()) { return; }
        figures.push_back({key, *at, fmt::format(fmt::runtime(words), at->get<double>())});
    };
    number("slot_period_s", "a slot in {:g} s");
    number("availability", "available {:g}");
    return figures;
}

/// Whatever tables of profiles it has: how high they go.
std::vector<Figure> of_environment(CatalogModel const& model)
{
    std::vector<Figure> figures;
    for (char const* name : {"wind", "density"}) {
        auto const table = model.content.find(name);
        if (table == model.content.end()) { continue; }
        for (char const* key : {"height_km", "height_m"}) {
            auto const heights = table->find(key);
            bool const is_list =
                heights != table->end() && heights->is_array() && !heights->empty();
            if (!is_list || !heights->back().is_number()) { continue; }
            double const scale = key == std::string("height_m") ? 1000 : 1;
            double const top_km = heights->back().get<double>() / scale;
            figures.push_back({fmt::format("{}_height_max_km", name), top_km,
                               fmt::format("{} to {:g} km", name, top_km)});
        }
    }
    return figures;
}

std::vector<Figure> of_site(CatalogModel const& model)
{
    auto const name = text_at(model.content, "model");
    std::vector<Figure> figures = {{"model", name, "of model " + name}};
    for (auto const& [key, value] : model.content.items()) {
        auto const* const unit = suffix_of_key(key);
        bool const is_place =
            key.find("latitude") != std::string::npos || key.find("longitude") != std::string::npos;
        if (!is_place || unit == nullptr || !value.is_number()) { continue; }
        auto words = without_unit(key);
        std::replace(words.begin(), words.end(), '_', ' ');
        figures.push_back(
            {key, value, fmt::format("{} {:g} {}", words, value.get<double>(), unit->name)});
    }
    return figures;
}

}  // namespace

std::vector<Figure> figures_of(CatalogModel const& model, std::filesystem::path const& catalog)
{
    if (model.kind == "threats") { return of_threat(model, catalog); }
    if (model.kind == "sensors") { return of_sensor(model); }
    if (model.kind == "interceptors") { return of_interceptor(model); }
    if (model.kind == "links") { return of_link(model); }
    if (model.kind == "environments") { return of_environment(model); }
    return of_site(model);
}

}  // namespace longwatch
