// Tallies of a trillion flights: the carries between limbs, and cells that tell nothing of how flights were grouped.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/tally/tally.hpp"
#include "kernels/tally/tally_cells.hpp"
#include "results/statistics/moment.hpp"
#include "tests/support/tally_sink.hpp"

using namespace longwatch;

namespace {

/// A tally of one arm, consumer and infrared sensor, with these values for warning times.
Tally tally_of(std::vector<std::int64_t> const& values)
{
    Tally tally(TallyLayout{1, 1, 1, 0, 1, 1});
    test::TallySink sink{tally};
    for (auto const value : values) {
        sink.add(tally.layout.fate(0, Fate::impact), 1);
        add_value(sink, tally.layout.warning_time(0, 0), value);
    }
    return tally;
}

Moment moment_of(Tally const& tally) { return read_moment(tally, tally.layout.warning_time(0, 0)); }

/// As many copies of a tally as 2^doublings, by merging.
Tally doubled(Tally tally, int doublings)
{
    for (int i = 0; i < doublings; ++i) { tally.merge(Tally(tally)); }
    return tally;
}

constexpr std::int64_t largest_root_mean_square = 1LL << 40;  // what settle.hpp states
constexpr std::int64_t largest_value = (std::int64_t{1} << 41) - 1;

}  // namespace

TEST_CASE("sums over a trillion flights come out to the last digit", "[tally]")
{
    REQUIRE(run_flights_max > 1'000'000'000'000);
    // A quarter of the values as large as one may be, or all of them at the largest root mean square.
    std::vector<std::vector<std::int64_t>> const sets = {
        {largest_value, 1, 0, -1},
        {-largest_value + (1 << 20), 268435455, 268435456, -268435457},
        {largest_root_mean_square - 1, largest_root_mean_square - 1, largest_root_mean_square - 1,
         largest_root_mean_square - 1},
        {-largest_root_mean_square, -largest_root_mean_square + 1, -largest_root_mean_square + 1,
         -largest_root_mean_square + 2},
        {1, 2, 3, 4},
    };
    for (auto const& values : sets) {
        Int128 sum = 0;
        UInt128 squares = 0;
        for (auto const value : values) {
            sum += value;
            squares += static_cast<UInt128>(Int128{value} * value);
        }
        // 2^40 - 4 flights, then the last ones one at a time: to the limit itself.
        auto tally = tally_of(values);
        for (int i = 1; i < 38; ++i) { tally.merge(doubled(tally_of(values), i)); }
        REQUIRE(moment_of(tally).count == run_flights_max - 4);
        for (auto const value : values) { tally.merge(tally_of({value})); }
        auto const moment = moment_of(tally);
        constexpr auto copies = run_flights_max / 4;
        CHECK(moment.count == run_flights_max);
        CHECK((moment.sum == sum * copies));
        CHECK((moment.sum_squares == squares * static_cast<UInt128>(copies)));
        CHECK(is_possible(moment));
        CHECK(tally.cells[0] == static_cast<std::uint64_t>(run_flights_max));
        // The mean is a quotient of two whole numbers that a double may round once each.
        auto const mean = static_cast<double>(sum) / 4;
        CHECK(std::abs(spread(moment).mean - mean) <= 1e-15 * std::abs(mean));
    }
}

TEST_CASE("the cells of many flights do not depend on how these were grouped and merged", "[tally]")
{
    auto const few = tally_of({largest_value, -7, 123456789012, -largest_value, 5, 0, 1, 2});
    // 2^35 flights: twice 2^34; or one part of 2^33 after the other; or the small ones first.
    auto const whole = doubled(few, 32);
    auto by_parts = doubled(few, 30);
    for (int i = 0; i < 3; ++i) { by_parts.merge(doubled(few, 30)); }
    auto uneven = few;
    for (int i = 0; i < 32; ++i) { uneven.merge(doubled(few, i)); }
    CHECK(by_parts.cells == whole.cells);
    CHECK(uneven.cells == whole.cells);
    auto const at = whole.layout.warning_time(0, 0);
    CHECK(whole.cells[static_cast<std::size_t>(at.sum)] < std::uint64_t{1} << limb_bits);
    CHECK(whole.cells[static_cast<std::size_t>(at.sum_squares + 1)] < std::uint64_t{1}
                                                                          << limb_bits);
}

TEST_CASE("up to 2^33 flights cells are the plain sums of what flights add", "[tally]")
{
    auto const few = tally_of({largest_value, largest_value - 1});
    auto const many = doubled(few, 32);
    for (std::size_t i = 0; i < few.cells.size(); ++i) {
        CHECK(many.cells[i] == few.cells[i] << 32);
    }
}

TEST_CASE("every moment of a tally is settled, once for each randomisation", "[tally]")
{
    TallyLayout const layout{2, 3, 2, 2, 4, 3, 5};
    std::vector<int> claims(static_cast<std::size_t>(layout.cells_of_one()), 0);
    int moments = 0;
    for_each_moment(layout, [&](MomentCells const& at) {
        ++moments;
        for (int i = 0; i < moment_cells; ++i) { ++claims[static_cast<std::size_t>(at.count + i)]; }
        CHECK(at.sum == at.count + 1);
        CHECK(at.sum_squares == at.count + 1 + sum_limbs);
    });
    // Arms and consumers: warning time, eight delays, false warning, all-clear; pairs and consumers: two gains; arms: shots,
    // six of raids, six by leakers; arms and batteries: four; pairs: three; sensors: four.
    CHECK(moments ==
          3 * 2 * (1 + delay_count + 2) + 3 * 2 * 2 + 3 * (1 + 6 + 6) + 3 * 2 * 4 + 3 * 3 + 3 * 4);
    CHECK(*std::max_element(claims.begin(), claims.end()) == 1);

    Tally tally(layout);
    for (auto& cell : tally.cells) { cell = std::uint64_t{1} << 40; }
    tally.merge(Tally(layout));
    int unsettled = 0;
    for (int r = 0; r < layout.randomisation_count; ++r) {
        for_each_moment(layout, [&](MomentCells const& at) {
            auto const cell =
                tally.cells[static_cast<std::size_t>(layout.randomisation_first(r) + at.sum)];
            unsettled += cell < std::uint64_t{1} << limb_bits ? 0 : 1;
        });
    }
    CHECK(unsettled == 0);
}
