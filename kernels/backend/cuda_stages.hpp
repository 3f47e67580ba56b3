// The stages as CUDA kernels, behind a plain function, so that one file alone holds device code.
#pragma once

#include <cstdint>

#include "kernels/backend/backend.hpp"
#include "kernels/columns/columns.hpp"
#include "kernels/stages/launch.hpp"

namespace longwatch {

/// Everything a launch needs on the device: pointers into device memory.
struct DeviceLaunch {
    Scenario const* scenario = nullptr;
    Columns columns;
    TallyLayout layout;
    std::uint64_t* cells = nullptr;  ///< of the tally
};

/// Queues all stages of a launch, the tally last; throws a DeviceError if a kernel cannot start.
void queue_stages(Scenario const& scenario, DeviceLaunch const& device, RaidLaunch const& raids);

}  // namespace longwatch
