// The homing of a kill vehicle in lanes against the same code on plain numbers, flight by flight.
#include <catch2/catch.hpp>

#include <cmath>
#include <random>
#include <vector>

#include "kernels/lanes/xsimd_lanes.hpp"
#include "models/engage/homing.hpp"

using namespace longwatch;

namespace {

constexpr int width = Lane<Lanes>::width;

/// Times, errors and closing speeds differ by lane, so that lanes end at different steps; some do not close at all,
/// some are not wanted.
struct Shots {
    std::vector<double> number[9], wanted;
    int count;

    explicit Shots(int packs) : count(packs * width)
    {
        std::mt19937_64 random(3);
        std::uniform_real_distribution<double> share(-1, 1);
        for (int i = 0; i < count; ++i) {
            double const closing_mps = i % 7 == 3 ? -100 : 5000 + 4000 * share(random);
            double const values[9] = {
                -closing_mps,        300 * share(random), 900 * share(random), 0,
                900 * share(random), 900 * share(random), 10 * share(random),  10 * share(random),
                10 * share(random)};
            for (int k = 0; k < 9; ++k) { number[k].push_back(values[k]); }
            wanted.push_back(i % 5 == 1 ? 0 : 1);
        }
    }
    template <class Real>
    HomingEnd<Real> home_from(KillVehicleParams const& p, int flight) const
    {
        auto const load = [&](int k) { return Lane<Real>::load(number[k].data() + flight); };
        auto const noise = [&](int step, int axis) {
            return Lane<Real>::generate([&](int lane) {
                return 1.7 * std::sin(1.3 * (flight + lane) + 12.9898 * step + 78.233 * axis);
            });
        };
        Real const time_s = Real(12) + Real(0.01) * load(4);
        auto const start =
            homing_start<Real>({load(0), load(1), load(2)}, {load(3), load(4), load(5)},
                               {load(6), load(7), load(8)}, time_s);
        return home<Real>(p, start, noise, Lane<Real>::load(wanted.data() + flight) > Real(0.5));
    }
};

}  // namespace

TEST_CASE("homing in lanes is the scalar one for every flight", "[parity]")
{
    Shots const shots(25);
    for (int kind = 0; kind < 4; ++kind) {
        KillVehicleParams p;
        p.navigation_constant = 4;
        p.augmented = kind == 1;
        p.lag_s = kind == 2 ? 0 : 0.1;
        p.seeker_lag_s = kind == 2 ? 0 : 0.05;
        p.acceleration_max_mps2 = 60;
        p.divert_max_mps = kind == 3 ? 150 : 0;
        p.noise_density_rad2s = 1e-12;
        for (int first = 0; first < shots.count; first += width) {
            auto const lanes = shots.home_from<Lanes>(p, first);
            for (int lane = 0; lane < width; ++lane) {
                auto const one = shots.home_from<double>(p, first + lane);
                CAPTURE(kind, first + lane, one.miss_m);
                // 1e-9 of the numbers; and rounding of a range of 100 km, 1e-11 m, grown a hundredfold on the way.
                CHECK(Lane<Lanes>::at(lanes.miss_m, lane) ==
                      Approx(one.miss_m).epsilon(1e-9).margin(1e-9));
                CHECK(Lane<Lanes>::at(lanes.divert_mps, lane) ==
                      Approx(one.divert_mps).epsilon(1e-9).margin(1e-9));
            }
        }
    }
}
