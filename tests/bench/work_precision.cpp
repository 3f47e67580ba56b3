// Work against error of the integrators: ARC-2000, and whole flights of every threat of a study.
//   build/release/bench/work_precision [STUDY] > work_precision.csv ; build with -DLW_BENCH=ON
// Errors are against the eighth-order pair at a tolerance of 1e-8 m and 1e-11 m/s (ARC-2000: 1e-9, 1e-12).
#include "tests/support/float_math.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <type_traits>

#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"
#include "kernels/draw/philox.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"
#include "models/flight/inputs.hpp"
#include "tests/bench/arc_2000.hpp"
#include "tests/bench/drag_in_float.hpp"
#include "tests/support/compared_methods.hpp"

using namespace longwatch;

namespace {

constexpr int arcs = 64;
constexpr int flights = 256;
constexpr int timing_rounds = 9;

double quantile(std::vector<double> x, double q)
{
    std::sort(x.begin(), x.end());
    return x[static_cast<std::size_t>(q * static_cast<double>(x.size() - 1))];
}

/// What one method at one setting leaves.
struct Row {
    std::string problem, method, precision;
    double position_m;  ///< tolerance, or the step in s of a method of fixed steps
    long evaluations = 0;
    double time_us = 0, time_deviation_us = 0;  ///< per flight: median, median absolute deviation
    std::vector<double> error_m = {}, error_s = {};
};

void print(Row const& row)
{
    auto const count = static_cast<double>(row.error_m.size());
    std::fflush(stdout);
    fmt::print("{},{},{},{:g},{:.1f},{:.3f},{:.3f},{:.3e},{:.3e},{:.3e},{:.3e}\n", row.problem,
               row.method, row.precision, row.position_m,
               static_cast<double>(row.evaluations) / count, row.time_us, row.time_deviation_us,
               quantile(row.error_m, 0.99), quantile(row.error_m, 1), quantile(row.error_s, 0.99),
               quantile(row.error_s, 1));
}

template <class Body>
void time_per_flight(Row& row, double count, Body const& body)
{
    std::vector<double> us;
    for (int i = 0; i < timing_rounds; ++i) {
        auto const start = std::chrono::steady_clock::now();
        body();
        std::chrono::duration<double, std::micro> const took =
            std::chrono::steady_clock::now() - start;
        us.push_back(took.count() / count);
    }
    row.time_us = quantile(us, 0.5);
    for (double& x : us) { x = std::fabs(x - row.time_us); }
    row.time_deviation_us = quantile(us, 0.5);
}

// ARC-2000, plain numbers.

enum class Precision { all_double, mixed, all_float };

template <class Method>
Arc2000End arc_end(Arc2000Sample const& s, double t_end_s, double setting, Precision precision)
{
    bool const fixed = std::is_same_v<Method, Order4>;
    double const step_s = fixed ? setting : 10;
    StepTolerance const tolerance{setting, setting * 1e-2};
    auto const drag = s.drag_area_per_mass_m2pkg;
    Arc2000Force<float> const narrow{static_cast<float>(drag)};
    if (precision == Precision::all_float) {
        return fly_arc_2000<Method, float>(narrow, s, t_end_s, tolerance, step_s);
    }
    if (precision == Precision::mixed) {
        InFloat<Arc2000Force<float>> const mixed{narrow};
        return fly_arc_2000<Method, double>(mixed, s, t_end_s, tolerance, step_s);
    }
    return fly_arc_2000<Method, double>(Arc2000Force<double>{drag}, s, t_end_s, tolerance, step_s);
}

template <class Method>
void compare_arc(std::string const& method, std::vector<double> const& settings,
                 Precision precision)
{
    char const* const names[] = {"double", "mixed", "float"};
    auto const samples = arc_2000_samples(arcs);
    for (bool const to_ground : {false, true}) {
        double const t_end_s = to_ground ? 4000 : 2000;
        for (double const setting : settings) {
            Row row{to_ground ? "ARC-2000 to the ground" : "ARC-2000 to 2000 s", method,
                    names[static_cast<int>(precision)], setting};
            for (auto const& s : samples) {
                auto const reference = arc_end<Order8>(s, t_end_s, 1e-9, Precision::all_double);
                auto const end = arc_end<Method>(s, t_end_s, setting, precision);
                row.evaluations += end.evaluations;
                row.error_m.push_back(norm(end.r_m - reference.r_m));
                row.error_s.push_back(std::fabs(end.t_s - reference.t_s));
            }
            time_per_flight(row, arcs, [&] {
                for (auto const& s : samples) { arc_end<Method>(s, t_end_s, setting, precision); }
            });
            print(row);
        }
    }
}

// Whole flights.

/// A force that counts; double forces evaluated in float where `narrow`.
template <class Force>
struct Counted {
    Force const& force;
    long& evaluations;
    static constexpr bool powered = requires(Force f) { f.steering; };
    template <class Real>
    Vec3<Real, Eci> operator()(Real const& t, Vec3<Real, Eci> const& r,
                               Vec3<Real, Eci> const& v) const
    {
        ++evaluations;
        return force(t, r, v);
    }
};

BallisticForce<float> narrowed(BallisticForce<double> const& f)
{
    return {f.atmosphere, static_cast<float>(f.density_factor),
            static_cast<float>(f.inverse_ballistic_coefficient_m2pkg), in_float(f.weather)};
}

BoostForce<float> narrowed(BoostForce<double> const& f)
{
    auto const n = [](double x) { return static_cast<float>(x); };
    return {f.atmosphere,
            f.drag,
            f.steering,
            f.exit_area_m2,
            f.reference_area_m2,
            n(f.t_start_s),
            n(f.mass_kg),
            n(f.mass_flow_kgps),
            n(f.mass_flow_rate_kgps2),
            n(f.exhaust_mps),
            f.t_pitch_over_s,
            n(f.sin_azimuth),
            n(f.cos_azimuth),
            n(f.pitch_rate_radps),
            n(f.drag_factor),
            n(f.density_factor),
            in_float(f.weather)};
}

/// Fifth order under thrust, eighth on the free arc.
struct Order5Then8 : Order5 {
    template <class Acceleration, class Real>
    static StepResult<Real> step(Acceleration const& acceleration, Real const& t,
                                 Vec3<Real, Eci> const& r, Vec3<Real, Eci> const& v,
                                 Vec3<Real, Eci> const& a, Real const& h, StepTolerance const& e)
    {
        if constexpr (Acceleration::powered) {
            return Order5::step(acceleration, t, r, v, a, h, e);
        } else {
            return Order8::step(acceleration, t, r, v, a, h, e);
        }
    }
};

template <class Real>
struct NoKnots {
    void add(Mask<Real> const&, Knot<Real> const&) {}
};

/// What of the forces is computed in float beside a state in double.
enum class InFloatPart { none, drag, all };

template <class Real, class Method, InFloatPart part>
struct ComparedRun : FlightRun<Real, NoKnots<Real>, Method> {
    using Base = FlightRun<Real, NoKnots<Real>, Method>;
    using Base::Base;
    long evaluations = 0;
    template <class Force>
    void advance(Force const& force, StepTolerance const& tolerance, Real const& t_end)
    {
        if constexpr (part == InFloatPart::drag) {
            auto const with_drag = with_drag_in_float(force);
            Base::advance(Counted<decltype(with_drag)>{with_drag, evaluations}, tolerance, t_end);
        } else if constexpr (part == InFloatPart::all) {
            InFloat<decltype(narrowed(force))> const in_float{narrowed(force)};
            Base::advance(Counted<decltype(in_float)>{in_float, evaluations}, tolerance, t_end);
        } else {
            Base::advance(Counted<Force>{force, evaluations}, tolerance, t_end);
        }
    }
};

template <class Real>
struct FlightEnd {
    FlightSummary<Real> summary;
    long evaluations;
};

template <class Real, class Method, InFloatPart part = InFloatPart::none>
FlightEnd<Real> flight_end(Scenario const& scenario, ThreatParams const& threat,
                           FlightInputs<Real> const& in, FlightTolerance const& tolerance)
{
    using Run = ComparedRun<Real, Method, part>;
    NoKnots<Real> none;
    auto const start = at_launch(in.launch);
    Run run(none, start.r_m, start.v_mps);
    Boost<Real, Run>(scenario.atmosphere, threat.vehicle, in, tolerance.boost, run).fly();
    BallisticForce<Real> const ballistic{
        scenario.atmosphere, in.air_density,
        Real(1.0 / threat.vehicle.ballistic_coefficient_kgpm2) / in.ballistic_coefficient,
        in.weather};
    run.advance(ballistic, tolerance.ballistic, Real(threat.max_flight_time_s));
    return {run.summary(), run.evaluations};
}

template <class Real>
double event_error_s(FlightSummary<Real> const& a, FlightSummary<double> const& b)
{
    auto const off = [](Real x, double y) { return std::fabs(double(x) - y); };
    return std::max({off(a.t_burnout_s, b.t_burnout_s), off(a.t_apogee_s, b.t_apogee_s),
                     off(a.t_ascend_100km_s, b.t_ascend_100km_s),
                     off(a.t_descend_100km_s, b.t_descend_100km_s),
                     off(a.t_impact_s, b.t_impact_s)});
}

/// The tolerance in use, widened or narrowed as a whole.
FlightTolerance scaled(double factor)
{
    auto t = flight_tolerance();
    for (double* x : {&t.boost.position_m, &t.boost.velocity_mps, &t.ballistic.position_m,
                      &t.ballistic.velocity_mps}) {
        *x *= factor;
    }
    return t;
}

struct Flown {
    Scenario const& scenario;
    ThreatParams const& threat;
    std::uint64_t seed;
    std::string problem;
    std::vector<FlightSummary<double>> reference;

