// The worth of a thing: the gain of the arm without it, with the other sign.
#include <catch2/catch.hpp>

#include "results/statistics/worth.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {

TEST_CASE("a loss is the gain of the lesser arm with the other sign", "[statistics]")
{
    auto const result = made_result({});
    auto const estimates = estimate(result.tally);
    auto const& layout = result.tally.layout;
    for (int arm = 1; arm < layout.arm_count; ++arm) {
        auto const loss = loss_of(estimates, layout, arm);
        auto const& pair = estimates.pairs[static_cast<std::size_t>(layout.pair(arm, 0))];
        REQUIRE(loss.consumers.size() == pair.consumers.size());
        double most_s = -1e9;
        for (std::size_t n = 0; n < loss.consumers.size(); ++n) {
            auto const& gain = pair.consumers[n].usable_gain_s;
            auto const& lost = loss.consumers[n].usable_s;
            REQUIRE(gain.has_value() == lost.has_value());
            if (!gain) { continue; }
            CHECK(lost->value == -gain->value);
            CHECK(lost->low == -gain->high);
            CHECK(lost->high == -gain->low);
            most_s = std::max(most_s, lost->value);
        }
        REQUIRE(loss.most >= 0);
        CHECK(loss.consumers[static_cast<std::size_t>(loss.most)].usable_s->value == most_s);
    }
}

TEST_CASE("open ends change sides with the sign", "[statistics]")
{
    Estimates estimates;
    estimates.arms.resize(2);
    auto& pair = estimates.pairs.emplace_back();
    pair.arm = 1;
    auto& p = pair.consumers.emplace_back();
    p.usable_gain_s = Estimate{-3, -5, -1, true, false};
    auto const loss = loss_of(estimates, TallyLayout{1, 2, 1, 0}, 1).consumers[0].usable_s;
    CHECK(*loss == Estimate{3, 1, 5, false, true});
}

}  // namespace longwatch::test
