// The stages as CUDA kernels, behind plain functions, so that one file alone holds device code.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <functional>

#include "kernels/backend/backend.hpp"
#include "kernels/columns/columns.hpp"
#include "kernels/stages/launch.hpp"

namespace longwatch {

/// Everything a launch needs on the device: pointers into device memory.
struct DeviceLaunch {
    Scenario const* scenario = nullptr;
    Columns columns;
    TallyLayout layout;
    std::uint64_t* cells = nullptr;          ///< of the tally
    unsigned long long* failures = nullptr;  ///< flights of these columns that ended in a failure
};

/// Called with a stage's name before its kernels are queued, and with nullptr after the last stage.
using StageMark = std::function<void(char const* stage)>;

/// Queues all stages of a launch in a stream, the tally last; throws a DeviceError if a kernel cannot start.
void queue_stages(Scenario const& scenario, DeviceLaunch const& device, RaidLaunch const& raids,
                  cudaStream_t stream, StageMark const& mark = {});

/// What the device sets aside for the kernels' stacks: the largest stack, for every thread that it can hold at once.
std::size_t stack_bytes();

/// Throws a DeviceError that says what failed, and why, unless the status is success.
void check(cudaError_t status, char const* doing);

}  // namespace longwatch
