#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "results/statistics/estimates.hpp"
#include "results/statistics/moment.hpp"
#include "results/statistics/tally_checks.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

std::uint64_t& cell(Tally& tally, int index)
{
    return tally.cells[static_cast<std::size_t>(index)];
}

// A tally of moments only; limits of tally_layout.hpp.
struct Moments {
    Tally tally{TallyLayout{0, 1, 1, 0}};
    MomentCells at = tally.layout.warning_time(0, 0);

    Moment read() const { return read_moment(tally, at); }
};
constexpr std::int64_t widest = (std::int64_t{1} << 41) - 1;

}  // namespace

TEST_CASE("limbs give back sums of both signs exactly", "[statistics]")
{
    for (std::int64_t const value :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, (std::int64_t{1} << 28) - 1,
          -(std::int64_t{1} << 28), (std::int64_t{1} << 28) + 1, widest, -widest}) {
        Moments m;
        for (int i = 0; i < 3; ++i) { add_value(m.tally, m.at, value); }
        add_value(m.tally, m.at, 5);
        auto const read = m.read();
        CHECK(read.count == 4);
        CHECK((read.sum == Int128{value} * 3 + 5));
        CHECK((read.sum_squares == static_cast<UInt128>(Int128{value} * value) * 3 + 25));
        CHECK(is_possible(read));
    }
}

TEST_CASE("limbs of the most flights and the widest values are exact", "[statistics]")
{
    // What 2^36 flights of the widest negative value leave in the cells, without adding them one by
    // one: each limb times the count.
    Moments m;
    add_value(m.tally, m.at, -widest);
    std::uint64_t const count = std::uint64_t{1} << 36;
    for (auto& c : m.tally.cells) { c *= count; }
    auto const read = m.read();
    CHECK((read.sum == -(Int128{widest} << 36)));
    CHECK((read.sum_squares == static_cast<UInt128>(Int128{widest} * widest) << 36));
    CHECK(is_possible(read));
    auto const s = spread(read);
    CHECK(s.mean == -static_cast<double>(widest));
    CHECK(s.variance == 0);
}

TEST_CASE("a variance loses no digits to a large mean", "[statistics]")
{
    // Values +-1 about a mean of 2^40: a double's sum of squares would have lost them.
    Moments m;
    for (int i = 0; i < 500; ++i) {
        add_value(m.tally, m.at, (std::int64_t{1} << 40) + 1);
        add_value(m.tally, m.at, (std::int64_t{1} << 40) - 1);
    }
    auto const s = spread(m.read());
    CHECK(s.mean == 0x1p40);
    CHECK(s.variance == Approx(1000.0 / 999.0).epsilon(1e-14));
}

TEST_CASE("sums that no values have are found", "[statistics]")
{
    CHECK_FALSE(is_possible({0, 1, 0}));
    CHECK_FALSE(is_possible({-1, 0, 0}));
    CHECK_FALSE(is_possible({2, 10, 49}));  // 50 is the least for a sum of 10
    CHECK(is_possible({2, 10, 50}));
    CHECK_FALSE(is_possible({2, 11, 60}));
    CHECK_FALSE(is_possible({1, Int128{1} << 90, 0}));
}

TEST_CASE("tallies merge in any order and grouping to the same cells", "[statistics]")
{
    auto const a = made_result({.flights = 300, .seed = 1}).tally;
    auto const b = made_result({.flights = 200, .seed = 2}).tally;
    auto const c = made_result({.flights = 100, .seed = 3}).tally;
    auto left = a;
    merge_checked(left, b);
    merge_checked(left, c);
    auto right = c;
    auto middle = b;
    merge_checked(right, a);
    merge_checked(middle, right);
    CHECK((left.cells == middle.cells));
    CHECK(tally_problems(left).empty());
    for (auto const change :
         {&TallyLayout::threat_count, &TallyLayout::arm_count, &TallyLayout::consumer_count,
          &TallyLayout::battery_count, &TallyLayout::sensor_count, &TallyLayout::raid_size}) {
        auto layout = left.layout;
        CHECK(same_layout(left.layout, layout));
        layout.*change += 1;
        CHECK_FALSE(same_layout(left.layout, layout));
        CHECK_THROWS_AS(merge_checked(left, Tally(layout)), std::invalid_argument);
    }
}

