// One CUDA thread flies one flight. The bodies are those of the CPU's lanes, with Real = double.
#include <string>

#include "kernels/backend/cuda_stages.hpp"
#include "kernels/stages/clock_stage.hpp"
#include "kernels/stages/engage_stage.hpp"
#include "kernels/stages/fly_stage.hpp"
#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/observe_stage.hpp"
#include "kernels/stages/share_stage.hpp"
#include "kernels/stages/tally_raid.hpp"

namespace longwatch {

namespace {

/// Two warps: a block's registers are free again once its slowest flight is over (docs/device_model.md).
constexpr unsigned threads_per_block = 64;

struct AtomicSink {
    std::uint64_t* cells;
    __device__ void add(int cell, std::uint64_t amount)
    {
        atomicAdd(reinterpret_cast<unsigned long long*>(cells) + cell, amount);
    }
};

__device__ std::int64_t place_in_launch()
{
    return std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
}

/// Work of one thread: flight i of member blockIdx.y of its raid, and sensor blockIdx.z where it is of this kind.
#define LW_KERNEL(name, work)                                                \
    __global__ void name##_kernel(DeviceLaunch device, RaidLaunch raids)     \
    {                                                                        \
        Scenario const& scenario = *device.scenario;                         \
        Columns const& c = device.columns;                                   \
        auto const m = static_cast<int>(blockIdx.y);                         \
        Launch const launch = raids.of_member(scenario, m, c.raid_capacity); \
        std::int64_t const i = launch.column_first + place_in_launch();      \
        if (place_in_launch() < launch.count) { work; }                      \
    }
#define LW_SENSOR_KERNEL(name, sensor_kind, work)             \
    LW_KERNEL(name, {                                         \
        auto const s = static_cast<int>(blockIdx.z);          \
        if (scenario.sensor[s].kind == sensor_kind) { work; } \
    })

// observe and measure in parts: the whole of either does not fit a thread's 255 registers, and sensors are independent.
LW_KERNEL(fly, fly_at<double>(scenario, launch, c, i))
LW_KERNEL(clock, clock_at<double>(scenario, launch, c, i))
LW_KERNEL(observe_windows, {
    draw_patrols<double>(scenario, launch, c, i);
    find_windows<double>(scenario, launch, c, i);
})
LW_SENSOR_KERNEL(observe_radar, SensorKind::radar,
                 observe_radar_at<double>(scenario, launch, c, i, s))
LW_SENSOR_KERNEL(observe_infrared, SensorKind::infrared,
                 observe_infrared_at<double>(scenario, launch, c, i, s))
LW_KERNEL(measure_transitions, find_transitions<double>(c, i))
LW_KERNEL(measure_maps, {
    find_impact_map<double>(c, i);
    find_passing_rows<double>(scenario, launch, c, i);
})
LW_SENSOR_KERNEL(measure_radar, SensorKind::radar, measure_radar_at<double>(scenario, c, i, s))
LW_KERNEL(share, share_at<double>(scenario, launch, c, i))
LW_KERNEL(battlespace, battlespace_at<double>(scenario, launch, c, i))

// One thread is one raid.
__global__ void engage_kernel(DeviceLaunch device, RaidLaunch raids)
{
    std::int64_t const n = place_in_launch();
    if (n < raids.count) {
        engage_at<double>(*device.scenario, raids, device.columns, raids.column_first + n);
    }
}

__global__ void tally_kernel(DeviceLaunch device, RaidLaunch raids)
{
    std::int64_t const place = raids.column_first + place_in_launch();
    if (place_in_launch() >= raids.count) { return; }
    Columns const& c = device.columns;
    AtomicSink sink{device.cells};
    tally_raid(*device.scenario, raids, c, device.layout, place, sink);
    for (int m = 0; m < device.scenario->raid.size; ++m) {
        auto const code = static_cast<int>(c.fate.load<double>(m * c.raid_capacity + place));
        if (is_failure(static_cast<Fate>(code))) { atomicAdd(device.failures, 1); }
    }
}

using Kernel = void (*)(DeviceLaunch, RaidLaunch);

/// Threads of a kernel: one per flight, one per flight and sensor, or one per raid.
enum class Threads { flights, sensors, raids };

struct Step {
    char const* stage;
    Kernel kernel;
    Threads threads;
};
constexpr Step steps[] = {
    {"fly", fly_kernel, Threads::flights},
    {"clock", clock_kernel, Threads::flights},
    {"observe", observe_windows_kernel, Threads::flights},
    {"observe", observe_radar_kernel, Threads::sensors},
    {"observe", observe_infrared_kernel, Threads::sensors},
    {"measure", measure_transitions_kernel, Threads::flights},
    {"measure", measure_maps_kernel, Threads::flights},
    {"measure", measure_radar_kernel, Threads::sensors},
    {"share", share_kernel, Threads::flights},
    {"battlespace", battlespace_kernel, Threads::flights},
    {"engage", engage_kernel, Threads::raids},
    {"tally", tally_kernel, Threads::raids},
};

dim3 blocks_of(Scenario const& scenario, Threads threads, std::int64_t raids)
{
    auto const x = static_cast<unsigned>((raids + threads_per_block - 1) / threads_per_block);
    auto const members = static_cast<unsigned>(threads == Threads::raids ? 1 : scenario.raid.size);
    auto const sensors =
        static_cast<unsigned>(threads == Threads::sensors ? scenario.sensor_count : 1);
    return {x, members, sensors};
}

}  // namespace

void check(cudaError_t status, char const* doing)
{
    if (status != cudaSuccess) {
        throw DeviceError(std::string(doing) + " failed (" + cudaGetErrorString(status) + ")");
    }
}

void queue_stages(Scenario const& scenario, DeviceLaunch const& device, RaidLaunch const& raids,
                  cudaStream_t stream, StageMark const& mark)
{
    for (Step const& step : steps) {
        if (mark) { mark(step.stage); }
        dim3 const blocks = blocks_of(scenario, step.threads, raids.count);
        step.kernel<<<blocks, threads_per_block, 0, stream>>>(device, raids);
        check(cudaGetLastError(), "starting a kernel");
    }
    if (mark) { mark(nullptr); }
}

std::size_t stack_bytes()
{
    int device = 0;
    cudaDeviceProp properties;
    check(cudaGetDevice(&device), "asking which device is used");
    check(cudaGetDeviceProperties(&properties, device), "asking for a device's properties");
    std::size_t largest = 0;
    for (Step const& step : steps) {
        cudaFuncAttributes attributes;
        check(cudaFuncGetAttributes(&attributes, step.kernel), "asking for a kernel's stack");
        largest = std::max(largest, attributes.localSizeBytes);
    }
    return largest * static_cast<std::size_t>(properties.multiProcessorCount) *
           static_cast<std::size_t>(properties.maxThreadsPerMultiProcessor);
}

}  // namespace longwatch
