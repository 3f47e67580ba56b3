#include "results/show/show_engagement.hpp"

#include <catch2/catch.hpp>

#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

/// Two arms and a battery, with numbers of raids of three that can be told apart.
Estimates of_raids()
{
    auto e = estimate(made_result({.arms = 2, .batteries = 1}).tally);
    for (auto& arm : e.arms) {
        auto& of = *arm.engagement;
        of.flights = 3000;
        of.raids = 1000;
        of.p_no_leaker.estimate = {0.7, 0.67, 0.73};
        of.leakers_mean = {0.42, 0.4, 0.44};
        of.shots_mean = {1.5, 1.4, 1.6};
        of.p_leakers = {{0.7, 0.67, 0.73}, {0.2, 0.18, 0.22}, {0.1, 0.08, 0.12}, {0, 0, 0.004}};
    }
    auto& gain = e.pairs[0].engagement;
    gain.p_no_leaker = Estimate{0.05, 0.04, 0.06};
    gain.leakers = Estimate{0.3, 0.2, 0.4};
    gain.shots_saved = Estimate{-0.2, -0.3, -0.1};
    return e;
}

ResultNames names()
{
    ResultNames some;
    some.arms = {"alone", "shared"};
    some.batteries = {"north"};
    return some;
}

}  // namespace

TEST_CASE("raids are told by raids, not by flights", "[results]")
{
    auto const e = of_raids();
    auto const text = engagement_tables(e, names(), 3);
    CHECK_THAT(text, Catch::Contains("leakers and shots per raid"));
    CHECK_THAT(text, Catch::Contains("70 (67–73)  0.42 (0.40–0.44)  4.5 (4.2–4.8)"));
    CHECK_THAT(text, Catch::Contains("+5 (+4 to +6)  0.3 (0.2–0.4)  -0.2 (-0.3 to -0.1)"));
    // Nobody saw three leakers.
    CHECK_THAT(text, Catch::Contains("2                     10 (8–12)   10 (8–12)\n\n"));
    CHECK_THAT(engagement_tables(e, names(), 1), !Catch::Contains("raid of"));
}

TEST_CASE("an arm without engagements has a row without numbers beside one that has", "[results]")
{
    auto e = of_raids();
    e.arms[1].engagement->is_weighted = true;
    e.arms[1].engagement->effective_raids = 123.4;
    e.arms[0].engagement.reset();
    e.pairs[0].engagement.pk.reset();
    auto const text = engagement_tables(e, names(), 3);
    CHECK_THAT(text, Catch::Contains("Worth, by\n  their weights, per arm: shared 123 raids\n"));
    CHECK_THAT(text, Catch::Contains("0                        -  70 (67–73)"));
    CHECK_THAT(text, !Catch::Contains("alone  1,000") && !Catch::Contains("shared against"));
    e.arms[1].engagement.reset();
    CHECK(engagement_tables(e, names(), 3).empty());
}

}  // namespace longwatch::test
