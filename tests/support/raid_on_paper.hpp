// A raid and its batteries as tests set them up: numbers in place of columns, draws as scripted.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "models/engage/engagement.hpp"

namespace longwatch::test {

/// What is asked for by a draw.
struct Asked {
    DrawKind kind;
    std::uint32_t name_hash;
    int member;
    int number;
};
using Script = std::function<double(Asked const&)>;

struct ScriptedDraws {
    Script const& script;
    int member;

    double uniform(Purpose const& purpose, std::uint32_t counter) const
    {
        return script({purpose.kind, purpose.name_hash, member, static_cast<int>(counter)});
    }
    double uniform_at(Purpose const& purpose, double counter) const
    {
        return script({purpose.kind, purpose.name_hash, member, static_cast<int>(counter)});
    }
};

/// A salvo as it was fired.
struct Fired {
    int battery, member;
    double t_launch_s, t_intercept_s;
    int shots;
};

/// Every flight can be met on the same slots: at t by a launch at t - flight_s, before its impact.
struct PaperRaid {
    std::vector<BatteryParams> batteries;
    int size = 1;
    Script script = [](Asked const&) { return 0.5; };
    double commit_s = 10, flight_s = 30, impact_s = 120;
    double slot_s = 2;
    std::vector<double> ignition = std::vector<double>(max_raid_size, 0.0);
    std::function<bool(int, int)> may = [](int, int) { return true; };
    std::function<double(int, int)> commit = [this](int, int) { return commit_s; };
    /// A good enough track, ten seconds before the commit.
    std::function<double(int, int)> known = [this](int m, int b) { return commit(m, b) - 10; };
    std::function<double(int, int, int)> latest = [this](int, int, int slot) {
        double const t = slot * slot_s;
        return t < impact_s ? t - flight_s : -never_s;
    };
};

/// At any instant: linear between slots that can both be met, else as at the later one.
struct PaperLatest {
    PaperRaid const& raid;
    int m, b;
    double at_slot(int slot) const { return raid.latest(m, b, slot); }
    double at_s(double t_s) const
    {
        int const slot = static_cast<int>(std::ceil(t_s / raid.slot_s - 1e-9));
        double const here = at_slot(slot);
        return here > -never_s ? here - (slot * raid.slot_s - t_s) : here;
    }
    auto between(double, double) const { return *this; }
};

class PaperWorld {
public:
    struct Aim {};

    explicit PaperWorld(PaperRaid const& raid) : raid_(raid) {}

    bool may_take(int m, int b) const { return raid_.may(m, b); }
    double ignition_s(int m) const { return raid_.ignition[static_cast<std::size_t>(m)]; }
    double t_commit_s(int m, int b) const { return raid_.commit(m, b); }
    double t_known_s(int m, int b) const { return ignition_s(m) + raid_.known(m, b); }
    PaperLatest latest_launch(int m, int b) const { return {raid_, m, b}; }
    double load(OfPair what, int m, int b) const
    {
        return pair_.at({static_cast<int>(what), m, b});
    }
    void store(OfPair what, int m, int b, double x) { pair_[{static_cast<int>(what), m, b}] = x; }
    double load(OfFlight what, int m) const { return flight_.at({static_cast<int>(what), m}); }
    void store(OfFlight what, int m, double x) { flight_[{static_cast<int>(what), m}] = x; }
    ScriptedDraws draws(double member) const { return {raid_.script, static_cast<int>(member)}; }
    Aim aim(int, Salvo<double> const&, BiasedDraws<double>&, bool) const { return {}; }
    HomingResult<double> home(int, Aim const&, Salvo<double> const& salvo, double, bool)
    {
        return {salvo.lives, salvo.lives, 0};
    }
    void count_wasted(int, Salvo<double> const&, bool) {}
    void count(int, Salvo<double> const&, Shot<double> const&, bool flies)
    {
        shots_flown += flies ? 1 : 0;
    }

    int shots_flown = 0;

private:
    PaperRaid const& raid_;
    std::map<std::vector<int>, double> pair_, flight_;
};

/// What came of a raid.
struct PaperResult {
    std::vector<int> killed_by;           ///< [member]
    std::vector<double> t_kill_s;         ///< [member]
    std::vector<std::vector<int>> shots;  ///< [member][battery]
    std::vector<int> left;                ///< [battery]
    double weight = 1;

    int killed() const
    {
        int n = 0;
        for (int const b : killed_by) { n += b >= 0 ? 1 : 0; }
        return n;
    }
    int all_shots() const
    {
        int n = 0;
        for (auto const& of : shots) {
            for (int const s : of) { n += s; }
        }
        return n;
    }
};

inline PaperResult engaged(PaperRaid const& raid, Importance const& importance = {},
                           double u_regime = 0.99)
{
    PaperWorld world(raid);
    EngagementParams const p{raid.batteries.data(),
                             static_cast<int>(raid.batteries.size()),
                             raid.size,
                             {100, raid.slot_s}};
    BiasedDraws<double> biased(importance, u_regime);
    RaidEngagement<double, PaperWorld> engagement(p, world, biased);
    engagement.run();
    PaperResult out;
    out.weight = biased.weight();
    for (int m = 0; m < raid.size; ++m) {
        out.killed_by.push_back(static_cast<int>(world.load(OfFlight::killed_by, m)));
        out.t_kill_s.push_back(world.load(OfFlight::t_kill_s, m));
        auto& shots = out.shots.emplace_back();
        for (int b = 0; b < p.battery_count; ++b) {
            shots.push_back(static_cast<int>(world.load(OfPair::shots, m, b)));
        }
    }
    for (int b = 0; b < p.battery_count; ++b) {
        out.left.push_back(static_cast<int>(engagement.left(b)));
    }
    return out;
}

/// One that kills by a number, with enough interceptors for a flight.
inline BatteryParams battery(double kill_probability, int salvo, int salvos_max = 1)
{
    BatteryParams p;
    p.interceptor.kill_probability = kill_probability;
    p.salvo = salvo;
    p.salvos_max = salvos_max;
    p.shots_max = p.inventory = salvo * salvos_max;
    p.assessment_s = 5;
    return p;
}

/// Every draw anew from a fixed seed.
inline Script at_random(unsigned seed)
{
    return [random = std::make_shared<std::mt19937_64>(seed)](Asked const&) {
        return std::uniform_real_distribution<double>(0, 1)(*random);
    };
}

}  // namespace longwatch::test