TEST_CASE("over randomisations engagements have Student's intervals, as warnings have",
          "[statistics]")
{
    std::vector<Tally> parts;
    for (std::uint64_t r = 0; r < 6; ++r) {
        parts.push_back(made_result({.flights = 150, .seed = 50 + r}).tally);
    }
    auto all = parts.front();
    for (std::size_t r = 1; r < parts.size(); ++r) { merge_checked(all, parts[r]); }
    auto const pooled = estimate(all), e = estimate(all, parts);
    std::vector<double> pk, gain, warned;
    for (auto const& part : parts) {
        auto const of = estimate(part);
        pk.push_back(of.arms[2].engagement->pk.estimate.value);
        gain.push_back(of.pairs[0].engagement.pk->value);
        warned.push_back(of.arms[2].consumers[0].p_warned->value);
    }
    auto const expected = [](Estimate const& of_all, std::vector<double> const& of_each,
                             double low) {
        return randomised_estimate(of_all.value, of_each, {low, 1});
    };
    CHECK(e.arms[2].engagement->pk.estimate ==
          expected(pooled.arms[2].engagement->pk.estimate, pk, 0));
    CHECK(*e.pairs[0].engagement.pk == expected(*pooled.pairs[0].engagement.pk, gain, -1));
    CHECK(*e.arms[2].consumers[0].p_warned ==
          expected(*pooled.arms[2].consumers[0].p_warned, warned, 0));
}

TEST_CASE("a tally that contradicts itself is found out, whichever count is wrong", "[statistics]")
{
    auto const good = made_result({.flights = 500}).tally;
    CHECK(tally_problems(good).empty());
    auto const& l = good.layout;
    for (int const index :
         {l.warned(1, 1), l.too_late(0, 0), l.none(2, 1), l.warning_time(3, 2).count,
          l.warning_histogram(1, 0) + 17, l.gain(4, 1).count, l.newly_reached(3, 2),
          l.lost_message(2, 0), l.newly_warned(5, 1), l.lost_warning(0, 2), l.killed(1),
          l.leaked(3), l.shots(2).count, l.newly_killed(3), l.lost_kill(5)}) {
        auto bad = good;
        ++cell(bad, index);
        CHECK_FALSE(tally_problems(bad).empty());
    }
    auto bad = good;
    // Counts of a stranger: out of all bounds, and two whose sum wraps around to the right one.
    for (int const index : {l.warned(1, 1), l.newly_warned(5, 1), l.killed(1), l.shots(2).count}) {
        for (auto const wide :
             {std::uint64_t{1} << 63, ~std::uint64_t{0}, std::uint64_t{1} << 62}) {
            bad = good;
            cell(bad, index) = wide;
            CHECK_FALSE(tally_problems(bad).empty());
        }
    }
    bad = good;
    cell(bad, l.warning_histogram(1, 0) + 17) += std::uint64_t{1} << 63;
    cell(bad, l.warning_histogram(1, 0) + 18) += std::uint64_t{1} << 63;
    CHECK_FALSE(tally_problems(bad).empty());
    bad = good;
    cell(bad, l.warning_time(1, 0).sum + 1) += 1'000'000'000;
    CHECK_FALSE(tally_problems(bad).empty());
    bad = good;
    bad.cells.pop_back();
    CHECK_FALSE(tally_problems(bad).empty());
}

