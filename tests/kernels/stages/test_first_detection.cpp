// The first detection of a radar that may be cued, against trying every look.
#include <catch2/catch.hpp>

#include <memory>
#include <random>
#include <vector>

#include "kernels/stages/firm_track.hpp"

using namespace longwatch;

TEST_CASE("a radar's first detection is its first hit unaided, or its first one after the cue",
          "[observe]")
{
    auto s = std::make_unique<Scenario>();
    s->threat_count = s->sensor_count = s->mix_count = 1;
    s->threat[0].max_flight_time_s = 100;
    RadarParams& radar = s->sensor[0].radar;
    radar.look_period_s = 2;
    std::vector<double> memory(static_cast<std::size_t>(column_doubles(*s, 8)));
    Columns const c = lay_out(*s, 8, memory.data());
    constexpr double phase_s = 1.25, first = 4;
    std::mt19937_64 random(9);
    int cued = 0, unaided = 0, never = 0;
    for (int trial = 0; trial < 3000; ++trial) {
        int const looks = static_cast<int>(random() % 40);
        double const chance = static_cast<double>(random() % 30) / 100;
        std::vector<bool> search, hit;
        std::uniform_real_distribution<double> uniform(0, 1);
        for (int k = 0; k < looks; ++k) {
            double const u = uniform(random);
            hit.push_back(u < 2 * chance);
            search.push_back(u < chance / 3);
        }
        auto const time_s = [](int k) { return phase_s + (first + k) * 2; };
        double hits = 0, first_search_s = never_s;
        for (int k = 0; k <= looks; ++k) {
            c.cued_hits.store(0, k, hits);
            if (k == looks) { break; }
            auto const at = static_cast<std::size_t>(k);
            hits += hit[at] ? 1 : 0;
            if (search[at] && first_search_s >= never_s) { first_search_s = time_s(k); }
        }
        c.look_phase_s.store(0, 0, phase_s);
        c.look_first.store(0, 0, first);
        c.look_count.store(0, 0, static_cast<double>(looks));
        c.t_search_hit_s.store(0, 0, first_search_s);
        double const t_cue_s = trial % 5 == 0 ? never_s : 120 * uniform(random) - 10;

        double expected_s = first_search_s;
        for (int k = looks - 1; k >= 0; --k) {
            if (hit[static_cast<std::size_t>(k)] && time_s(k) >= t_cue_s) {
                expected_s = std::min(expected_s, time_s(k));
            }
        }
        double const found_s = first_detection_s(radar, c, 0, 0, t_cue_s);
        REQUIRE(found_s == expected_s);
        (found_s >= never_s ? never : found_s == first_search_s ? unaided : cued) += 1;
    }
    CHECK(cued > 300);
    CHECK(unaided > 300);
    CHECK(never > 300);
}
