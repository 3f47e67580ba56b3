// When what a node holds is first good enough, against trying every instant.
#include <catch2/catch.hpp>

#include <cmath>
#include <random>

#include "models/track/fusion.hpp"

using namespace longwatch;

TEST_CASE("the earliest good instant is the first of the grid that is", "[track]")
{
    std::mt19937_64 random(8);
    std::uniform_real_distribution<double> uniform(0, 1);
    int found_count = 0;
    for (int trial = 0; trial < 2000; ++trial) {
        double const high = 100 + 2000 * uniform(random);
        double const low = high * uniform(random);
        double const from = low + (high - low) * uniform(random) * 1.2;
        auto const enough = [&](double t) { return t >= from; };
        double const found = earliest_time_s(enough, low, high);
        double const expected = std::ceil(from / fusion_step_s) * fusion_step_s;
        if (expected <= high) {
            CHECK(found == expected);
            ++found_count;
        } else {
            CHECK((found >= never_s || from <= high));
        }
    }
    CHECK(found_count > 1500);
}

TEST_CASE("the answer does not depend on where the search begins", "[track]")
{
    double const from = 412.34;
    auto const enough = [&](double t) { return t >= from; };
    double const expected = earliest_time_s(enough, 0.0, 1000.0);
    for (double low = 0; low < from; low += 7.77) {
        CHECK(earliest_time_s(enough, low, 1000.0) == expected);
    }
}

TEST_CASE("what is never good enough is never found", "[track]")
{
    auto const never = [](double) { return false; };
    CHECK(earliest_time_s(never, 0.0, 560.0) >= never_s);
    auto const always = [](double) { return true; };
    CHECK(earliest_time_s(always, 600.0, 560.0) >= never_s);
    CHECK(earliest_time_s(always, never_s, 560.0) >= never_s);
}
