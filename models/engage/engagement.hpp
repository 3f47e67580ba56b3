// The doctrine: which battery fires when, how many shots, and whether the flight leaks.
#pragma once

#include "models/engage/battery.hpp"
#include "models/limits.hpp"
#include "models/math/purpose.hpp"
#include "models/math/real.hpp"

namespace longwatch {

/// How the flights of one arm are engaged: the batteries in order, and the instants slot * slot_s
/// at which an intercept is considered.
struct EngagementParams {
    BatteryParams const* battery = nullptr;
    int battery_count = 0;
    int slot_count = 0;
    double slot_s = 0;
};

/// What an engagement came to. Numbers of shots are whole.
template <class Real>
struct EngagementResult {
    Mask<Real> killed;
    Real killed_by;                     ///< battery index; -1 for none
    Real t_kill_s;                      ///< never_s for none
    Real shots;                         ///< of all batteries
    Real battery_shots[max_batteries];  ///< above 0: the battery engaged the flight
};

/// An intercept instant per lane, and a slot before which no lane has it.
template <class Real>
struct FirstIntercept {
    Real t_s;
    int slot;
};

/// The earliest slot, from first_slot on, that a launch at t_free or later can meet. never_s where
/// there is none, or the lane is not wanted. latest_launch(battery, slot) gives the latest launch
/// for it.
template <class Real, class LatestLaunch>
LW_FUNC FirstIntercept<Real> first_intercept(EngagementParams const& p, int battery, int first_slot,
                                             Real const& t_free_s,
                                             LatestLaunch const& latest_launch)
{
    FirstIntercept<Real> found{Real(never_s), p.slot_count};
    auto searching = t_free_s < Real(never_s);
    for (int slot = first_slot; slot < p.slot_count && any(searching); ++slot) {
        Real const t = Real(slot * p.slot_s);
        auto const open = searching && t > t_free_s;
        if (!any(open)) { continue; }
        auto const met = open && latest_launch(battery, slot) >= t_free_s;
        if (!any(met)) { continue; }
        found.slot = slot < found.slot ? slot : found.slot;
        found.t_s = select(met, t, found.t_s);
        searching = searching && !met;
    }
    return found;
}

/// Engages the flights, battery after battery, until they are killed or nothing can meet them.
///
/// Battery b may launch from t_commit_s(b), a Real per lane (never_s: never), and not before the
/// assessment of the last intercept before. It fires a salvo at the earliest intercept it can make;
/// where all shots miss it looks, for assessment_s after the intercept, then fires the next, up to
/// salvos_max salvos or the inventory. Each shot hits with kill_probability, independently, by the
/// draw (shot, battery's name, number of the shot at this battery): what a shot does is the same in
/// every arm in which it is fired.
template <class Real, class TCommit, class LatestLaunch, class Draws>
LW_FUNC EngagementResult<Real> engage(EngagementParams const& p, TCommit const& t_commit_s,
                                      LatestLaunch const& latest_launch, Draws const& draws)
{
    EngagementResult<Real> result{Real(0) > Real(0), Real(-1), Real(never_s), Real(0), {}};
    Real t_assessed_s = Real(-never_s);  // of the last intercept
    for (int b = 0; b < p.battery_count; ++b) {
        BatteryParams const& battery = p.battery[b];
        result.battery_shots[b] = Real(0);
        Real t_free_s = larger(Real(t_commit_s(b)), t_assessed_s);
        int slot = 0, fired = 0;
        for (int salvo = 0; salvo < battery.salvos_max; ++salvo) {
            int const left = battery.inventory - fired;
            int const shots = battery.salvo < left ? battery.salvo : left;
            t_free_s = select(result.killed, Real(never_s), t_free_s);
            auto const intercept = first_intercept(p, b, slot, t_free_s, latest_launch);
            auto const engaged = intercept.t_s < Real(never_s);
            if (shots <= 0 || !any(engaged)) { break; }

            auto hit = Real(0) > Real(0);
            for (int s = 0; s < shots; ++s) {
                Real const u = draws.uniform({DrawKind::shot, battery.name_hash},
                                             static_cast<std::uint32_t>(fired + s));
                hit = hit || u < Real(battery.interceptor.kill_probability);
            }
            Real const spent = select(engaged, Real(static_cast<double>(shots)), Real(0));
            result.battery_shots[b] = result.battery_shots[b] + spent;
            result.shots = result.shots + spent;
            auto const killed = engaged && hit;
            result.killed = result.killed || killed;
            result.killed_by = select(killed, Real(static_cast<double>(b)), result.killed_by);
            result.t_kill_s = select(killed, intercept.t_s, result.t_kill_s);
            t_assessed_s =
                select(engaged, intercept.t_s + Real(battery.assessment_s), t_assessed_s);
            // A lane that found no intercept has none later either.
            t_free_s = select(engaged, t_assessed_s, Real(never_s));
            slot = intercept.slot;
            fired += shots;
        }
    }
    return result;
}

}  // namespace longwatch
