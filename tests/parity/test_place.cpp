// A candidate judged in the shorter way gets what the stages of a run give it.
#include <chrono>
#include <cmath>
#include <cstdio>

#include <catch2/catch.hpp>
#include "host/plan/predicting_nodes.hpp"
#include "kernels/backend/place.hpp"
#include "tests/support/shipped_study.hpp"

using namespace longwatch;

namespace {

/// The study's arm with one more sensor like that of index `like`.
Scenario with_seat(Scenario const& scenario, int arm, int like)
{
    Scenario out = scenario;
    out.network.arm[0] = scenario.network.arm[arm];
    out.network.arm_count = 1;
    int const seat = out.sensor_count++;
    out.sensor[seat] = scenario.sensor[like];
    out.sensor[seat].name_hash = 4711;
    out.network.arm[0].sensors |= std::uint64_t{1} << seat;
    out.sensor[seat].same_way_as = scenario.sensor[like].same_way_as;
    find_predicting_nodes(out, 0);
    return out;
}

std::vector<SensorParams> stands(SensorParams const& sensor)
{
    std::vector<SensorParams> out;
    for (double const latitude_deg : {24.0, 33.0, 38.5, 44.0}) {
        for (double const longitude_deg : {127.5, 136.0, 144.0}) {
            SensorParams one = sensor;
            one.site = {latitude_deg * rad_per_deg, longitude_deg * rad_per_deg, 0};
            one.frame = site_frame(one.site);
            out.push_back(one);
        }
    }
    return out;
}

}  // namespace

TEST_CASE("a candidate judged in the shorter way warns when the stages of a run say", "[place]")
{
    auto const& study = trilateral_study();
    for (int const arm : {0, 2}) {
        auto const scenario = with_seat(*study.scenario, arm, arm == 0 ? 0 : 9);
        auto const candidates = stands(scenario.sensor[scenario.sensor_count - 1]);
        FlightRange const range{study.seed, 0, 400};
        auto const shorter = placed_messages_s(scenario, candidates, range, false);
        auto const in_full = placed_messages_s(scenario, candidates, range, true);
        int differ = 0, never = 0;
        double worst = 0;
        for (std::size_t k = 0; k < shorter.size(); ++k) {
            double const d = std::abs(shorter[k] - in_full[k]);
            if (in_full[k] >= never_s) { ++never; }
            if (d > 1e-6) { ++differ; }
            worst = std::max(worst, d);
        }
        WARN("arm " << arm << ": " << differ << " of " << shorter.size() << " differ, worst "
                    << worst << ", never " << never);
        CHECK(differ == 0);
    }
}

TEST_CASE("time of placing", "[.time]")
{
    auto const& study = trilateral_study();
    for (int const arm : {2}) {
        auto const scenario = with_seat(*study.scenario, arm, 9);
        auto candidates = stands(scenario.sensor[scenario.sensor_count - 1]);
        {
            auto const some = candidates;
            for (int i = 0; i < 79; ++i) {
                candidates.insert(candidates.end(), some.begin(), some.end());
            }
        }
        PlacementShape shape;
        shape.candidates = static_cast<int>(candidates.size());
        shape.consumers = scenario.network.consumer_count;
        auto const start = std::chrono::steady_clock::now();
        std::int64_t const flights = 1000;
        auto const tally =
            place_on_cpu(scenario, candidates, shape, {study.seed, 0, flights}, {1, 0}, {});
        double const s =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        std::printf(
            "%.3f s, %.2f us per flight and candidate\n", s,
            1e6 * s / static_cast<double>(flights) / static_cast<double>(candidates.size()));
        for (int k = 0; k < 12; ++k) {
            std::int64_t sum = 0;
            for (int g = 0; g < 64; ++g) { sum += tally.gain_us[tally.of_group(k, 1, g)]; }
            std::printf("%d tracked %ld gain tokyo %.3f s\n", k, tally.tracked[k],
                        1e-6 * sum / flights);
        }
    }
}
