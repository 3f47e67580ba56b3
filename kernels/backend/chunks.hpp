// How a range of raids is cut into chunks, and a chunk into launches of raids of one make-up.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "kernels/backend/backend.hpp"
#include "kernels/columns/columns.hpp"
#include "kernels/stages/launch.hpp"

namespace longwatch {

/// On a device a launch begins on a whole memory line of 128 bytes in every column.
inline constexpr std::int64_t launch_alignment = 16;

inline std::int64_t aligned(std::int64_t raids)
{
    return (raids + launch_alignment - 1) / launch_alignment * launch_alignment;
}

/// After so many raids their make-up recurs.
inline std::int64_t makeups(Scenario const& scenario)
{
    return scenario.mix_count / std::gcd(scenario.mix_count, scenario.raid.size);
}

/// Places in the columns for the flights of `raids` raids, whatever their make-up.
inline std::int64_t column_capacity(Scenario const& scenario, std::int64_t raids)
{
    std::int64_t const launches = std::min(makeups(scenario), std::max<std::int64_t>(raids, 1));
    return scenario.raid.size * launches * aligned(raids / launches + 1);
}

/// The raids first .. first + count - 1, one launch for each make-up.
inline std::vector<RaidLaunch> cut_launches(Scenario const& scenario, std::uint64_t seed,
                                            std::int64_t first, std::int64_t count)
{
    std::vector<RaidLaunch> launches;
    std::int64_t column = 0;
    std::int64_t const step = makeups(scenario);
    for (std::int64_t offset = 0; offset < std::min(step, count); ++offset) {
        std::int64_t const of_this = (count - offset + step - 1) / step;
        launches.push_back({seed, first + offset, step, of_this, column});
        column += aligned(of_this);
    }
    return launches;
}

/// A range of flights as the raids they make up: whole ones.
struct RaidRange {
    std::int64_t first = 0, count = 0;
};
inline RaidRange raids_of(Scenario const& scenario, FlightRange const& range)
{
    int const size = scenario.raid.size;
    std::int64_t const first = range.first / size;
    return {first, (range.first + range.count + size - 1) / size - first};
}

inline TallyLayout tally_layout(Scenario const& scenario)
{
    return {
        scenario.threat_count,  scenario.network.arm_count,       scenario.network.consumer_count,
        scenario.battery_count, scenario.sampling.randomisations, scenario.sensor_count,
        scenario.raid.size};
}

/// Keeps the failures with the lowest flight numbers.
inline void keep_first_failures(std::vector<FailedFlight>& failures)
{
    std::sort(failures.begin(), failures.end(),
              [](FailedFlight const& a, FailedFlight const& b) { return a.flight < b.flight; });
    if (failures.size() > failures_listed_max) { failures.resize(failures_listed_max); }
}

}  // namespace longwatch
