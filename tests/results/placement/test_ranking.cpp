#include "results/placement/ranking.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

namespace longwatch::test {
namespace {

using PerGroup = std::vector<std::int64_t>;

constexpr std::int64_t second_us = 1'000'000;

PlacementTally of_groups(int candidates, int consumers, int groups)
{
    PlacementShape shape;
    shape.candidates = candidates;
    shape.consumers = consumers;
    shape.groups = groups;
    return PlacementTally(shape);
}

void put(PlacementTally& tally, std::vector<std::int64_t>& sums, int candidate, int consumer,
         PerGroup const& values, std::int64_t unit)
{
    for (std::size_t g = 0; g < values.size(); ++g) {
        sums[tally.of_group(candidate, consumer, static_cast<int>(g))] = unit * values[g];
    }
}

/// Two candidates and two consumers in four groups; the second candidate serves the second consumer alone.
PlacementTally four_groups()
{
    auto tally = of_groups(2, 2, 4);
    tally.flights = 42;
    tally.failed = 2;
    tally.in_group = {10, 12, 8, 10};
    put(tally, tally.concerned, 0, 0, {10, 12, 8, 10}, 1);
    put(tally, tally.concerned, 0, 1, {5, 5, 5, 5}, 1);
    put(tally, tally.usable_us, 0, 0, {1000, 1200, 800, 1000}, second_us);
    put(tally, tally.usable_us, 0, 1, {300, 310, 290, 300}, second_us);
    put(tally, tally.at_least, 0, 0, {2, 3, 1, 2}, 1);
    put(tally, tally.at_least, 0, 1, {1, 1, 1, 1}, 1);
    put(tally, tally.gain_us, 0, 0, {50, 72, 24, 60}, second_us);
    put(tally, tally.gain_us, 1, 1, {100, 120, 80, 100}, second_us);
    put(tally, tally.more_at_least, 0, 0, {4, 5, 2, 5}, 1);
    put(tally, tally.more_at_least, 1, 1, {2, 2, 2, 2}, 1);
    tally.tracked = {4, 6, 2, 4, 0, 0, 0, 0};
    tally.newly_warned = {3, 0, 0, 7};
    tally.lost_warning = {1, 0, 0, 2};
    return tally;
}

void check_estimate(MaybeEstimate const& e, double value, double half)
{
    REQUIRE(e);
    CHECK(e->value == Approx(value));
    CHECK(e->low == Approx(value - half));
    CHECK(e->high == Approx(value + half));
    CHECK_FALSE((e->low_open || e->high_open));
}

// Student's t with 3 degrees of freedom, 0.975: 3.1824 (any table).
constexpr double t3 = 3.182446;

TEST_CASE("a gain in several groups has the ratio estimator's interval", "[placement]")
{
    auto const found =
        estimate_placement(four_groups(), {PlacementObjective::expected_warning, {0, 1}});
    // By hand, Cochran (1977) section 6.3: 206 s in 40 flights; of each group its sum less 5.15 s a flight: -1.5, 10.2, -17.2, 8.5.
    double const error =
        std::sqrt(4.0 / 3 * (1.5 * 1.5 + 10.2 * 10.2 + 17.2 * 17.2 + 8.5 * 8.5)) / 40;
    check_estimate(found.candidates[0].consumers[0].gain_s, 5.15, t3 * error);
    CHECK(found.candidates[1].consumers[0].gain_s == Estimate{});
    CHECK(found.candidates[0].consumers[0].newly_warned == 3);
    CHECK(found.candidates[0].consumers[0].lost_warning == 1);
    CHECK(found.candidates[1].consumers[1].newly_warned == 7);
    CHECK(found.concerned == std::vector<std::int64_t>{40, 20});
    CHECK(found.flights == 42);
}

TEST_CASE("an objective is the mean of its consumers', or that of the one with least",
          "[placement]")
{
    auto const tally = four_groups();
    auto const mean = estimate_placement(tally, {PlacementObjective::expected_warning, {0, 1}});
    CHECK(mean.present_objective->value == Approx((100 + 60) / 2.0));
    CHECK(mean.candidates[0].objective->value == Approx((105.15 + 60) / 2));
    CHECK(mean.candidates[0].objective_gain->value == Approx(5.15 / 2));
    // Of the second candidate: 400 s in 20 flights; of each group less 20 s a flight: 0, 20, -20, 0; halved as one of two consumers.
    check_estimate(mean.candidates[1].objective_gain, 10, t3 * std::sqrt(4.0 / 3 * 800) / 20 / 2);
    CHECK(mean.order == std::vector<int>{1, 0});

    auto const worst = estimate_placement(tally, {PlacementObjective::worst_consumer, {0, 1}});
    CHECK(worst.present_objective->value == Approx(60));
    CHECK(worst.candidates[0].objective_gain->value == Approx(0).margin(1e-12));
    check_estimate(worst.candidates[1].objective_gain, 20, t3 * std::sqrt(4.0 / 3 * 800) / 20);

    auto const first_alone = estimate_placement(tally, {PlacementObjective::expected_warning, {0}});
    CHECK(first_alone.order == std::vector<int>{0, 1});
    auto const& alone = *first_alone.candidates[0].consumers[0].gain_s;
    check_estimate(first_alone.candidates[0].objective_gain, alone.value, alone.value - alone.low);
}

TEST_CASE("a fraction warned stays within what a fraction may be", "[placement]")
{
    auto tally = four_groups();
    auto const found = estimate_placement(tally, {PlacementObjective::probability_of_warning, {0}});
    CHECK(found.present_objective->value == Approx(8 / 40.0));
    CHECK(found.candidates[0].objective->value == Approx(24 / 40.0));
    // 16 more in 40: of each group less 0.4 a flight: 0, 0.2, -1.2, 1.
    check_estimate(found.candidates[0].consumers[0].p_at_least_gain, 0.4,
                   t3 * std::sqrt(4.0 / 3 * (0.04 + 1.44 + 1)) / 40);
    // Every group says the same: as if one more flight said otherwise, on either side.
    auto const same = found.candidates[1].consumers[1].p_at_least_gain;
    auto const bounds = paired_difference(0, 0, 20);
    CHECK(same->value == Approx(0.4));
    CHECK(same->low == Approx(0.4 + bounds.low));
    CHECK(same->high == Approx(0.4 + bounds.high));

    put(tally, tally.more_at_least, 0, 0, {10, -12, 8, -10}, 1);
    auto const wild = estimate_placement(tally, {PlacementObjective::probability_of_warning, {0}});
    CHECK(wild.candidates[0].consumers[0].p_at_least_gain->low == -1);
    CHECK(wild.candidates[0].consumers[0].p_at_least_gain->high == 1);
    CHECK(wild.candidates[0].objective->low == 0);
}

TEST_CASE("coverage is of the flights that did not fail, and none seen is bounded", "[placement]")
{
    auto const found =
        estimate_placement(four_groups(), {PlacementObjective::expected_warning, {0, 1}});
    // 16 of 40: of each group less 0.4 a flight: 0, 1.2, -1.2, 0.
    check_estimate(found.candidates[0].coverage, 0.4, t3 * std::sqrt(4.0 / 3 * 2.88) / 40);
    auto const bounds = wilson(0, 40);
    CHECK(found.candidates[1].coverage->value == 0);
    CHECK(found.candidates[1].coverage->low == Approx(bounds.low).margin(1e-15));
    CHECK(found.candidates[1].coverage->high == Approx(bounds.high));
}

TEST_CASE("one group tells a gain and nothing of its bounds; no flight tells nothing",
          "[placement]")
{
    auto tally = of_groups(1, 2, 4);
    tally.flights = 4;
    tally.in_group = {4, 0, 0, 0};
    put(tally, tally.concerned, 0, 0, {4, 0, 0, 0}, 1);
    put(tally, tally.gain_us, 0, 0, {8, 0, 0, 0}, second_us);
    auto const found = estimate_placement(tally, {PlacementObjective::expected_warning, {0, 1}});
    auto const& gain = found.candidates[0].consumers[0].gain_s;
    CHECK(gain->value == Approx(2));
    CHECK((gain->low_open && gain->high_open));
    CHECK_FALSE(found.candidates[0].consumers[1].gain_s);
    CHECK_FALSE(found.candidates[0].consumers[1].p_at_least_gain);

    auto const none = estimate_placement(tally, {PlacementObjective::expected_warning, {1}});
    CHECK_FALSE(none.present_objective);
    CHECK_FALSE(none.candidates[0].objective_gain);
    CHECK(none.candidates[0].p_best == 0);
    CHECK(none.order == std::vector<int>{0});
}

TEST_CASE("the chances of being best add up to one, and equal candidates share them", "[placement]")
{
    auto tally = of_groups(3, 1, 4);
    put(tally, tally.concerned, 0, 0, {10, 10, 10, 10}, 1);
    for (int k = 0; k < 2; ++k) { put(tally, tally.gain_us, k, 0, {50, 60, 40, 50}, second_us); }
    put(tally, tally.gain_us, 2, 0, {10, 11, 12, 10}, second_us);
    auto const shared = estimate_placement(tally, {PlacementObjective::expected_warning, {0}});
    CHECK(shared.candidates[0].p_best == Approx(0.5));
    CHECK(shared.candidates[1].p_best == Approx(0.5));
    CHECK(shared.candidates[2].p_best == 0);

    // Two groups, each for one of two: the larger weight decides, so that each is best half of the time; 4000 replicates.
    auto even = of_groups(2, 1, 2);
    put(even, even.concerned, 0, 0, {10, 10}, 1);
    put(even, even.gain_us, 0, 0, {100, 0}, second_us);
    put(even, even.gain_us, 1, 0, {0, 100}, second_us);
    auto const halves = estimate_placement(even, {PlacementObjective::expected_warning, {0}});
    CHECK(halves.candidates[0].p_best + halves.candidates[1].p_best == Approx(1));
    CHECK(halves.candidates[0].p_best == Approx(0.5).margin(5 * 0.5 / std::sqrt(best_replicates)));

    // Three times the gain in one group: best while that weight is a quarter or more, which it is with probability 3/4
    // (the share of one of two exponential weights is uniform).
    put(even, even.gain_us, 0, 0, {300, 0}, second_us);
    auto const more = estimate_placement(even, {PlacementObjective::expected_warning, {0}});
    CHECK(more.candidates[0].p_best == Approx(0.75).margin(5 * 0.44 / std::sqrt(best_replicates)));
}

TEST_CASE("intervals of gains cover the truth 19 times in 20", "[placement]")
{
    // Flights in 16 groups of Poisson(30) flights whose gain is exponential, mean 7 s; groups are off by a common 1 s.
    std::mt19937_64 random(11);
    std::poisson_distribution<int> many(30);
    std::exponential_distribution<double> gain_s(1 / 7.0);
    std::normal_distribution<double> common_s(0, 1);
    constexpr int trials = 2000;
    int covered = 0;
    for (int trial = 0; trial < trials; ++trial) {
        auto tally = of_groups(1, 1, 16);
        PerGroup counts, sums;
        for (int g = 0; g < 16; ++g) {
            counts.push_back(many(random));
            double sum_s = common_s(random) * static_cast<double>(counts.back());
            for (std::int64_t i = 0; i < counts.back(); ++i) { sum_s += gain_s(random); }
            sums.push_back(std::llround(1e6 * sum_s));
        }
        put(tally, tally.concerned, 0, 0, counts, 1);
        put(tally, tally.gain_us, 0, 0, sums, 1);
        auto const found = estimate_placement(tally, {PlacementObjective::kill_probability, {}});
        auto const& e = *found.candidates[0].consumers[0].gain_s;
        covered += e.low <= 7 && 7 <= e.high ? 1 : 0;
    }
    // Four standard errors of 0.95 are 0.02.
    CHECK(covered / static_cast<double>(trials) == Approx(0.95).margin(0.02));
}

TEST_CASE("a place's quantiles are those of the present and of what it changes", "[placement]")
{
    auto tally = of_groups(1, 1, 2);
    tally.flights = 200;
    // At the present 100 flights with 100 s; the place gives half of them 400 s.
    auto const cell = [](double s) {
        return 1 + static_cast<std::size_t>((s - warning_first_s) / warning_bin_s);
    };
    tally.present_histogram[cell(100)] = 100;
    tally.histogram_change[cell(100)] = -60;
    tally.histogram_change[cell(400)] = 60;
    put(tally, tally.concerned, 0, 0, {100, 100}, 1);
    auto const found = estimate_placement(tally, {PlacementObjective::expected_warning, {0}});
    CHECK(found.present[0].p50_s->value == Approx(100).margin(warning_bin_s));
    CHECK(found.candidates[0].consumers[0].p50_s->value == Approx(400).margin(warning_bin_s));
    CHECK(found.candidates[0].consumers[0].p05_s->value == Approx(100).margin(warning_bin_s));
}

}  // namespace
}  // namespace longwatch::test
