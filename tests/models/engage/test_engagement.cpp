// The doctrine against closed kill-chain formulas, and its rules case by case.
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "models/engage/engagement.hpp"

using namespace longwatch;

namespace {

struct Shot {
    DrawKind kind;
    std::uint32_t name_hash, number;
};

/// Draws as a test wants them, and a record of what was asked for.
struct ScriptedDraws {
    std::function<double(Shot)> value;
    mutable std::vector<Shot> asked;

    double uniform(Purpose const& purpose, std::uint32_t counter) const
    {
        asked.push_back({purpose.kind, purpose.name_hash, counter});
        return value(asked.back());
    }
};

ScriptedDraws all_miss()
{
    return {[](Shot) { return 1.0; }, {}};
}
ScriptedDraws all_hit()
{
    return {[](Shot) { return 0.0; }, {}};
}

BatteryParams battery(double kill_probability, int salvo, int salvos_max = 1)
{
    BatteryParams p;
    p.interceptor.kill_probability = kill_probability;
    p.salvo = salvo;
    p.salvos_max = salvos_max;
    p.inventory = salvo * salvos_max;
    p.assessment_s = 5;
    return p;
}

EngagementParams doctrine(std::vector<BatteryParams> const& batteries)
{
    return {batteries.data(), static_cast<int>(batteries.size()), 100, 2.0};
}

constexpr double flight_time_s = 30;

/// Every slot until impact at 120 s can be met by a launch 30 s before.
double before_impact(int, int slot)
{
    double const t_s = slot * 2.0;
    return t_s < 120 ? t_s - flight_time_s : -never_s;
}

auto commits_at(double t_s)
{
    return [t_s](int) { return t_s; };
}

/// Fractions killed and mean shots over flights with independent draws from a fixed seed.
struct Fractions {
    double killed, shots;
};
Fractions engage_many(std::vector<BatteryParams> const& batteries, int flights, unsigned seed)
{
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    auto const p = doctrine(batteries);
    ScriptedDraws draws{[&](Shot) { return uniform(random); }, {}};
    double killed = 0, shots = 0;
    for (int f = 0; f < flights; ++f) {
        auto const r = engage<double>(p, commits_at(10), before_impact, draws);
        killed += r.killed ? 1 : 0;
        shots += r.shots;
        draws.asked.clear();
    }
    return {killed / flights, shots / flights};
}

double four_sigma(double p, int flights) { return 4 * std::sqrt(p * (1 - p) / flights); }

}  // namespace

TEST_CASE("a salvo kills with 1 - (1 - SSPK)^n", "[engage][statistics]")
{
    struct Row {
        double sspk;
        double killed[5];
    };
    int const flights = 20000;
    // Four decimals of the closed formula.
    for (auto const& row : {Row{0.5, {0.5, 0.75, 0.875, 0.9375, 0.9688}},
                            Row{0.57, {0.57, 0.8151, 0.9205, 0.9658, 0.9853}},
                            Row{0.8, {0.8, 0.96, 0.992, 0.9984, 0.9997}}}) {
        for (int n = 1; n <= 5; ++n) {
            INFO("SSPK " << row.sspk << " n " << n);
            double const expected = row.killed[n - 1];
            CHECK(1 - std::pow(1 - row.sspk, n) == Approx(expected).margin(0.51e-4));
            auto const found = engage_many({battery(row.sspk, n)}, flights, 7u + n);
            CHECK(std::fabs(found.killed - expected) < four_sigma(expected, flights));
            CHECK(found.shots == Approx(n));
        }
    }
}

TEST_CASE("shoot, look, shoot kills as often as one salvo for fewer shots", "[engage][statistics]")
{
    int const flights = 50000;
    auto const found = engage_many({battery(0.57, 2, 2)}, flights, 11);
    CHECK(std::fabs(found.killed - 0.9658) < four_sigma(0.9658, flights));
    // Shots are 2, or 4 with probability 0.43^2: mean 2.3698.
    double const second = 0.43 * 0.43;
    CHECK(std::fabs(found.shots - 2.3698) < 2 * four_sigma(second, flights));
}

TEST_CASE("two batteries compose like one kill chain", "[engage][statistics]")
{
    int const flights = 50000;
    auto const found = engage_many({battery(0.5, 1), battery(0.8, 1)}, flights, 13);
    CHECK(std::fabs(found.killed - 0.9) < four_sigma(0.9, flights));
    CHECK(std::fabs(found.shots - 1.5) < four_sigma(0.5, flights));
}

TEST_CASE("no flight of a raid leaks with the kill chain's power", "[engage][statistics]")
{
    std::mt19937_64 random(17);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<BatteryParams> const batteries{battery(0.8, 4)};
    auto const p = doctrine(batteries);
    ScriptedDraws draws{[&](Shot) { return uniform(random); }, {}};
    int const raids = 3000, size = 20;
    int clean = 0;
    for (int raid = 0; raid < raids; ++raid) {
        int killed = 0;
        for (int f = 0; f < size; ++f) {
            killed += engage<double>(p, commits_at(10), before_impact, draws).killed ? 1 : 0;
        }
        clean += killed == size ? 1 : 0;
        draws.asked.clear();
    }
    // SSPK 0.8, four shots each, twenty flights: 0.9984^20 = 0.9685.
    CHECK(std::fabs(1.0 * clean / raids - 0.9685) < four_sigma(0.9685, raids));
}

