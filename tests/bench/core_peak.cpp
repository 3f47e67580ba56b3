// How close the stages come to the core's peak: useful operations per flight, counted, over the time of the stage on
// CPU lanes, against the rate of multiply-adds that the same core reaches when it does nothing else.
//   build/release/bench/core_peak [STUDY] ; build with -DLW_BENCH=ON
#include <fmt/format.h>

#include <chrono>
#include <set>
#include <vector>

#include "host/bench/spread.hpp"
#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"
#include "kernels/backend/chain.hpp"
#include "kernels/backend/cpu_packs.hpp"
#include "kernels/backend/stage_times.hpp"
#include "tests/bench/counted_lanes.hpp"

using namespace longwatch;

namespace {

/// Packs of flights, each followed by a like time of multiply-adds: so short that most are not interrupted.
constexpr int packs_timed = 300, packs_counted = 8;
constexpr int width = Lane<Lanes>::width;

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
            for (std::size_t before = 0; before < stage; ++before) { run(before, n); }
            constexpr double part = 1.0 / (packs_counted * width);
            for (std::int64_t place = 0; place < width; ++place) {
                Tallied::start();
                run_stage_of<Counted<1>>(stage, scenario_, pack(n), 0, c, place);
                add(work.alone, Tallied::now(), part);
            }
            Tallied::start();
            run_stage_of<Counted<width>>(stage, scenario_, pack(n), 0, c, 0);
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

void tell(std::string const& threat, char const* stage, Work const& work,
          MedianSpread const& pack_s, MedianSpread const& peak)
{
    double const useful = work.alone.useful(), each_s = pack_s.median / width;
    fmt::print("{:24} {:12} {:6.1f} {:8.0f} {:6.1f} {:6.1f} {:6.1f}", threat, stage, each_s * 1e6,
               useful, peak.median * 1e-9, 100 * useful / each_s / peak.median,
               100 * useful / (width * work.of_lanes.useful()));
    for (double const x : work.alone.of) { fmt::print(" {:8.0f}", x); }
    fmt::print("\n");
}

void measure(Member const& member)
{
    std::vector<double> stage_s[stage_names.size()], peak;
    for (int n = 0; n < packs_timed; ++n) {
        for (std::size_t stage = 0; stage < stage_names.size(); ++stage) {
            stage_s[stage].push_back(seconds([&] { member.run(stage, n); }));
        }
        peak.push_back(peak_per_s());
    }
    for (std::size_t stage = 0; stage < stage_names.size(); ++stage) {
        tell(member.name(), stage_names[stage], member.count(stage), median_spread(stage_s[stage]),
             median_spread(peak));
    }
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
    fmt::print("{:24} {:12} {:>6} {:>8} {:>6} {:>6} {:>6}", "threat", "stage", "us", "useful",
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
