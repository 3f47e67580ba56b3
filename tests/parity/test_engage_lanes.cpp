// The doctrine in lanes against the same code on plain numbers, raid by raid.
#include <catch2/catch.hpp>

#include <random>
#include <vector>

#include "kernels/draw/philox.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"
#include "models/engage/engagement.hpp"

using namespace longwatch;

namespace {

constexpr int width = Lane<Lanes>::width;
constexpr int battery_count = 3, slot_count = 60, raid_size = 5;
constexpr std::uint64_t seed = 2026;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// What the stages before engage would leave of some raids; raids lie side by side.
struct Raids {
    int count;
    std::vector<double> ignition_s, t_commit_s, latest_launch_s;

    explicit Raids(int packs) : count(packs * width)
    {
        std::mt19937_64 random(21);
        std::uniform_real_distribution<double> uniform(0, 1);
        ignition_s.resize(index(raid_size * count));
        t_commit_s.resize(index(raid_size * battery_count * count));
        latest_launch_s.resize(index(raid_size * battery_count * slot_count * count));
        for (double& t : ignition_s) { t = 40 * uniform(random); }
        for (double& t : t_commit_s) {
            t = uniform(random) < 0.2 ? never_s : 100 * uniform(random);
        }
        for (std::size_t n = 0; n < latest_launch_s.size(); ++n) {
            double const t = 4.0 * static_cast<double>(n / index(count) % slot_count);
            latest_launch_s[n] = uniform(random) < 0.6 ? -never_s : t - 5 - 60 * uniform(random);
        }
        // The first raid can never be met, the second never be fired at.
        for (int k = 0; k < raid_size * battery_count; ++k) {
            for (int slot = 0; slot < slot_count; ++slot) {
                latest_launch_s[index((k * slot_count + slot) * count)] = -never_s;
            }
            t_commit_s[index(k * count + 1)] = never_s;
        }
    }
};

template <class Real>
struct World {
    struct Aim {};
    Raids const& raids;
    int raid;
    std::vector<Real> pair = std::vector<Real>(index(of_pair_count * raid_size * battery_count));
    std::vector<Real> flight = std::vector<Real>(index(2 * raid_size));
    Real flown = Real(0);

    Real at(std::vector<double> const& numbers, int row) const
    {
        return Lane<Real>::load(numbers.data() + row * raids.count + raid);
    }
    Real& of(OfPair what, int m, int b)
    {
        return pair[index((static_cast<int>(what) * raid_size + m) * battery_count + b)];
    }
    bool may_take(int m, int b) const { return (m + b) % 4 != 0; }
    Real ignition_s(int m) const { return at(raids.ignition_s, m); }
    Real t_commit_s(int m, int b) const { return at(raids.t_commit_s, m * battery_count + b); }
    Real t_known_s(int m, int b) const { return ignition_s(m) + t_commit_s(m, b) - Real(10); }
    struct Latest {
        World const& world;
        int m, b;
        Real at_slot(int slot) const
        {
            return world.at(world.raids.latest_launch_s,
                            (m * battery_count + b) * slot_count + slot);
        }
        Real at_s(Real const& t_s) const { return t_s - Real(20); }
        auto between(Real const&, Real const&) const { return *this; }
    };
    Latest latest_launch(int m, int b) const { return {*this, m, b}; }
    Real load(OfPair what, int m, int b) { return of(what, m, b); }
    void store(OfPair what, int m, int b, Real const& x) { of(what, m, b) = x; }
    Real load(OfFlight what, int m) const
    {
        return flight[index(static_cast<int>(what) * raid_size + m)];
    }
    void store(OfFlight what, int m, Real const& x)
    {
        flight[index(static_cast<int>(what) * raid_size + m)] = x;
    }
    FlightDraws<Real> draws(Real const& member) const
    {
        Real const first =
            Lane<Real>::generate([&](int lane) { return raid_size * (raid + lane); });
        return {seed, first + member, raid_size};
    }
    Aim aim(int, Salvo<Real> const&, BiasedDraws<Real>&, Mask<Real> const&) const { return {}; }
    HomingResult<Real> home(int, Aim const&, Salvo<Real> const&, Real const&,
                            Mask<Real> const& mask) const
    {
        return {mask, mask, Real(0)};
    }
    void count_wasted(int, Salvo<Real> const&, Mask<Real> const&) {}
    void count(int, Salvo<Real> const&, Shot<Real> const&, Mask<Real> const& mask)
    {
        flown = flown + select(mask, Real(1), Real(0));
    }
};

std::vector<BatteryParams> batteries()
{
    std::vector<BatteryParams> all(battery_count);
    for (int b = 0; b < battery_count; ++b) {
        auto& p = all[index(b)];
        p.name_hash = 1000u + static_cast<unsigned>(b);
        p.interceptor.kill_probability = 0.3;
        p.tier = b == 2 ? 2 : 1;
        p.salvo = 1 + b;
        p.salvos_max = 3 - b;
        p.shots_max = 3;
        p.inventory = 7 + b;
        p.assessment_s = 6;
        p.launch_interval_s = 15 * b;
        p.fire_channels = b;
        p.false_kill = 0.1;
        p.missed_kill = 0.2;
        p.common_failure = 0.05;
        p.discrimination = 0.9;
        p.availability = 0.95;
    }
    return all;
}

/// All that a raid came to, number by number.
template <class Real>
std::vector<Real> engaged(Raids const& raids, std::vector<BatteryParams> const& all, int raid,
                          Importance const& importance)
{
    EngagementParams const p{all.data(), battery_count, raid_size, {slot_count, 4.0}};
    World<Real> world{raids, raid};
    BiasedDraws<Real> biased(importance, world.draws(Real(0)).uniform({DrawKind::importance}, 0));
    RaidEngagement<Real, World<Real>> engagement(p, world, biased);
    engagement.run();
    std::vector<Real> out{world.flown, biased.weight()};
    for (int m = 0; m < raid_size; ++m) {
        out.push_back(world.load(OfFlight::killed_by, m));
        out.push_back(world.load(OfFlight::t_kill_s, m));
        for (int b = 0; b < battery_count; ++b) {
            out.push_back(world.may_take(m, b) ? world.load(OfPair::shots, m, b) : Real(0));
        }
    }
    for (int b = 0; b < battery_count; ++b) { out.push_back(engagement.left(b)); }
    return out;
}

}  // namespace

TEST_CASE("an engagement in lanes is the scalar one for every raid", "[parity]")
{
    Raids const raids(40);
    auto const all = batteries();
    for (Importance const& importance : {Importance{}, Importance{.failure = 0.6}}) {
        int different = 0, killed = 0;
        double shots = 0;
        for (int first = 0; first < raids.count; first += width) {
            auto const pack = engaged<Lanes>(raids, all, first, importance);
            for (int lane = 0; lane < width; ++lane) {
                auto const one = engaged<double>(raids, all, first + lane, importance);
                for (std::size_t k = 0; k < one.size(); ++k) {
                    different += Lane<Lanes>::at(pack[k], lane) == one[k] ? 0 : 1;
                }
                for (std::size_t m = 0; m < raid_size; ++m) {
                    killed += one[2 + m * (2 + battery_count)] >= 0 ? 1 : 0;
                }
                shots += one[0];
            }
        }
        CHECK(different == 0);
        CHECK(killed > 100);
        CHECK(killed < raids.count * raid_size - 100);
        CHECK(shots > killed);
    }
    CHECK(engaged<double>(raids, all, 0, {})[0] == 0);
    CHECK(engaged<double>(raids, all, 1, {})[0] == 0);
}
