// The doctrine: which battery fires at which flight of a raid when, with what, and whether the flight leaks.
#pragma once

#include "models/engage/battery.hpp"
#include "models/engage/opportunities.hpp"
#include "models/engage/salvo.hpp"

namespace longwatch {

struct EngagementParams {
    BatteryParams const* battery = nullptr;  ///< in the study's order
    int battery_count = 0;
    int raid_size = 1;
    InterceptGrid grid;
};

/// What the doctrine keeps in mind of a flight and a battery: times since the raid's beginning.
enum class OfPair : int {
    t_free_s,
    t_asked_s,
    asked_shots,
    t_launch_s,
    t_intercept_s,
    slot,
    shots,
    salvos
};
inline constexpr int of_pair_count = 8;
/// And of a flight: the battery that killed it (-1: none) and when, since its ignition.
enum class OfFlight : int { killed_by, t_kill_s };

/// Engages one raid in one arm (one per lane), salvo after salvo in the order of their launches, until none is left.
///
/// A battery may launch at a flight from its commit on, and after an earlier salvo at it not before that has been
/// assessed. It must have interceptors left, its launcher free (launch_interval_s after the launch before) and a fire
/// channel free (held from launch to intercept). Of several it takes the flight that it can launch at first, and meets it
/// as early as it can. A battery waits while one of a lower tier that knows of the flight well enough can still engage
/// it. The last interceptor of a salvo must be in time for the intercept; all are counted as meeting the flight there.
///
/// A flight is killed where the right object is aimed at, nothing common fails, and a shot hits: the common draws lie
/// outside the shots' product, as in Kw = P_track (1 - (1 - SSPK)^n) of Wilkening, Science and Global Security 8 (1999)
/// 183-215. What a shot does is drawn by (flight, battery's name, number of the shot): the same in every arm that fires it.
///
/// World gives, for a member m (an int) and a battery b:
///   may_take(m, b), ignition_s(m), t_commit_s(m, b) since ignition, t_known_s(m, b) since the raid's beginning,
///   latest_launch(m, b) as first_intercept asks for it, in times since ignition,
///   load / store of OfPair and OfFlight, draws(member per lane) with uniform and uniform_at,
///   of a simulated salvo an Aim, aim(b, salvo, biased, mask), and home(b, aim, salvo, shot number per lane, mask);
///   count(b, salvo, shot, mask) of every shot at a flight that lives, count_wasted(b, salvo, mask).
template <class Real, class World>
class RaidEngagement {
public:
    LW_FUNC RaidEngagement(EngagementParams const& p, World& world, BiasedDraws<Real>& biased)
        : p_(p), world_(world), biased_(biased)
    {
    }

    LW_FUNC void run()
    {
        begin();
        for (;;) {
            auto const next = choose();
            auto const fires = next.salvo.t_launch_s < Real(never_s);
            if (!any(fires)) { return; }
            now_s_ = select(fires, next.salvo.t_launch_s, now_s_);
            for (int b = 0; b < p_.battery_count; ++b) {
                auto const here = fires && next.battery == Real(static_cast<double>(b));
                if (any(here)) { fire(b, next.salvo, here); }
            }
            refresh_all();
        }
    }

    LW_FUNC Real left(int battery) const { return resources_[battery].left(); }

private:
    struct Next {
        Real battery;
        Salvo<Real> salvo;
    };

