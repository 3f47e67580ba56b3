// Intervals of engagements: raids as clusters, weighted raids, nothing seen.
#include <catch2/catch.hpp>

#include <cmath>
#include <random>

#include "kernels/tally/tally_cells.hpp"
#include "results/statistics/engagement_estimates.hpp"
#include "results/statistics/stopping.hpp"
#include "tests/support/agreement.hpp"
#include "tests/support/raid_on_paper.hpp"

using namespace longwatch;
using namespace longwatch::test;

namespace {

struct Sink {
    Tally& tally;
    void add(int cell, std::uint64_t amount)
    {
        tally.cells[static_cast<std::size_t>(cell)] += amount;
    }
};

/// One arm, one battery.
Tally empty_tally(int raid_size) { return Tally(TallyLayout{1, 1, 0, 1, 1, 0, raid_size}); }

struct Raid {
    int flights, leakers, shots;
    double weight = 1;
};

/// As tally_raid.hpp counts it.
void add(Tally& tally, Raid const& raid)
{
    auto const& l = tally.layout;
    Sink sink{tally};
    double const q = leak_quantum(l.raid_size), n = raid.flights;
    double const leakers = raid.weight * raid.leakers, shots = raid.weight * raid.shots;
    auto const put = [&](RaidMoment which, double x, double quantum) {
        add_value(sink, l.of_raid(0, which), quanta(x, quantum));
    };
    put(RaidMoment::flights, n, 1);
    put(RaidMoment::leakers, leakers, q);
    put(RaidMoment::leakers_and_flights, leakers + n, q);
    put(RaidMoment::weight, raid.weight, weight_quantum);
    put(RaidMoment::shots, shots, shots_quantum);
    put(RaidMoment::shots_and_flights, shots + n, shots_quantum);
    add_value(sink, l.raids_with_leakers(0, raid.leakers), quanta(raid.weight, weight_quantum));
    sink.add(l.killed(0), static_cast<std::uint64_t>(raid.flights - raid.leakers));
    sink.add(l.leaked(0), static_cast<std::uint64_t>(raid.leakers));
    for (int f = 0; f < raid.flights; ++f) {
        add_value(sink, l.shots(0), f == 0 ? std::int64_t{raid.shots} : std::int64_t{0});
    }
}

bool covers(Estimate const& e, double truth) { return e.low <= truth && truth <= e.high; }

}  // namespace

TEST_CASE("single flights have Wilson's and Clopper and Pearson's intervals", "[statistics]")
{
    auto tally = empty_tally(1);
    for (int f = 0; f < 20; ++f) { add(tally, {1, f < 7 ? 1 : 0, 2}); }
    auto const e = *estimate_engagement(tally, 0);
    // 7 of 20: lower ends 0.1812 (Wilson) and 0.1539 (exact).
    CHECK(e.p_leak.estimate.low == Approx(0.1812).margin(1e-4));
    CHECK(e.p_leak.exact.low == Approx(0.1539).margin(1e-4));
    CHECK(e.pk.estimate.high == Approx(1 - 0.1812).margin(1e-4));
    CHECK(e.p_no_leaker.estimate.value == e.pk.estimate.value);
    CHECK(e.shots_mean.value == 2);
    CHECK(e.leakers_mean.value == Approx(0.35));
    CHECK(e.effective_raids == Approx(20));
}

TEST_CASE("nothing seen in n flights is bounded as it must be", "[statistics]")
{
    auto tally = empty_tally(1);
    for (int f = 0; f < 20; ++f) { add(tally, {1, 0, 2}); }
    auto const e = *estimate_engagement(tally, 0);
    // 0 of 20: 0.16113 (Wilson), 0.16843 (exact); Newcombe, Stat. Med. 17 (1998) 857-872.
    CHECK(e.p_leak.estimate.low == 0);
    CHECK(e.p_leak.estimate.high == Approx(0.16113).margin(1e-5));
    CHECK(e.p_leak.exact.high == Approx(0.16843).margin(1e-5));
    CHECK(e.leakers_mean.high == Approx(0.16113).margin(1e-5));
    // Flights of a raid may share their fate: no leaker in twenty raids of five says no more.
    auto raids = empty_tally(5);
    for (int r = 0; r < 20; ++r) { add(raids, {5, 0, 10}); }
    auto const of_raids = *estimate_engagement(raids, 0);
    CHECK(of_raids.p_leak.estimate.high == Approx(0.16113).margin(1e-5));
    CHECK(of_raids.p_no_leaker.estimate.low == Approx(1 - 0.16113).margin(1e-5));
    CHECK(of_raids.leakers_mean.high == Approx(5 * 0.16113).margin(1e-4));
}

