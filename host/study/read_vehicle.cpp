// Vehicles: stages, thrust curves, drag, cross-sections.
#include "host/study/read_vehicle.hpp"

#include "models/math/real.hpp"

namespace longwatch {
namespace {

/// A shape: what it gives is scaled so that its mean is 1.
ThrustCurve read_thrust_curve(TableView& table)
{
    ThrustCurve curve;
    int const before = table.problem_count();
    auto const burn = table.numbers("burn_frac", between(0, 1), max_thrust_points);
    auto const thrust = table.numbers("thrust_frac", between(0.01, 100), max_thrust_points);
    table.text("source", "");
    table.report_unknown_keys();
    if (table.problem_count() != before) { return curve; }
    if (burn.size() != thrust.size() || burn.size() < 2) {
        table.problem_at_key("thrust_frac", table.what() + " has " + std::to_string(burn.size()) +
                                                " 'burn_frac' and " +
                                                std::to_string(thrust.size()) +
                                                " 'thrust_frac' values (one for one, at least 2)");
        return curve;
    }
    bool rises = burn.front() == 0 && burn.back() == 1;
    double mean = 0;
    for (std::size_t i = 1; i < burn.size(); ++i) {
        rises = rises && burn[i] > burn[i - 1];
        mean += (burn[i] - burn[i - 1]) * (thrust[i] + thrust[i - 1]) / 2;
    }
    if (!rises) {
        table.problem_at_key("burn_frac",
                             table.what() + ": 'burn_frac' must rise from 0 to 1 at every step");
        return curve;
    }
    curve.count = static_cast<int>(burn.size());
    for (std::size_t i = 0; i < burn.size(); ++i) {
        curve.burn_frac[i] = burn[i];
        curve.thrust_frac[i] = thrust[i] / mean;
    }
    return curve;
}

}  // namespace

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
    p.spent_ballistic_coefficient_kgpm2 =
        stage.number("spent_ballistic_coefficient", Dimension::areal_mass, between(10, 50000),
                     p.spent_ballistic_coefficient_kgpm2);
    p.plume_intensity_wpsr =
        stage.number("plume_intensity", Dimension::intensity, between(0, 1e10), 0.0);
    p.rcs_m2 = stage.number("rcs", Dimension::area, between(0, 1e5), 0.0);
    if (auto curve = stage.table("thrust_curve", false)) {
        p.thrust = read_thrust_curve(*curve);
        stage.write("thrust_curve", curve->as_inline());
    }
    stage.read_provenance(provenance);
    stage.report_unknown_keys();
    return p;
}

namespace {

/// Factors on a cross-section against the angle from the nose.
AspectTable read_aspect(TableView& table, SourceCount& provenance)
{
    AspectTable aspect;
    int const before = table.problem_count();
    auto const angle =
        table.numbers("angle", between(0, 180 * rad_per_deg), max_aspect_rows, Dimension::angle);
    auto const factor =
        table.numbers("factor", between(1e-4, 1e4), max_aspect_rows, Dimension::power_ratio);
    table.read_provenance(provenance);
    table.report_unknown_keys();
    if (table.problem_count() != before) { return aspect; }
    bool rises = !angle.empty() && angle.size() == factor.size();
    for (std::size_t i = 1; rises && i < angle.size(); ++i) { rises = angle[i] > angle[i - 1]; }
    if (!rises) {
        table.problem(table.what() + ": 'angle' must rise, and 'factor' have a value for each");
        return aspect;
    }
    aspect.count = static_cast<int>(angle.size());
    for (std::size_t i = 0; i < angle.size(); ++i) {
        aspect.angle_rad[i] = angle[i];
        aspect.factor[i] = factor[i];
    }
    return aspect;
}

}  // namespace

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
        for (std::size_t i = 1; i < mach.size(); ++i) {
            if (mach[i] > mach[i - 1]) { continue; }
            table.problem_at_key("mach", table.what() + ": 'mach' does not rise from " +
                                             number_text(mach[i - 1]) + " to " +
                                             number_text(mach[i]) + " (must rise)");
        }
        drag = DragTable(mach, coefficient);
    }
    table.read_provenance(provenance);
    table.report_unknown_keys();
    return drag;
}

VehicleParams read_vehicle(TableView& threat)
{
    VehicleParams v;
    v.payload_kg = threat.number("payload", Dimension::mass, positive(1e5));
    v.ballistic_coefficient_kgpm2 =
        threat.number("ballistic_coefficient", Dimension::areal_mass, between(10, 50000));
    v.vertical_rise_s = threat.number("vertical_rise", Dimension::time, between(0, 60));
    v.pitch_over_s = threat.number("pitch_over", Dimension::time, positive(120));
    v.shroud_kg = threat.number("shroud", Dimension::mass, between(0, 1e5), 0.0);
    std::optional<double> no_release;
    if (v.shroud_kg == 0) { no_release = 0.0; }
    v.shroud_release_s =
        threat.number("shroud_release", Dimension::time, between(0, 3600), no_release);
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
    for (auto const& [key, aspect] : {std::pair{"aspect_boost", &p.vehicle.aspect_boost},
                                      {"aspect_free", &p.vehicle.aspect_free}}) {
        if (auto table = threat.table(key, false)) {
            *aspect = read_aspect(*table, provenance);
            text += std::string("\n[threat.") + key + "]\n" + table->as_lines();
        }
    }
    if (auto dispersion = threat.table("dispersion", false)) {
        p.dispersions = read_dispersions(*dispersion, provenance);
        text += "\n[threat.dispersion]\n" + dispersion->as_lines();
    }
    for (auto& set : threat.tables("correlated", dispersion_count)) {
        read_correlated(set, p.dispersions, provenance);
        text += "\n[[threat.correlated]]\n" + set.as_lines();
    }
    return text;
}

}  // namespace longwatch
