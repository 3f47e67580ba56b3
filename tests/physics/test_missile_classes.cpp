// Whole flights of three published classes against independent simulations of them.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/earth/site.hpp"
#include "models/earth/us_standard_1976.hpp"
#include "tests/support/notional_threats.hpp"

using namespace longwatch;

namespace {

Atmosphere const atmosphere = us_standard_1976();

double ideal_speed_mps(VehicleParams const& v)
{
    double stack = v.payload_kg, sum = 0;
    for (int i = v.stage_count - 1; i >= 0; --i) {
        double const burnt = stack + v.stage[i].dry_kg, full = burnt + v.stage[i].propellant_kg;
        sum += 9.80665 * v.stage[i].specific_impulse_vacuum_s * std::log(full / burnt);
        stack = full;
    }
    return sum;
}

/// Ends of the stages' burns, against the air, and the flight's end, as tables print them.
struct Flown {
    double burnout_kmps[max_stages], burnout_km[max_stages], burnout_deg[max_stages];
    double t_burnout_s, range_km, apogee_km;
    bool landed;
};

/// Northward, so that the Earth's turning, which the tables leave out, neither helps nor hinders.
Flown flown(ThreatParams const& threat, double pitch_deg)
{
    KeptKnots arc;
    auto const end =
        fly(atmosphere, threat,
            nominal_inputs<double>(threat, {0, pitch_deg * rad_per_deg, all_stages}), arc);
    Flown out{};
    double t = 0;
    for (int i = 0; i < threat.vehicle.stage_count; ++i) {
        StageParams const& s = threat.vehicle.stage[i];
        t += s.propellant_kg * 9.80665 * s.specific_impulse_vacuum_s / s.thrust_vacuum_n;
        for (auto const& k : arc.knots) {
            if (std::fabs(k.t_s - t) > 1e-6) { continue; }
            auto const u = velocity_relative_to_air(k.r_m, k.v_mps);
            out.burnout_kmps[i] = norm(u) / 1000;
            out.burnout_km[i] = geodetic_altitude_m(k.r_m) / 1000;
            out.burnout_deg[i] = std::asin(dot(u, up(k.r_m)) / norm(u)) / rad_per_deg;
        }
    }
    out.t_burnout_s = end.t_burnout_s;
    out.range_km = 6371 * ground_angle_rad(site_frame(threat.launch.center), end.impact_m);
    out.apogee_km = end.apogee_m / 1000;
    out.landed = end.landed;
    return out;
}

/// The pitch whose last burnout lies at an altitude: more pitch, lower burnout.
Flown with_burnout_at(ThreatParams const& threat, double burnout_km, double low_deg,
                      double high_deg)
{
    int const last = threat.vehicle.stage_count - 1;
    for (int round = 0; round < 40; ++round) {
        double const middle = (low_deg + high_deg) / 2;
        (flown(threat, middle).burnout_km[last] > burnout_km ? low_deg : high_deg) = middle;
    }
    return flown(threat, low_deg);
}

}  // namespace

TEST_CASE("without gravity and air a flight gains the rocket equation's speed", "[physics][flight]")
{
    // Rocket equation of the published stage tables, m/s: to 0.1 %.
    struct Case {
        ThreatParams threat;
        double published_mps;
    };
    for (auto const& [threat, published_mps] :
         {Case{v2_class(), 2717}, Case{two_stage_liquid(), 9088},
          Case{three_stage_solid(), 7680}}) {
        CHECK(ideal_speed_mps(threat.vehicle) == Approx(published_mps).epsilon(1e-3));
        // On the axis at 10 million km: gravity 4e-6 m/s2, no air, no wind.
        NoArc<double> no_arc;
        using Run = FlightRun<double, NoArc<double>>;
        Run run(no_arc, {1.0, 0, 1e10}, {0, 0, 0});
        auto const in = nominal_inputs<double>(threat, {0, 0, all_stages});
        Boost<double, Run>(atmosphere, threat.vehicle, in, flight_tolerance().boost, run).fly();
        // Gravity takes 1e-3 m/s.
        CHECK(run.summary().burnout_speed_mps ==
              Approx(ideal_speed_mps(threat.vehicle)).epsilon(0).margin(2e-3));
    }
}

