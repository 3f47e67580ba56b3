#include "results/placement/choose.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <catch2/catch.hpp>
#include "results/placement/ranking.hpp"

using namespace longwatch;

namespace {

struct Site {
    double x, y;
};

/// Candidates and flights strewn over a square; a candidate helps a flight's consumer the more the nearer it is.
PlacementTally strewn(int candidates, int flights, int consumers, bool fraction, unsigned seed)
{
    PlacementShape shape;
    shape.candidates = candidates;
    shape.consumers = consumers;
    shape.groups = 8;
    shape.kept_flights = flights;
    shape.keeps_at_least = fraction;
    PlacementTally tally(shape);
    tally.flights = flights;
    std::mt19937 random(seed);
    auto const place = [&] { return Site{random() / 4294967296.0, random() / 4294967296.0}; };
    std::vector<Site> sites;
    for (int j = 0; j < candidates; ++j) { sites.push_back(place()); }
    for (int f = 0; f < flights; ++f) {
        int const group = f % shape.groups;
        for (int n = 0; n < consumers; ++n) {
            Site const at = place();
            auto const here = tally.of_group(0, n, group);
            tally.concerned[here] += 1;
            tally.usable_us[here] += 100'000'000 + 20'000'000 * n;
            for (int j = 0; j < candidates; ++j) {
                Site const& s = sites[static_cast<std::size_t>(j)];
                double const d = std::hypot(s.x - at.x, s.y - at.y);
                double const gain_s = std::max(0.0, 60 * (1 - 4 * d));
                int const kept = fraction ? (gain_s > 0 ? 1 : 0)
                                          : static_cast<int>(std::lround(gain_s / kept_gain_s));
                tally.kept[tally.of_kept(f, n, j)] = static_cast<std::uint16_t>(kept);
                tally.gain_us[tally.of_group(j, n, group)] += std::lround(1e6 * kept_gain_s * kept);
                tally.more_at_least[tally.of_group(j, n, group)] += kept > 0 ? 1 : 0;
            }
        }
    }
    return tally;
}

/// Every set of k.
double best_by_trial(KeptGains const& gains, int candidates, int k)
{
    std::vector<bool> taken(static_cast<std::size_t>(candidates));
    std::fill(taken.begin(), taken.begin() + k, true);
    double best = 0;
    do {
        std::vector<int> set;
        for (int j = 0; j < candidates; ++j) {
            if (taken[static_cast<std::size_t>(j)]) { set.push_back(j); }
        }
        best = std::max(best, gains.gain_of(set));
    } while (std::prev_permutation(taken.begin(), taken.end()));
    return best;
}

}  // namespace

TEST_CASE("the best set of places is the one that trying every set finds, for every objective",
          "[placement]")
{
    int differing = 0;
    for (auto const objective :
         {PlacementObjective::expected_warning, PlacementObjective::worst_consumer,
          PlacementObjective::probability_of_warning}) {
        for (unsigned seed = 1; seed <= 4; ++seed) {
            auto const tally = strewn(14, 60, 3, is_probability(objective), seed);
            KeptGains const gains(tally, {objective, {0, 1, 2}});
            auto const greedy = gains.greedy(3);
            auto const exact = gains.exact(3, greedy, 30);
            double const best = best_by_trial(gains, 14, 3);
            INFO(placement_objective_names[static_cast<int>(objective)] << ", seed " << seed);
            CHECK(exact.is_optimal);
            CHECK(exact.gain == Approx(best).epsilon(1e-9));
            CHECK(gains.gain_of(exact.members) == Approx(exact.gain).epsilon(1e-12));
            CHECK(greedy.gain <= best * (1 + 1e-12));
            CHECK(greedy.bound >= best * (1 - 1e-12));
            differing += greedy.gain < best * (1 - 1e-9) ? 1 : 0;
        }
    }
    // Else greed would do.
    CHECK(differing >= 1);
}

TEST_CASE("of one place the greedy choice is the best, and gains what the ranking says",
          "[placement]")
{
    auto const objective =
        GENERATE(PlacementObjective::expected_warning, PlacementObjective::worst_consumer,
                 PlacementObjective::probability_of_warning);
    INFO(placement_objective_names[static_cast<int>(objective)]);
    auto const tally = strewn(30, 80, 2, is_probability(objective), 7);
    KeptGains const gains(tally, {objective, {0, 1}});
    auto const greedy = gains.greedy(1);
    CHECK(greedy.is_optimal);
    CHECK(greedy.gain == Approx(best_by_trial(gains, 30, 1)));
    auto const ranking = estimate_placement(tally, {objective, {0, 1}});
    for (int j = 0; j < 30; ++j) {
        CHECK(ranking.candidates[static_cast<std::size_t>(j)].objective_gain->value ==
              Approx(gains.gain_of({j})).margin(1e-9));
    }
}

TEST_CASE("flights that every candidate helps alike count", "[placement]")
{
    PlacementAim const aim{PlacementObjective::probability_of_warning, {0, 1}};
    auto const tally = strewn(1, 80, 2, true, 3);
    auto const ranking = estimate_placement(tally, aim);
    CHECK(ranking.candidates.front().objective_gain->value > 0.05);
    CHECK(KeptGains(tally, aim).gain_of({0}) ==
          Approx(ranking.candidates.front().objective_gain->value));
}

TEST_CASE("where time is up the best set so far comes with how far a better one may be",
          "[placement]")
{
    auto const tally = strewn(120, 400, 3, false, 11);
    KeptGains const gains(tally, {PlacementObjective::expected_warning, {0, 1, 2}});
    auto const greedy = gains.greedy(6);
    auto const hurried = gains.exact(6, greedy, 0);
    CHECK(hurried.gain >= greedy.gain);
    CHECK(hurried.bound >= hurried.gain);
    auto const exact = gains.exact(6, greedy, 60);
    CHECK(exact.is_optimal);
    CHECK(hurried.bound >= exact.gain * (1 - 1e-9));
    CHECK(exact.gain >= greedy.gain);
}
