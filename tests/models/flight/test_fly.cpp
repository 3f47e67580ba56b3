// A flight from ignition to the ground: its phases, events and endings.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/earth/us_standard_1976.hpp"
#include "tests/support/notional_threats.hpp"

using namespace longwatch;

namespace {

Atmosphere const atmosphere = us_standard_1976();

struct Flown {
    FlightSummary<double> end;
    std::vector<Knot<double>> knots;
};

Flown flown_with(ThreatParams const& threat, FlightInputs<double> const& in)
{
    KeptKnots arc;
    auto const end = fly(atmosphere, threat, in, arc);
    return {end, arc.knots};
}

Flown flown(ThreatParams const& threat, Steered const& controls)
{
    return flown_with(threat, nominal_inputs<double>(threat, controls));
}

Steered const usual{1.2, 30 * rad_per_deg, all_stages};

/// The arc at an instant.
Knot<double> at(Flown const& f, double t_s)
{
    for (std::size_t i = 1; i < f.knots.size(); ++i) {
        if (f.knots[i].t_s >= t_s) {
            auto const p = arc_interval(f.knots[i - 1], f.knots[i]);
            return knot_at(p, fraction(p, t_s));
        }
    }
    return f.knots.back();
}

double burn_s(StageParams const& s)
{
    return s.propellant_kg * 9.80665 * s.specific_impulse_vacuum_s / s.thrust_vacuum_n;
}

}  // namespace

TEST_CASE("stages burn for impulse over thrust, one after the other", "[flight]")
{
    auto threat = three_stage_solid();
    double burns = 0;
    for (int i = 0; i < 3; ++i) { burns += burn_s(threat.vehicle.stage[i]); }
    CHECK(flown(threat, usual).end.t_burnout_s == Approx(burns).epsilon(1e-12));
    SECTION("gaps between stages add to it")
    {
        threat.vehicle.stage[0].coast_after_s = 3;
        threat.vehicle.stage[1].coast_after_s = 4;
        threat.vehicle.stage[2].coast_after_s = 99;  // there is no stage to wait for
        CHECK(flown(threat, usual).end.t_burnout_s == Approx(burns + 7).epsilon(1e-12));
    }
    SECTION("thrust termination shortens the last burn")
    {
        auto const f = flown(threat, {1.2, usual.pitch_rad, 2.4});
        CHECK(f.end.t_burnout_s ==
              Approx(burns - 0.6 * burn_s(threat.vehicle.stage[2])).epsilon(1e-12));
    }
    SECTION("no more burns than there is")
    {
        CHECK(flown(threat, {1.2, usual.pitch_rad, 3.7}).end.t_burnout_s ==
              Approx(burns).epsilon(1e-12));
    }
}

TEST_CASE("more thrust burns faster, more impulse burns longer", "[flight]")
{
    auto const threat = v2_class();
    double const nominal_s = burn_s(threat.vehicle.stage[0]);
    auto in = nominal_inputs<double>(threat, usual);
    in.thrust = 1.1;
    CHECK(flown_with(threat, in).end.t_burnout_s == Approx(nominal_s / 1.1).epsilon(1e-12));
    in.specific_impulse = 1.05;
    CHECK(flown_with(threat, in).end.t_burnout_s == Approx(nominal_s * 1.05 / 1.1).epsilon(1e-12));
}

TEST_CASE("a short burn that ends before the pitch-over does burns no more than it should",
          "[flight]")
{
    auto const threat = v2_class();  // vertical for 4 s, pitch-over until 34 s, 69.8 s in full
    auto const f = flown(threat, {1.2, usual.pitch_rad, 0.3});
    CHECK(f.end.t_burnout_s == Approx(0.3 * burn_s(threat.vehicle.stage[0])).epsilon(1e-12));
}

TEST_CASE("events are where the arc says", "[flight]")
{
    for (auto const& threat : {v2_class(), two_stage_liquid(), three_stage_solid()}) {
        double const pitch_deg = threat.vehicle.stage_count == 2 ? 1.5 : 30;
        auto const f = flown(threat, {1.2, pitch_deg * rad_per_deg, all_stages});
        REQUIRE(f.end.landed);
        CHECK(f.end.finite);
        CHECK(f.end.t_ascend_100km_s < f.end.t_apogee_s);
        CHECK(f.end.t_apogee_s < f.end.t_descend_100km_s);
        CHECK(f.end.t_descend_100km_s < f.end.t_impact_s);
        // A microsecond at up to 8 km/s.
        double const close_m = 0.008;
        CHECK(std::fabs(geodetic_altitude_m(at(f, f.end.t_ascend_100km_s).r_m) - 1e5) < close_m);
        CHECK(std::fabs(geodetic_altitude_m(at(f, f.end.t_descend_100km_s).r_m) - 1e5) < close_m);
        CHECK(std::fabs(geodetic_altitude_m(f.knots.back().r_m)) < close_m);
        CHECK(f.knots.back().t_s == f.end.t_impact_s);
        CHECK(norm(ecef_from_eci(f.end.t_impact_s, f.knots.back().r_m) - f.end.impact_m) < 1e-6);
        auto const top = at(f, f.end.t_apogee_s);
        CHECK(geodetic_altitude_m(top.r_m) == Approx(f.end.apogee_m).epsilon(1e-12));
        // A microsecond of gravity.
        CHECK(std::fabs(dot(top.r_m, top.v_mps)) / norm(top.r_m) < 1e-5);
        CHECK(norm(at(f, f.end.t_burnout_s).v_mps) ==
              Approx(f.end.burnout_speed_mps).epsilon(1e-9));
    }
}

