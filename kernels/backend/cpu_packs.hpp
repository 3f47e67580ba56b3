// The CPU backend's way through a range of raids: threads take chunks, and fly them pack by pack in columns of their own.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "kernels/backend/chunks.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"

namespace longwatch {

/// Flights dealt to a thread at one go, in packs per threat of the mix.
inline constexpr std::int64_t packs_per_chunk = 8;

/// Raids dealt at one go; without a wish some packs of each make-up, fewer where a raid is many flights.
inline std::int64_t chunk_raids(Scenario const& scenario, Dealing const& dealing)
{
    int const size = scenario.raid.size;
    if (dealing.chunk > 0) { return std::max(dealing.chunk / size, 1); }
    std::int64_t const packs = std::max<std::int64_t>(packs_per_chunk / size, 1);
    return packs * makeups(scenario) * Lane<Lanes>::width;
}

/// As asked, but no more than there are chunks to deal.
inline int thread_count(Scenario const& scenario, FlightRange const& range, Dealing const& dealing)
{
    std::int64_t const wanted = dealing.threads > 0 ? dealing.threads : cpu_info().threads;
    std::int64_t const chunk = chunk_raids(scenario, dealing);
    std::int64_t const chunks = (raids_of(scenario, range).count + chunk - 1) / chunk;
    return static_cast<int>(std::clamp<std::int64_t>(chunks, 1, wanted));
}

/// Memory of nils in large pages, where the system has them: columns are read all over.
class LargePages {
public:
    explicit LargePages(std::int64_t doubles)
    {
        std::size_t const bytes =
            (static_cast<std::size_t>(doubles) * sizeof(double) + page - 1) / page * page;
        data_.reset(static_cast<double*>(std::aligned_alloc(page, bytes)));
        if (!data_) { throw std::bad_alloc(); }
        ::madvise(data_.get(), bytes,
                  MADV_HUGEPAGE);  // a wish: without them it is slower by a fortieth
        std::memset(data_.get(), 0, bytes);
    }
    double* data() const { return data_.get(); }

private:
    static constexpr std::size_t page = std::size_t{2} << 20;
    struct Free {
        void operator()(double* p) const { std::free(p); }
    };
    std::unique_ptr<double[], Free> data_;
};

/// One thread's columns: of a single pack of raids, which stays in the core's cache through all stages.
class Workspace {
public:
    explicit Workspace(Scenario const& scenario)
        : memory_(column_doubles(scenario, flights_of_pack(scenario))),
          columns_(lay_out(scenario, flights_of_pack(scenario), memory_.data()))
    {
    }
    Columns const& columns() const { return columns_; }

private:
    static std::int64_t flights_of_pack(Scenario const& scenario)
    {
        return std::int64_t{Lane<Lanes>::width} * scenario.raid.size;
    }

    LargePages memory_;
    Columns columns_;
};

/// The n-th pack of a launch as a launch of its own, at the beginning of the columns.
inline RaidLaunch pack_of(RaidLaunch const& launch, std::int64_t n)
{
    std::int64_t const first = n * Lane<Lanes>::width;
    return {launch.seed, launch.raid_first + first * launch.raid_step, launch.raid_step,
            std::min<std::int64_t>(Lane<Lanes>::width, launch.count - first), 0};
}

/// Calls fly(thread, pack, columns) for each pack of a range of flights, on one thread or several; each call comes from the
/// thread whose number it is given.
template <class Fly, class ChunkDone>
void for_each_pack(Scenario const& scenario, FlightRange const& range, Dealing const& dealing,
                   int threads, Fly const& fly, ChunkDone const& chunk_done)
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
                        fly(thread, pack_of(launch, n), workspace.columns());
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

/// Calls progress now and then, with the flights done so far.
class ProgressCalls {
public:
    ProgressCalls(Progress const& progress, std::int64_t all) : progress_(progress), all_(all) {}

    void add(std::int64_t count)
    {
        std::lock_guard const lock(mutex_);
        done_ += count;
        auto const now = std::chrono::steady_clock::now();
        if (progress_ && (now - last_call_ > std::chrono::milliseconds(100) || done_ == all_)) {
            last_call_ = now;
            progress_(done_);
        }
    }

private:
    Progress const& progress_;
    std::int64_t all_, done_ = 0;
    std::mutex mutex_;
    std::chrono::steady_clock::time_point last_call_ = std::chrono::steady_clock::now();
};

}  // namespace longwatch
