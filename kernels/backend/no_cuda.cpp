// In a build without CUDA: the same door, with a notice on it.
#include "kernels/arc_2000/arc_2000.hpp"
#include "kernels/backend/backend.hpp"

namespace longwatch {

namespace {

constexpr char const* not_built =
    "this build has no CUDA; use --device cpu, or build Longwatch from source where the CUDA "
    "toolkit "
    "is installed";

}  // namespace

CudaInfo cuda_info() { return {false, {}, not_built}; }

FlownTally fly_on_cuda(Scenario const&, FlightRange const&, Dealing const&, Progress const&)
{
    throw DeviceError(not_built);
}

std::vector<FlightOutcome> outcomes_on_cuda(Scenario const&, FlightRange const&, Dealing const&)
{
    throw DeviceError(not_built);
}

FlownFlight flight_on_cuda(Scenario const&, std::uint64_t, std::int64_t, int)
{
    throw DeviceError(not_built);
}

std::vector<StageTime> stage_times_on_cuda(Scenario const&, FlightRange const&, Dealing const&)
{
    throw DeviceError(not_built);
}

arc_2000::DeviceFlown arc_2000::fly_on_cuda(FlightTable const&, Request const&, DeviceRounds const&,
                                            Ends&)
{
    throw DeviceError(not_built);
}

}  // namespace longwatch