TEST_CASE("the V-2 burns out and flies as it did", "[physics][flight]")
{
    // Published: 65-70 s of burn; 320 km, burnout 1.6 km/s with the engine cut off early. An independent
    // gravity-turn simulation without cut-off: 1.79 km/s at 32.8 km, 379 km, apogee 110 km.
    Flown best{};
    for (double pitch_deg = 30; pitch_deg <= 46; pitch_deg += 2) {
        auto const f = flown(v2_class(), pitch_deg);
        if (f.range_km > best.range_km) { best = f; }
    }
    CHECK(best.landed);
    CHECK(best.t_burnout_s == Approx(69.8).epsilon(0).margin(0.1));
    CHECK(best.range_km > 300);
    CHECK(best.range_km < 390);
    CHECK(best.burnout_kmps[0] == Approx(1.79).epsilon(0.03));
    CHECK(best.burnout_km[0] == Approx(32.8).epsilon(0.1));
    CHECK(best.apogee_km == Approx(110).epsilon(0.1));
}

TEST_CASE("a two-stage liquid missile flies as an independent simulation of it",
          "[physics][flight]")
{
    // Planar, non-rotating, one pitch kick: stage 1 out at 148.5 s with 2.64 km/s at 66 km; burnout at
    // 333 s, 7.44 km/s, 225 km, 6.7 deg; 13250 km, apogee 592 km. Drag, guidance and the Earth's
    // turning differ: 3 % of speed and 12 % of range are allowed, as for the class below.
    auto const f = with_burnout_at(two_stage_liquid(), 225, 1.5, 2.8);
    CHECK(f.landed);
    CHECK(f.t_burnout_s == Approx(333).epsilon(0).margin(0.5));
    CHECK(f.burnout_kmps[0] == Approx(2.64).epsilon(0.03));
    CHECK(f.burnout_km[0] == Approx(66).epsilon(0.1));
    CHECK(f.burnout_kmps[1] == Approx(7.44).epsilon(0.03));
    CHECK(f.burnout_deg[1] == Approx(6.7).epsilon(0).margin(1));
    CHECK(f.range_km == Approx(13250).epsilon(0.12));
    CHECK(f.apogee_km == Approx(592).epsilon(0.12));
}

TEST_CASE("a three-stage solid missile flies as an independent simulation of it",
          "[physics][flight]")
{
    // The same simulation: stage 1 out at 50.6 s with 1.49 km/s at 20 km, stage 2 at 105.5 s with
    // 4.13 km/s at 86 km; burnout at 177.5 s, 6.64 km/s, 224 km, 20.4 deg; 8500 km, apogee 1054 km.
    // Allowed: 3 % of burnout speed and 12 % of range.
    auto const f = with_burnout_at(three_stage_solid(), 224, 40, 70);
    CHECK(f.landed);
    CHECK(f.t_burnout_s == Approx(177.5).epsilon(0).margin(0.1));
    CHECK(f.burnout_kmps[0] == Approx(1.49).epsilon(0.03));
    CHECK(f.burnout_km[0] == Approx(20).epsilon(0.1));
    CHECK(f.burnout_kmps[1] == Approx(4.13).epsilon(0.03));
    CHECK(f.burnout_km[1] == Approx(86).epsilon(0.1));
    CHECK(f.burnout_kmps[2] == Approx(6.64).epsilon(0.03));
    CHECK(f.burnout_deg[2] == Approx(20.4).epsilon(0).margin(2));
    CHECK(f.range_km == Approx(8500).epsilon(0.12));
    CHECK(f.apogee_km == Approx(1054).epsilon(0.12));
}

TEST_CASE("a solid missile clears every height sooner than a liquid one", "[physics][flight]")
{
    auto const time_to = [](ThreatParams const& threat, double pitch_deg, double altitude_m) {
        KeptKnots arc;
        fly(atmosphere, threat,
            nominal_inputs<double>(threat, {0, pitch_deg * rad_per_deg, all_stages}), arc);
        for (auto const& k : arc.knots) {
            if (geodetic_altitude_m(k.r_m) > altitude_m) { return k.t_s; }
        }
        return never_s;
    };
    for (double const altitude_km : {7.0, 10.0, 20.0, 50.0, 100.0}) {
        CHECK(time_to(three_stage_solid(), 45, altitude_km * 1000) <
              time_to(two_stage_liquid(), 2, altitude_km * 1000));
    }
}