TEST_CASE("intervals cover as they say where flights of a raid leak together", "[statistics]")
{
    // Five flights; with probability 0.1 all leak, else each with 0.05; now and then a flight is missing.
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> uniform(0, 1);
    double const truth = 0.1 + 0.9 * 0.05, clean = 0.9 * std::pow(0.95, 5);
    int const trials = 1500, raids = 150;
    int leak = 0, naive = 0, none = 0, shots = 0;
    for (int t = 0; t < trials; ++t) {
        auto tally = empty_tally(5);
        std::int64_t leaked = 0, flights = 0;
        for (int r = 0; r < raids; ++r) {
            bool const together = uniform(random) < 0.1;
            Raid raid{uniform(random) < 0.2 ? 4 : 5, 0, 0};
            for (int f = 0; f < raid.flights; ++f) {
                bool const leaks = together || uniform(random) < 0.05;
                raid.leakers += leaks ? 1 : 0;
                raid.shots += leaks ? 3 : 2;
            }
            leaked += raid.leakers;
            flights += raid.flights;
            add(tally, raid);
        }
        auto const e = *estimate_engagement(tally, 0);
        leak += covers(e.p_leak.estimate, truth) ? 1 : 0;
        shots += covers(e.shots_mean, 2 + truth) ? 1 : 0;
        double const clean_of = 0.8 * clean + 0.2 * clean / 0.95;
        none += covers(e.p_no_leaker.estimate, clean_of) ? 1 : 0;
        auto const as_if_independent = wilson(leaked, flights);
        naive += as_if_independent.low <= truth && truth <= as_if_independent.high ? 1 : 0;
    }
    // Four standard errors of a coverage of 0.95 in 1500 trials are 0.023.
    CHECK(leak / 1500.0 == Approx(0.95).margin(0.025));
    CHECK(shots / 1500.0 == Approx(0.95).margin(0.025));
    CHECK(none / 1500.0 == Approx(0.95).margin(0.025));
    CHECK(naive / 1500.0 < 0.85);  // what treating flights as independent would do
}

TEST_CASE("rare leakage takes twenty times fewer raids by importance sampling",
          "[statistics][slow]")
{
    // Four shots at 0.9: 1e-4 leak.
    double const truth = 1e-4;
    PaperRaid raid;
    raid.batteries = {battery(0.9, 4)};
    int const raids = 5000;
    int covered = 0;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        raid.script = at_random(seed);
        std::mt19937_64 regime(1000 + seed);
        std::uniform_real_distribution<double> uniform(0, 1);
        auto tally = empty_tally(1);
        double weights = 0;
        for (int r = 0; r < raids; ++r) {
            auto const got = engaged(raid, {.failure = 0.5}, uniform(regime));
            add(tally, {1, got.killed() == 0 ? 1 : 0, 4, got.weight});
            weights += got.weight;
            REQUIRE(got.weight <= 2);
        }
        CHECK(weights / raids == Approx(1).margin(0.05));
        auto const e = *estimate_engagement(tally, 0);
        CHECK(e.is_weighted);
        covered += covers(e.p_leak.estimate, truth) ? 1 : 0;
        double const half = (e.p_leak.estimate.high - e.p_leak.estimate.low) / 2;
        // Plain flights, twenty times as many, at the truth: no narrower.
        auto const plain = wilson_of(20.0 * raids * truth, 20.0 * raids);
        CHECK(half < (plain.high - plain.low) / 2);
    }
    // 95 % intervals, twenty of them: fewer than 15 covering has a chance below 1e-4.
    CHECK(covered >= 16);
}