    LW_FUNC void begin()
    {
        auto const of_raid = world_.draws(Real(0));
        for (int b = 0; b < p_.battery_count; ++b) {
            BatteryParams const& battery = p_.battery[b];
            resources_[b].begin(battery);
            Real const u = of_raid.uniform({DrawKind::battery_availability, battery.name_hash}, 0);
            auto const there = biased_.succeeds(battery.availability, u, everywhere<Real>());
            for (int m = 0; m < p_.raid_size; ++m) {
                Real const t = world_.ignition_s(m) + world_.t_commit_s(m, b);
                bool const may = world_.may_take(m, b);
                world_.store(OfPair::t_free_s, m, b,
                             select(there && Real(may ? 1 : 0) > Real(0), t, Real(never_s)));
                world_.store(OfPair::t_asked_s, m, b, Real(-never_s));
                world_.store(OfPair::t_launch_s, m, b, Real(never_s));
                world_.store(OfPair::t_intercept_s, m, b, Real(never_s));
                for (OfPair const zero :
                     {OfPair::asked_shots, OfPair::slot, OfPair::shots, OfPair::salvos}) {
                    world_.store(zero, m, b, Real(0));
                }
            }
        }
        for (int m = 0; m < p_.raid_size; ++m) {
            world_.store(OfFlight::killed_by, m, Real(-1));
            world_.store(OfFlight::t_kill_s, m, Real(never_s));
        }
        refresh_all();
    }

    LW_APART void refresh_all()
    {
        for (int b = 0; b < p_.battery_count; ++b) {
            for (int m = 0; m < p_.raid_size; ++m) {
                if (world_.may_take(m, b)) { refresh(m, b); }
            }
        }
    }

    LW_FUNC Real salvo_size(int m, int b) const
    {
        BatteryParams const& battery = p_.battery[b];
        Real const more =
            Real(static_cast<double>(battery.shots_max)) - world_.load(OfPair::shots, m, b);
        return smaller(Real(static_cast<double>(battery.salvo)),
                       smaller(more, resources_[b].left()));
    }

    /// When the battery could next launch at the flight, and meet it. Nothing is launched before the last salvo was: a
    /// battery that waited for an upper tier is let go only then.
    LW_FUNC void refresh(int m, int b)
    {
        BatteryParams const& battery = p_.battery[b];
        auto const get = [&](OfPair what) { return world_.load(what, m, b); };
        Real const late = select(get(OfPair::t_launch_s) < now_s_, now_s_, Real(-never_s));
        Real const t_free = larger(get(OfPair::t_free_s), late);
        world_.store(OfPair::t_free_s, m, b, t_free);
        Real const shots = salvo_size(m, b);
        Real const last_after_s = (shots - Real(1)) * Real(battery.launch_interval_s);
        auto const may = shots > Real(0.5) &&
                         get(OfPair::salvos) < Real(static_cast<double>(battery.salvos_max));
        Real t_last = larger(t_free, resources_[b].t_free_s()) + last_after_s;
        t_last = select(may && t_last < Real(never_s), t_last, Real(never_s));
        Real const asked = get(OfPair::t_asked_s), salvo = get(OfPair::asked_shots);
        if (!any(t_last > asked || t_last < asked || shots > salvo || shots < salvo)) { return; }
        world_.store(OfPair::t_asked_s, m, b, t_last);
        world_.store(OfPair::asked_shots, m, b, shots);
        Real const ignition = world_.ignition_s(m);
        Real const since = select(t_last < Real(never_s), t_last - ignition, Real(never_s));
        // All lanes begin where the earliest of them met the flight before, or anew where a smaller salvo may do better:
        // so what a lane finds does not depend on the others.
        int slot = static_cast<int>(Lane<Real>::at(get(OfPair::slot), 0));
        if (any(t_last < asked)) { slot = 0; }
        auto const found = first_intercept(p_.grid, slot, since, world_.latest_launch(m, b));
        auto const met = found.t_s < Real(never_s);
        world_.store(OfPair::slot, m, b, Real(static_cast<double>(found.slot)));
        world_.store(OfPair::t_intercept_s, m, b, select(met, found.t_s + ignition, Real(never_s)));
        world_.store(OfPair::t_launch_s, m, b,
                     select(met, found.t_launch_s + ignition - last_after_s, Real(never_s)));
    }

