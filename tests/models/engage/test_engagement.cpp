// The doctrine against closed kill-chain formulas, and its rules case by case.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/support/raid_on_paper.hpp"

using namespace longwatch;
using namespace longwatch::test;

namespace {

Script all_miss()
{
    return [](Asked const& a) { return a.kind == DrawKind::shot ? 1.0 : 0.5; };
}
Script all_hit()
{
    return [](Asked const& a) { return a.kind == DrawKind::shot ? 0.0 : 0.5; };
}

PaperRaid raid_of(std::vector<BatteryParams> batteries, Script script, int size = 1)
{
    PaperRaid raid;
    raid.batteries = std::move(batteries);
    raid.script = std::move(script);
    raid.size = size;
    return raid;
}

struct Fractions {
    double killed, shots, no_leaker;
};
Fractions engage_many(PaperRaid const& raid, int raids)
{
    double killed = 0, shots = 0, clean = 0;
    for (int r = 0; r < raids; ++r) {
        auto const got = engaged(raid);
        killed += got.killed();
        shots += got.all_shots();
        clean += got.killed() == raid.size ? 1 : 0;
    }
    return {killed / raids / raid.size, shots / raids / raid.size, clean / raids};
}

double four_sigma(double p, int trials) { return 4 * std::sqrt(p * (1 - p) / trials); }

}  // namespace

TEST_CASE("a salvo kills with 1 - (1 - SSPK)^n", "[engage][statistics]")
{
    struct Row {
        double sspk;
        double killed[5];
    };
    int const flights = 4000;
    // Four decimals of the closed formula.
    for (auto const& row : {Row{0.5, {0.5, 0.75, 0.875, 0.9375, 0.9688}},
                            Row{0.57, {0.57, 0.8151, 0.9205, 0.9658, 0.9853}},
                            Row{0.8, {0.8, 0.96, 0.992, 0.9984, 0.9997}}}) {
        for (int n = 1; n <= 5; ++n) {
            INFO("SSPK " << row.sspk << " n " << n);
            double const expected = row.killed[n - 1];
            CHECK(1 - std::pow(1 - row.sspk, n) == Approx(expected).margin(0.51e-4));
            auto const found =
                engage_many(raid_of({battery(row.sspk, n)}, at_random(7u + n)), flights);
            CHECK(std::fabs(found.killed - expected) < four_sigma(expected, flights));
            CHECK(found.shots == Approx(n));
        }
    }
}

TEST_CASE("shoot, look, shoot kills as often as one salvo for fewer shots", "[engage][statistics]")
{
    int const flights = 20000;
    auto const found = engage_many(raid_of({battery(0.57, 2, 2)}, at_random(11)), flights);
    CHECK(std::fabs(found.killed - 0.9658) < four_sigma(0.9658, flights));
    // Shots are 2, or 4 with probability 0.43^2: mean 2.3698.
    double const second = 0.43 * 0.43;
    CHECK(std::fabs(found.shots - 2.3698) < 2 * four_sigma(second, flights));
}

TEST_CASE("two tiers compose like one kill chain", "[engage][statistics]")
{
    auto raid = raid_of({battery(0.5, 1), battery(0.8, 1)}, at_random(13));
    raid.batteries[1].tier = 2;
    int const flights = 20000;
    auto const found = engage_many(raid, flights);
    CHECK(std::fabs(found.killed - 0.9) < four_sigma(0.9, flights));
    CHECK(std::fabs(found.shots - 1.5) < four_sigma(0.5, flights));
}

TEST_CASE("no flight of a raid leaks with the kill chain's power", "[engage][statistics]")
{
    // SSPK 0.8, four shots each: 0.9984^W, four decimals (Wilkening, Science and Global Security 8 (1999) 183-215).
    struct Row {
        int size, raids;
        double no_leaker;
    };
    for (auto const& row : {Row{5, 2000, 0.9920}, Row{10, 1200, 0.9841}, Row{20, 600, 0.9685},
                            Row{50, 120, 0.9231}, Row{100, 50, 0.8520}}) {
        INFO("raid of " << row.size);
        CHECK(std::pow(0.9984, row.size) == Approx(row.no_leaker).margin(0.51e-4));
        auto raid = raid_of({battery(0.8, 4)}, at_random(17u + row.size), row.size);
        raid.batteries[0].inventory = 4 * row.size;
        auto const found = engage_many(raid, row.raids);
        CHECK(std::fabs(found.no_leaker - row.no_leaker) < four_sigma(row.no_leaker, row.raids));
        CHECK(std::fabs(found.killed - 0.9984) < four_sigma(0.9984, row.raids * row.size));
    }
}

