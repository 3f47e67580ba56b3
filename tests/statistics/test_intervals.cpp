// Published and computed reference values, and coverage on simulated samples with fixed seeds.
#include <boost/math/distributions/binomial.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "results/statistics/intervals.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

// Equal to the last digit that the reference gives.
void check_interval(Interval const& found, double low, double high, double unit)
{
    CHECK(found.low == Approx(low).margin(unit / 2 * 1.0001).epsilon(0));
    CHECK(found.high == Approx(high).margin(unit / 2 * 1.0001).epsilon(0));
}

double uniform(std::mt19937_64& source) { return static_cast<double>(source() >> 11) * 0x1p-53; }

// Exact coverage of an interval for a proportion, summed over all outcomes.
template <class MakeInterval>
double coverage(std::int64_t trials, double p, MakeInterval const& make)
{
    boost::math::binomial const outcomes(static_cast<double>(trials), p);
    double covered = 0;
    for (std::int64_t hits = 0; hits <= trials; ++hits) {
        auto const interval = make(hits, trials);
        if (interval.low <= p && p <= interval.high) {
            covered += boost::math::pdf(outcomes, static_cast<double>(hits));
        }
    }
    return covered;
}

// Fraction of 4 standard deviations of a binomial count: what a coverage test may miss by chance.
double four_sigma(double p, int trials) { return 4 * std::sqrt(p * (1 - p) / trials); }

}  // namespace

TEST_CASE("Clopper-Pearson intervals match published values", "[statistics]")
{
    // SciPy and R documentation; Newcombe, Stat. Med. 17 (1998) 857-872.
    check_interval(clopper_pearson(7, 50), 0.058191700, 0.267396002, 1e-9);
    CHECK(clopper_pearson(7, 20).low == Approx(0.1539).margin(0.00005));
    check_interval(clopper_pearson(81, 263), 0.25274, 0.36762, 1e-5);
    check_interval(clopper_pearson(15, 148), 0.05784, 0.16165, 1e-5);
    check_interval(clopper_pearson(0, 20), 0, 0.16843, 1e-5);
}

TEST_CASE("Wilson intervals match published values", "[statistics]")
{
    CHECK(wilson(7, 20).low == Approx(0.1812).margin(0.00005));
    check_interval(wilson(81, 263), 0.25529, 0.36621, 1e-5);
    check_interval(wilson(15, 148), 0.06239, 0.16049, 1e-5);
    check_interval(wilson(0, 20), 0, 0.16113, 1e-5);
    check_interval(wilson_continuity(340, 400), 0.8103309, 0.8827749, 1e-7);
}

TEST_CASE("published test records have the intervals told of them", "[statistics]")
{
    struct Row {
        std::int64_t hits, tests;
        double wilson_low, wilson_high, exact_low, exact_high;
    };
    // GMD to January 2013, before May 2017 and to December 2023; Aegis at sea to September 2011; THAAD to July 2017 and
    // after: computed from the formulas by an independent script, to 1e-4 (its 0.7384 is 0.73835).
    for (auto const& row :
         {Row{7, 14, 0.2680, 0.7320, 0.2304, 0.7696}, Row{9, 17, 0.3096, 0.7384, 0.2781, 0.7702},
          Row{12, 21, 0.3655, 0.7553, 0.3402, 0.7818}, Row{22, 27, 0.6330, 0.9182, 0.6192, 0.9370},
          Row{14, 14, 0.7847, 1, 0.7684, 1}, Row{16, 16, 0.8064, 1, 0.7941, 1}}) {
        check_interval(wilson(row.hits, row.tests), row.wilson_low, row.wilson_high, 2e-4);
        check_interval(clopper_pearson(row.hits, row.tests), row.exact_low, row.exact_high, 2e-4);
    }
}

