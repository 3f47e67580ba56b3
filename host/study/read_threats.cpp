// [[threat]]: a vehicle, where it starts and is meant to end, and how flights differ.
#include <cmath>
#include <numeric>

#include "host/study/study_reader.hpp"

namespace longwatch {
namespace {

constexpr double least_factor = 0.05, largest_factor = 20.0;
constexpr int mix_size = static_cast<int>(sizeof(Scenario::mix) / sizeof(int));

/// Great-circle distance on a sphere of the mean radius: to refuse areas that overlap, no more.
double rough_distance_m(Geodetic const& a, Geodetic const& b)
{
    constexpr double mean_radius_m = 6371000;
    double const south = std::sin((b.latitude_rad - a.latitude_rad) / 2);
    double const east = std::sin((b.longitude_rad - a.longitude_rad) / 2);
    double const h =
        south * south + std::cos(a.latitude_rad) * std::cos(b.latitude_rad) * east * east;
    return 2 * mean_radius_m * std::asin(std::sqrt(std::fmin(1.0, h)));
}

Area read_area(TableView& threat, std::string const& key)
{
    Area area;
    if (auto table = threat.table(key, true, Whose::study)) {
        // East and north lose their meaning at a pole, and an area around it its shape.
        area.center = read_place(*table, 89 * rad_per_deg);
        area.radius_m = table->number("radius", Dimension::length, between(0, 1e6), 0.0);
        table->text("source", "");
        table->report_unknown_keys();
        threat.write(key, table->as_inline());
    }
    return area;
}

StageParams read_stage(TableView& stage, SourceCount& provenance)
{
    StageParams p;
    p.propellant_kg = stage.number("propellant", Dimension::mass, positive(1e6));
    p.dry_kg = stage.number("dry", Dimension::mass, positive(1e6));
    p.thrust_vacuum_n = stage.number("thrust_vacuum", Dimension::force, positive(1e8));
    p.specific_impulse_vacuum_s =
        stage.number("specific_impulse_vacuum", Dimension::time, between(50, 500));
    p.nozzle_exit_area_m2 = stage.number("nozzle_exit_area", Dimension::area, between(0, 50), 0.0);
    double const diameter_m = stage.number("diameter", Dimension::length, positive(10));
    p.reference_area_m2 = pi / 4 * diameter_m * diameter_m;
    p.coast_after_s = stage.number("coast_after", Dimension::time, between(0, 300), 0.0);
    stage.read_provenance(provenance);
    stage.report_unknown_keys();
    return p;
}

DragTable read_drag(TableView& table, SourceCount& provenance)
{
    DragTable drag;
    int const before = table.problem_count();
    auto const mach = table.numbers("mach", between(0, 50), max_drag_points);
    auto const coefficient = table.numbers("coefficient", between(0, 5), max_drag_points);
    bool const sound = table.problem_count() == before;
    if (sound && mach.size() != coefficient.size()) {
        table.problem_at_key("coefficient", table.what() + " has " + std::to_string(mach.size()) +
                                                " 'mach' and " +
                                                std::to_string(coefficient.size()) +
                                                " 'coefficient' values (one for one is wanted)");
    } else if (sound) {
        for (std::size_t i = 0; i < mach.size(); ++i) {
            if (i > 0 && !(mach[i] > mach[i - 1])) {
                table.problem_at_key("mach", table.what() + ": 'mach' does not rise from " +
                                                 number_text(mach[i - 1]) + " to " +
                                                 number_text(mach[i]) + " (must rise)");
            }
            drag.mach[i] = mach[i];
            drag.coefficient[i] = coefficient[i];
        }
        drag.count = static_cast<int>(mach.size());
    }
    table.read_provenance(provenance);
    table.report_unknown_keys();
    return drag;
}

Dispersions read_dispersions(TableView& table, SourceCount& provenance)
{
    auto const factor = [&](char const* key) {
        return table.distribution(key, Dimension::none, between(least_factor, largest_factor), 1.0);
    };
    Dispersions d;
    d.thrust = factor("thrust");
    d.specific_impulse = factor("specific_impulse");
    d.drag = factor("drag");
    d.ballistic_coefficient = factor("ballistic_coefficient");
    d.air_density = factor("air_density");
    d.rcs = factor("rcs");
    table.read_provenance(provenance);
    table.report_unknown_keys();
    return d;
}

VehicleParams read_vehicle(TableView& threat)
{
    VehicleParams v;
    v.payload_kg = threat.number("payload", Dimension::mass, positive(1e5));
    v.ballistic_coefficient_kgpm2 =
        threat.number("ballistic_coefficient", Dimension::areal_mass, between(10, 50000));
    v.vertical_rise_s = threat.number("vertical_rise", Dimension::time, between(0, 60));
    v.pitch_over_s = threat.number("pitch_over", Dimension::time, positive(120));
    auto const cross_section = [&](char const* key) {
        return threat.number(key, Dimension::area, between(1e-6, 1e5));
    };
    v.rcs_boost_m2 = cross_section("rcs_boost");
    v.rcs_midcourse_m2 = cross_section("rcs_midcourse");
    v.rcs_reentry_m2 = cross_section("rcs_reentry");
    return v;
}

std::string read_stages_drag_dispersion(TableView& threat, ThreatParams& p, SourceCount& provenance)
{
    std::string text;
    int const before = threat.problem_count();
    for (auto& stage : threat.tables("stage", max_stages)) {
        p.vehicle.stage[p.vehicle.stage_count++] = read_stage(stage, provenance);
        text += "\n[[threat.stage]]\n" + stage.as_lines();
    }
    if (p.vehicle.stage_count == 0 && threat.problem_count() == before &&
        !threat.forgives_missing()) {
        threat.problem(threat.what() + " lacks 'stage' (1 to " + std::to_string(max_stages) +
                       " [[threat.stage]] tables, or a model that has them)");
    }
    if (auto drag = threat.table("drag", true)) {
        p.vehicle.drag = read_drag(*drag, provenance);
        text += "\n[threat.drag]\n" + drag->as_lines();
    }
    if (auto dispersion = threat.table("dispersion", false)) {
        p.dispersions = read_dispersions(*dispersion, provenance);
        text += "\n[threat.dispersion]\n" + dispersion->as_lines();
    }
    return text;
}

/// Spreads the threats as evenly over the turns as their weights allow: each turn goes to the threat
/// with the largest credit, which every turn grows by its weight and falls by their sum when taken.
void fill_mix(Scenario& scenario, std::vector<int> weight)
{
    int divisor = 0;
    for (int const w : weight) { divisor = std::gcd(divisor, w); }
    for (int& w : weight) { w /= divisor; }
    int const total = std::accumulate(weight.begin(), weight.end(), 0);
    std::vector<int> credit(weight.size(), 0);
    for (int turn = 0; turn < total; ++turn) {
        std::size_t next = 0;
        for (std::size_t i = 0; i < weight.size(); ++i) {
            credit[i] += weight[i];
            if (credit[i] > credit[next]) { next = i; }
        }
        credit[next] -= total;
        scenario.mix[turn] = static_cast<int>(next);
    }
    scenario.mix_count = total;
}

}  // namespace

void read_threats(StudyReader& reader, TableView& root)
{
    auto& scenario = *reader.study.scenario;
    auto& provenance = reader.provenance["threat"];
    std::vector<int> weight;
    for (auto& entry : entries(reader, root, reader.threats, 1, max_threats)) {
        auto threat = overlaid(reader, entry, "threats");
        reader.threats.read_name(threat, reader.problems);
        read_model_name(threat);
        auto& p = scenario.threat[scenario.threat_count++];
        weight.push_back(static_cast<int>(threat.integer("weight", 1, mix_size, 1)));
        int const before = threat.problem_count();
        p.launch = read_area(threat, "launch");
        p.aim = read_area(threat, "aim");
        p.apogee_m = threat.number("apogee", Dimension::length, between(5e4, 2e7), std::nullopt,
                                   Whose::study);
        reader.study.threat_places.push_back(
            threat.place_of_key(threat.spelling_used("apogee", Dimension::length)));
        if (threat.problem_count() == before && !threat.forgives_missing() &&
            rough_distance_m(p.launch.center, p.aim.center) <= p.launch.radius_m + p.aim.radius_m) {
            threat.problem_at_key("aim", threat.what() + ": the areas 'launch' and 'aim' overlap " +
                                             "(they must lie apart)");
        }
        p.vehicle = read_vehicle(threat);
        threat.read_provenance(provenance);
        auto const below = read_stages_drag_dispersion(threat, p, provenance);
        threat.report_unknown_keys();
        reader.replaced.push_back({threat.what(), threat.replaced_keys()});
        reader.resolved += "\n[[threat]]\n" + threat.as_lines() + below;
    }
    int const total = std::accumulate(weight.begin(), weight.end(), 0);
    int divisor = 0;
    for (int const w : weight) { divisor = std::gcd(divisor, w); }
    if (weight.empty()) { return; }
    if (total / divisor > mix_size) {
        root.problem_at_key("threat", "the threats' weights add up to " +
                                          std::to_string(total / divisor) + " (at most " +
                                          std::to_string(mix_size) + "); use smaller ones");
        return;
    }
    fill_mix(scenario, weight);
}

}  // namespace longwatch