TEST_CASE("what fails for all shots together puts a floor under leakage", "[engage][statistics]")
{
    int const flights = 8000;
    auto common = battery(0.57, 8), wrong = common, absent = common;
    common.common_failure = 0.05;
    wrong.discrimination = 0.95;
    absent.availability = 0.95;
    // 0.95 (1 - 0.43^8) = 0.9489.
    for (auto const& many : {common, wrong, absent}) {
        auto const found = engage_many(raid_of({many}, at_random(19)), flights);
        CHECK(std::fabs(found.killed - 0.9489) < four_sigma(0.95, flights));
    }
}

TEST_CASE("a battery that is not there is there for no flight of the raid", "[engage]")
{
    auto raid = raid_of({battery(1, 1)}, at_random(23), 4);
    raid.batteries[0].inventory = 4;
    raid.batteries[0].availability = 0.5;
    int none = 0;
    for (int r = 0; r < 400; ++r) {
        int const killed = engaged(raid).killed();
        CHECK((killed == 0 || killed == 4));
        none += killed == 0 ? 1 : 0;
    }
    CHECK(std::fabs(none / 400.0 - 0.5) < four_sigma(0.5, 400));
}

TEST_CASE("no battery launches before it may commit", "[engage]")
{
    for (double const commit_s : {0.0, 10.0, 41.3}) {
        auto raid = raid_of({battery(0.5, 1)}, all_hit());
        raid.commit_s = commit_s;
        auto const r = engaged(raid);
        INFO("commit " << commit_s);
        REQUIRE(r.killed() == 1);
        // Between slots the intercept is where the launch just makes it.
        CHECK(r.t_kill_s[0] - raid.flight_s == Approx(commit_s));
    }
    auto raid = raid_of({battery(0.5, 1)}, all_hit());
    raid.commit_s = never_s;
    auto const never = engaged(raid);
    CHECK(never.killed() == 0);
    CHECK(never.all_shots() == 0);
}

TEST_CASE("no intercept comes after impact", "[engage]")
{
    auto raid = raid_of({battery(0.5, 1, 9)}, all_hit());
    raid.commit_s = 88;
    CHECK(engaged(raid).t_kill_s[0] == 118);
    raid.commit_s = 88.5;
    CHECK(engaged(raid).all_shots() == 0);
}

TEST_CASE("salvos follow one another as far as time allows", "[engage]")
{
    // Commit at 10: intercepts at 40, then a look of 5 and a flight of 30 each: 75, 110, none after.
    auto const r = engaged(raid_of({battery(0.5, 1, 9)}, all_miss()));
    CHECK(r.all_shots() == 3);
    CHECK(r.killed() == 0);
}

TEST_CASE("a battery spends no more than its inventory, its salvos or its shots at a flight",
          "[engage]")
{
    auto raid = raid_of({battery(0.5, 2, 3)}, all_miss());
    raid.batteries[0].inventory = 3;
    raid.batteries[0].shots_max = 6;
    auto const r = engaged(raid);
    CHECK(r.all_shots() == 3);  // a salvo of two, then the last one
    CHECK(r.left[0] == 0);
    raid.batteries[0].inventory = 10;
    raid.batteries[0].shots_max = 5;
    CHECK(engaged(raid).all_shots() == 5);
    raid.batteries[0].salvos_max = 2;
    CHECK(engaged(raid).all_shots() == 4);
}

TEST_CASE("flights of a raid share the battery's interceptors", "[engage]")
{
    auto raid = raid_of({battery(1, 2)}, all_hit(), 5);
    raid.batteries[0].inventory = 7;
    auto const r = engaged(raid);
    CHECK(r.all_shots() == 7);  // two each for three, one for the fourth
    CHECK(r.killed() == 4);
    CHECK(r.left[0] == 0);
}

