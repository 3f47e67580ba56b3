// The CUDA backend's host side: device memory, chunks, failures. Thrust owns the memory and picks
// out the failures; the kernels are in cuda_stages.cu.
#include <thrust/copy.h>
#include <thrust/device_vector.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system_error.h>

#include <new>
#include <string>

#include "kernels/backend/chunks.hpp"
#include "kernels/backend/cuda_stages.hpp"

namespace longwatch {

namespace {

void check(cudaError_t status, char const* doing)
{
    if (status != cudaSuccess) {
        throw DeviceError(std::string(doing) + " failed (" + cudaGetErrorString(status) + ")");
    }
}

/// Fate codes are whole numbers in doubles; 0 is the outcome, everything above a failure.
struct IsFailure {
    double const* fate;
    __device__ bool operator()(std::int64_t i) const { return fate[i] > 0.5; }
};

/// Raids computed at one go: as asked, or as many as half of the free memory holds.
std::int64_t chunk_raids(Scenario const& scenario, Dealing const& dealing, std::int64_t raids)
{
    constexpr std::int64_t most_flights = 65536;
    std::size_t free_bytes = 0, all_bytes = 0;
    check(cudaMemGetInfo(&free_bytes, &all_bytes), "asking for the device's memory");
    std::int64_t const flights = dealing.chunk > 0 ? dealing.chunk : most_flights;
    std::int64_t chunk = std::clamp<std::int64_t>(flights / scenario.raid.size, 1, raids);
    auto const bytes = [&](std::int64_t count) {
        auto const doubles = column_doubles(scenario, column_capacity(scenario, count));
        return static_cast<std::size_t>(doubles) * sizeof(double);
    };
    while (chunk > 1 && bytes(chunk) > free_bytes / 2) { chunk /= 2; }
    return std::max<std::int64_t>(chunk, 1);
}

/// Scenario, columns and tally in device memory.
class DeviceRun {
public:
    DeviceRun(Scenario const& scenario, std::int64_t chunk)
        : scenario_(scenario), capacity_(column_capacity(scenario, chunk)),
          on_device_(&scenario, &scenario + 1),
          memory_(static_cast<std::size_t>(column_doubles(scenario, capacity_))),
          cells_(static_cast<std::size_t>(tally_layout(scenario).cell_count()))
    {
        launch_.scenario = thrust::raw_pointer_cast(on_device_.data());
        launch_.columns = lay_out(scenario, capacity_, thrust::raw_pointer_cast(memory_.data()));
        launch_.layout = tally_layout(scenario);
        launch_.cells = thrust::raw_pointer_cast(cells_.data());
    }

    /// Flies one chunk of raids and waits for it.
    std::vector<RaidLaunch> fly(std::uint64_t seed, std::int64_t first_raid, std::int64_t count)
    {
        auto const launches = cut_launches(scenario_, seed, first_raid, count);
        for (RaidLaunch const& raids : launches) { queue_stages(scenario_, launch_, raids); }
        check(cudaDeviceSynchronize(), "flying a chunk");
        return launches;
    }

    void add_failures(RaidLaunch const& raids, std::vector<FailedFlight>& failures) const
    {
        for (int m = 0; m < scenario_.raid.size; ++m) {
            add_failures(raids.of_member(scenario_, m, launch_.columns.raid_capacity), failures);
        }
    }

    void add_failures(Launch const& launch, std::vector<FailedFlight>& failures) const
    {
        double const* const fate = launch_.columns.fate.data + launch.column_first;
        thrust::counting_iterator<std::int64_t> const first(0);
        thrust::device_vector<std::int64_t> failed(static_cast<std::size_t>(launch.count));
        auto const end =
            thrust::copy_if(first, first + launch.count, failed.begin(), IsFailure{fate});
        failed.resize(static_cast<std::size_t>(end - failed.begin()));
        // In the order of flights; no more are listed.
        if (failed.size() > failures_listed_max) { failed.resize(failures_listed_max); }
        for (std::int64_t const n : std::vector<std::int64_t>(failed.begin(), failed.end())) {
            double code = 0;
            check(cudaMemcpy(&code, fate + n, sizeof code, cudaMemcpyDeviceToHost),
                  "reading a fate");
            failures.push_back({launch.flight_first + n * launch.flight_step,
                                static_cast<Fate>(static_cast<int>(code))});
        }
    }

