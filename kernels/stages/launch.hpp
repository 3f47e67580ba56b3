// One launch of a stage: flights of one threat, at neighbouring places of the columns; raids of one make-up.
#pragma once

#include <cstdint>

#include "kernels/draw/sampled_draws.hpp"
#include "kernels/scenario.hpp"

namespace longwatch {

/// Column place column_first + n holds flight flight_first + n flight_step, n < count. A pack that
/// reaches beyond the last flies the flights that follow too; they are not counted.
struct Launch {
    std::uint64_t seed = 0;
    int threat = 0;
    std::int64_t flight_first = 0;
    std::int64_t flight_step = 1;
    std::int64_t count = 0;
    std::int64_t column_first = 0;
    int raid_size = 1;

    /// Which of their raids these flights are.
    LW_FUNC int member() const { return static_cast<int>(flight_first % raid_size); }

    template <class Real>
    LW_FUNC PhiloxDraws<Real> draws(std::int64_t i) const
    {
        return {seed, flight_of(i), flight_step, raid_size};
    }

    /// The draws of the flights' inputs. Neighbouring flights are whole rounds of the mix apart.
    template <class Real>
    LW_FUNC SampledDraws<Real> samples(Scenario const& scenario, std::int64_t i) const
    {
        return {draws<Real>(i), scenario.sampling, numbers(scenario),
                scenario.threat[threat].name_hash};
    }

    LW_FUNC std::int64_t flight_of(std::int64_t i) const
    {
        return flight_first + (i - column_first) * flight_step;
    }

    LW_FUNC SampleNumbers numbers(Scenario const& scenario) const
    {
        auto const turn = static_cast<int>(flight_first % scenario.mix_count);
        SampleNumbers n{scenario.mix_count, 0, 0};
        for (int k = 0; k < scenario.mix_count; ++k) {
            bool const same = scenario.mix[k] == threat;
            n.turns += same ? 1 : 0;
            n.turn_before += same && k < turn ? 1 : 0;
        }
        return n;
    }
};

/// Raids of the same threats, member by member. Raid place column_first + n holds raid raid_first + n raid_step; in a pack
/// that reaches beyond the last, the raids that follow.
struct RaidLaunch {
    std::uint64_t seed = 0;
    std::int64_t raid_first = 0;
    std::int64_t raid_step = 1;
    std::int64_t count = 0;
    std::int64_t column_first = 0;

    LW_FUNC std::int64_t raid_of(std::int64_t place) const
    {
        return raid_first + (place - column_first) * raid_step;
    }
    LW_FUNC int threat_of(Scenario const& scenario, int member) const
    {
        return scenario.mix[(raid_first * scenario.raid.size + member) % scenario.mix_count];
    }
    /// The flights that are member m of these raids.
    LW_FUNC Launch of_member(Scenario const& scenario, int m, std::int64_t raid_capacity) const
    {
        int const size = scenario.raid.size;
        return {seed,
                threat_of(scenario, m),
                raid_first * size + m,
                raid_step * size,
                count,
                m * raid_capacity + column_first,
                size};
    }
};

}  // namespace longwatch