TEST_CASE("a launcher sends one interceptor after the other", "[engage]")
{
    // Commit at 10, impact at 120: launches at 10, 30, 50, 70; the next at 90 would meet at 120.
    auto raid = raid_of({battery(1, 1)}, all_hit(), 6);
    raid.batteries[0].inventory = 6;
    raid.batteries[0].launch_interval_s = 20;
    auto const r = engaged(raid);
    CHECK(r.killed() == 4);
    for (int m = 0; m < 4; ++m) {
        CHECK(r.t_kill_s[static_cast<std::size_t>(m)] == Approx(10 + 20 * m + 30));
    }
    // A salvo's last interceptor must be in time: 10, 30, 50, so the flight is met 30 s after that.
    auto salvo = raid_of({battery(1, 3)}, all_hit());
    salvo.batteries[0].launch_interval_s = 20;
    CHECK(engaged(salvo).t_kill_s[0] == Approx(80));
}

TEST_CASE("a fire channel guides one salvo at a time", "[engage]")
{
    auto raid = raid_of({battery(1, 1)}, all_hit(), 6);
    raid.batteries[0].inventory = 6;
    for (int const channels : {1, 2}) {
        raid.batteries[0].fire_channels = channels;
        // Each is busy for the 30 s of a flight: launches at 10, 40, 70; the next would come too late.
        CHECK(engaged(raid).killed() == 3 * channels);
    }
}

TEST_CASE("a lower tier waits until the upper one can do no more", "[engage]")
{
    auto raid = raid_of({battery(0.5, 1), battery(0.5, 2)}, all_hit());
    raid.batteries[0].name_hash = 100;
    raid.batteries[1].name_hash = 200;
    raid.batteries[1].tier = 2;
    raid.commit = [](int, int b) { return b == 0 ? 20.0 : 10.0; };
    raid.known = [](int, int) { return 0.0; };
    auto const first_kills = engaged(raid);
    CHECK(first_kills.killed_by[0] == 0);
    CHECK(first_kills.shots[0][1] == 0);

    raid.script = [](Asked const& a) {
        return a.kind == DrawKind::shot && a.name_hash == 100 ? 1.0 : 0.0;
    };
    auto const second = engaged(raid);
    CHECK(second.killed_by[0] == 1);
    CHECK(second.shots[0] == std::vector<int>{1, 2});
    CHECK(second.t_kill_s[0] == Approx(85));  // 50, looked at until 55, met 30 s later

    // Of one tier, whoever can launch first does.
    raid.batteries[1].tier = 1;
    raid.script = all_hit();
    CHECK(engaged(raid).killed_by[0] == 1);
}

TEST_CASE("a false kill ends an engagement, a missed one wastes shots", "[engage]")
{
    auto raid = raid_of({battery(0.5, 1, 3)}, all_miss());
    raid.batteries[0].false_kill = 1;
    CHECK(engaged(raid).all_shots() == 1);
    CHECK(engaged(raid).killed() == 0);
    raid.script = all_hit();
    raid.batteries[0].false_kill = 0;
    raid.batteries[0].missed_kill = 1;
    auto const wasted = engaged(raid);
    CHECK(wasted.killed() == 1);
    CHECK(wasted.all_shots() == 3);
    CHECK(wasted.t_kill_s[0] == Approx(40));
}

TEST_CASE("flights are engaged as they come, and none before it has ignited", "[engage]")
{
    auto raid = raid_of({battery(1, 1)}, all_hit(), 3);
    raid.batteries[0].inventory = 3;
    raid.batteries[0].fire_channels = 1;
    raid.ignition[1] = 100;
    raid.ignition[2] = 200;
    auto const r = engaged(raid);
    CHECK(r.killed() == 3);
    for (double const t : r.t_kill_s) { CHECK(t == Approx(40)); }  // each by its own clock
}

TEST_CASE("a battery takes only flights that it may", "[engage]")
{
    auto raid = raid_of({battery(1, 1)}, all_hit(), 4);
    raid.batteries[0].inventory = 4;
    raid.may = [](int m, int) { return m % 2 == 1; };
    auto const r = engaged(raid);
    CHECK(r.killed_by == std::vector<int>{-1, 0, -1, 0});
}

