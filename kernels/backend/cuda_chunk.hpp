// Chunks of raids on a device: how many fit, and one under way.
#pragma once

#include <algorithm>
#include <vector>

#include "kernels/backend/chunks.hpp"
#include "kernels/backend/cuda_memory.hpp"

namespace longwatch {

/// How raids are cut on a device: chunks of so many, and so many of them under way at a time.
struct DeviceChunks {
    std::int64_t raids = 1;
    int under_way = 1;
};

/// Chunks of the flights asked for, or of 65,536, two under way where there is more than one; smaller ones where these
/// do not fit three quarters of what the device's memory has free beside the kernels' stacks. Throws a DeviceError
/// where a single raid does not fit.
inline DeviceChunks device_chunks(Scenario const& scenario, Dealing const& dealing,
                                  std::int64_t raids)
{
    constexpr std::int64_t most_flights = 65536;
    std::size_t free_bytes = 0, all_bytes = 0;
    check(cudaMemGetInfo(&free_bytes, &all_bytes), "asking for the device's memory");
    std::size_t const beside_stacks = free_bytes - std::min(free_bytes, stack_bytes());
    std::size_t const usable = beside_stacks / 4 * 3;
    auto const chunks_of = [&](std::int64_t count) {
        return DeviceChunks{count, count < raids ? 2 : 1};
    };
    auto const bytes = [&](DeviceChunks const& chunks) {
        auto const doubles = column_doubles(scenario, column_capacity(scenario, chunks.raids));
        return static_cast<std::size_t>(doubles) * sizeof(double) *
               static_cast<std::size_t>(chunks.under_way);
    };
    std::int64_t const flights = dealing.chunk > 0 ? dealing.chunk : most_flights;
    std::int64_t most = std::clamp<std::int64_t>(flights / scenario.raid.size, 1, raids);
    if (bytes(chunks_of(most)) <= usable) { return chunks_of(most); }
    std::int64_t fits = 0;
    while (most - fits > 1) {
        std::int64_t const middle = fits + (most - fits) / 2;
        (bytes(chunks_of(middle)) <= usable ? fits : most) = middle;
    }
    if (fits > 0) { return chunks_of(fits); }
    DeviceChunks const least{1, 1};
    if (bytes(least) <= usable) { return least; }
    throw DeviceError("the CUDA device has too little memory (one raid needs " +
                      std::to_string((bytes(least) >> 20) + 1) + " MiB, " +
                      std::to_string(usable >> 20) + " MiB can be had); use --device cpu");
}

/// What all chunks of a run share on the device: the scenario and the tally.
class DeviceStudy {
public:
    explicit DeviceStudy(Scenario const& scenario)
        : scenario_(scenario), layout_(tally_layout(scenario)), on_device_(1),
          cells_(static_cast<std::size_t>(layout_.cell_count()))
    {
        on_device_.write(&scenario);
    }

    Scenario const& scenario() const { return scenario_; }

    /// With the columns of a chunk.
    DeviceLaunch launch(Columns const& columns, unsigned long long* failures) const
    {
        return {on_device_.data(), columns, layout_, cells_.data(), failures};
    }

    Tally tally() const
    {
        Tally out(layout_);
        cells_.read(out.cells.data(), 0, cells_.size());
        return out;
    }

private:
    Scenario const& scenario_;
    TallyLayout layout_;
    DeviceArray<Scenario> on_device_;
    DeviceArray<std::uint64_t> cells_;
};

/// One chunk under way: columns of its own, and streams in which raids of different make-up fly side by side.
class DeviceChunk {
public:
    DeviceChunk(DeviceStudy const& study, std::int64_t raids)
        : study_(study), capacity_(column_capacity(study.scenario(), raids)),
          memory_(static_cast<std::size_t>(column_doubles(study.scenario(), capacity_))),
          failure_count_(1), streams_(static_cast<std::size_t>(std::min(
                                 {makeups(study.scenario()), raids, std::int64_t{streams_max}}))),
          launch_(study.launch(lay_out(study.scenario(), capacity_, memory_.data()),
                               failure_count_.data()))
    {
    }

    /// Queues the flights of raids first .. first + count - 1. The chunk must be at rest.
    void start(std::uint64_t seed, std::int64_t first, std::int64_t count)
    {
        launches_ = cut_launches(study_.scenario(), seed, first, count);
        for (std::size_t n = 0; n < launches_.size(); ++n) {
            cudaStream_t const stream = streams_[n % streams_.size()].id();
            queue_stages(study_.scenario(), launch_, launches_[n], stream);
        }
    }

    /// Waits until the chunk is at rest; how many of its raids that ended.
    std::int64_t finish(std::vector<FailedFlight>& failures)
    {
        std::int64_t raids = 0;
        for (Stream const& stream : streams_) { stream.wait(); }
        for (RaidLaunch const& launch : launches_) { raids += launch.count; }
        // One number tells whether any flight failed; as a rule none did, and its columns stay where they are.
        unsigned long long counted = 0;
        failure_count_.read(&counted, 0, 1);
        if (counted > failures_before_) { add_failures(failures); }
        failures_before_ = counted;
        launches_.clear();
        return raids;
    }

    std::vector<RaidLaunch> const& launches() const { return launches_; }
    Stream const& first_stream() const { return streams_.front(); }
    DeviceLaunch const& launch() const { return launch_; }

    /// The columns as they are, in host memory.
    Columns columns(std::vector<double>& host) const
    {
        for (Stream const& stream : streams_) { stream.wait(); }
        host.resize(memory_.size());
        memory_.read(host.data(), 0, host.size());
        return lay_out(study_.scenario(), capacity_, host.data());
    }

private:
    static constexpr int streams_max = 8;

    void add_failures(std::vector<FailedFlight>& failures) const
    {
        Scenario const& scenario = study_.scenario();
        std::vector<double> codes;
        for (RaidLaunch const& raids : launches_) {
            for (int m = 0; m < scenario.raid.size; ++m) {
                Launch const flights = raids.of_member(scenario, m, launch_.columns.raid_capacity);
                codes.resize(static_cast<std::size_t>(flights.count));
                double const* const fate = launch_.columns.fate.data + flights.column_first;
                memory_.read(codes.data(), static_cast<std::size_t>(fate - memory_.data()),
                             codes.size());
                for (std::int64_t n = 0; n < flights.count; ++n) {
                    auto const code = static_cast<int>(codes[static_cast<std::size_t>(n)]);
                    if (!is_failure(static_cast<Fate>(code))) { continue; }
                    failures.push_back(
                        {flights.flight_first + n * flights.flight_step, static_cast<Fate>(code)});
                }
            }
        }
        keep_first_failures(failures);
    }

    DeviceStudy const& study_;
    std::int64_t capacity_;
    DeviceArray<double> memory_;
    DeviceArray<unsigned long long> failure_count_;
    unsigned long long failures_before_ = 0;
    std::vector<Stream> streams_;
    DeviceLaunch launch_;
    std::vector<RaidLaunch> launches_;
};

}  // namespace longwatch
