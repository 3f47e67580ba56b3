// A whole flight, and the benchmark arc, against results from elsewhere.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "models/earth/us_standard_1976.hpp"
#include "tests/bench/arc_2000.hpp"
#include "tests/support/compared_methods.hpp"
#include "tests/support/notional_threats.hpp"

using namespace longwatch;

namespace {

using Vec = Vec3<double, Eci>;

struct OracleRow {
    double t_s;
    std::string what;
    Vec r_m, v_mps;
};

/// tests/oracles/flight.csv, by tests/oracles/make_flight_oracle.py.
std::vector<OracleRow> oracle()
{
    std::ifstream file(LW_SOURCE_DIR "/tests/oracles/flight.csv");
    REQUIRE(file.good());
    std::string line;
    std::getline(file, line);
    std::vector<OracleRow> rows;
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        std::string cell;
        std::vector<std::string> all;
        while (std::getline(cells, cell, ',')) { all.push_back(cell); }
        REQUIRE(all.size() == 8);
        auto const at = [&](std::size_t i) { return std::stod(all[i]); };
        rows.push_back({at(0), all[1], {at(2), at(3), at(4)}, {at(5), at(6), at(7)}});
    }
    return rows;
}

struct FlownArc {
    FlightSummary<double> summary;
    std::vector<Knot<double>> knots;
};

FlownArc fly_oracle_vehicle(double tolerance_factor)
{
    auto tolerance = flight_tolerance();
    for (StepTolerance* phase : {&tolerance.boost, &tolerance.ballistic}) {
        phase->position_m *= tolerance_factor;
        phase->velocity_mps *= tolerance_factor;
    }
    auto const threat = v2_class();
    KeptKnots kept;
    auto const in = nominal_inputs<double>(threat, {1, 52 * rad_per_deg, all_stages});
    auto const summary = fly(us_standard_1976(), threat, in, kept, tolerance);
    return {summary, kept.knots};
}

/// Largest distance from the oracle, on the arc between knots.
double worst_distance_m(FlownArc const& flown)
{
    double worst = 0;
    for (auto const& row : oracle()) {
        std::size_t k = 0;
        while (k + 2 < flown.knots.size() && flown.knots[k + 1].t_s < row.t_s) { ++k; }
        auto const p = arc_interval(flown.knots[k], flown.knots[k + 1]);
        worst = std::fmax(worst, norm(position_m(p, fraction(p, row.t_s)) - row.r_m));
    }
    return worst;
}

}  // namespace

TEST_CASE("a whole flight follows SciPy's integration of the same equations", "[physics][flight]")
{
    auto const rows = oracle();
    auto const flown = fly_oracle_vehicle(1);
    CHECK(rows.back().what == "impact");
    double const distance_m = worst_distance_m(flown);
    INFO(distance_m << " m, " << flown.summary.t_impact_s - rows.back().t_s << " s");
    // 0.31 m and 0.09 ms measured.
    CHECK(distance_m < 1);
    CHECK(std::fabs(flown.summary.t_impact_s - rows.back().t_s) < 1e-3);
}

TEST_CASE("at a thousandth of the tolerance the flight is SciPy's to millimetres",
          "[physics][flight]")
{
    auto const flown = fly_oracle_vehicle(1e-3);
    double const distance_m = worst_distance_m(flown);
    INFO(distance_m << " m, " << flown.summary.t_impact_s - oracle().back().t_s << " s");
    // 0.8 mm and 0.6 us measured; steps across kinks leave that much on either side.
    CHECK(distance_m < 0.01);
    CHECK(std::fabs(flown.summary.t_impact_s - oracle().back().t_s) < 1e-5);
}

TEST_CASE("ARC-2000 ends where it is published to end", "[physics]")
{
    // Published to a millimetre: RK4 at a step of 0.25 s.
    Vec const published_m{435339.656736, 5271439.922643, 3642921.641994};
    auto const nominal = arc_2000_samples(1)[0];
    Arc2000Force<double> const force{nominal.drag_area_per_mass_m2pkg};
    auto const end_m = [&](auto method, StepTolerance const& tolerance, double step_s) {
        return fly_arc_2000<decltype(method), double>(force, nominal, 2000, tolerance, step_s).r_m;
    };
    double const same = norm(end_m(Order4{}, {}, 0.25) - published_m),
                 fifth = norm(end_m(Order5{}, {1e-6, 1e-8}, 10) - published_m),
                 eighth = norm(end_m(Order8{}, {1e-9, 1e-11}, 10) - published_m);
    INFO(same << " m, " << fifth << " m, " << eighth << " m");
    // 4.5e-7, 2.6e-6 and 4.7e-6 m measured.
    CHECK(same < 1e-5);
    CHECK(fifth < 1e-4);
    CHECK(eighth < 1e-4);
}

TEST_CASE("the compared integrators have the order they claim", "[physics]")
{
    auto const nominal = arc_2000_samples(1)[0];
    Arc2000Force<double> const force{0};  // no air: smooth
    auto const error_m = [&](auto method, double step_s) {
        using Method = decltype(method);
        Vec r = nominal.r_m, v = nominal.v_mps;
        for (double t = 0; t < 1600; t += step_s) {
            auto const next =
                Method::step(force, t, r, v, force(t, r, v), step_s, StepTolerance{1, 1});
            r = next.r_m;
            v = next.v_mps;
        }
        static Vec const exact =
            fly_arc_2000<Order8, double>(force, nominal, 1600, {1e-9, 1e-12}, 10).r_m;
        return norm(r - exact);
    };
    CHECK(std::log2(error_m(Order4{}, 20) / error_m(Order4{}, 10)) == Approx(4).margin(0.4));
    CHECK(std::log2(error_m(Order5{}, 40) / error_m(Order5{}, 20)) == Approx(5).margin(0.4));
    CHECK(std::log2(error_m(Order8{}, 200) / error_m(Order8{}, 100)) == Approx(8).margin(0.6));
}

TEST_CASE("between its knots a flight's arc is good to a tenth of a metre", "[physics][flight]")
{
    // Midway between knots, against one step of the integrator from the knot before, over flights of
    // short and of intercontinental range; where the air has kinks steps are short.
    double worst_m = 0;
    for (auto const& [threat, pitch_deg] :
         {std::pair{v2_class(), 40.0}, std::pair{three_stage_solid(), 40.0},
          std::pair{three_stage_solid(), 12.0}, std::pair{two_stage_liquid(), 1.5}}) {
        KeptKnots kept;
        auto const atmosphere = us_standard_1976();
        auto const in = nominal_inputs<double>(threat, {1, pitch_deg * rad_per_deg, all_stages});
        auto const s = fly(atmosphere, threat, in, kept);
        REQUIRE(s.landed);
        BallisticForce<double> const force{atmosphere, 1,
                                           1 / threat.vehicle.ballistic_coefficient_kgpm2};
        for (std::size_t k = 0; k + 1 < kept.knots.size(); ++k) {
            auto const& from = kept.knots[k];
            double const h = 0.5 * (kept.knots[k + 1].t_s - from.t_s);
            if (from.t_s < s.t_burnout_s || !(h > 0)) { continue; }
            auto const a = force(from.t_s, from.r_m, from.v_mps);
            auto const half =
                Order8::step(force, from.t_s, from.r_m, from.v_mps, a, h, StepTolerance{1, 1});
            auto const p = arc_interval(from, kept.knots[k + 1]);
            worst_m = std::fmax(worst_m, norm(position_m(p, 0.5) - half.r_m));
        }
    }
    INFO(worst_m << " m");
    CHECK(worst_m < 0.1);  // 5 mm measured
}
