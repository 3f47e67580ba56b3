// How close flying and observing come to the core's peak: useful operations per flight, counted, over the time of the stage on
// CPU lanes, against the rate of multiply-adds that the same core reaches when it does nothing else.
//   build/release/bench/core_peak [STUDY] ; build with -DLW_BENCH=ON
#include <fmt/format.h>

#include <chrono>
#include <set>
#include <vector>

#include "host/bench/spread.hpp"
#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"
#include "kernels/backend/cpu_packs.hpp"
#include "kernels/backend/stage_times.hpp"
#include "kernels/stages/fly_stage.hpp"
#include "kernels/stages/observe_stage.hpp"
#include "tests/bench/counted_lanes.hpp"

using namespace longwatch;

namespace {

/// Packs of flights, each followed by a like time of multiply-adds: so short that most are not interrupted.
constexpr int packs_timed = 300, packs_counted = 8;
constexpr int width = Lane<Lanes>::width;
constexpr std::size_t fly_stage = 0, clock_stage = 1, observe_stage = 2;

template <class Body>
double seconds(Body const& body)
{
    auto const start = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
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
    return 2.0 * static_cast<double>(width * chains * turns) / took_s;
}

/// Work of one stage, per flight.
struct Work {
    Operations alone;     ///< of a flight on its own
    Operations of_lanes;  ///< of a pack, shared among its flights
};

void add(Operations& sum, Operations const& more, double part)
{
    for (std::size_t k = 0; k < sum.of.size(); ++k) { sum.of[k] += part * more.of[k]; }
}

template <class Real>
void run_counted(std::size_t stage, Scenario const& scenario, Launch const& flights,
                 Columns const& c, std::int64_t i)
{
    Tallied::start();
    stage == fly_stage ? fly_at<Real>(scenario, flights, c, i)
                       : observe_at<Real>(scenario, flights, c, i);
}

/// One make-up of the mix: its first members' flights.
class Member {
public:
    Member(Study const& study, std::int64_t makeup)
        : study_(study), scenario_(*study.scenario), makeup_(makeup), workspace_(scenario_)
    {
    }
    std::string name() const
    {
        return study_.threats[static_cast<std::size_t>(
            scenario_.mix[makeup_ * scenario_.raid.size % scenario_.mix_count])];
    }
    RaidLaunch pack(int n) const
    {
        std::int64_t const step = makeups(scenario_);
        return {study_.seed, makeup_ + n * width * step, step, width, 0};
    }
    void run(std::size_t stage, int n) const
    {
        run_stage(stage, scenario_, pack(n), 0, workspace_.columns());
    }
    Work count(std::size_t stage) const
    {
        Work work;
        Columns const& c = workspace_.columns();
        for (int n = 0; n < packs_counted; ++n) {
            run(fly_stage, n);
            run(clock_stage, n);
            Launch const flights = pack(n).of_member(scenario_, 0, c.raid_capacity);
            std::int64_t const first = flights.column_first;
            constexpr double part = 1.0 / (packs_counted * width);
            for (std::int64_t i = first; i < first + width; ++i) {
                run_counted<Counted<1>>(stage, scenario_, flights, c, i);
                add(work.alone, Tallied::now(), part);
            }
            run_counted<Counted<width>>(stage, scenario_, flights, c, first);
            add(work.of_lanes, Tallied::now(), part);
        }
        return work;
    }

private:
    Study const& study_;
    Scenario const& scenario_;
    std::int64_t makeup_;
    Workspace workspace_;
};

void tell(std::string const& threat, char const* stage, Work const& work, Spread const& pack_s,
          Spread const& peak)
{
    double const useful = work.alone.useful(), each_s = pack_s.median / width;
    fmt::print("{:24} {:8} {:6.1f} {:8.0f} {:6.1f} {:6.1f} {:6.1f}", threat, stage, each_s * 1e6,
               useful, peak.median * 1e-9, 100 * useful / each_s / peak.median,
               100 * useful / (width * work.of_lanes.useful()));
    for (double const x : work.alone.of) { fmt::print(" {:8.0f}", x); }
    fmt::print("\n");
}

void measure(Member const& member)
{
    std::vector<double> fly_s, observe_s, peak;
    for (int n = 0; n < packs_timed; ++n) {
        fly_s.push_back(seconds([&] { member.run(fly_stage, n); }));
        member.run(clock_stage, n);
        observe_s.push_back(seconds([&] { member.run(observe_stage, n); }));
        peak.push_back(peak_per_s());
    }
    tell(member.name(), "fly", member.count(fly_stage), spread(fly_s), spread(peak));
    tell(member.name(), "observe", member.count(observe_stage), spread(observe_s), spread(peak));
}

}  // namespace

int main(int argc, char** argv)
{
    Study study = read_study(argc > 1 ? argv[1] : "studies/trilateral-warning.toml");
    prepare(study);
    fmt::print(
        "Per flight: time, median of {} packs of {}; useful operations (a multiply-add is two), of "
        "the "
        "{} flights counted; share of the core's peak (1e9 operations/s in multiply-adds alone); "
        "share of the lanes' operations that are of flights under way; operations by kind\n",
        packs_timed, width, packs_counted * width);
    fmt::print("{:24} {:8} {:>6} {:>8} {:>6} {:>6} {:>6}", "threat", "stage", "us", "useful",
               "peak", "%", "lanes%");
    for (char const* kind : operation_names) { fmt::print(" {:>8}", kind); }
    fmt::print("\n");
    std::set<std::string> told;
    for (std::int64_t makeup = 0; makeup < makeups(*study.scenario); ++makeup) {
        Member const member(study, makeup);
        // A threat may be in the mix more than once.
        if (told.insert(member.name()).second) { measure(member); }
    }
    return 0;
}