TEST_CASE("an arc starts at rest on the Earth, and time never runs back on it", "[flight]")
{
    auto const threat = two_stage_liquid();
    auto const f = flown(threat, {1.2, 1.5 * rad_per_deg, all_stages});
    CHECK(std::fabs(geodetic_altitude_m(f.knots[0].r_m)) < 1e-6);
    CHECK(norm(velocity_relative_to_air(f.knots[0].r_m, f.knots[0].v_mps)) < 1e-9);
    int back = 0, torn = 0;
    for (std::size_t i = 1; i < f.knots.size(); ++i) {
        auto const& k0 = f.knots[i - 1];
        auto const& k1 = f.knots[i];
        back += k1.t_s < k0.t_s ? 1 : 0;
        // Knots of one instant differ in acceleration only.
        if (k1.t_s == k0.t_s && norm(k1.r_m - k0.r_m) + norm(k1.v_mps - k0.v_mps) > 0) { ++torn; }
    }
    CHECK(back == 0);
    CHECK(torn == 0);
}

TEST_CASE("between its knots an arc is the flight to a metre", "[flight][physics]")
{
    auto const threat = three_stage_solid();
    auto const in = nominal_inputs<double>(threat, {1.2, 45 * rad_per_deg, all_stages});
    auto const coarse = flown_with(threat, in);
    KeptKnots arc;
    auto const end =
        fly(atmosphere, threat, in, arc, FlightTolerance{{2e-8, 2e-10}, {2e-8, 2e-10}});
    Flown const fine{end, arc.knots};
    double worst_m = 0;
    for (double t = 0.37; t < end.t_impact_s - 1; t += 1.3) {
        worst_m = std::fmax(worst_m, norm(at(coarse, t).r_m - at(fine, t).r_m));
    }
    // 0.43 m measured, the error of the flight itself included.
    CHECK(worst_m < 1);
}

TEST_CASE("a vehicle turned too far crashes during its boost, and that is an impact", "[flight]")
{
    auto const f = flown(two_stage_liquid(), {1.2, 20 * rad_per_deg, all_stages});
    CHECK(f.end.landed);
    CHECK(f.end.finite);
    CHECK(f.end.t_impact_s < 100);
    CHECK(f.end.t_burnout_s == f.end.t_impact_s);
    CHECK(f.end.t_ascend_100km_s >= never_s);
    CHECK(std::fabs(geodetic_altitude_m(f.knots.back().r_m)) < 0.01);
}

TEST_CASE("a vehicle too heavy to lift off ends where it stands", "[flight]")
{
    auto threat = v2_class();
    threat.vehicle.payload_kg = 30000;
    auto const f = flown(threat, usual);
    CHECK(f.end.finite);
    CHECK(f.end.landed);
    CHECK(norm(f.end.impact_m - ecef_from_geodetic(threat.launch.center)) < 100);
}

TEST_CASE("a flight aloft beyond its longest time has not landed", "[flight]")
{
    auto threat = v2_class();
    threat.max_flight_time_s = 200;
    auto const f = flown(threat, usual);
    CHECK_FALSE(f.end.landed);
    CHECK(f.end.finite);
    CHECK(f.knots.back().t_s == 200);
    CHECK(f.end.t_impact_s >= never_s);
}

TEST_CASE("an input that is not a number ends a flight as not finite", "[flight]")
{
    auto const threat = v2_class();
    auto in = nominal_inputs<double>(threat, usual);
    in.drag = std::nan("");
    auto const f = flown_with(threat, in);
    CHECK_FALSE(f.end.finite);
    CHECK_FALSE(f.end.landed);
}

TEST_CASE("drag and dense air shorten a flight, a slender payload lengthens it", "[flight]")
{
    auto const threat = v2_class();
    auto const range_m = [&](double drag, double beta, double density) {
        auto in = nominal_inputs<double>(threat, usual);
        in.drag = drag;
        in.ballistic_coefficient = beta;
        in.air_density = density;
        return norm(flown_with(threat, in).end.impact_m - ecef_from_geodetic(threat.launch.center));
    };
    double const nominal = range_m(1, 1, 1);
    CHECK(range_m(1.1, 1, 1) < nominal);
    CHECK(range_m(1, 1.1, 1) > nominal);
    CHECK(range_m(1, 1, 1.1) < nominal);
}
