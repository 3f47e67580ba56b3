#include <catch2/catch.hpp>

#include "results/comparison/difference.hpp"

namespace longwatch::test {

TEST_CASE("the difference of two proportions has Newcombe's interval", "[comparison]")
{
    // statsmodels 0.14, confint_proportions_2indep(hits, trials, hits, trials, method="newcomb"); the first is example (a) of
    // Newcombe (1998).
    struct Case {
        std::int64_t hits_a, trials_a, hits_b, trials_b;
        double low, high;
    };
    auto const c = GENERATE(Case{56, 70, 48, 80, 0.05243147240236498, 0.33387265403690614},
                            Case{9, 10, 3, 10, 0.1705227239345029, 0.809017973535488},
                            Case{10, 10, 0, 20, 0.6790860371419145, 1.0});
    auto const d = difference_of_independent(proportion_estimate(c.hits_a, c.trials_a),
                                             proportion_estimate(c.hits_b, c.trials_b));
    REQUIRE(d.has_value());
    CHECK(d->low == Approx(c.low).epsilon(1e-12));
    CHECK(d->high == Approx(c.high).epsilon(1e-12));
}

TEST_CASE("turned round, a difference changes its sign and its ends change places", "[comparison]")
{
    MaybeEstimate const a = Estimate{0.9, 0.8, 0.95}, b = Estimate{0.5, 0.45, 0.6, true, false};
    CHECK(negated(difference_of_independent(a, b)) == difference_of_independent(b, a));
    CHECK(negated(difference_whatever_correlation(a, b)) == difference_whatever_correlation(b, a));
    CHECK(difference_of_independent(a, b)->high_open);
    CHECK_FALSE(difference_of_independent(a, b)->low_open);
    CHECK_FALSE(negated(std::nullopt).has_value());
}

TEST_CASE("whatever the correlation, the interval is that of the worst one", "[comparison]")
{
    MaybeEstimate const a = Estimate{10, 7, 13}, b = Estimate{4, 0, 8};
    auto const d = difference_whatever_correlation(a, b);
    // Half-widths 3 and 4 add up: with a correlation of -1 the standard deviations do.
    CHECK(d->low == 6 - 7);
    CHECK(d->high == 6 + 7);
    // Without correlation they add up in squares.
    CHECK(difference_of_independent(a, b)->low == Approx(6 - 5));
}

TEST_CASE("a value beyond the tally's range has no difference", "[comparison]")
{
    Estimate beyond{5400, 5400, 5400, false, true};
    beyond.value_above = true;
    CHECK_FALSE(difference_of_independent(beyond, Estimate{1, 0, 2}).has_value());
    CHECK_FALSE(difference_whatever_correlation(Estimate{1, 0, 2}, std::nullopt).has_value());
}

TEST_CASE("effect sizes are Cohen's", "[comparison]")
{
    // statsmodels 0.14, proportion_effectsize(0.8, 0.6) and (1, 0).
    CHECK(cohen_h(0.8, 0.6).value == Approx(0.4421431880029534).epsilon(1e-14));
    CHECK(cohen_h(1, 0).value == Approx(3.141592653589793).epsilon(1e-14));
    // Cohen (1988), equation 2.3.2: 6 / sqrt((3^2 + 4^2) / 2).
    CHECK(cohen_d(6, 3, 4)->value == Approx(6 / 3.5355339059327378).epsilon(1e-14));
    CHECK_FALSE(cohen_d(6, 0, 0).has_value());
}

}  // namespace longwatch::test
