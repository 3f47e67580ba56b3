// When fused tracks predict the impact well enough, against trying every instant.
#include <catch2/catch.hpp>

#include <cmath>
#include <random>
#include <vector>

#include "models/track/fusion.hpp"

using namespace longwatch;

namespace {

/// Measurements that arrive late: each counts from its arrival on.
struct Arriving {
    double arrives_s, taken_s, weight;
};

struct Node {
    std::vector<Arriving> measurements;
    TrackInformation<double> operator()(double t_s) const
    {
        TrackInformation<double> sum{0, 0, 0};
        for (auto const& m : measurements) {
            if (m.arrives_s > t_s) { continue; }
            sum = sum + TrackInformation<double>{m.weight, m.weight * m.taken_s,
                                                 m.weight * m.taken_s * m.taken_s};
        }
        return sum;
    }
};

Node random_node(std::mt19937_64& random, int count)
{
    std::uniform_real_distribution<double> uniform(0, 1);
    Node node;
    for (int i = 0; i < count; ++i) {
        double const taken = 500 * uniform(random);
        node.measurements.push_back(
            {taken + 60 * uniform(random), taken, 1e-6 + 1e-5 * uniform(random)});
    }
    return node;
}

/// What the node holds changes at arrivals only, so trying each of them is exact.
double tried_s(Node const& node, double low, double high, double t_s, double sigma_m)
{
    double earliest = never_s;
    for (auto const& m : node.measurements) {
        double const t = larger(m.arrives_s, low);
        if (t <= high && predicts_within(node(t), t_s, sigma_m)) {
            earliest = smaller(earliest, t);
        }
    }
    return earliest;
}

}  // namespace

TEST_CASE("the earliest good prediction is the one found by trying every arrival", "[track]")
{
    std::mt19937_64 random(8);
    constexpr double low = 20, high = 560;
    constexpr double grid_s = (high - low) / (1 << fusion_rounds);
    int found_count = 0, never_count = 0;
    for (int trial = 0; trial < 300; ++trial) {
        auto const node = random_node(random, 3 + trial % 30);
        double const sigma_m = 400 + 30 * (trial % 40);
        double const expected = tried_s(node, low, high, 900, sigma_m);
        double const found = earliest_prediction_s(node, low, high, 900.0, sigma_m);
        if (expected >= never_s) {
            ++never_count;
            CHECK(found >= never_s);
        } else {
            ++found_count;
            CHECK(found >= expected);
            CHECK(found <= expected + grid_s * 1.001);
        }
    }
    CHECK(found_count > 50);
    CHECK(never_count > 20);
}

TEST_CASE("a node that holds more never predicts later", "[track]")
{
    std::mt19937_64 random(9);
    int later = 0, earlier = 0;
    for (int trial = 0; trial < 300; ++trial) {
        auto const few = random_node(random, 12);
        auto many = few;
        auto const extra = random_node(random, 6);
        many.measurements.insert(many.measurements.end(), extra.measurements.begin(),
                                 extra.measurements.end());
        double const a = earliest_prediction_s(few, 0.0, 560.0, 900.0, 800);
        double const b = earliest_prediction_s(many, 0.0, 560.0, 900.0, 800);
        later += b > a ? 1 : 0;
        earlier += b < a ? 1 : 0;
    }
    CHECK(later == 0);
    CHECK(earlier > 50);
}

TEST_CASE("a node that holds nothing predicts never", "[track]")
{
    CHECK(earliest_prediction_s(Node{}, 0.0, 560.0, 900.0, 1e6) >= never_s);
}