TEST_CASE("estimates of a made-up study match what was put in", "[statistics]")
{
    Tally tally(TallyLayout{1, 2, 1, 1});
    // Ten flights: four warned by 60 s in arm 0 and 90 s in arm 1, three reached in arm 1 only, by
    // 30 s, two too late in arm 0 and by 10 s in arm 1, one never.
    auto const fly = [&](int count, std::optional<std::int64_t> first,
                         std::optional<std::int64_t> second, int killer) {
        MadeFlight flight;
        flight.warning_us = {{first}, {second}};
        flight.concerns = {true};
        flight.may_be_engaged = true;
        flight.shots = {{0}, {killer >= 0 ? 2 : 1}};
        flight.killed_by = {-1, killer};
        for (int i = 0; i < count; ++i) { add_flight(tally, flight); }
    };
    std::int64_t const second = 1'000'000;
    fly(4, 60 * second, 90 * second, 0);
    fly(3, std::nullopt, 30 * second, -1);
    fly(2, -5 * second, 10 * second, -1);
    fly(1, std::nullopt, std::nullopt, -1);
    auto const e = estimate(tally);
    auto const& before = e.arms[0].consumers[0];
    auto const& after = e.arms[1].consumers[0];
    CHECK(e.fates[0][0] == 10);
    CHECK(before.flights == 10);
    CHECK(before.p_warned->value == 0.4);
    CHECK(before.p_too_late->value == 0.2);
    CHECK(before.p_none->value == 0.4);
    CHECK(after.p_warned->value == 0.9);
    CHECK(before.warning_time_s->mean.value == Approx((4 * 60 - 2 * 5) / 6.0).epsilon(1e-12));
    REQUIRE(e.pairs.size() == 1);
    auto const& pair = e.pairs[0].consumers[0];
    CHECK(pair.flights == 6);
    CHECK(pair.newly_reached == 3);
    CHECK(pair.lost_message == 0);
    CHECK(pair.newly_warned == 5);
    CHECK(pair.gain_s->value == Approx((4 * 30 + 2 * 15) / 6.0).epsilon(1e-12));
    CHECK(pair.p_warned_gain->value == 0.5);
    CHECK(e.arms[0].engagement->pk.estimate.value == 0);
    CHECK(e.arms[1].engagement->pk.estimate.value == 0.4);
    CHECK(e.arms[1].engagement->p_leak.estimate.value == 0.6);
    CHECK(e.arms[1].engagement->shots_mean.value == Approx(1.4).epsilon(1e-12));
    CHECK(e.arms[1].engagement->p_no_leaker.estimate.value == 0.4);
    CHECK(e.arms[1].engagement->leakers_mean.value == 0.6);
    CHECK(e.arms[1].engagement->raids == 10);
    CHECK_FALSE(e.arms[1].engagement->is_weighted);
    CHECK(e.arms[1].batteries[0].pk->value == 0.4);
    CHECK(e.arms[1].batteries[0].left_mean->value == Approx(4 - 1.4));
    CHECK(e.pairs[0].engagement.shots_saved->value == Approx(-1.4));
    CHECK(e.pairs[0].engagement.leakers->value == Approx(0.4));
    CHECK_FALSE(e.arms[0].batteries[0].pk);
    CHECK(e.pairs[0].engagement.pk->value == 0.4);
}

TEST_CASE("the fraction with at least some warning falls from all messages to none", "[statistics]")
{
    auto const result = made_result({.flights = 2000});
    auto const e = estimate(result.tally);
    auto const& consumer = e.arms[2].consumers[1];
    auto const at = [&](double warning_s) {
        return consumer.p_at_least[static_cast<std::size_t>(
            std::lround((warning_s - warning_first_s) / threshold_step_s))];
    };
    CHECK(at(warning_first_s)->value == Approx(1 - consumer.p_none->value).epsilon(1e-12));
    // No made-up warning time is exactly zero.
    CHECK(at(0)->value == Approx(consumer.p_warned->value).epsilon(1e-12));
    CHECK(at(5400)->value == 0);
    for (std::size_t i = 1; i < consumer.p_at_least.size(); ++i) {
        CHECK(consumer.p_at_least[i]->value <= consumer.p_at_least[i - 1]->value);
    }
}

}  // namespace longwatch::test
