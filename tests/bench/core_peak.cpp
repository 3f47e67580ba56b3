// How close flying comes to the core's peak: useful operations per flight, counted, over the time of the fly stage
// on CPU lanes, against the rate of multiply-adds that the same core reaches when it does nothing else.
//   build/release/bench/core_peak [STUDY] ; build with -DLW_BENCH=ON
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"
#include "kernels/backend/chunks.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"
#include "kernels/stages/fly_stage.hpp"
#include "tests/bench/counted.hpp"

using namespace longwatch;

namespace {

/// Packs of flights, each followed by a like time of multiply-adds: so short that most are not interrupted.
constexpr int packs = 300, flights_counted = 64;

template <class Body>
double seconds(Body const& body)
{
    auto const start = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> x)
{
    std::sort(x.begin(), x.end());
    return x[x.size() / 2];
}

/// Operations per second of sixteen chains of multiply-adds, more than two units of a latency of four need.
double peak_per_s()
{
    constexpr int chains = 16;
    constexpr long turns = 10000;
    Lanes sum[chains];
    for (int i = 0; i < chains; ++i) { sum[i] = Lanes(1.0 + i); }
    Lanes const factor(0.999999), more(1e-6);
    double const took_s = seconds([&] {
        for (long k = 0; k < turns; ++k) {
            for (Lanes& x : sum) { x = multiply_add(x, factor, more); }
        }
    });
    Lanes all(0.0);
    for (Lanes const& x : sum) { all = all + x; }
    // Kept, so that the loop is.
    if (!(all.get(0) > 0)) { fmt::print("no sum\n"); }
    return 2.0 * static_cast<double>(Lane<Lanes>::width * chains * turns) / took_s;
}

/// Evaluations of the force, by the knots' own account of steps left out: counted by the method.
struct CountedMethod {
    inline static long steps = 0;
    template <class Acceleration, class Real>
    static StepResult<Real> step(Acceleration const& acceleration, Real const& t,
                                 Vec3<Real, Eci> const& r, Vec3<Real, Eci> const& v,
                                 Vec3<Real, Eci> const& a, Real const& h,
                                 StepTolerance const& tolerance)
    {
        ++steps;
        return step_dormand_prince(acceleration, t, r, v, a, h, tolerance);
    }
    template <class Real>
    static Real factor(Real const& error)
    {
        return step_factor(error);
    }
};

struct NoKnots {
    void add(bool, Knot<Counted> const&) {}
};

struct Work {
    double operations, steps;  ///< per flight
};

Work count(Scenario const& scenario, std::uint64_t seed, int threat)
{
    using Run = FlightRun<Counted, NoKnots, CountedMethod>;
    ThreatParams const& params = scenario.threat[threat];
    FlightTolerance const tolerance = flight_tolerance();
    CountedMethod::steps = 0;
    long operations = 0;
    for (int i = 0; i < flights_counted; ++i) {
        auto const in = draw_flight<Counted>(params, PhiloxDraws<Counted>{seed, i, 1}).inputs;
        Counted::start();
        NoKnots none;
        auto const start = at_launch(in.launch);
        Run run(none, start.r_m, start.v_mps);
        fly_with(run, scenario.atmosphere, params, in, tolerance);
        operations += Counted::operations();
    }
    return {static_cast<double>(operations) / flights_counted,
            static_cast<double>(CountedMethod::steps) / flights_counted};
}

double seconds_per_flight(Scenario const& scenario, RaidLaunch const& raids, Columns const& c)
{
    Launch const flights = raids.of_member(scenario, 0, c.raid_capacity);
    double const took_s =
        seconds([&] { fly_at<Lanes>(scenario, flights, c, flights.column_first); });
    return took_s / Lane<Lanes>::width;
}

}  // namespace

int main(int argc, char** argv)
{
    Study study = read_study(argc > 1 ? argv[1] : "studies/trilateral-warning.toml");
    prepare(study);
    Scenario const& scenario = *study.scenario;
    std::int64_t const capacity = std::int64_t{Lane<Lanes>::width} * scenario.raid.size;
    std::vector<double> memory(static_cast<std::size_t>(column_doubles(scenario, capacity)));
    Columns const c = lay_out(scenario, capacity, memory.data());
    fmt::print("medians of {} packs of {}; rates in 1e9 operations per second\n", packs,
               Lane<Lanes>::width);
    fmt::print("{:24} {:>9} {:>12} {:>12} {:>10} {:>10} {:>10} {:>8}\n", "threat", "steps",
               "operations", "per step", "us", "rate", "peak", "of peak");
    for (std::int64_t makeup = 0; makeup < makeups(scenario); ++makeup) {
        int const threat = scenario.mix[makeup * scenario.raid.size % scenario.mix_count];
        Work const work = count(scenario, study.seed, threat);
        std::vector<double> flight_s, peak;
        for (int pack = 0; pack < packs; ++pack) {
            std::int64_t const width = Lane<Lanes>::width, step = makeups(scenario);
            RaidLaunch const raids{study.seed, makeup + pack * width * step, step, width, 0};
            flight_s.push_back(seconds_per_flight(scenario, raids, c));
            peak.push_back(peak_per_s());
        }
        double const rate = work.operations / median(flight_s);
        fmt::print("{:24} {:9.1f} {:12.0f} {:12.0f} {:10.1f} {:10.1f} {:10.1f} {:7.1f}%\n",
                   study.threats[static_cast<std::size_t>(threat)], work.steps, work.operations,
                   work.operations / work.steps, median(flight_s) * 1e6, rate * 1e-9,
                   median(peak) * 1e-9, 100 * rate / median(peak));
    }
    return 0;
}
