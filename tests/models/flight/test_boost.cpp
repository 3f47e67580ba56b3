// Powered flight: thrust curves, the shroud, cut-off in any stage, and what falls.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "models/earth/site.hpp"
#include "models/earth/us_standard_1976.hpp"
#include "tests/support/notional_threats.hpp"

using namespace longwatch;

namespace {

Atmosphere const atmosphere = us_standard_1976();

/// Burnout time and speed far from the Earth, where nothing but thrust acts.
FlightSummary<double> boosted(VehicleParams const& vehicle, double cutoff_stages)
{
    using Run = FlightRun<double, NoArc<double>>;
    NoArc<double> no_arc;
    // On the axis at 10 million km: gravity 4e-6 m/s2, no air.
    Run run(no_arc, {1.0, 0, 1e10}, {0, 0, 0});
    ThreatParams threat;
    threat.vehicle = vehicle;
    auto const in = nominal_inputs<double>(threat, {0, 0, cutoff_stages});
    Boost<double, Run>(atmosphere, vehicle, in, flight_tolerance().boost, run).fly();
    return run.summary();
}

double gain_mps(StageParams const& stage, double full_kg, double burnt_kg)
{
    return 9.80665 * stage.specific_impulse_vacuum_s * std::log(full_kg / (full_kg - burnt_kg));
}

double burn_s(StageParams const& s)
{
    return s.propellant_kg * 9.80665 * s.specific_impulse_vacuum_s / s.thrust_vacuum_n;
}

/// High at first, then falling, as a solid motor: mean 1.
ThrustCurve regressive() { return {4, {0, 0.1, 0.6, 1}, {1.1, 1.3, 1.06, 0.51}}; }

double mean(ThrustCurve const& c)
{
    double sum = 0;
    for (int i = 0; i + 1 < c.count; ++i) {
        sum +=
            (c.burn_frac[i + 1] - c.burn_frac[i]) * (c.thrust_frac[i + 1] + c.thrust_frac[i]) / 2;
    }
    return sum;
}

}  // namespace

TEST_CASE("a thrust curve moves thrust in time and neither impulse nor burn time", "[flight]")
{
    auto const flat = v2_class().vehicle;
    auto curved = flat;
    curved.stage[0].thrust = regressive();
    // The curve above has a mean of 1.024; the reader of studies would scale it.
    for (int i = 0; i < 4; ++i) { curved.stage[0].thrust.thrust_frac[i] /= mean(regressive()); }
    auto const end = boosted(curved, 1);
    CHECK(end.t_burnout_s == Approx(burn_s(flat.stage[0])).epsilon(1e-12));
    // Gravity takes 1e-4 m/s; the rest is the integrator's.
    CHECK(end.burnout_speed_mps == Approx(gain_mps(flat.stage[0], 12750, 8750)).margin(1e-3));
    SECTION("a curve cut short ends when its part of the propellant is burnt")
    {
        // 1 - 0.51/1.024 * 0.4 ... of the mean: what is left after 60 % of the time.
        auto const part = boosted(curved, 0.5);
        CHECK(part.burnout_speed_mps ==
              Approx(gain_mps(flat.stage[0], 12750, 0.5 * 8750)).margin(1e-3));
        CHECK(part.t_burnout_s < 0.5 * burn_s(flat.stage[0]));
    }
}

TEST_CASE("the shroud is carried until its release and no longer", "[flight]")
{
    auto v = v2_class().vehicle;
    v.shroud_kg = 500;
    StageParams const& stage = v.stage[0];
    for (double const release_s : {0.0, 2.0, 20.0, burn_s(stage) / 2, 500.0}) {
        v.shroud_release_s = release_s;
        double const burnt_kg = std::fmin(1, release_s / burn_s(stage)) * stage.propellant_kg;
        double const expected = gain_mps(stage, 13250, burnt_kg) +
                                gain_mps(stage, 12750 - burnt_kg, stage.propellant_kg - burnt_kg);
        CHECK(boosted(v, 1).burnout_speed_mps == Approx(expected).margin(1e-3));
    }
}

TEST_CASE("thrust may end in any stage, and later ones then do not burn", "[flight]")
{
    auto v = three_stage_solid().vehicle;
    v.stage[0].coast_after_s = 3;
    v.stage[1].coast_after_s = 4;
    auto const first = boosted(v, 0.7);
    CHECK(first.t_burnout_s == Approx(0.7 * burn_s(v.stage[0])).epsilon(1e-12));
    CHECK(first.burnout_speed_mps == Approx(gain_mps(v.stage[0], 88350, 0.7 * 45400)).margin(1e-3));
    CHECK(first.t_stage_end_s[0] == first.t_burnout_s);
    CHECK(first.t_stage_end_s[1] >= never_s);
    auto const second = boosted(v, 1.4);
    CHECK(second.t_burnout_s ==
          Approx(burn_s(v.stage[0]) + 3 + 0.4 * burn_s(v.stage[1])).epsilon(1e-12));
    CHECK(second.t_stage_end_s[0] == Approx(burn_s(v.stage[0])).epsilon(1e-12));
    CHECK(second.t_stage_end_s[2] >= never_s);
    SECTION("and speed grows with the cut-off without a jump between stages")
    {
        double const below = boosted(v, 1 - 1e-6).burnout_speed_mps;
        double const above = boosted(v, 1 + 1e-6).burnout_speed_mps;
        CHECK(above > below);
        CHECK(above - below < 0.05);
    }
}

TEST_CASE("a spent stage falls short of what goes on, as its weight and its drag have it",
          "[flight]")
{
    auto const threat = two_stage_liquid();
    auto const in = nominal_inputs<double>(threat, {1.2, 2 * rad_per_deg, all_stages});
    KeptKnots arc;
    auto const end = fly(atmosphere, threat, in, arc);
    auto const separation = std::find_if(arc.knots.begin(), arc.knots.end(), [&](auto const& k) {
        return k.t_s == end.t_stage_end_s[0];
    });
    REQUIRE(separation != arc.knots.end());
    auto const launch = site_frame(threat.launch.center);
    auto const range_km = [&](double ballistic_coefficient_kgpm2) {
        auto stage = threat.vehicle.stage[0];
        stage.spent_ballistic_coefficient_kgpm2 = ballistic_coefficient_kgpm2;
        NoArc<double> none;
        auto const fall = fly_spent_stage(atmosphere, stage, in, *separation, none);
        CHECK(fall.landed);
        CHECK(fall.t_impact_s > end.t_stage_end_s[0]);
        return 6371 * ground_angle_rad(launch, fall.impact_m);
    };
    double const light_km = range_km(50), heavy_km = range_km(500), very_heavy_km = range_km(1e7);
    CHECK(light_km < heavy_km);
    CHECK(heavy_km < very_heavy_km);
    CHECK(very_heavy_km < 0.2 * 6371 * ground_angle_rad(launch, end.impact_m));
    // Over a flat Earth without air, from where it separates, with what it has of speed up and along
    // (Earth-relative): a lower bound, since the ground falls away.
    auto const u = velocity_relative_to_air(separation->r_m, separation->v_mps);
    double const h = geodetic_altitude_m(separation->r_m);
    double const rise = dot(u, up(separation->r_m)), along = std::sqrt(dot(u, u) - rise * rise);
    double const fall_s = (rise + std::sqrt(rise * rise + 2 * 9.6 * h)) / 9.6;
    auto const below = ecef_from_eci(separation->t_s, separation->r_m);
    double const flat_km = 6371 * ground_angle_rad(launch, below) + along * fall_s / 1000;
    CHECK(very_heavy_km == Approx(flat_km).epsilon(0.15));
}