    Tally tally() const
    {
        Tally out(launch_.layout);
        thrust::copy(cells_.begin(), cells_.end(), out.cells.begin());
        return out;
    }

    /// The columns as they are after a chunk, in host memory.
    Columns columns(std::vector<double>& host) const
    {
        host.resize(memory_.size());
        thrust::copy(memory_.begin(), memory_.end(), host.begin());
        return lay_out(scenario_, capacity_, host.data());
    }

private:
    Scenario const& scenario_;
    std::int64_t capacity_;
    thrust::device_vector<Scenario> on_device_;
    thrust::device_vector<double> memory_;
    thrust::device_vector<std::uint64_t> cells_;
    DeviceLaunch launch_;
};

/// Thrust's own errors as ours.
template <class Work>
auto on_device(Work const& work)
{
    try {
        return work();
    } catch (thrust::system_error const& error) {
        throw DeviceError(std::string("the CUDA device failed (") + error.what() + ")");
    } catch (std::bad_alloc const& error) {
        throw DeviceError(std::string("the CUDA device has too little memory (") + error.what() +
                          "); use a smaller --chunk");
    }
}

}  // namespace

CudaInfo cuda_info()
{
    CudaInfo info{true, {}, ""};
    int count = 0;
    cudaError_t const status = cudaGetDeviceCount(&count);
    if (status != cudaSuccess) {
        info.problem = std::string("no CUDA device is usable (") + cudaGetErrorString(status) + ")";
        return info;
    }
    for (int d = 0; d < count; ++d) {
        cudaDeviceProp properties;
        check(cudaGetDeviceProperties(&properties, d), "asking for a device's name");
        info.devices.push_back(properties.name);
    }
    if (count == 0) { info.problem = "no CUDA device was found"; }
    return info;
}

FlownTally fly_on_cuda(Scenario const& scenario, FlightRange const& range, Dealing const& dealing,
                       Progress const& progress)
{
    return on_device([&] {
        RaidRange const raids = raids_of(scenario, range);
        std::int64_t const chunk = chunk_raids(scenario, dealing, raids.count);
        DeviceRun run(scenario, chunk);
        std::vector<FailedFlight> failures;
        for (std::int64_t offset = 0; offset < raids.count; offset += chunk) {
            std::int64_t const count = std::min(chunk, raids.count - offset);
            for (RaidLaunch const& launch : run.fly(range.seed, raids.first + offset, count)) {
                run.add_failures(launch, failures);
            }
            keep_first_failures(failures);
            if (progress) { progress((offset + count) * scenario.raid.size); }
        }
        return FlownTally{run.tally(), failures};
    });
}

std::vector<FlightOutcome> outcomes_on_cuda(Scenario const& scenario, FlightRange const& range,
                                            Dealing const& dealing)
{
    return on_device([&] {
        // Columns come to the host whole, so few at a time.
        constexpr std::int64_t most = 1024;
        RaidRange const raids = raids_of(scenario, range);
        std::int64_t const chunk = std::min(std::max<std::int64_t>(most / scenario.raid.size, 1),
                                            chunk_raids(scenario, dealing, raids.count));
        DeviceRun run(scenario, chunk);
        std::vector<FlightOutcome> out(static_cast<std::size_t>(range.count));
        std::vector<double> host;
        for (std::int64_t offset = 0; offset < raids.count; offset += chunk) {
            std::int64_t const count = std::min(chunk, raids.count - offset);
            auto const launches = run.fly(range.seed, raids.first + offset, count);
            Columns const columns = run.columns(host);
            for (RaidLaunch const& launch : launches) {
                for (std::int64_t n = 0; n < launch.count; ++n) {
                    read_outcomes(scenario, launch, columns, launch.column_first + n, range, out);
                }
            }
        }
        return out;
    });
}

FlownFlight flight_on_cuda(Scenario const& scenario, std::uint64_t seed, std::int64_t flight)
{
    return on_device([&] {
        DeviceRun run(scenario, 1);
        std::vector<double> host;
        RaidLaunch const raid = run.fly(seed, flight / scenario.raid.size, 1).front();
        return read_flight(scenario, raid, run.columns(host), 0, flight);
    });
}

}  // namespace longwatch
