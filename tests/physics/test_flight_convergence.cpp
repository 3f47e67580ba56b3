// A flight at its tolerance against the same flight at a ten thousandth of it.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/support/notional_threats.hpp"

using namespace longwatch;

namespace {

struct Shape {
    ThreatParams threat;
    double pitch_deg, cutoff_frac;
};

Shape const shapes[] = {{v2_class(), 35, 1},           {v2_class(), 20, 0.8},
                        {two_stage_liquid(), 0.5, 1},  {two_stage_liquid(), 1.5, 1},
                        {two_stage_liquid(), 2, 0.9},  {three_stage_solid(), 5, 1},
                        {three_stage_solid(), 30, 1},  {three_stage_solid(), 50, 0.9},
                        {three_stage_solid(), 60, 0.3}};

bool is_never(double t_s) { return t_s >= never_s; }

}  // namespace

TEST_CASE("events lie within a millisecond and impacts within ten metres of a converged flight",
          "[physics][flight]")
{
    auto const atmosphere = us_standard_1976();
    StepTolerance const t = flight_tolerance();
    for (Shape const& shape : shapes) {
        auto const in = nominal_inputs<double>(
            shape.threat, {1.0, shape.pitch_deg * rad_per_deg, shape.cutoff_frac});
        NoArc<double> no_arc;
        auto const a = fly(atmosphere, shape.threat, in, no_arc);
        // A thousandth of the tolerance agrees with it to a microsecond and a centimetre: converged.
        auto const b = fly(atmosphere, shape.threat, in, no_arc,
                           StepTolerance{t.position_m * 1e-4, t.velocity_mps * 1e-4});
        INFO("pitch " << shape.pitch_deg << " deg, cut-off " << shape.cutoff_frac);
        CHECK((a.landed && b.landed));
        // 0.65 ms and 4 m measured; the accuracy promised is stated in models/flight/fly.hpp.
        CHECK(std::fabs(a.t_burnout_s - b.t_burnout_s) < 1e-9);
        CHECK(std::fabs(a.t_apogee_s - b.t_apogee_s) < 1e-3);
        CHECK(is_never(a.t_ascend_100km_s) == is_never(b.t_ascend_100km_s));
        CHECK(std::fabs(a.t_ascend_100km_s - b.t_ascend_100km_s) < 1e-3);
        CHECK(std::fabs(a.t_descend_100km_s - b.t_descend_100km_s) < 1e-3);
        CHECK(std::fabs(a.t_impact_s - b.t_impact_s) < 1e-3);
        CHECK(norm(a.impact_m - b.impact_m) < 10);
        CHECK(std::fabs(a.apogee_m - b.apogee_m) < 5);
    }
}