    /// A battery of a lower number that has a good enough track by then, and can still engage the flight.
    LW_FUNC Mask<Real> waits(int m, int b, Real const& t_launch_s) const
    {
        auto waits = nowhere<Real>();
        for (int upper = 0; upper < p_.battery_count; ++upper) {
            if (p_.battery[upper].tier >= p_.battery[b].tier) { continue; }
            waits = waits || (world_.load(OfPair::t_launch_s, m, upper) < Real(never_s) &&
                              world_.t_known_s(m, upper) <= t_launch_s);
        }
        return waits;
    }

    /// The salvo that is launched first; the earlier intercept where two are.
    LW_FUNC Next choose() const
    {
        Next next{Real(-1),
                  {Real(0), Real(never_s), Real(never_s), Real(0), Real(0), Real(0),
                   nowhere<Real>(), nowhere<Real>()}};
        for (int m = 0; m < p_.raid_size; ++m) {
            for (int b = 0; b < p_.battery_count; ++b) {
                Real const launch = world_.load(OfPair::t_launch_s, m, b);
                Real const meets = world_.load(OfPair::t_intercept_s, m, b);
                auto& best = next.salvo;
                auto better = launch < best.t_launch_s ||
                              (launch == best.t_launch_s && meets < best.t_intercept_s);
                if (any(better)) { better = better && !waits(m, b, launch); }
                if (!any(better)) { continue; }
                auto const take = [&](Real& kept, Real const& x) {
                    kept = select(better, x, kept);
                };
                take(next.battery, Real(static_cast<double>(b)));
                take(best.member, Real(static_cast<double>(m)));
                take(best.t_launch_s, launch);
                take(best.t_intercept_s, meets);
                take(best.ignition_s, world_.ignition_s(m));
                take(best.shots, salvo_size(m, b));
                take(best.fired_before, world_.load(OfPair::shots, m, b));
                auto const lives = world_.load(OfFlight::killed_by, m) < Real(0);
                best.first = (better && world_.load(OfPair::salvos, m, b) < Real(0.5)) ||
                             (!better && best.first);
                best.lives = (better && lives) || (!better && best.lives);
            }
        }
        return next;
    }

    LW_FUNC void fire(int b, Salvo<Real> const& salvo, Mask<Real> const& here)
    {
        BatteryParams const& battery = p_.battery[b];
        auto const aimed_at = here && salvo.lives;
        auto const killed = aimed_at && salvo_kills(battery, b, salvo, world_, biased_, aimed_at);
        world_.count_wasted(b, salvo, here && !salvo.lives);
        auto const dead = !salvo.lives || killed;
        auto const told = is_told_killed(battery, salvo, world_, biased_, dead, here);
        resources_[b].occupy(battery, salvo, here);
        Real const t_told = salvo.t_intercept_s + Real(battery.assessment_s);
        for (int m = 0; m < p_.raid_size; ++m) {
            auto const at = here && salvo.member == Real(static_cast<double>(m));
            if (!any(at)) { continue; }
            auto const put = [&](OfFlight what, Mask<Real> const& mask, Real const& x) {
                world_.store(what, m, select(mask, x, world_.load(what, m)));
            };
            put(OfFlight::killed_by, at && killed, Real(static_cast<double>(b)));
            put(OfFlight::t_kill_s, at && killed, salvo.t_intercept_s - salvo.ignition_s);
            for (int other = 0; other < p_.battery_count; ++other) {
                Real const t = world_.load(OfPair::t_free_s, m, other);
                Real const later = select(told, Real(never_s), larger(t, t_told));
                world_.store(OfPair::t_free_s, m, other, select(at, later, t));
            }
            auto const add = [&](OfPair what, Real const& x) {
                Real const before = world_.load(what, m, b);
                world_.store(what, m, b, select(at, before + x, before));
            };
            add(OfPair::shots, salvo.shots);
            add(OfPair::salvos, Real(1));
        }
    }

    EngagementParams const& p_;
    World& world_;
    BiasedDraws<Real>& biased_;
    Real now_s_ = Real(-never_s);  ///< launch of the last salvo
    BatteryResources<Real> resources_[max_batteries];
};

}  // namespace longwatch