TEST_CASE("importance sampling and plain sampling agree where both see leakers",
          "[statistics][slow]")
{
    // Two tiers, assessments that err, something common: leakage by many ways.
    auto raid = PaperRaid{};
    raid.batteries = {battery(0.6, 1, 2), battery(0.7, 2)};
    raid.batteries[0].name_hash = 1;
    raid.batteries[0].false_kill = 0.03;
    raid.batteries[0].common_failure = 0.05;
    raid.batteries[1].name_hash = 2;
    raid.batteries[1].tier = 2;
    raid.batteries[1].discrimination = 0.9;
    raid.batteries[1].availability = 0.95;
    raid.batteries[0].inventory = raid.batteries[1].inventory = 12;
    raid.size = 3;
    // Draws by what they are for, so that one asked for twice is the same.
    auto const keyed = [](unsigned seed) {
        return [seed](Asked const& a) {
            std::seed_seq key{seed, static_cast<unsigned>(a.kind), a.name_hash,
                              static_cast<unsigned>(is_of_raid(a.kind) ? 0 : a.member),
                              static_cast<unsigned>(a.number)};
            std::mt19937_64 random(key);
            return std::uniform_real_distribution<double>(0, 1)(random);
        };
    };
    int const raids = 6000;
    auto plain = empty_tally(3), weighted = empty_tally(3);
    for (unsigned r = 0; r < raids; ++r) {
        raid.script = keyed(r);
        auto const a = engaged(raid);
        add(plain, {3, 3 - a.killed(), a.all_shots()});
        raid.script = keyed(r + 1000000);
        auto const b =
            engaged(raid, {.failure = 0.3}, raid.script({DrawKind::importance, 0, 0, 0}));
        add(weighted, {3, 3 - b.killed(), b.all_shots(), b.weight});
    }
    auto const p = *estimate_engagement(plain, 0), w = *estimate_engagement(weighted, 0);
    CHECK(agree(p.p_leak.estimate, w.p_leak.estimate));
    CHECK(agree(p.p_no_leaker.estimate, w.p_no_leaker.estimate));
    CHECK(agree(p.shots_mean, w.shots_mean));
    CHECK(agree(p.leakers_mean, w.leakers_mean));
    for (std::size_t k = 0; k <= 3; ++k) { CHECK(agree(p.p_leakers[k], w.p_leakers[k])); }
}

TEST_CASE("a run that stops when its interval is narrow keeps its promise", "[statistics]")
{
    // Blocks of 500 flights, p = 0.1, until +- 0.01: some seven looks.
    std::mt19937_64 random(5);
    std::binomial_distribution<int> leaks(500, 0.1);
    int const trials = 2000;
    int covered = 0;
    double flights = 0;
    for (int t = 0; t < trials; ++t) {
        auto tally = empty_tally(1);
        std::optional<double> half;
        while (!half || *half > 0.01) {
            int const leaked = leaks(random);
            tally.cells[static_cast<std::size_t>(tally.layout.leaked(0))] +=
                static_cast<std::uint64_t>(leaked);
            tally.cells[static_cast<std::size_t>(tally.layout.killed(0))] +=
                static_cast<std::uint64_t>(500 - leaked);
            Sink sink{tally};
            add_value(sink, tally.layout.of_raid(0, RaidMoment::flights), 1);
            add_value(sink, tally.layout.of_raid(0, RaidMoment::weight), quanta(1, weight_quantum));
            for (int f = 0; f < 2; ++f) { add_value(sink, tally.layout.shots(0), 1); }
            half = half_width_of("p_leak", tally, {}, 0, 0, 0.95);
            flights += 500;
        }
        covered += covers(estimate_engagement(tally, 0)->p_leak.estimate, 0.1) ? 1 : 0;
    }
    CHECK(flights / trials == Approx(3600).margin(200));  // (1.96 / 0.01)^2 0.09 = 3457, by blocks
    CHECK(covered / 2000.0 == Approx(0.95).margin(0.025));
}

TEST_CASE("what a run may stop on has a half-width once there is an interval", "[statistics]")
{
    auto tally = empty_tally(2);
    CHECK_FALSE(half_width_of("pk", tally, {}, 0, 0, 0.95));
    for (int r = 0; r < 100; ++r) { add(tally, {2, r % 3 == 0 ? 1 : 0, 4 + r % 2}); }
    double last = 0;
    for (double const confidence : {0.8, 0.95, 0.99}) {
        auto const half = half_width_of("leakers_mean", tally, {}, 0, 0, confidence);
        REQUIRE(half);
        CHECK(*half > last);
        last = *half;
    }
    for (auto const& on : stop_quantities()) {
        if (!is_of_consumer(on)) { CHECK(half_width_of(on, tally, {}, 0, 0, 0.95)); }
    }
}

TEST_CASE("few raids are told to be few", "[statistics]")
{
    // Flights that leak together with probability 0.3, in raids of ten; 95 % intervals from five raids and from ten.
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (int const raids : {5, 10}) {
        int covered = 0;
        for (int t = 0; t < 2000; ++t) {
            auto tally = empty_tally(10);
            for (int r = 0; r < raids; ++r) {
                // Each raid has a chance of its own about 0.3.
                double const p = uniform(random) < 0.5 ? 0.15 : 0.45;
                int leakers = 0;
                for (int f = 0; f < 10; ++f) { leakers += uniform(random) < p ? 1 : 0; }
                add(tally, {10, leakers, 20});
            }
            covered += covers(estimate_engagement(tally, 0)->p_leak.estimate, 0.3) ? 1 : 0;
        }
        // The normal factor alone gives 0.90 and 0.92; four standard errors are 0.02.
        CHECK(covered / 2000.0 > 0.93);
    }
}