TEST_CASE("flights without a track put a floor under leakage", "[engage][statistics]")
{
    std::mt19937_64 random(19);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<BatteryParams> const batteries{battery(0.57, 12)};
    auto const p = doctrine(batteries);
    ScriptedDraws draws{[&](Shot) { return uniform(random); }, {}};
    int const flights = 20000;
    int killed = 0;
    for (int f = 0; f < flights; ++f) {
        bool const tracked = uniform(random) < 0.95;
        auto const commit = commits_at(tracked ? 10 : never_s);
        killed += engage<double>(p, commit, before_impact, draws).killed ? 1 : 0;
        draws.asked.clear();
    }
    CHECK(std::fabs(1.0 * killed / flights - 0.95) < four_sigma(0.95, flights));
}

TEST_CASE("no battery launches before it may commit", "[engage]")
{
    std::vector<BatteryParams> const batteries{battery(0.5, 1)};
    for (double const commit_s : {0.0, 10.0, 41.3}) {
        auto const r =
            engage<double>(doctrine(batteries), commits_at(commit_s), before_impact, all_hit());
        INFO("commit " << commit_s);
        REQUIRE(r.killed);
        CHECK(r.t_kill_s - flight_time_s >= commit_s);
        CHECK(r.t_kill_s - flight_time_s < commit_s + 2.0);  // and no later than it must: one slot
    }
    auto const never =
        engage<double>(doctrine(batteries), commits_at(never_s), before_impact, all_hit());
    CHECK_FALSE(never.killed);
    CHECK(never.shots == 0);
    CHECK(never.killed_by == -1);
}

TEST_CASE("no intercept comes after impact", "[engage]")
{
    std::vector<BatteryParams> const batteries{battery(0.5, 1, 9)};
    auto const in_time =
        engage<double>(doctrine(batteries), commits_at(88), before_impact, all_hit());
    CHECK(in_time.killed);
    CHECK(in_time.t_kill_s == 118);
    auto const too_late =
        engage<double>(doctrine(batteries), commits_at(88.5), before_impact, all_hit());
    CHECK_FALSE(too_late.killed);
    CHECK(too_late.shots == 0);
    CHECK(too_late.t_kill_s >= never_s);
}

TEST_CASE("salvos follow one another as far as time allows", "[engage]")
{
    // Commit at 10: intercepts at 40, then a look of 5 and a flight of 30 each: 76, 112, none
    // after.
    std::vector<BatteryParams> const batteries{battery(0.5, 1, 9)};
    auto const r = engage<double>(doctrine(batteries), commits_at(10), before_impact, all_miss());
    CHECK(r.shots == 3);
    CHECK_FALSE(r.killed);
}

TEST_CASE("a battery spends no more than its inventory", "[engage]")
{
    std::vector<BatteryParams> batteries{battery(0.5, 2, 3)};
    batteries[0].inventory = 3;
    auto const draws = all_miss();
    auto const r = engage<double>(doctrine(batteries), commits_at(10), before_impact, draws);
    CHECK(r.shots == 3);  // a salvo of two, then the last one
    REQUIRE(draws.asked.size() == 3);
    for (std::uint32_t n = 0; n < 3; ++n) { CHECK(draws.asked[n].number == n); }
    batteries[0].inventory = 0;
    CHECK(engage<double>(doctrine(batteries), commits_at(10), before_impact, draws).shots == 0);
}

TEST_CASE("the next battery fires only at what is left, and after the look", "[engage]")
{
    std::vector<BatteryParams> batteries{battery(0.5, 1), battery(0.5, 2)};
    batteries[0].name_hash = 100;
    batteries[1].name_hash = 200;
    auto const p = doctrine(batteries);

    auto const first_kills = engage<double>(p, commits_at(10), before_impact, all_hit());
    CHECK(first_kills.killed_by == 0);
    CHECK(first_kills.battery_shots[1] == 0);

    ScriptedDraws const second_hits{[](Shot s) { return s.name_hash == 200 ? 0.0 : 1.0; }, {}};
    auto const r = engage<double>(p, commits_at(10), before_impact, second_hits);
    CHECK(r.killed_by == 1);
    CHECK(r.battery_shots[0] == 1);
    CHECK(r.battery_shots[1] == 2);
    CHECK(r.t_kill_s == 76);  // 40, looked at until 45, met 30 s later, at the next slot
}

TEST_CASE("a shot's draw does not depend on the other batteries", "[engage]")
{
    std::vector<BatteryParams> batteries{battery(0.5, 2), battery(0.5, 2)};
    batteries[0].name_hash = 100;
    batteries[1].name_hash = 200;
    auto const both = all_miss(), alone = all_miss();
    engage<double>(doctrine(batteries), commits_at(10), before_impact, both);
    std::vector<BatteryParams> const second{batteries[1]};
    engage<double>(doctrine(second), commits_at(10), before_impact, alone);
    REQUIRE(both.asked.size() == 4);
    REQUIRE(alone.asked.size() == 2);
    for (std::size_t n = 0; n < 2; ++n) {
        CHECK(both.asked[2 + n].kind == DrawKind::shot);
        CHECK(both.asked[2 + n].name_hash == alone.asked[n].name_hash);
        CHECK(both.asked[2 + n].number == alone.asked[n].number);
    }
}
