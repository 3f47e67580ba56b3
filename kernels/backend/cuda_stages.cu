// One CUDA thread flies one flight. The bodies are those of the CPU's lanes, with Real = double.
#include <cuda_runtime.h>

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

constexpr unsigned threads_per_block = 128;

struct AtomicSink {
    std::uint64_t* cells;
    __device__ void add(int cell, std::uint64_t amount)
    {
        atomicAdd(reinterpret_cast<unsigned long long*>(cells) + cell, amount);
    }
};

// One kernel per stage: LW_KERNEL(fly) calls fly_at<double>.
#define LW_KERNEL(stage)                                                                           \
    __global__ void stage##_kernel(DeviceLaunch device, Launch launch)                             \
    {                                                                                              \
        std::int64_t const n = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;                \
        if (n < launch.count) {                                                                    \
            stage##_at<double>(*device.scenario, launch, device.columns, launch.column_first + n); \
        }                                                                                          \
    }
LW_KERNEL(fly)
LW_KERNEL(clock)
LW_KERNEL(observe)
LW_KERNEL(measure)
LW_KERNEL(share)
LW_KERNEL(battlespace)

// One thread is one raid.
__global__ void engage_kernel(DeviceLaunch device, RaidLaunch raids)
{
    std::int64_t const n = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
    if (n < raids.count) {
        engage_at<double>(*device.scenario, raids, device.columns, raids.column_first + n);
    }
}

__global__ void tally_kernel(DeviceLaunch device, RaidLaunch raids)
{
    std::int64_t const n = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
    if (n >= raids.count) { return; }
    AtomicSink sink{device.cells};
    tally_raid(*device.scenario, raids, device.columns, device.layout, raids.column_first + n,
               sink);
}

template <class Launched>
void start(void (*kernel)(DeviceLaunch, Launched), DeviceLaunch const& device,
           Launched const& launch)
{
    auto const blocks =
        static_cast<unsigned>((launch.count + threads_per_block - 1) / threads_per_block);
    kernel<<<blocks, threads_per_block>>>(device, launch);
    cudaError_t const status = cudaGetLastError();
    if (status != cudaSuccess) {
        throw DeviceError(std::string("a kernel could not start (") + cudaGetErrorString(status) +
                          ")");
    }
}

}  // namespace

void queue_stages(Scenario const& scenario, DeviceLaunch const& device, RaidLaunch const& raids)
{
    for (int m = 0; m < scenario.raid.size; ++m) {
        Launch const flights = raids.of_member(scenario, m, device.columns.raid_capacity);
        for (auto* const kernel : {fly_kernel, clock_kernel, observe_kernel, measure_kernel,
                                   share_kernel, battlespace_kernel}) {
            start(kernel, device, flights);
        }
    }
    start(engage_kernel, device, raids);
    start(tally_kernel, device, raids);
}

}  // namespace longwatch
