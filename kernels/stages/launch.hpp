// One launch of a stage: flights of one threat, at neighbouring places of the columns.
#pragma once

#include <cstdint>

#include "kernels/draw/philox.hpp"

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

    template <class Real>
    LW_FUNC PhiloxDraws<Real> draws(std::int64_t i) const
    {
        return {seed, flight_first + (i - column_first) * flight_step, flight_step};
    }
};

}  // namespace longwatch
