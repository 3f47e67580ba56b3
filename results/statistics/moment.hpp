// Count, sum and sum of squares of whole numbers, put together from the limbs of a tally.
#pragma once

#include <cstdint>

#include "kernels/tally/tally.hpp"

namespace longwatch {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

struct Moment {
    std::int64_t count = 0;
    Int128 sum = 0;           ///< quanta
    UInt128 sum_squares = 0;  ///< quanta squared

    bool operator==(Moment const&) const = default;
};

/// value = sum over k of cell[k] 2^(28 k); the last limb of the sum is signed.
Moment read_moment(Tally const& tally, MomentCells const& at);

/// Mean and unbiased variance in quanta. The sum of squares is taken about the whole number next to
/// the mean, in 128-bit integers, so no digits cancel. The variance of one value is 0.
struct Spread {
    double mean = 0, variance = 0;
};
Spread spread(Moment const& moment);

/// False where no set of values has these sums.
bool is_possible(Moment const& moment);

}  // namespace longwatch
