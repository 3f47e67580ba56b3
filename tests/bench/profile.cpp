// Where the instructions of the chain go, stage by stage, for every threat of a study that prepare_study has left in a file; run by
// scripts/profile.
//   profile callgrind|step|time FILE PACKS ; build with -DLW_BENCH=ON
// callgrind: to be run by valgrind --tool=callgrind --instr-atstart=no, for which every stage of a threat is one dump.
// step: counts on the processor itself, for instructions that valgrind does not know. time: microseconds per flight.
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <set>
#include <string_view>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif

#include "host/bench/spread.hpp"
#include "kernels/backend/cpu_packs.hpp"
#include "kernels/backend/stage_times.hpp"
#include "tests/bench/prepared.hpp"
#include "tests/bench/step_counter.hpp"

using namespace longwatch;

namespace {

/// How valgrind is told where a stage begins and ends.
struct Callgrind {
#if __has_include(<valgrind/callgrind.h>)
    static bool is_there() { return RUNNING_ON_VALGRIND != 0; }
    static void warmed_up() { CALLGRIND_START_INSTRUMENTATION; }
    static void start() { CALLGRIND_ZERO_STATS; }
    static void stop(std::string const& label) { CALLGRIND_DUMP_STATS_AT(label.c_str()); }
#else
    static bool is_there() { return false; }
    static void warmed_up() {}
    static void start() {}
    static void stop(std::string const&) {}
#endif
};

/// Places of the program itself by their addresses in its file, others by library.
struct Step {
    static void warmed_up() {}
    static void start() { StepCounter::start(); }
    static void stop(std::string const& label)
    {
        auto const visited = StepCounter::stop();
        fmt::print("stage {}\n", label);
        Dl_info own, found;
        dladdr(reinterpret_cast<void*>(&Step::start), &own);
        for (auto const& place : visited) {
            auto const known = dladdr(reinterpret_cast<void*>(place.address), &found) != 0;
            if (known && found.dli_fbase == own.dli_fbase) {
                fmt::print("{:#x} {}\n",
                           place.address - reinterpret_cast<std::uintptr_t>(own.dli_fbase),
                           place.visits);
            } else {
                std::string const library = known ? found.dli_fname : "elsewhere";
                fmt::print("{} {}\n", library.substr(library.rfind('/') + 1), place.visits);
            }
        }
    }
};

/// The packs of one make-up, all in columns at once, so that a stage goes over all of them before the next does.
class Packs {
public:
    Packs(Prepared const& study, std::int64_t makeup, std::int64_t packs)
        : study_(study), scenario_(*study.scenario), makeup_(makeup), packs_(packs),
          memory_(column_doubles(scenario_, flights())),
          columns_(lay_out(scenario_, flights(), memory_.data()))
    {
    }
    std::int64_t flights() const
    {
        return packs_ * Lane<Lanes>::width * std::int64_t{scenario_.raid.size};
    }
    std::string name() const
    {
        int const size = scenario_.raid.size;
        auto const threat = scenario_.mix[makeup_ * size % scenario_.mix_count];
        return size == 1 ? study_.threats[static_cast<std::size_t>(threat)]
                         : "raid-of-" + std::to_string(size);
    }
    void run(std::size_t stage) const
    {
        std::int64_t const width = Lane<Lanes>::width, step = makeups(scenario_);
        for (std::int64_t pack = 0; pack < packs_; ++pack) {
            std::int64_t const place = pack * width;
            RaidLaunch const raids{study_.seed, makeup_ + place * step, step, width, place};
            for (int m = 0; m < (is_of_raids(stage) ? 1 : scenario_.raid.size); ++m) {
                run_stage(stage, scenario_, raids, m, columns_);
            }
        }
    }

private:
    Prepared const& study_;
    Scenario const& scenario_;
    std::int64_t makeup_, packs_;
    LargePages memory_;
    Columns columns_;
};

/// One of each name: a threat may be in the mix more than once.
std::vector<std::int64_t> distinct_makeups(Prepared const& study)
{
    std::vector<std::int64_t> out;
    std::set<std::string> names;
    for (std::int64_t makeup = 0; makeup < makeups(*study.scenario); ++makeup) {
        if (names.insert(Packs(study, makeup, 1).name()).second) { out.push_back(makeup); }
    }
    return out;
}

/// Label of a stage: threat, stage, flights.
template <class Meter>
void count(Prepared const& study, std::int64_t packs)
{
    for (auto const makeup : distinct_makeups(study)) {
        Packs const all(study, makeup, packs);
        for (std::size_t stage = 0; stage < stage_names.size(); ++stage) { all.run(stage); }
        Meter::warmed_up();
        for (std::size_t stage = 0; stage < stage_names.size(); ++stage) {
            Meter::start();
            all.run(stage);
            Meter::stop(fmt::format("{} {} {}", all.name(), stage_names[stage], all.flights()));
        }
    }
}

void time(Prepared const& study, int packs)
{
    for (auto const makeup : distinct_makeups(study)) {
        auto const name = Packs(study, makeup, 1).name();
        auto const told = stage_times(*study.scenario, study.seed, makeup, packs);
        for (std::size_t stage = 0; stage < stage_names.size(); ++stage) {
            MedianSpread const s = median_spread(told[stage]);
            fmt::print("{} {} {:.3f} {:.3f}\n", name, stage_names[stage], s.median, s.deviation);
        }
    }
}

int run(std::string_view how, Prepared const& study, int packs)
{
    if (how == "time") {
        time(study, packs);
    } else if (how == "step") {
        count<Step>(study, packs);
    } else if (how == "callgrind" && Callgrind::is_there()) {
        count<Callgrind>(study, packs);
    } else {
        fmt::print(stderr, "profile: cannot {} (known: step; time; callgrind, under valgrind)\n",
                   how);
        return 2;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    int const packs = argc == 4 ? std::atoi(argv[3]) : 0;
    if (packs < 1) {
        fmt::print(stderr, "profile: usage: profile callgrind|step|time FILE PACKS\n");
        return 2;
    }
    try {
        auto const study = read_prepared(argv[2]);
        fmt::print("{} lanes, {}\n", Lane<Lanes>::width, Lanes::arch_type::name());
        return run(argv[1], study, packs);
    } catch (std::exception const& error) {
        fmt::print(stderr, "profile: {}\n", error.what());
        return 3;
    }
}
