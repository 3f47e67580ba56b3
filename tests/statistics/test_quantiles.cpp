#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "results/statistics/quantiles.hpp"

namespace longwatch::test {
namespace {

double uniform(std::mt19937_64& source) { return static_cast<double>(source() >> 11) * 0x1p-53; }

// Ten bins of width 1 from 0.
struct Bins {
    std::vector<std::uint64_t> cells = std::vector<std::uint64_t>(12, 0);

    void add(double value)
    {
        auto const bin = std::clamp(static_cast<int>(std::floor(value)) + 1, 0, 11);
        ++cells[static_cast<std::size_t>(bin)];
    }
    Histogram histogram() const
    {
        return {cells, [](int bin) { return 1.0 * bin; }};
    }
};

}  // namespace

TEST_CASE("order-statistic ranks match their reference", "[statistics]")
{
    struct Row {
        std::int64_t count;
        double p;
        std::int64_t lower, upper;
        double coverage;
    };
    auto const row = GENERATE(Row{100, 0.5, 40, 61, 0.9648}, Row{1000, 0.05, 37, 65, 0.9581},
                              Row{10000, 0.99, 9880, 9920, 0.9558});
    auto const ranks = quantile_ranks(row.count, row.p);
    CHECK(ranks.lower == row.lower);
    CHECK(ranks.upper == row.upper);
    CHECK(rank_coverage(row.count, row.p, ranks) == Approx(row.coverage).margin(0.00005));
}

TEST_CASE("Wilks counts match their reference", "[statistics]")
{
    CHECK(wilks_count(0.95, 0.95, 1) == 59);
    CHECK(wilks_count(0.95, 0.95, 2) == 93);
    // 1 - 0.95^59.
    CHECK(rank_coverage(59, 0.95, {0, 59}) == Approx(0.95150).margin(0.000005));
    CHECK(rank_coverage(93, 0.95, {0, 92}) == Approx(0.95002).margin(0.000005));
}

TEST_CASE("ranks are the narrowest with at most 2.5 % beyond each", "[statistics]")
{
    auto const count = GENERATE(std::int64_t{1}, 2, 5, 6, 20, 59, 73, 1000, 200'000, 100'000'000);
    auto const p = GENERATE(0.05, 0.5, 0.95);
    auto const [lower, upper] = quantile_ranks(count, p);
    CHECK(lower >= 0);
    CHECK(upper <= count + 1);
    CHECK(lower < upper);
    // Tails beyond each rank, and with the rank moved one inward; rank 0 and count + 1 have no tail.
    auto const below = [&](std::int64_t rank) { return rank_coverage(count, p, {0, rank}); };
    CHECK(below(lower) <= 0.025);
    if (lower < count) { CHECK(below(lower + 1) > 0.025); }
    if (upper <= count) { CHECK(below(upper) >= 0.975); }
    if (upper > 1) { CHECK(below(upper - 1) < 0.975); }
}

TEST_CASE("a quantile lies inside its interval, whose ends are bin edges", "[statistics]")
{
    Bins bins;
    for (int i = 0; i < 1000; ++i) { bins.add(i * 0.01); }
    auto const median = quantile_estimate(bins.histogram(), 0.5);
    REQUIRE(median);
    // Rank 500 is the last value of bin 4, the value 4.99; evenly spread values put it at 4.995.
    CHECK(median->value == Approx(4.995).epsilon(1e-12));
    // Ranks 469 and 532 by the exact binomial: in bins 4 and 5.
    CHECK(median->low == 4);
    CHECK(median->high == 6);
    CHECK_FALSE(median->low_open);
    CHECK_FALSE(median->high_open);
}

TEST_CASE("too few values leave an interval open", "[statistics]")
{
    Bins bins;
    for (double const value : {2.5, 3.5, 4.5, 5.5, 6.5}) { bins.add(value); }
    // Five values: P(all on one side of the median) = 1/32 > 2.5 %.
    auto const median = quantile_estimate(bins.histogram(), 0.5);
    REQUIRE(median);
    CHECK(median->value == 4.5);
    CHECK(median->low_open);
    CHECK(median->high_open);
    CHECK(median->low == 2);
    CHECK(median->high == 7);
    bins.add(7.5);
    CHECK_FALSE(quantile_estimate(bins.histogram(), 0.5)->low_open);
    CHECK_FALSE(quantile_estimate(Bins().histogram(), 0.5));
}

TEST_CASE("values beyond the bins leave an interval open at the range's end", "[statistics]")
{
    Bins bins;
    for (int i = 0; i < 600; ++i) { bins.add(-3); }
    for (int i = 0; i < 400; ++i) { bins.add(100); }
    auto const median = quantile_estimate(bins.histogram(), 0.5);
    REQUIRE(median);
    CHECK(*median == Estimate{0, 0, 0, true, false, true, false});
    auto const upper = quantile_estimate(bins.histogram(), 0.95);
    CHECK(*upper == Estimate{10, 10, 10, false, true, false, true});
    auto const between = quantile_estimate(bins.histogram(), 0.6);
    CHECK(between->value_below);
    CHECK(between->low_open);
    CHECK(between->high_open);
    CHECK(between->low == 0);
    CHECK(between->high == 10);
}

TEST_CASE("quantile intervals cover at least 95 %", "[statistics]")
{
    auto const p = GENERATE(0.05, 0.5, 0.95);
    std::mt19937_64 source(11);
    int const repeats = 2000;
    int covered = 0;
    std::vector<std::uint64_t> cells(1002);
    for (int repeat = 0; repeat < repeats; ++repeat) {
        std::fill(cells.begin(), cells.end(), 0);
        for (int i = 0; i < 200; ++i) {
            ++cells[static_cast<std::size_t>(uniform(source) * 1000) + 1];
        }
        auto const e = *quantile_estimate({cells, [](int bin) { return 0.001 * bin; }}, p);
        covered += e.low <= p && p <= e.high ? 1 : 0;
    }
    // At least the confidence, up to chance: 4 standard deviations of the count.
    CHECK(covered > repeats * 0.95 - 4 * std::sqrt(repeats * 0.95 * 0.05));
    CHECK(covered < repeats * 0.985);
}

}  // namespace longwatch::test
