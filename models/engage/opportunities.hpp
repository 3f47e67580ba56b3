// When a battery can meet a flight: the first instant after a launch, the last one, and how many tries fit between.
#pragma once

#include "models/engage/battery.hpp"
#include "models/math/real.hpp"

namespace longwatch {

/// An intercept in flight time, and the launch it takes; never_s for none. slot: none before it can be met.
template <class Real>
struct Intercept {
    Real t_s, t_launch_s;
    int slot;
};

/// The earliest intercept, from first_slot on, by a launch at t_free or later. latest_launch(slot) is the latest launch
/// that meets the flight there; between two slots that can both be met it is taken as linear. A battery that could
/// launch before the flight comes into its reach waits, and meets it on the edge.
template <class Real, class LatestLaunch>
LW_FUNC Intercept<Real> first_intercept(InterceptGrid const& grid, int first_slot,
                                        Real const& t_free_s, LatestLaunch const& latest_launch)
{
    Intercept<Real> found{Real(never_s), Real(never_s), grid.slot_count};
    auto searching = t_free_s < Real(never_s);
    Real before = Real(-never_s);
    if (first_slot > 0 && any(searching)) { before = latest_launch(first_slot - 1); }
    for (int slot = first_slot; slot < grid.slot_count && any(searching); ++slot) {
        Real const latest = latest_launch(slot);
        auto const met = searching && latest >= t_free_s;
        if (any(met)) {
            auto const inside = before > Real(-never_s) && before < t_free_s;
            Real const late_frac = select(inside, (latest - t_free_s) / (latest - before), Real(0));
            Real const t = Real(slot * grid.slot_s) - late_frac * Real(grid.slot_s);
            found.slot = slot < found.slot ? slot : found.slot;
            found.t_s = select(met, t, found.t_s);
            found.t_launch_s = select(met, select(inside, t_free_s, latest), found.t_launch_s);
            searching = searching && !met;
        }
        before = latest;
    }
    return found;
}

/// What the battlespace of a battery is for one flight, from when the battery may commit.
template <class Real>
struct Opportunities {
    Real first_s, last_s;  ///< intercepts in flight time; never_s for none
    Real count;            ///< tries, each after the last has been assessed
};

template <class Real, class LatestLaunch>
LW_FUNC Opportunities<Real> opportunities(InterceptGrid const& grid, Real const& t_commit_s,
                                          double assessment_s, LatestLaunch const& latest_launch)
{
    constexpr int most = 64;
    auto next = first_intercept(grid, 0, t_commit_s, latest_launch);
    Opportunities<Real> out{next.t_s, Real(never_s), Real(0)};
    for (int n = 0; n < most && any(next.t_s < Real(never_s)); ++n) {
        auto const more = next.t_s < Real(never_s);
        out.count = out.count + select(more, Real(1), Real(0));
        Real const t_free = select(more, next.t_s + Real(assessment_s), Real(never_s));
        next = first_intercept(grid, next.slot, t_free, latest_launch);
    }
    auto searching = out.count > Real(0);
    for (int slot = grid.slot_count - 1; slot >= 0 && any(searching); --slot) {
        auto const met = searching && latest_launch(slot) >= t_commit_s;
        out.last_s = select(met, Real(slot * grid.slot_s), out.last_s);
        searching = searching && !met;
    }
    out.last_s = select(out.count > Real(0), larger(out.last_s, out.first_s), Real(never_s));
    return out;
}

}  // namespace longwatch
