// The doctrine in lanes against the same code on plain numbers, flight by flight.
#include <catch2/catch.hpp>

#include <random>
#include <vector>

#include "kernels/draw/philox.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"
#include "models/engage/engagement.hpp"

using namespace longwatch;

namespace {

constexpr int width = Lane<Lanes>::width;
constexpr int battery_count = 3, slot_count = 60;
constexpr std::uint64_t seed = 2026;

/// What the stages before engage would leave of some flights.
struct Flights {
    int count;
    std::vector<double> t_commit_s, latest_launch_s;  // [battery][flight], [battery][slot][flight]

    explicit Flights(int packs) : count(packs * width)
    {
        std::mt19937_64 random(21);
        std::uniform_real_distribution<double> uniform(0, 1);
        t_commit_s.resize(static_cast<std::size_t>(battery_count * count));
        latest_launch_s.resize(static_cast<std::size_t>(battery_count * slot_count * count));
        for (double& t : t_commit_s) {
            t = uniform(random) < 0.2 ? never_s : 100 * uniform(random);
        }
        for (std::size_t n = 0; n < latest_launch_s.size(); ++n) {
            double const t =
                4.0 * static_cast<double>(n / static_cast<std::size_t>(count) % slot_count);
            latest_launch_s[n] = uniform(random) < 0.6 ? -never_s : t - 5 - 60 * uniform(random);
        }
        // The first flight can never be met, the second never be fired at.
        for (int b = 0; b < battery_count; ++b) {
            for (int slot = 0; slot < slot_count; ++slot) {
                latest_launch_s[static_cast<std::size_t>((b * slot_count + slot) * count)] =
                    -never_s;
            }
            t_commit_s[static_cast<std::size_t>(b * count + 1)] = never_s;
        }
    }
    template <class Real>
    EngagementResult<Real> engage_from(EngagementParams const& p, int flight) const
    {
        PhiloxDraws<Real> const draws{seed, flight, 1};
        auto const commit = [&](int b) {
            return Lane<Real>::load(t_commit_s.data() + b * count + flight);
        };
        auto const latest = [&](int b, int slot) {
            return Lane<Real>::load(latest_launch_s.data() + (b * slot_count + slot) * count +
                                    flight);
        };
        return engage<Real>(p, commit, latest, draws);
    }
};

std::vector<BatteryParams> batteries()
{
    std::vector<BatteryParams> all(battery_count);
    for (int b = 0; b < battery_count; ++b) {
        auto& p = all[static_cast<std::size_t>(b)];
        p.name_hash = 1000u + static_cast<unsigned>(b);
        p.interceptor.kill_probability = 0.3;
        p.salvo = 1 + b;
        p.salvos_max = 3 - b;
        p.inventory = 3;
        p.assessment_s = 6;
    }
    return all;
}

}  // namespace

TEST_CASE("an engagement in lanes is the scalar one for every flight", "[parity]")
{
    Flights const flights(40);
    auto const all = batteries();
    EngagementParams const p{all.data(), battery_count, slot_count, 4.0};
    int killed = 0, different = 0, shots = 0;
    for (int first = 0; first < flights.count; first += width) {
        auto const pack = flights.engage_from<Lanes>(p, first);
        for (int lane = 0; lane < width; ++lane) {
            auto const one = flights.engage_from<double>(p, first + lane);
            auto const same = [&](Lanes const& a, double b) {
                return Lane<Lanes>::at(a, lane) == b;
            };
            bool equal = Lane<Lanes>::at(pack.killed, lane) == one.killed &&
                         same(pack.killed_by, one.killed_by) && same(pack.t_kill_s, one.t_kill_s) &&
                         same(pack.shots, one.shots);
            for (int b = 0; b < battery_count; ++b) {
                equal = equal && same(pack.battery_shots[b], one.battery_shots[b]);
            }
            different += equal ? 0 : 1;
            killed += one.killed ? 1 : 0;
            shots += static_cast<int>(one.shots);
        }
    }
    CHECK(different == 0);
    CHECK(killed > 30);
    CHECK(killed < flights.count - 30);
    CHECK(shots > killed);
    CHECK(flights.engage_from<double>(p, 0).shots == 0);
    CHECK(flights.engage_from<double>(p, 1).shots == 0);
}
