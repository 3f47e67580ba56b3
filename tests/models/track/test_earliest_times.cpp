// The first few of many times.
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <vector>

#include "models/track/earliest_times.hpp"

using namespace longwatch;

TEST_CASE("the n-th time is that of the sorted list", "[track]")
{
    std::mt19937_64 random(2);
    std::uniform_real_distribution<double> uniform(0, 100);
    for (int trial = 0; trial < 100; ++trial) {
        std::vector<double> times(static_cast<std::size_t>(trial % 9));
        EarliestTimes<double> kept;
        for (double& t : times) { kept.add(t = uniform(random)); }
        std::sort(times.begin(), times.end());
        times.resize(max_tracks_required, never_s);
        for (int n = 1; n <= max_tracks_required; ++n) {
            CHECK(kept.time_s(n) == times[static_cast<std::size_t>(n - 1)]);
        }
    }
}
