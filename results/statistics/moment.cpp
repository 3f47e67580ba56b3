#include "results/statistics/moment.hpp"

namespace longwatch {

namespace {

std::uint64_t cell(Tally const& tally, int index)
{
    return tally.cells[static_cast<std::size_t>(index)];
}

// The whole number next to the mean; count > 0.
Int128 centre(Moment const& moment)
{
    Int128 const half = moment.count / 2;
    return (moment.sum + (moment.sum < 0 ? -half : half)) / moment.count;
}

// Sum of (x - c)^2 = sum of squares - 2 c sum + count c^2, modulo 2^128: the result fits, whatever
// its parts do.
UInt128 sum_squares_about(Moment const& moment, Int128 c)
{
    auto const u = static_cast<UInt128>(c);
    return moment.sum_squares - 2 * u * static_cast<UInt128>(moment.sum) +
           static_cast<UInt128>(moment.count) * u * u;
}

}  // namespace

Moment read_moment(Tally const& tally, MomentCells const& at)
{
    Moment moment;
    moment.count = static_cast<std::int64_t>(cell(tally, at.count));
    for (int k = sum_limbs - 1; k >= 0; --k) {
        auto const bits = cell(tally, at.sum + k);
        bool const is_signed = k == sum_limbs - 1;
        Int128 const limb = is_signed ? Int128{static_cast<std::int64_t>(bits)} : Int128{bits};
        moment.sum = moment.sum * (Int128{1} << limb_bits) + limb;
    }
    for (int k = sum_squares_limbs - 1; k >= 0; --k) {
        moment.sum_squares = (moment.sum_squares << limb_bits) + cell(tally, at.sum_squares + k);
    }
    return moment;
}

Spread spread(Moment const& moment)
{
    if (moment.count <= 0) { return {}; }
    auto const n = static_cast<double>(moment.count);
    auto const c = centre(moment);
    // What is left of the sum about c is at most half the count: a small number.
    auto const rest = static_cast<double>(moment.sum - c * moment.count);
    Spread result;
    result.mean = static_cast<double>(c) + rest / n;
    if (moment.count > 1) {
        auto const squares = static_cast<double>(sum_squares_about(moment, c));
        result.variance = (squares - rest * rest / n) / (n - 1);
        if (result.variance < 0) { result.variance = 0; }
    }
    return result;
}

bool is_possible(Moment const& moment)
{
    if (moment.count < 0) { return false; }
    if (moment.count == 0) { return moment.sum == 0 && moment.sum_squares == 0; }
    // Bounds within which nothing below can wrap around; limits of tally_layout.hpp and settle.hpp.
    auto const value_max = Int128{1} << 41;
    auto const c = centre(moment);
    if (moment.count > run_flights_max || c > value_max || c < -value_max) { return false; }
    auto const squares = static_cast<Int128>(sum_squares_about(moment, c));
    auto const rest = moment.sum - c * moment.count;
    auto const least = (rest * rest + moment.count - 1) / moment.count;
    return squares >= least;
}

}  // namespace longwatch
