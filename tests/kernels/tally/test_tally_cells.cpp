// A tally's cells: sums that come out exactly, in any order, each statistic in its own place.
#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include "kernels/tally/tally.hpp"
#include "kernels/tally/tally_cells.hpp"

using namespace longwatch;

namespace {

__extension__ typedef __int128 Wide;

struct Cells {
    std::vector<std::uint64_t> cell = std::vector<std::uint64_t>(moment_cells, 0);
    void add(int at, std::uint64_t amount) { cell[static_cast<std::size_t>(at)] += amount; }
    std::uint64_t operator[](int at) const { return cell[static_cast<std::size_t>(at)]; }
};

constexpr MomentCells where{0, 1, 3};

Wide sum_of(Cells const& c)
{
    return static_cast<Wide>(c[1]) +
           static_cast<Wide>(static_cast<std::int64_t>(c[2])) * (Wide{1} << limb_bits);
}
Wide sum_squares_of(Cells const& c)
{
    return static_cast<Wide>(c[3]) + static_cast<Wide>(c[4]) * (Wide{1} << limb_bits) +
           static_cast<Wide>(c[5]) * (Wide{1} << (2 * limb_bits));
}

Cells added(std::vector<std::int64_t> const& values)
{
    Cells c;
    for (auto const v : values) { add_value(c, where, v); }
    return c;
}

void check_exact(std::vector<std::int64_t> const& values)
{
    Wide sum = 0, squares = 0;
    for (auto const v : values) {
        sum += v;
        squares += static_cast<Wide>(v) * v;
    }
    auto const c = added(values);
    CHECK(c[0] == values.size());
    CHECK((sum_of(c) == sum));
    CHECK((sum_squares_of(c) == squares));
}

constexpr std::int64_t largest = (std::int64_t{1} << 41) - 1;

std::vector<std::int64_t> random_values(int count)
{
    std::mt19937_64 random(4);
    std::uniform_int_distribution<std::int64_t> any(-largest, largest);
    std::vector<std::int64_t> out;
    for (int i = 0; i < count; ++i) { out.push_back(any(random) >> (i % 40)); }
    return out;
}

}  // namespace

TEST_CASE("sums and sums of squares come out to the last digit", "[tally]")
{
    check_exact({});
    check_exact({0});
    check_exact({1});
    check_exact({-1});
    check_exact({largest});
    check_exact({-largest});
    check_exact({-largest, largest, -1, 1});
    std::int64_t const limb = std::int64_t{1} << limb_bits;
    check_exact({limb - 1, limb, limb + 1, -limb + 1, -limb, -limb - 1});
    check_exact(std::vector<std::int64_t>(1000, -largest));
    check_exact(random_values(5000));
}

TEST_CASE("the order in which values are added, and how they are merged, change no cell", "[tally]")
{
    auto values = random_values(3000);
    auto const c = added(values);
    std::shuffle(values.begin(), values.end(), std::mt19937_64(5));
    CHECK(added(values).cell == c.cell);

    auto const half = values.begin() + 1234;
    auto const first = added({values.begin(), half}), rest = added({half, values.end()});
    std::vector<std::uint64_t> merged(moment_cells);
    for (std::size_t i = 0; i < merged.size(); ++i) { merged[i] = first.cell[i] + rest.cell[i]; }
    CHECK(merged == c.cell);
}

TEST_CASE("no cell overflows with as many flights as tally_layout.hpp states", "[tally]")
{
    // The most one flight can add to an unsigned cell, times 2^35, still fits 64 bits.
    std::uint64_t most = 0;
    for (auto const v :
         {largest, -largest, std::int64_t{16383} << 14, (std::int64_t{1} << 28) - 1}) {
        auto const c = added({v});
        for (int const at : {1, 3, 4, 5}) { most = std::max(most, c[at]); }
    }
    for (auto const v : random_values(20000)) {
        auto const c = added({v});
        for (int const at : {1, 3, 4, 5}) { most = std::max(most, c[at]); }
    }
    CHECK(most < std::uint64_t{1} << 29);
}

TEST_CASE("times are counted in the nearest microsecond", "[tally]")
{
    CHECK(time_quanta(0) == 0);
    CHECK(time_quanta(1.5) == 1500000);
    CHECK(time_quanta(-1.5) == -1500000);
    CHECK(time_quanta(0.0000014) == 1);
    CHECK(time_quanta(-0.0000014) == -1);
    CHECK(time_quanta(0.0000016) == 2);
    CHECK(time_quanta(3599.9999996) == 3600000000);
}

TEST_CASE("a warning time falls into the bin that its microseconds say", "[tally]")
{
    auto const cell = [](double t_s) { return warning_cell(time_quanta(t_s)); };
    CHECK(cell(-1800.000001) == 0);
    CHECK(cell(-1800) == 1);
    CHECK(cell(-1799.500001) == 1);
    CHECK(cell(-1799.5) == 2);
    CHECK(cell(-0.000001) == 3600);
    CHECK(cell(0) == 3601);
    CHECK(cell(0.499999) == 3601);
    CHECK(cell(0.5) == 3602);
    CHECK(cell(5399.999999) == warning_bins);
    CHECK(cell(5400) == warning_bins + 1);
    CHECK(warning_cell(largest) == warning_bins + 1);
    CHECK(warning_cell(-largest) == 0);
}

