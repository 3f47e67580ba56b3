// How a range of flights is cut into chunks, and a chunk into launches of one threat each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kernels/backend/backend.hpp"
#include "kernels/columns/columns.hpp"
#include "kernels/stages/launch.hpp"

namespace longwatch {

/// On a device a launch begins on a whole memory line of 128 bytes in every column.
inline constexpr std::int64_t launch_alignment = 16;

inline std::int64_t aligned(std::int64_t flights)
{
    return (flights + launch_alignment - 1) / launch_alignment * launch_alignment;
}

/// Places in the columns for `chunk` flights in any mix of threats.
inline std::int64_t column_capacity(Scenario const& scenario, std::int64_t chunk)
{
    return scenario.mix_count * aligned(chunk / scenario.mix_count + 1);
}

/// The flights first .. first + count - 1, one launch for each place of the mix.
inline std::vector<Launch> cut_launches(Scenario const& scenario, std::uint64_t seed,
                                        std::int64_t first, std::int64_t count)
{
    std::vector<Launch> launches;
    std::int64_t column = 0;
    std::int64_t const mix = scenario.mix_count;
    for (std::int64_t offset = 0; offset < std::min(mix, count); ++offset) {
        std::int64_t const flight = first + offset;
        std::int64_t const of_this = (count - offset + mix - 1) / mix;
        launches.push_back({seed, scenario.mix[flight % mix], flight, mix, of_this, column});
        column += aligned(of_this);
    }
    return launches;
}

inline TallyLayout tally_layout(Scenario const& scenario)
{
    return {
        scenario.threat_count,  scenario.network.arm_count,       scenario.network.consumer_count,
        scenario.battery_count, scenario.sampling.randomisations, scenario.sensor_count};
}

/// Keeps the failures with the lowest flight numbers.
inline void keep_first_failures(std::vector<FailedFlight>& failures)
{
    std::sort(failures.begin(), failures.end(),
              [](FailedFlight const& a, FailedFlight const& b) { return a.flight < b.flight; });
    if (failures.size() > failures_listed_max) { failures.resize(failures_listed_max); }
}

}  // namespace longwatch