    template <class Real>
    FlightInputs<Real> inputs(int i) const
    {
        return draw_flight<Real>(threat, PhiloxDraws<Real>{seed, i, 1}).inputs;
    }
};

template <class Real, class Method, InFloatPart part = InFloatPart::none>
void compare_flights(Flown const& flown, char const* method, char const* precision)
{
    bool const rounded = part != InFloatPart::none || std::is_same_v<Real, float>;
    for (double const factor : {1000.0, 100.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.01}) {
        if (rounded && factor < (part == InFloatPart::drag ? 1 : 10)) { break; }
        auto const tolerance = scaled(factor);
        Row row{flown.problem, method, precision, tolerance.boost.position_m};
        for (int i = 0; i < flights; ++i) {
            auto const& b = flown.reference[static_cast<std::size_t>(i)];
            auto const a = flight_end<Real, Method, part>(flown.scenario, flown.threat,
                                                          flown.inputs<Real>(i), tolerance);
            row.evaluations += a.evaluations;
            Vec3<double, Ecef> const impact_m{a.summary.impact_m.x, a.summary.impact_m.y,
                                              a.summary.impact_m.z};
            row.error_m.push_back(norm(impact_m - b.impact_m));
            row.error_s.push_back(event_error_s(a.summary, b));
        }
        if constexpr (std::is_same_v<Real, double> && part == InFloatPart::none) {
            time_per_flight(row, flights, [&] {
                for (int i = 0; i < flights; i += Lane<Lanes>::width) {
                    flight_end<Lanes, Method>(flown.scenario, flown.threat, flown.inputs<Lanes>(i),
                                              tolerance);
                }
            });
        }
        print(row);
    }
}

void compare_threat(Study const& study, int k)
{
    Flown flown{*study.scenario,
                study.scenario->threat[k],
                study.seed,
                study.threats[static_cast<std::size_t>(k)],
                {}};
    for (int i = 0; i < flights; ++i) {
        flown.reference.push_back(flight_end<double, Order8>(flown.scenario, flown.threat,
                                                             flown.inputs<double>(i),
                                                             {{1e-8, 1e-10}, {1e-8, 1e-10}})
                                      .summary);
    }
    compare_flights<double, Order5>(flown, "5(4)", "double");
    compare_flights<double, Order5Eager>(flown, "5(4) textbook control", "double");
    compare_flights<double, Order5Then8>(flown, "5(4) then 8(5;3)", "double");
    compare_flights<double, Order8>(flown, "8(5;3)", "double");
    compare_flights<double, Order5, InFloatPart::all>(flown, "5(4)", "mixed");
    compare_flights<double, Order5, InFloatPart::drag>(flown, "5(4)", "drag in float");
    compare_flights<float, Order5>(flown, "5(4)", "float");
}

}  // namespace

int main(int argc, char** argv)
{
    fmt::print(
        "problem,method,precision,setting,evaluations,time_us,time_deviation_us,"
        "error99_m,error_max_m,error99_s,error_max_s\n");
    for (auto const precision : {Precision::all_double, Precision::mixed, Precision::all_float}) {
        // Where the rounding of the force exceeds the tolerance, steps shrink without end.
        std::vector<double> tolerances_m{100, 10, 1};
        if (precision != Precision::all_float) {
            tolerances_m.insert(tolerances_m.end(), {0.1, 0.01});
        }
        if (precision == Precision::all_double) {
            tolerances_m.insert(tolerances_m.end(), {1e-3, 1e-4, 1e-5, 1e-6});
        }
        compare_arc<Order4>("RK4", {10, 5, 2, 1, 0.5, 0.25}, precision);
        compare_arc<Order5>("5(4)", tolerances_m, precision);
        compare_arc<Order8>("8(5;3)", tolerances_m, precision);
    }
    Study study = read_study(argc > 1 ? argv[1] : "studies/trilateral-warning.toml");
    prepare(study);
    for (int k = 0; k < study.scenario->threat_count; ++k) { compare_threat(study, k); }
    return 0;
}