TEST_CASE("a shot's draw does not depend on the other batteries", "[engage]")
{
    std::vector<Asked> asked;
    auto const noting = [&](Asked const& a) {
        if (a.kind == DrawKind::shot) { asked.push_back(a); }
        return 0.9;
    };
    auto raid = raid_of({battery(0.5, 2), battery(0.5, 2)}, noting);
    raid.batteries[0].name_hash = 100;
    raid.batteries[1].name_hash = 200;
    raid.batteries[1].tier = 2;
    engaged(raid);
    auto const both = asked;
    asked.clear();
    raid.batteries.erase(raid.batteries.begin());
    engaged(raid);
    REQUIRE(both.size() == 4);
    REQUIRE(asked.size() == 2);
    for (std::size_t n = 0; n < 2; ++n) {
        CHECK(both[2 + n].name_hash == asked[n].name_hash);
        CHECK(both[2 + n].number == asked[n].number);
    }
}

TEST_CASE("the battlespace of a battery is as long as time and assessments allow", "[engage]")
{
    PaperRaid const raid;
    PaperLatest const latest{raid, 0, 0};
    InterceptGrid const grid{100, raid.slot_s};
    auto const found = opportunities<double>(grid, 10, 5, latest);
    CHECK(found.first_s == Approx(40));
    CHECK(found.last_s == Approx(118));
    CHECK(found.count == 3);  // at 40, 75 and 110
    CHECK(opportunities<double>(grid, 88, 5, latest).count == 1);
    auto const none = opportunities<double>(grid, 89, 5, latest);
    CHECK(none.count == 0);
    CHECK(none.first_s >= never_s);
    CHECK(none.last_s >= never_s);
}

TEST_CASE("a battery that could launch early meets the flight as it comes into reach", "[engage]")
{
    // In reach from 59.3 s on, between the slots at 58 and at 60.
    struct Reach {
        double at_slot(int slot) const { return at_s(slot * 2.0); }
        double at_s(double t_s) const { return t_s < 59.3 ? -never_s : t_s - 30; }
        auto between(double, double) const { return *this; }
    };
    auto const found = first_intercept<double>({100, 2.0}, 0, 5, Reach{});
    CHECK(found.t_s == Approx(59.3).margin(2.0 / 64));
    CHECK(found.t_s >= 59.3);
    CHECK(found.t_launch_s == Approx(found.t_s - 30));
    // One that is free later meets it where that launch does.
    CHECK(first_intercept<double>({100, 2.0}, 0, 40, Reach{}).t_s == Approx(70));
}

TEST_CASE("a salvo cut short by the stock meets the flight as early as one interceptor can",
          "[engage]")
{
    // Two for the first flight leave one for the second, which need not wait for a second launch.
    auto raid = raid_of({battery(1, 2)}, all_hit(), 2);
    raid.impact_s = 190;
    raid.batteries[0].inventory = 3;
    raid.batteries[0].launch_interval_s = 30;
    raid.commit = [](int m, int) { return m == 0 ? 10.0 : 100.0; };
    auto const r = engaged(raid);
    CHECK(r.shots[1][0] == 1);
    CHECK(r.t_kill_s[1] == Approx(130));
}

TEST_CASE("a lower tier is not let go before the upper one has fired elsewhere", "[engage]")
{
    // The upper battery has one interceptor, and spends it on the second flight at 150.
    auto raid = raid_of({battery(1, 1), battery(1, 1)}, all_hit(), 2);
    raid.impact_s = 190;
    raid.batteries[1].tier = 2;
    raid.batteries[1].inventory = 2;
    raid.commit = [](int m, int b) { return b == 1 ? 10.0 : m == 0 ? 155.0 : 150.0; };
    raid.known = [](int, int) { return 0.0; };
    raid.may = [](int m, int b) { return b == 0 || m == 0; };
    auto const r = engaged(raid);
    CHECK(r.killed_by[1] == 0);
    REQUIRE(r.killed_by[0] == 1);
    CHECK(r.t_kill_s[0] >= 180);
}

TEST_CASE("a lower tier does not wait for a track that the upper one does not have yet", "[engage]")
{
    auto raid = raid_of({battery(1, 1), battery(1, 1)}, all_hit());
    raid.batteries[1].tier = 2;
    raid.commit = [](int, int b) { return b == 0 ? 60.0 : 10.0; };
    raid.known = [](int, int b) { return b == 0 ? 50.0 : 0.0; };
    CHECK(engaged(raid).killed_by[0] == 1);
    raid.known = [](int, int b) { return b == 0 ? 5.0 : 0.0; };
    CHECK(engaged(raid).killed_by[0] == 0);
}
