// [[sensor]]: a radar or a space infrared sensor, and the node it reports to.
#include <algorithm>
#include <cmath>

#include "host/study/name_hash.hpp"
#include "host/study/study_reader.hpp"
#include "models/sensing/radar_equation.hpp"

namespace longwatch {
namespace {

void read_m_of_n(TableView& sensor, int& hits_required, int& looks_considered)
{
    constexpr int most_looks = 32;
    int const before = sensor.problem_count();
    hits_required = static_cast<int>(sensor.integer("hits_required", 1, most_looks));
    looks_considered = static_cast<int>(sensor.integer("looks_considered", 1, most_looks));
    if (sensor.problem_count() == before && !sensor.forgives_missing() &&
        hits_required > looks_considered) {
        sensor.problem_at_key("hits_required",
                              "key 'hits_required' = " + std::to_string(hits_required) +
                                  " (must be at most looks_considered, " +
                                  std::to_string(looks_considered) + ") in " + sensor.what());
    }
}

double read_angle_deg(TableView& sensor, char const* base, Bounds const& degrees,
                      std::optional<double> fallback_deg = std::nullopt)
{
    auto const bounds =
        Bounds{degrees.low * rad_per_deg, degrees.high * rad_per_deg, degrees.above_low};
    auto const fallback =
        fallback_deg ? std::optional<double>(*fallback_deg * rad_per_deg) : std::nullopt;
    return sensor.number(base, Dimension::angle, bounds, fallback);
}

/// Boresights of the faces, and what looking off them costs.
void read_faces(TableView& sensor, RadarParams& p)
{
    auto const offsets =
        sensor.numbers("face_offsets", between(-360 * rad_per_deg, 360 * rad_per_deg), max_faces,
                       Dimension::angle, false);
    p.face_count = std::max<int>(1, static_cast<int>(offsets.size()));
    std::copy(offsets.begin(), offsets.end(), p.face_offset_rad);
    p.face_tilt_rad = read_angle_deg(sensor, "face_tilt", between(0, 90), 0.0);
    p.scan_loss_exponent =
        sensor.number("scan_loss_exponent", Dimension::none, between(0, 10), 0.0);
}

/// The part of the coverage that is searched: all of it unless the study says less.
void read_fence(TableView& sensor, RadarParams& p)
{
    auto const limit = [&](char const* key, Bounds const& degrees, double whole_rad) {
        return read_angle_deg(sensor, key, degrees, whole_rad / rad_per_deg);
    };
    int const before = sensor.problem_count();
    p.fence_elevation_min_rad = limit("fence_elevation_min", between(-10, 90), p.elevation_min_rad);
    p.fence_elevation_max_rad = limit("fence_elevation_max", between(-10, 90), p.elevation_max_rad);
    p.fence_half_width_rad = limit("fence_half_width", positive(180), p.azimuth_half_width_rad);
    if (sensor.problem_count() > before || sensor.forgives_missing()) { return; }
    double const low = std::fmax(p.fence_elevation_min_rad, p.elevation_min_rad);
    double const high = std::fmin(p.fence_elevation_max_rad, p.elevation_max_rad);
    if (low < high) { return; }
    auto const given = sensor.spelling_used("fence_elevation_min", Dimension::angle);
    sensor.problem_at_key(
        sensor.has(given) ? given : sensor.spelling_used("fence_elevation_max", Dimension::angle),
        sensor.what() +
            " searches nothing: between fence_elevation_min and fence_elevation_max lies "
            "no elevation that it covers");
}

/// A radar from first principles: the range at which a square metre gives a ratio of 20.
void read_radar_equation(TableView& table, RadarParams& p, SourceCount& provenance)
{
    RadarBudget b;
    b.average_power_w = table.number("average_power", Dimension::power, positive(1e9));
    b.aperture_m2 = table.number("aperture", Dimension::area, positive(1e5));
    b.efficiency = table.number("efficiency", Dimension::none, between(0.01, 1), 1.0);
    b.noise_temperature_k =
        table.number("noise_temperature", Dimension::temperature, between(10, 1e5));
    b.losses = table.number("losses", Dimension::power_ratio, between(1, 1e4), 1.0);
    p.reference_rcs_m2 = 1;
    p.reference_snr = 20;
    bool const searches = table.has("search_time_s") || table.has("search_time_min");
    if (searches) {
        b.search_time_s = table.number("search_time", Dimension::time, positive(3600));
        double const width = read_angle_deg(table, "search_azimuth", positive(360));
        double const low = read_angle_deg(table, "search_elevation_min", between(-10, 90));
        double const high = read_angle_deg(table, "search_elevation_max", between(-10, 90));
        b.search_solid_angle_sr = solid_angle_sr(width, low, high);
        p.reference_range_m = search_range_m(b, p.reference_rcs_m2, p.reference_snr);
    } else {
        b.dwell_s = table.number("dwell", Dimension::time, positive(600));
        b.wavelength_m = table.number("wavelength", Dimension::length, between(1e-4, 100));
        p.reference_range_m = dwell_range_m(b, p.reference_rcs_m2, p.reference_snr);
    }
    if (!table.forgives_missing() && table.problem_count() == 0 && !(p.reference_range_m > 0)) {
        table.problem(table.what() +
                      ": 'search_elevation_min' is not below 'search_elevation_max'");
    }
    table.read_provenance(provenance);
    table.report_unknown_keys();
}

RadarParams read_radar(TableView& sensor, std::string& below, SourceCount& provenance)
{
    RadarParams p;
    if (auto equation = sensor.table("radar_equation", false)) {
        read_radar_equation(*equation, p, provenance);
        below = "\n[sensor.radar_equation]\n" + equation->as_lines();
        for (auto const* key : {"reference_range_m", "reference_range_km", "reference_rcs_m2",
                                "reference_rcs_dbsm", "reference_snr", "reference_snr_db"}) {
            sensor.know(key, Whose::anyone);
            if (sensor.own().contains(key)) {
                sensor.problem_at_key(key,
                                      std::string("key '") + key +
                                          "' beside [sensor.radar_equation] (say it one way) in " +
                                          sensor.what());
            }
        }
    } else {
        p.reference_range_m = sensor.number("reference_range", Dimension::length, positive(2e7));
        p.reference_rcs_m2 =
            sensor.number("reference_rcs", Dimension::area, between(1e-6, 1e5), 1.0);
        p.reference_snr = sensor.number("reference_snr", Dimension::power_ratio, between(0.1, 1e5));
    }
    p.instrumented_range_m = sensor.number("instrumented_range", Dimension::length, positive(2e7));
    p.azimuth_center_rad = read_angle_deg(sensor, "azimuth_center", between(-180, 360), 0.0);
    p.azimuth_half_width_rad = read_angle_deg(sensor, "azimuth_half_width", positive(180));
    int const before = sensor.problem_count();
    p.elevation_min_rad = read_angle_deg(sensor, "elevation_min", between(-10, 90));
    p.elevation_max_rad = read_angle_deg(sensor, "elevation_max", between(-10, 90), 90.0);
    if (sensor.problem_count() == before && !sensor.forgives_missing() &&
        !(p.elevation_min_rad < p.elevation_max_rad)) {
        sensor.problem_at_key(
            sensor.spelling_used("elevation_min", Dimension::angle),
            sensor.what() + ": elevation_min is not below elevation_max (must be)");
    }
    read_faces(sensor, p);
    read_fence(sensor, p);
    p.earth_radius_factor =
        sensor.number("earth_radius_factor", Dimension::none, between(1, 2), 1.0);
    p.look_period_s = sensor.number("look_period", Dimension::time, between(0.1, 120));
    p.cue_gain = sensor.number("cue_gain", Dimension::power_ratio, between(1, 1e4), 1.0);
    read_m_of_n(sensor, p.hits_required, p.looks_considered);
    p.firm_sigma_m = sensor.number("firm_sigma", Dimension::length, between(0, 1e6), 0.0);
    p.bandwidth_hz = sensor.number("bandwidth", Dimension::frequency, between(1e3, 1e10));
    p.beamwidth_rad = read_angle_deg(sensor, "beamwidth", between(0.01, 30));
    p.range_floor_m = sensor.number("range_floor", Dimension::length, between(0, 1e5), 0.0);
    p.angle_floor_rad = read_angle_deg(sensor, "angle_floor", between(0, 10), 0.0);
    p.swerling = static_cast<int>(sensor.integer("swerling", 0, 4, 1));
    p.pulses = static_cast<int>(sensor.integer("pulses", 1, 1024, 1));
    p.coherent =
        sensor.choice("integration", {"coherent", "noncoherent"}, "coherent") != "noncoherent";
    p.reference_snr *= p.pulses;
    p.cfar_loss = sensor.number("cfar_loss", Dimension::power_ratio, between(1, 100), 1.0);
    p.false_alarm_probability =
        sensor.number("false_alarm_probability", Dimension::none, between(1e-12, 0.1), 1e-6);
    return p;
}

BrightnessTable read_brightness(TableView& table, SourceCount& provenance)
{
    BrightnessTable out;
    int const before = table.problem_count();
    auto const altitude =
        table.numbers("altitude", between(0, 1e6), max_brightness_rows, Dimension::length);
    auto const factor = table.numbers("factor", between(0, 100), max_brightness_rows);
    table.read_provenance(provenance);
    table.report_unknown_keys();
    if (table.problem_count() != before) { return out; }
    bool rises = !altitude.empty() && altitude.size() == factor.size();
    for (std::size_t i = 1; rises && i < altitude.size(); ++i) {
        rises = altitude[i] > altitude[i - 1];
    }
    if (!rises) {
        table.problem(table.what() + ": 'altitude' must rise, and 'factor' have a value for each");
        return out;
    }
    out.count = static_cast<int>(altitude.size());
    std::copy(altitude.begin(), altitude.end(), out.altitude_m);
    std::copy(factor.begin(), factor.end(), out.factor);
    return out;
}

InfraredParams read_infrared(TableView& sensor, std::string& below, SourceCount& provenance)
{
    InfraredParams p;
    p.elliptical =
        sensor.choice("orbit", {"geostationary", "elliptical"}, "geostationary") == "elliptical";
    if (p.elliptical) {
        p.apogee_side_s = sensor.number("apogee_side", Dimension::time, between(0, 18000), 14400.0);
    }
    p.threshold_wpsr = sensor.number("threshold", Dimension::intensity, between(0, 1e10), 0.0);
    p.line_of_sight_sigma_rad =
        sensor.number("line_of_sight_sigma", Dimension::angle, between(0, 0.1), 0.0);
    if (auto table = sensor.table("brightness", false)) {
        p.brightness = read_brightness(*table, provenance);
        below = "\n[sensor.brightness]\n" + table->as_lines();
    }
    if (p.line_of_sight_sigma_rad > 0 && p.line_of_sight_sigma_rad < 1e-6) {
        sensor.problem_at_key(
            sensor.spelling_used("line_of_sight_sigma", Dimension::angle),
            sensor.what() +
                " has a line_of_sight_sigma below 1e-6 rad (0: not told; or 1e-6 to 0.1 rad)");
    }
    p.satellite_longitude_rad =
        sensor.number("satellite_longitude", Dimension::angle,
                      between(-180 * rad_per_deg, 360 * rad_per_deg), std::nullopt, Whose::study);
    p.cloud_top_m =
        sensor.distribution("cloud_top", Dimension::length, between(0, 30000), std::nullopt);
    p.revisit_s = sensor.number("revisit", Dimension::time, between(0.1, 600));
    p.probability_of_detection =
        sensor.number("probability_of_detection", Dimension::none, between(0, 1));
    read_m_of_n(sensor, p.hits_required, p.looks_considered);
    return p;
}

}  // namespace

bool read_sensor_itself(TableView& sensor, SensorParams& p, std::string& below,
                        SourceCount& provenance, PlaceOf place)
{
    auto const kind = sensor.choice("kind", {"radar", "infrared"});
    if (kind == "infrared" && place == PlaceOf::others) {
        sensor.problem_at_key("kind", sensor.what() + " is no radar (only radars are placed)");
        return false;
    }
    if (kind == "infrared") {
        p.kind = SensorKind::infrared;
        p.infrared = read_infrared(sensor, below, provenance);
    } else if (kind == "radar") {
        p.kind = SensorKind::radar;
        if (place == PlaceOf::entry) { p.site = read_place(sensor); }
        p.patrol_radius_m =
            sensor.number("patrol_radius", Dimension::length, between(0, 1e6), 0.0, Whose::study);
        p.radar = read_radar(sensor, below, provenance);
    }
    p.availability = sensor.number("availability", Dimension::none, between(0, 1), 1.0);
    p.false_reports_per_year =
        sensor.number("false_reports_per_year", Dimension::none, between(0, 1e6), 0.0);
    p.processing_s = read_delay(sensor, "processing", std::nullopt);
    return !kind.empty();
}

namespace {

/// A sensor with a threshold asks of every stage how bright it burns.
void check_intensities(StudyReader const& reader, TableView& sensor, InfraredParams const& p)
{
    if (!(p.threshold_wpsr > 0)) { return; }
    Scenario const& scenario = *reader.study.scenario;
    for (int t = 0; t < scenario.threat_count; ++t) {
        VehicleParams const& vehicle = scenario.threat[t].vehicle;
        for (int i = 0; i < vehicle.stage_count; ++i) {
            if (vehicle.stage[i].plume_intensity_wpsr > 0) { continue; }
            sensor.problem_at_key(
                sensor.spelling_used("threshold", Dimension::intensity),
                sensor.what() + " has a threshold, but stage " + std::to_string(i + 1) +
                    " of threat '" + reader.threats.names()[static_cast<std::size_t>(t)] +
                    "' does not say its plume_intensity (give it, or no threshold)");
        }
    }
}

}  // namespace

void read_sensors(StudyReader& reader, TableView& root)
{
    auto& scenario = *reader.study.scenario;
    for (auto& entry : entries(reader, root, reader.sensors, 1, max_sensors)) {
        auto sensor = overlaid(reader, entry, "sensors");
        auto& p = scenario.sensor[scenario.sensor_count++];
        p.name_hash = name_hash(reader.sensors.read_name(sensor, reader.problems));
        read_model_name(sensor);
        p.node = reader.nodes.index_of_key(sensor, "node", reader.problems);
        p.origin = p.node >= 0 ? reader.study.node_origins[static_cast<std::size_t>(p.node)] : -1;
        if (sensor.has("origin")) {
            p.origin = reader.origins.index_of_key(sensor, "origin", reader.problems);
        } else if (p.origin >= 0) {
            sensor.write("origin",
                         toml_text(reader.origins.names()[static_cast<std::size_t>(p.origin)]));
        }
        sensor.know("origin", Whose::study);
        std::string below;
        bool const is_known = read_sensor_itself(sensor, p, below, reader.provenance["sensor"]);
        check_intensities(reader, sensor, p.infrared);
        sensor.read_provenance(reader.provenance["sensor"]);
        if (is_known) { sensor.report_unknown_keys(); }
        reader.replaced.push_back({sensor.what(), sensor.replaced_keys()});
        reader.resolved += "\n[[sensor]]\n" + sensor.as_lines() + below;
    }
}

}  // namespace longwatch
