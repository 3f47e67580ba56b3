// The CPU backend: threads take chunks, lanes take flights.
#include <sched.h>

#include <thread>

#include "kernels/backend/cpu_packs.hpp"
#include "kernels/stages/clock_stage.hpp"
#include "kernels/stages/engage_stage.hpp"
#include "kernels/stages/fly_stage.hpp"
#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/observe_stage.hpp"
#include "kernels/stages/share_stage.hpp"
#include "kernels/stages/tally_raid.hpp"

namespace longwatch {

namespace {

struct TallySink {
    std::vector<std::uint64_t>& cells;
    void add(int cell, std::uint64_t amount) { cells[static_cast<std::size_t>(cell)] += amount; }
};

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

/// Calls flown(thread, pack, columns, place) for each raid of a range of flights; see for_each_pack().
template <class Flown, class ChunkDone>
std::int64_t for_each_raid(Scenario const& scenario, FlightRange const& range,
                           Dealing const& dealing, int threads, Flown const& flown,
                           ChunkDone const& chunk_done)
{
    auto const fly = [&](int thread, RaidLaunch const& pack, Columns const& c) {
        fly_pack(scenario, pack, c);
        for (std::int64_t lane = 0; lane < pack.count; ++lane) { flown(thread, pack, c, lane); }
    };
    return for_each_pack(scenario, range, dealing, threads, fly, chunk_done);
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

    ProgressCalls calls(progress, range.count);
    auto const chunk_done = [&](std::int64_t count) { calls.add(count); };
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
    auto const raids = for_each_raid(scenario, range, dealing, threads, flown, chunk_done);

    FlownTally all{Tally(layout), {}, std::min(raids * scenario.raid.size, range.count)};
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

std::vector<FlownFlight> flights_on_cpu(Scenario const& scenario, FlightRange const& range)
{
    std::vector<FlownFlight> out(static_cast<std::size_t>(range.count));
    auto const flown = [&](int, RaidLaunch const& raids, Columns const& c, std::int64_t place) {
        for (int m = 0; m < scenario.raid.size; ++m) {
            std::int64_t const flight = raids.raid_of(place) * scenario.raid.size + m;
            std::int64_t const at = flight - range.first;
            if (at < 0 || at >= range.count) { continue; }
            out[static_cast<std::size_t>(at)] = read_flight(scenario, raids, c, place, flight);
        }
    };
    for_each_raid(scenario, range, {}, 1, flown, [](std::int64_t) {});
    return out;
}

FlownFlight flight_on_cpu(Scenario const& scenario, std::uint64_t seed, std::int64_t flight)
{
    return std::move(flights_on_cpu(scenario, {seed, flight, 1}).front());
}

}  // namespace longwatch
