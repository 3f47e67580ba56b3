// The CPU backend: threads take chunks, lanes take flights.
#include <sched.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "kernels/backend/chunks.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"
#include "kernels/stages/clock_stage.hpp"
#include "kernels/stages/engage_stage.hpp"
#include "kernels/stages/fly_stage.hpp"
#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/observe_stage.hpp"
#include "kernels/stages/share_stage.hpp"
#include "kernels/stages/tally_raid.hpp"

namespace longwatch {

namespace {

/// Flights dealt to a thread at one go, in packs per threat of the mix.
constexpr std::int64_t packs_per_chunk = 8;

struct TallySink {
    std::vector<std::uint64_t>& cells;
    void add(int cell, std::uint64_t amount) { cells[static_cast<std::size_t>(cell)] += amount; }
};

/// Raids dealt at one go; without a wish some packs of each make-up, fewer where a raid is many flights.
std::int64_t chunk_raids(Scenario const& scenario, Dealing const& dealing)
{
    int const size = scenario.raid.size;
    if (dealing.chunk > 0) { return std::max(dealing.chunk / size, 1); }
    std::int64_t const packs = std::max<std::int64_t>(packs_per_chunk / size, 1);
    return packs * makeups(scenario) * Lane<Lanes>::width;
}

/// As asked, but no more than there are chunks to deal.
int thread_count(Scenario const& scenario, FlightRange const& range, Dealing const& dealing)
{
    std::int64_t const wanted = dealing.threads > 0 ? dealing.threads : cpu_info().threads;
    std::int64_t const chunk = chunk_raids(scenario, dealing);
    std::int64_t const chunks = (raids_of(scenario, range).count + chunk - 1) / chunk;
    return static_cast<int>(std::clamp<std::int64_t>(chunks, 1, wanted));
}

/// One thread's columns: of a single pack of raids, which stays in the core's cache through all stages.
class Workspace {
public:
    explicit Workspace(Scenario const& scenario)
        : memory_(static_cast<std::size_t>(column_doubles(scenario, flights_of_pack(scenario)))),
          columns_(lay_out(scenario, flights_of_pack(scenario), memory_.data()))
    {
    }
    Columns const& columns() const { return columns_; }

private:
    static std::int64_t flights_of_pack(Scenario const& scenario)
    {
        return std::int64_t{Lane<Lanes>::width} * scenario.raid.size;
    }

    std::vector<double> memory_;
    Columns columns_;
};

/// The n-th pack of a launch as a launch of its own, at the beginning of the columns.
RaidLaunch pack_of(RaidLaunch const& launch, std::int64_t n)
{
    std::int64_t const first = n * Lane<Lanes>::width;
    return {launch.seed, launch.raid_first + first * launch.raid_step, launch.raid_step,
            std::min<std::int64_t>(Lane<Lanes>::width, launch.count - first), 0};
}

void fly_pack(Scenario const& scenario, RaidLaunch const& pack, Columns const& c)
{
    for (int m = 0; m < scenario.raid.size; ++m) {
        Launch const flights = pack.of_member(scenario, m, c.raid_capacity);
        std::int64_t const i = flights.column_first;
        fly_at<Lanes>(scenario, flights, c, i);
        clock_at<Lanes>(scenario, flights, c, i);
        observe_at<Lanes>(scenario, flights, c, i);
        measure_at<Lanes>(scenario, flights, c, i);
        share_at<Lanes>(scenario, flights, c, i);
        battlespace_at<Lanes>(scenario, flights, c, i);
    }
    engage_at<Lanes>(scenario, pack, c, 0);
}

/// Calls flown(thread, pack, columns, place) for each raid of a range of flights, on one thread or several; each call
/// comes from the thread whose number it is given.
template <class Flown, class ChunkDone>
void for_each_raid(Scenario const& scenario, FlightRange const& range, Dealing const& dealing,
                   int threads, Flown const& flown, ChunkDone const& chunk_done)
{
    RaidRange const raids = raids_of(scenario, range);
    std::int64_t const chunk = chunk_raids(scenario, dealing);
    std::atomic<std::int64_t> next{0};
    std::atomic<bool> stopped{false};
    std::exception_ptr problem;
    std::mutex problem_mutex;
    auto const work = [&](int thread) {
        try {
            Workspace const workspace(scenario);
            for (;;) {
                std::int64_t const offset = next.fetch_add(chunk);
                if (offset >= raids.count || stopped) { return; }
                std::int64_t const count = std::min(chunk, raids.count - offset);
                for (RaidLaunch const& launch :
                     cut_launches(scenario, range.seed, raids.first + offset, count)) {
                    for (std::int64_t n = 0; n * Lane<Lanes>::width < launch.count; ++n) {
                        RaidLaunch const pack = pack_of(launch, n);
                        fly_pack(scenario, pack, workspace.columns());
                        for (std::int64_t lane = 0; lane < pack.count; ++lane) {
                            flown(thread, pack, workspace.columns(), lane);
                        }
                    }
                }
                chunk_done(count * scenario.raid.size);
            }
        } catch (...) {
            std::lock_guard const lock(problem_mutex);
            problem = std::current_exception();
            stopped = true;
        }
    };
    {
        std::vector<std::jthread> others;
        try {
            for (int thread = 1; thread < threads; ++thread) { others.emplace_back(work, thread); }
        } catch (...) {
            stopped = true;
            throw;
        }
        work(0);
    }
    if (problem) { std::rethrow_exception(problem); }
}

}  // namespace

CpuInfo cpu_info()
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    bool const known = sched_getaffinity(0, sizeof allowed, &allowed) == 0;
    int const cores =
        known ? CPU_COUNT(&allowed) : static_cast<int>(std::thread::hardware_concurrency());
    return {std::max(cores, 1), Lane<Lanes>::width, Lanes::arch_type::name()};
}

