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

/// The instant between low (which a launch at t_free cannot meet) and high (which it can) from which on it can, to a
/// 64th of what lies between. latest.at_s(t) as below.
template <class Real, class Latest>
LW_FUNC Real opening_s(Real low_s, Real high_s, Real const& t_free_s, Latest const& latest)
{
    for (int k = 0; k < 6; ++k) {
        Real const middle = Real(0.5) * (low_s + high_s);
        auto const met = latest.at_s(middle) >= t_free_s;
        high_s = select(met, middle, high_s);
        low_s = select(met, low_s, middle);
    }
    return high_s;
}

/// The earliest intercept, from first_slot on, by a launch at t_free or later. latest.at_slot(slot) is the latest launch
/// that meets the flight there, latest.between(from, to).at_s(t) that at any instant between the two. Between two slots that can both be met it is taken as
/// linear. A battery that could launch before the flight comes into its reach waits, and meets it as it does.
template <class Real, class Latest>
LW_APART Intercept<Real> first_intercept(InterceptGrid const& grid, int first_slot,
                                         Real const& t_free_s, Latest const& latest)
{
    Intercept<Real> found{Real(never_s), Real(never_s), grid.slot_count};
    auto searching = t_free_s < Real(never_s);
    Real before = Real(-never_s);
    if (first_slot > 0 && any(searching)) { before = latest.at_slot(first_slot - 1); }
    for (int slot = first_slot; slot < grid.slot_count && any(searching); ++slot) {
        Real const here = latest.at_slot(slot);
        auto const met = searching && here >= t_free_s;
        if (any(met)) {
            auto const inside = before > Real(-never_s) && before < t_free_s;
            Real const late_frac = select(inside, (here - t_free_s) / (here - before), Real(0));
            Real t = Real(slot * grid.slot_s) - late_frac * Real(grid.slot_s);
            Real launch = select(inside, t_free_s, here);
            auto const opens = met && !inside;
            if (any(opens) && slot > 0) {
                Real const from = Real((slot - 1) * grid.slot_s), to = Real(slot * grid.slot_s);
                auto const near = latest.between(from, to);
                Real const open = opening_s(from, to, t_free_s, near);
                t = select(opens, open, t);
                launch = select(opens, larger(near.at_s(open), t_free_s), launch);
            }
            found.slot = slot < found.slot ? slot : found.slot;
            found.t_s = select(met, t, found.t_s);
            found.t_launch_s = select(met, launch, found.t_launch_s);
            searching = searching && !met;
        }
        before = here;
    }
    return found;
}

/// What the battlespace of a battery is for one flight, from when the battery may commit.
template <class Real>
struct Opportunities {
    Real first_s, last_s;  ///< intercepts in flight time; never_s for none
    Real count;            ///< tries, each after the last has been assessed
};

template <class Real, class Latest>
LW_FUNC Opportunities<Real> opportunities(InterceptGrid const& grid, Real const& t_commit_s,
                                          double assessment_s, Latest const& latest)
{
    constexpr int most = 64;
    auto next = first_intercept(grid, 0, t_commit_s, latest);
    Opportunities<Real> out{next.t_s, Real(never_s), Real(0)};
    for (int n = 0; n < most && any(next.t_s < Real(never_s)); ++n) {
        auto const more = next.t_s < Real(never_s);
        out.count = out.count + select(more, Real(1), Real(0));
        Real const t_free = select(more, next.t_s + Real(assessment_s), Real(never_s));
        next = first_intercept(grid, next.slot, t_free, latest);
    }
    auto searching = out.count > Real(0);
    for (int slot = grid.slot_count - 1; slot >= 0 && any(searching); --slot) {
        auto const met = searching && latest.at_slot(slot) >= t_commit_s;
        out.last_s = select(met, Real(slot * grid.slot_s), out.last_s);
        searching = searching && !met;
    }
    out.last_s = select(out.count > Real(0), larger(out.last_s, out.first_s), Real(never_s));
    return out;
}

}  // namespace longwatch