TEST_CASE("a difference of which little was seen is not certain", "[statistics]")
{
    // Two arms, 500 raids of five: one raid of each without its leaker in the other, or none at all.
    for (int const seen : {0, 1}) {
        Tally tally(TallyLayout{1, 2, 0, 1, 1, 0, 5});
        auto const& l = tally.layout;
        Sink sink{tally};
        for (int r = 0; r < 500; ++r) {
            for (int arm = 0; arm < 2; ++arm) {
                add_value(sink, l.of_raid(arm, RaidMoment::flights), 5);
                add_value(sink, l.of_raid(arm, RaidMoment::weight), quanta(1, weight_quantum));
                sink.add(l.killed(arm), 5);
            }
            int const gain = seen == 0 ? 0 : r == 0 ? 1 : r == 1 ? -1 : 0;
            add_value(sink, l.raid_gain(0, RaidGain::killed), quanta(gain, leak_quantum(5)));
            add_value(sink, l.raid_gain(0, RaidGain::shots_saved), 0);
            if (gain > 0) { sink.add(l.newly_clean(0), 1); }
            if (gain < 0) { sink.add(l.lost_clean(0), 1); }
        }
        auto const g = estimate_engagement_gain(tally, 1, 0);
        CHECK(g.leakers->value == 0);
        // Of two (or four) raids in 502 that differ by one: 1.96 sqrt(2 / 502) / sqrt(502).
        double const half = 1.965 * std::sqrt((2.0 + 2 * seen) / 502 / 502);
        CHECK(g.leakers->high == Approx(half).epsilon(0.01));
        CHECK(g.leakers->low == Approx(-half).epsilon(0.01));
        CHECK(g.pk->high == Approx(half / 5).epsilon(0.01));
        CHECK(g.p_no_leaker->high > 0.004);
        CHECK(g.shots_saved->high > 0.004);
    }
}

TEST_CASE("a run of raids may stop on what is certain", "[statistics]")
{
    // Every flight of every group is warned.
    Tally tally(TallyLayout{1, 1, 1, 0, 1, 0, 10});
    std::vector<Tally> groups(16, tally);
    for (auto& group : groups) {
        group.cells[static_cast<std::size_t>(tally.layout.warned(0, 0))] = 1000;
        tally.merge(group);
    }
    auto const half = half_width_of("p_warned", tally, groups, 0, 0, 0.95);
    REQUIRE(half);
    // As of 1600 raids: z^2 / (n + z^2) / 2.
    CHECK(*half == Approx(0.0012).epsilon(0.05));
}

TEST_CASE("weighted raids say the same in every way they are asked", "[statistics]")
{
    // Of weights that stray from a mean of 1, what is the same in every raid is still known exactly.
    auto none_clean = empty_tally(4), mixed = empty_tally(4), nought = empty_tally(4);
    std::mt19937_64 random(9);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (int r = 0; r < 200; ++r) {
        double const w = uniform(random) < 0.5 ? 2 : 0.1;
        add(none_clean, {4, 1 + r % 4, 4, w});
        add(mixed, {4, r % 5, 4, w});
        add(nought, {4, 1, 4, 1e-14});
    }
    auto const e = *estimate_engagement(none_clean, 0);
    CHECK(e.p_no_leaker.estimate.value == Approx(0).margin(1e-9));
    CHECK(e.p_no_leaker.estimate.high < 0.04);
    CHECK(e.p_leakers[0] == e.p_no_leaker.estimate);
    auto const m = *estimate_engagement(mixed, 0);
    CHECK(m.p_leakers[0] == m.p_no_leaker.estimate);
    double sum = 0;
    for (auto const& p : m.p_leakers) { sum += p.value; }
    CHECK(sum == Approx(1).epsilon(1e-9));
    CHECK(m.p_leak.estimate.value * 4 == Approx(m.leakers_mean.value));
    // A few unlikely raids whose weights are all too small to count are no answer, and no accident.
    CHECK_FALSE(estimate_engagement(nought, 0));
    CHECK(is_weighted(nought));
    CHECK_FALSE(estimate_battery(nought, 0, 0, true).pk);
}
