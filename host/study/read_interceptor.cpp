// An interceptor: its booster, where it may be employed, and what a shot of it is.
#include "host/study/read_interceptor.hpp"

#include "host/study/read_vehicle.hpp"

namespace longwatch {
namespace {

constexpr double weight_mps2 = 9.81;

void read_constant_boost(TableView& battery, BoosterParams& p)
{
    int const before = battery.problem_count();
    p.burnout_speed_mps = battery.number("burnout_speed", Dimension::speed, between(300, 11000));
    p.boost_s = battery.number("boost", Dimension::time, positive(600));
    if (battery.problem_count() == before && !battery.forgives_missing() &&
        !(p.burnout_speed_mps / p.boost_s > weight_mps2)) {
        battery.problem_at_key(battery.spelling_used("boost", Dimension::time),
                               battery.what() + " accelerates by burnout_speed / boost = " +
                                   number_text(p.burnout_speed_mps / p.boost_s) +
                                   " m/s2 (must be > 9.81, or it never lifts off); shorten boost");
    }
}

void check_lift_off(TableView& battery, BoosterParams const& p)
{
    double mass_kg = p.payload_kg;
    for (int k = 0; k < p.stage_count; ++k) {
        mass_kg += p.stage[k].propellant_kg + p.stage[k].dry_kg;
    }
    constexpr double sea_level_pa = 101325;
    double const lift =
        (p.stage[0].thrust_vacuum_n - p.stage[0].nozzle_exit_area_m2 * sea_level_pa) / mass_kg;
    if (lift > weight_mps2) { return; }
    battery.problem_at_key("stage", battery.what() + " accelerates at launch by " +
                                        number_text(lift) +
                                        " m/s2 (must be > 9.81, or it never lifts off)");
}

void read_stages(TableView& battery, BoosterParams& p, std::string& below, SourceCount& provenance)
{
    int const before = battery.problem_count();
    for (auto& stage : battery.tables("stage", max_stages)) {
        p.stage[p.stage_count++] = read_stage(stage, provenance);
        below += "\n[[battery.stage]]\n" + stage.as_lines();
    }
    if (p.stage_count == 0 && battery.problem_count() == before) {
        battery.problem_at_key("stage", battery.what() + " has no stage in 'stage' (1 to " +
                                            std::to_string(max_stages) +
                                            " tables, or leave it out)");
    }
    p.payload_kg = battery.number("payload", Dimension::mass, positive(1e5));
    if (auto drag = battery.table("drag", true)) {
        p.drag = read_drag(*drag, provenance);
        below += "\n[battery.drag]\n" + drag->as_lines();
    }
    if (p.stage_count > 0 && battery.problem_count() == before) { check_lift_off(battery, p); }
    for (char const* key : {"burnout_speed", "boost"}) {
        auto const dimension = std::string(key) == "boost" ? Dimension::time : Dimension::speed;
        auto const spelling = battery.spelling_used(key, dimension);
        battery.know(spelling, Whose::anyone);
        if (battery.own().contains(spelling)) {
            battery.problem_at_key(
                spelling, battery.what() + " has '" + spelling + "' and stages (one or the other)");
        }
    }
}

KillVehicleParams read_kill_vehicle(TableView& table, SourceCount& provenance)
{
    KillVehicleParams p;
    p.acquisition_range_m = table.number("acquisition_range", Dimension::length, between(100, 2e6));
    p.half_view_rad = table.number("half_view", Dimension::angle, between(1e-4, 85 * rad_per_deg));
    p.augmented =
        table.choice("guidance", {"proportional", "augmented"}, "proportional") == "augmented";
    p.navigation_constant = table.number("navigation_constant", Dimension::none, between(2, 8));
    p.lag_s = table.number("lag", Dimension::time, between(0, 5));
    p.seeker_lag_s = table.number("seeker_lag", Dimension::time, between(0, 5));
    p.acceleration_max_mps2 =
        table.number("acceleration_max", Dimension::acceleration, positive(1e4));
    p.divert_max_mps = table.number("divert_max", Dimension::speed, between(0, 1e4), 0.0);
    int const before = table.problem_count();
    double const noise_rad = table.number("noise", Dimension::angle, between(0, 0.1));
    double const sample_s = table.number("noise_sample", Dimension::time, between(1e-5, 1));
    p.noise_density_rad2s = noise_rad * noise_rad * sample_s;
    if (table.problem_count() == before && noise_rad > 0 && !(p.seeker_lag_s > 0)) {
        table.problem_at_key(table.spelling_used("seeker_lag", Dimension::time),
                             table.what() +
                                 " has noise and no seeker_lag (must be > 0 to filter "
                                 "it)");
    }
    p.kill_radius_m = table.number("kill_radius", Dimension::length, positive(1000));
    p.uplink_s = table.number("uplink", Dimension::time, between(0, 600));
    table.read_provenance(provenance);
    table.report_unknown_keys();
    return p;
}

/// A shot is a flight of the kill vehicle where there is one, unless the study says or gives a number.
void read_shots(TableView& battery, InterceptorParams& p, std::string& below,
                SourceCount& provenance)
{
    auto table = battery.table("kill_vehicle", false);
    bool const numbered = battery.own().contains("kill_probability");
    auto const usual = table && !numbered ? "simulated" : "by-probability";
    p.is_simulated = battery.choice("shots", {"simulated", "by-probability"}, usual) == "simulated";
    if (!p.is_simulated) {
        p.kill_probability = battery.number("kill_probability", Dimension::none, between(0, 1));
        battery.know("reliability", Whose::anyone);
        return;
    }
    battery.know("kill_probability", Whose::anyone);
    p.reliability = battery.number("reliability", Dimension::none, between(0, 1));
    if (!table) {
        battery.problem_at_key("shots", battery.what() +
                                            " has 'shots' = \"simulated\" and no "
                                            "'kill_vehicle' (which it takes)");
        return;
    }
    p.kill_vehicle = read_kill_vehicle(*table, provenance);
    below += "\n[battery.kill_vehicle]\n" + table->as_lines();
}

}  // namespace

InterceptorParams read_interceptor(TableView& battery, std::string& below, SourceCount& provenance)
{
    InterceptorParams p;
    if (battery.has("stage")) {
        read_stages(battery, p.booster, below, provenance);
    } else {
        read_constant_boost(battery, p.booster);
    }
    p.booster.ballistic_coefficient_kgpm2 =
        battery.number("ballistic_coefficient", Dimension::areal_mass, between(0, 50000),
                       p.booster.stage_count > 0 ? std::nullopt : std::optional<double>(0.0));
    int const before = battery.problem_count();
    p.range_max_m = battery.number("range_max", Dimension::length, positive(1.5e7));
    p.altitude_min_m = battery.number("altitude_min", Dimension::length, between(0, 5e6));
    p.altitude_max_m = battery.number("altitude_max", Dimension::length, positive(5e6));
    if (battery.problem_count() == before && !battery.forgives_missing() &&
        !(p.altitude_min_m < p.altitude_max_m)) {
        battery.problem_at_key(
            battery.spelling_used("altitude_min", Dimension::length),
            battery.what() + ": altitude_min is not below " + "altitude_max (must be)");
    }
    p.crossing_angle_max_rad =
        battery.number("crossing_angle_max", Dimension::angle, between(1 * rad_per_deg, pi), pi);
    read_shots(battery, p, below, provenance);
    return p;
}

}  // namespace longwatch