FlownTally fly_on_cpu(Scenario const& scenario, FlightRange const& range, Dealing const& dealing,
                      Progress const& progress)
{
    int const threads = thread_count(scenario, range, dealing);
    TallyLayout const layout = tally_layout(scenario);
    struct OfThread {
        Tally tally;
        std::vector<FailedFlight> failures;
    };
    std::vector<OfThread> parts(static_cast<std::size_t>(threads), OfThread{Tally(layout), {}});

    std::mutex progress_mutex;
    std::int64_t done = 0;
    auto last_call = std::chrono::steady_clock::now();
    auto const chunk_done = [&](std::int64_t count) {
        std::lock_guard const lock(progress_mutex);
        done += count;
        auto const now = std::chrono::steady_clock::now();
        if (progress && (now - last_call > std::chrono::milliseconds(100) || done == range.count)) {
            last_call = now;
            progress(done);
        }
    };
    auto const flown = [&](int thread, RaidLaunch const& raids, Columns const& c,
                           std::int64_t place) {
        OfThread& part = parts[static_cast<std::size_t>(thread)];
        TallySink sink{part.tally.cells};
        tally_raid(scenario, raids, c, layout, place, sink);
        for (int m = 0; m < scenario.raid.size; ++m) {
            std::int64_t const i = m * c.raid_capacity + place;
            auto const fate = static_cast<Fate>(static_cast<int>(c.fate.load<double>(i)));
            if (!is_failure(fate)) { continue; }
            part.failures.push_back({raids.raid_of(place) * scenario.raid.size + m, fate});
        }
        if (part.failures.size() > 2 * failures_listed_max) { keep_first_failures(part.failures); }
    };
    for_each_raid(scenario, range, dealing, threads, flown, chunk_done);

    FlownTally all{Tally(layout), {}};
    for (OfThread const& part : parts) {
        all.tally.merge(part.tally);
        all.failures.insert(all.failures.end(), part.failures.begin(), part.failures.end());
    }
    keep_first_failures(all.failures);
    return all;
}

std::vector<FlightOutcome> outcomes_on_cpu(Scenario const& scenario, FlightRange const& range,
                                           Dealing const& dealing)
{
    std::vector<FlightOutcome> out(static_cast<std::size_t>(range.count));
    auto const flown = [&](int, RaidLaunch const& raids, Columns const& c, std::int64_t place) {
        read_outcomes(scenario, raids, c, place, range, out);
    };
    for_each_raid(scenario, range, dealing, thread_count(scenario, range, dealing), flown,
                  [](std::int64_t) {});
    return out;
}

FlownFlight flight_on_cpu(Scenario const& scenario, std::uint64_t seed, std::int64_t flight)
{
    FlownFlight out;
    auto const flown = [&](int, RaidLaunch const& raids, Columns const& c, std::int64_t place) {
        out = read_flight(scenario, raids, c, place, flight);
    };
    for_each_raid(scenario, {seed, flight, 1}, {}, 1, flown, [](std::int64_t) {});
    return out;
}

}  // namespace longwatch