TEST_CASE("an interval of a proportion stays in [0, 1] and is exact at its ends", "[statistics]")
{
    for (std::int64_t const trials : {1, 2, 7, 1000, 1'000'000'000}) {
        CHECK(wilson(0, trials).low == 0);
        CHECK(wilson(trials, trials).high == 1);
        CHECK(clopper_pearson(0, trials).low == 0);
        CHECK(clopper_pearson(trials, trials).high == 1);
        CHECK(wilson(0, trials).high < 1);
        CHECK(wilson(trials, trials).low > 0);
        CHECK(wilson(trials / 2, trials).low >= 0);
        CHECK(wilson(trials / 2, trials).high <= 1);
    }
    CHECK_FALSE(proportion_estimate(0, 0));
    CHECK_FALSE(paired_estimate(0, 0, 0));
}

TEST_CASE("Wilson covers near 95 %, Clopper-Pearson at least", "[statistics]")
{
    double sum = 0;
    int count = 0;
    for (double p = 0.02; p < 0.981; p += 0.02) {
        auto const score =
            coverage(100, p, [](std::int64_t k, std::int64_t n) { return wilson(k, n); });
        auto const exact =
            coverage(100, p, [](std::int64_t k, std::int64_t n) { return clopper_pearson(k, n); });
        // The score interval dips below its nominal level at some p; near the ends of the range most.
        CHECK(score > 0.90);
        CHECK(exact >= 0.95);
        sum += score;
        ++count;
    }
    CHECK(sum / count == Approx(0.95).margin(0.01));
}

TEST_CASE("paired differences are bounded as Bonett and Price compute", "[statistics]")
{
    // By hand, z = 1.959964: p_gained = 11/102, p_lost = 3/102, difference 8/102 = 0.0784314,
    // half = z sqrt((14/102 - (8/102)^2) / 102) = 0.0702677.
    auto const interval = paired_difference(10, 2, 100);
    CHECK(interval.low == Approx(0.0784314 - 0.0702677).margin(2e-6));
    CHECK(interval.high == Approx(0.0784314 + 0.0702677).margin(2e-6));
    // All discordant one way: cut to the range of a difference, and the estimate inside.
    for (std::int64_t const n : {1, 2, 10, 1000}) {
        auto const all = paired_difference(n, 0, n);
        CHECK(all.high == 1);
        CHECK(all.low < 1);
    }
    // No discordant flights still leave room for some.
    auto const none = paired_difference(0, 0, 1000);
    CHECK(none.low == -none.high);
    CHECK(none.high > 0.001);
    CHECK(none.high < 0.005);
}

TEST_CASE("paired differences cover near 95 %", "[statistics]")
{
    struct Case {
        double p_gained, p_lost;
        int trials;
    };
    auto const c = GENERATE(Case{0.05, 0.01, 200}, Case{0.2, 0.1, 100}, Case{0.3, 0.0, 100},
                            Case{0.01, 0.01, 1000});
    std::mt19937_64 source(20240501);
    int const repeats = 2000;
    int covered = 0;
    for (int repeat = 0; repeat < repeats; ++repeat) {
        std::int64_t gained = 0, lost = 0;
        for (int i = 0; i < c.trials; ++i) {
            double const u = uniform(source);
            if (u < c.p_gained) {
                ++gained;
            } else if (u < c.p_gained + c.p_lost) {
                ++lost;
            }
        }
        auto const interval = paired_difference(gained, lost, c.trials);
        double const truth = c.p_gained - c.p_lost;
        covered += interval.low <= truth && truth <= interval.high ? 1 : 0;
    }
    double const fraction = static_cast<double>(covered) / repeats;
    // One percentage point for the approximation, the rest is chance.
    CHECK(fraction > 0.95 - 0.01 - four_sigma(0.95, repeats));
    CHECK(fraction < 0.95 + 0.03 + four_sigma(0.95, repeats));
}

TEST_CASE("Student's interval of a mean matches its textbook value", "[statistics]")
{
    // 1, 2, 3, 4, 5: mean 3, standard deviation sqrt(2.5), t(0.975, 4) = 2.7764451.
    Tally tally(TallyLayout{0, 1, 1, 0});
    auto const at = tally.layout.warning_time(0, 0);
    for (int i = 1; i <= 5; ++i) { add_value(tally, at, i); }
    auto const e = mean_estimate(read_moment(tally, at), 1);
    REQUIRE(e);
    double const half = 2.7764451 * std::sqrt(2.5 / 5);
    CHECK(e->value == 3);
    CHECK(e->low == Approx(3 - half).epsilon(1e-7));
    CHECK(e->high == Approx(3 + half).epsilon(1e-7));
    CHECK_FALSE(e->low_open);
}

TEST_CASE("randomisations have Student's interval about the whole run's value, within its bounds",
          "[statistics]")
{
    // Four values, standard deviation sqrt(5 / 3); Student's t with 3 degrees of freedom, 0.975: 3.182446.
    std::vector<double> const of_each = {1, 2, 3, 4};
    double const half = 3.182446 * std::sqrt(5.0 / 3) / 2;
    auto const e = randomised_estimate(2.4, of_each, {-10, 10});
    CHECK(e.value == 2.4);
    CHECK(e.low == Approx(2.4 - half).epsilon(1e-6));
    CHECK(e.high == Approx(2.4 + half).epsilon(1e-6));
    auto const within = randomised_estimate(2.4, of_each, {1, 4});
    CHECK(within.low == 1);
    CHECK(within.high == 4);
    CHECK_FALSE((within.low_open || within.high_open));
    // Equal values tell nothing of the spread, but that a bound cannot be passed.
    auto const equal = randomised_estimate(1, {1, 1, 1}, {0, 1});
    CHECK(equal.low_open);
    CHECK_FALSE(equal.high_open);
}

TEST_CASE("one value has a mean and no bounds, none has no mean", "[statistics]")
{
    Tally tally(TallyLayout{0, 1, 1, 0});
    auto const at = tally.layout.warning_time(0, 0);
    CHECK_FALSE(mean_estimate(read_moment(tally, at), 1));
    add_value(tally, at, -7);
    auto const e = mean_estimate(read_moment(tally, at), 0.5);
    REQUIRE(e);
    CHECK(e->value == -3.5);
    CHECK(e->low_open);
    CHECK(e->high_open);
}

TEST_CASE("a few equal values have no bounds, many have", "[statistics]")
{
    Tally tally(TallyLayout{0, 1, 1, 0});
    auto const at = tally.layout.warning_time(0, 0);
    for (int count = 1; count < 40; ++count) {
        add_value(tally, at, 6);
        auto const e = *mean_estimate(read_moment(tally, at), 1);
        CHECK(e.value == 6);
        CHECK(e.is_bounded() == (count >= spread_count_min));
        CHECK(e.is_above_zero() == (count >= spread_count_min));
    }
}

TEST_CASE("Student's interval covers near 95 % for uniform samples of ten", "[statistics]")
{
    std::mt19937_64 source(7);
    int const repeats = 4000;
    int covered = 0;
    for (int repeat = 0; repeat < repeats; ++repeat) {
        Tally tally(TallyLayout{0, 1, 1, 0});
        auto const at = tally.layout.warning_time(0, 0);
        for (int i = 0; i < 10; ++i) {
            add_value(tally, at, static_cast<std::int64_t>(uniform(source) * 1e6));
        }
        auto const e = *mean_estimate(read_moment(tally, at), 1e-6);
        covered += e.low <= 0.5 && 0.5 <= e.high ? 1 : 0;
    }
    double const fraction = static_cast<double>(covered) / repeats;
    CHECK(fraction == Approx(0.95).margin(0.005 + four_sigma(0.95, repeats)));
}

}  // namespace longwatch::test
