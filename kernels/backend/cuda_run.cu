// The CUDA backend's doors: which device, chunk after chunk, and what comes back. The kernels are in cuda_stages.cu.
#include <algorithm>
#include <string>
#include <vector>

#include "kernels/backend/cuda_chunk.hpp"

namespace longwatch {

namespace {

void use(int device) { check(cudaSetDevice(device), "choosing the CUDA device"); }

/// Flies raids first .. first + count - 1 and waits for them; their columns in host memory.
Columns fly_to_host(DeviceChunk& chunk, std::uint64_t seed, RaidRange const& raids,
                    std::vector<double>& host)
{
    chunk.start(seed, raids.first, raids.count);
    return chunk.columns(host);
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
    use(dealing.device);
    RaidRange const raids = raids_of(scenario, range);
    DeviceChunks const cut = device_chunks(scenario, dealing, raids.count);
    DeviceStudy const study(scenario);
    std::vector<DeviceChunk> chunks;
    for (int n = 0; n < cut.under_way; ++n) { chunks.emplace_back(study, cut.raids); }
    std::vector<FailedFlight> failures;
    std::int64_t flown = 0;
    auto const finish = [&](DeviceChunk& chunk) {
        std::int64_t const ended = chunk.finish(failures);
        flown += ended;
        if (progress && ended > 0) { progress(flown * scenario.raid.size); }
    };
    // While the host waits for one chunk the next is under way.
    std::size_t turn = 0;
    auto const stop = [&] { return dealing.stop && dealing.stop(); };
    for (std::int64_t offset = 0; offset < raids.count && !stop(); offset += cut.raids) {
        DeviceChunk& chunk = chunks[turn++ % chunks.size()];
        finish(chunk);
        chunk.start(range.seed, raids.first + offset, std::min(cut.raids, raids.count - offset));
    }
    for (std::size_t n = 0; n < chunks.size(); ++n) { finish(chunks[turn++ % chunks.size()]); }
    return {study.tally(), failures, std::min(flown * scenario.raid.size, range.count)};
}

std::vector<FlightOutcome> outcomes_on_cuda(Scenario const& scenario, FlightRange const& range,
                                            Dealing const& dealing)
{
    use(dealing.device);
    // Columns come to the host whole, so few at a time.
    constexpr std::int64_t most = 1024;
    RaidRange const raids = raids_of(scenario, range);
    std::int64_t const step = std::min(std::max<std::int64_t>(most / scenario.raid.size, 1),
                                       device_chunks(scenario, dealing, raids.count).raids);
    DeviceStudy const study(scenario);
    DeviceChunk chunk(study, step);
    std::vector<FlightOutcome> out(static_cast<std::size_t>(range.count));
    std::vector<double> host;
    for (std::int64_t offset = 0; offset < raids.count; offset += step) {
        RaidRange const here{raids.first + offset, std::min(step, raids.count - offset)};
        Columns const columns = fly_to_host(chunk, range.seed, here, host);
        for (RaidLaunch const& launch : chunk.launches()) {
            for (std::int64_t n = 0; n < launch.count; ++n) {
                read_outcomes(scenario, launch, columns, launch.column_first + n, range, out);
            }
        }
    }
    return out;
}

FlownFlight flight_on_cuda(Scenario const& scenario, std::uint64_t seed, std::int64_t flight,
                           int device)
{
    use(device);
    DeviceStudy const study(scenario);
    DeviceChunk chunk(study, 1);
    std::vector<double> host;
    Columns const columns = fly_to_host(chunk, seed, {flight / scenario.raid.size, 1}, host);
    return read_flight(scenario, chunk.launches().front(), columns, 0, flight);
}

std::vector<StageTime> stage_times_on_cuda(Scenario const& scenario, FlightRange const& range,
                                           Dealing const& dealing)
{
    use(dealing.device);
    RaidRange const raids = raids_of(scenario, range);
    DeviceChunks const cut = device_chunks(scenario, dealing, raids.count);
    if (cut.raids < raids.count) {
        throw DeviceError("the CUDA device has too little memory (" +
                          std::to_string(cut.raids * scenario.raid.size) +
                          " flights fit at a time); time fewer flights");
    }
    DeviceStudy const study(scenario);
    DeviceChunk const chunk(study, raids.count);
    Stream const& stream = chunk.first_stream();
    std::vector<std::pair<char const*, StreamEvent>> marks;
    auto const mark = [&](char const* stage) { marks.emplace_back(stage, stream); };
    for (RaidLaunch const& launch : cut_launches(scenario, range.seed, raids.first, raids.count)) {
        queue_stages(scenario, chunk.launch(), launch, stream.id(), mark);
    }
    stream.wait();
    std::vector<StageTime> times;
    for (std::size_t n = 0; n + 1 < marks.size(); ++n) {
        auto const& [stage, event] = marks[n];
        if (stage == nullptr) { continue; }
        auto const same = [&](StageTime const& time) { return time.stage == stage; };
        auto found = std::find_if(times.begin(), times.end(), same);
        if (found == times.end()) { found = times.insert(found, {stage, 0}); }
        found->time_ms += marks[n + 1].second.ms_since(event);
    }
    return times;
}

}  // namespace longwatch