TEST_CASE("a delay falls into the bin whose edges hold it, none wider than a 64th of its edge",
          "[tally]")
{
    CHECK(delay_cell(-1) == 0);
    CHECK(delay_cell(0) == 1);
    CHECK(delay_cell(999) == 1);
    CHECK(delay_cell(1000) == 2);
    CHECK(delay_cell(std::int64_t{4194304} * 1000 - 1) == delay_bins);
    CHECK(delay_cell(std::int64_t{4194304} * 1000) == delay_bins + 1);
    CHECK(delay_cell(largest) == delay_bins + 1);
    for (int bin = 0; bin < delay_bins; ++bin) {
        double const low_s = delay_bin_edge_s(bin), high_s = delay_bin_edge_s(bin + 1);
        CHECK(high_s - low_s <= std::max(1.0001e-3, low_s / 64 * 1.0001));
        CHECK(delay_cell(time_quanta(low_s)) == bin + 1);
        CHECK(delay_cell(time_quanta(high_s) - 1) == bin + 1);
    }
}

TEST_CASE("each statistic has cells of its own, and together they fill the tally", "[tally]")
{
    for (TallyLayout const layout :
         {TallyLayout{3, 4, 5, 2}, TallyLayout{1, 1, 1, 0}, TallyLayout{2, 2, 3, 1, 1, 2, 7}}) {
        std::vector<int> claims(static_cast<std::size_t>(layout.cell_count()), 0);
        int outside = 0;
        auto const claim = [&](int first, int count = 1) {
            for (int i = first; i < first + count; ++i) {
                if (i < 0 || i >= layout.cell_count()) {
                    ++outside;
                } else {
                    ++claims[static_cast<std::size_t>(i)];
                }
            }
        };
        auto const claim_moment = [&](MomentCells const& m) {
            claim(m.count);
            claim(m.sum, sum_limbs);
            claim(m.sum_squares, sum_squares_limbs);
        };
        for (int t = 0; t < layout.threat_count; ++t) {
            for (int f = 0; f < fate_count; ++f) { claim(layout.fate(t, static_cast<Fate>(f))); }
        }
        for (int c = 0; c < layout.consumer_count; ++c) {
            for (int a = 0; a < layout.arm_count; ++a) {
                claim(layout.warned(a, c));
                claim(layout.too_late(a, c));
                claim(layout.none(a, c));
                claim_moment(layout.warning_time(a, c));
                claim(layout.warning_histogram(a, c), warning_cells);
                for (int part = 0; part < delay_count; ++part) {
                    claim_moment(layout.delay(a, c, part));
                    claim(layout.delay_histogram(a, c, part), delay_cells);
                }
                claim(layout.precaution(a, c));
                claim_moment(layout.false_warning(a, c));
                claim_moment(layout.all_clear(a, c));
            }
            for (int p = 0; p < layout.pair_count(); ++p) {
                claim_moment(layout.gain(p, c));
                claim_moment(layout.usable_gain(p, c));
                claim(layout.newly_reached(p, c));
                claim(layout.lost_message(p, c));
                claim(layout.newly_warned(p, c));
                claim(layout.lost_warning(p, c));
                for (int k = 0; k < gain_threshold_count; ++k) {
                    claim(layout.newly_at_least(p, c, k));
                    claim(layout.lost_at_least(p, c, k));
                }
            }
        }
        for (int s = 0; s < layout.sensor_count; ++s) {
            for (int when = 0; when < 2; ++when) {
                claim_moment(layout.launch_place(s, when));
                claim_moment(layout.launch_azimuth(s, when));
            }
        }
        for (int a = 0; a < layout.arm_count; ++a) {
            claim(layout.killed(a));
            claim(layout.leaked(a));
            claim_moment(layout.shots(a));
            for (int b = 0; b < layout.battery_count; ++b) {
                for (int k = 0; k < battery_count_count; ++k) {
                    claim(layout.battery(a, b, static_cast<BatteryCount>(k)));
                }
                for (int k = 0; k < battery_moment_count; ++k) {
                    claim_moment(layout.battery_moment(a, b, static_cast<BatteryMoment>(k)));
                }
            }
            for (int k = 0; k < raid_moment_count; ++k) {
                claim_moment(layout.of_raid(a, static_cast<RaidMoment>(k)));
            }
            for (int k = 0; k <= layout.raid_size; ++k) {
                claim_moment(layout.raids_with_leakers(a, k));
            }
        }
        for (int p = 0; p < layout.pair_count(); ++p) {
            claim(layout.newly_killed(p));
            claim(layout.lost_kill(p));
            claim(layout.newly_clean(p));
            claim(layout.lost_clean(p));
            for (int k = 0; k < raid_gain_count; ++k) {
                claim_moment(layout.raid_gain(p, static_cast<RaidGain>(k)));
            }
        }
        CHECK(outside == 0);
        CHECK(std::count(claims.begin(), claims.end(), 1) == layout.cell_count());
    }
}

TEST_CASE("pairs of arms are numbered (1,0), (2,0), (2,1), (3,0) and so on", "[tally]")
{
    TallyLayout const layout{1, 5, 1, 0};
    int next = 0;
    for (int arm = 1; arm < 5; ++arm) {
        for (int versus = 0; versus < arm; ++versus) { CHECK(layout.pair(arm, versus) == next++); }
    }
    CHECK(layout.pair_count() == next);
}

TEST_CASE("tallies of two halves merge into the tally of the whole", "[tally]")
{
    TallyLayout const layout{1, 1, 1, 0};
    Tally a(layout), b(layout);
    a.cells[3] = std::numeric_limits<std::uint64_t>::max();  // minus one
    b.cells[3] = 5;
    b.cells[0] = 7;
    a.merge(b);
    CHECK(a.cells[3] == 4);
    CHECK(a.cells[0] == 7);
}
