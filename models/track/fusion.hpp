// When the tracks held at a node tell well enough what is to come.
#pragma once

#include "models/math/real.hpp"

namespace longwatch {

/// Predictions are made at whole multiples of this after burnout, at the first that is good enough: so late by no
/// more, and on the same instants whatever a node holds, so that more information never gives a later answer.
inline constexpr double fusion_step_s = 0.25;

/// The first such instant after `low` and by `high` (times after burnout) at which enough(t) holds, a condition
/// that stays true once it is and is not yet true at `low`; never_s if there is none. Asked first at `hint` where that lies
/// between, and elsewhere, or if in vain, at `high`, since most searches end there; then in strides that double, backwards
/// from a hint that holds and forwards from what does not, and halving what is left.
template <class Real, class Enough>
LW_FUNC Real earliest_time_s(Enough const& enough, Real const& low_s, Real const& high_s,
                             Real const& hint_s = Real(never_s))
{
    // Instants asked for are sums, so a little off.
    Real high = floor(high_s * Real(1 / fusion_step_s) + Real(1e-6));
    Real low = floor(low_s * Real(1 / fusion_step_s));
    auto const sought = low < high;
    if (!any(sought)) { return Real(never_s); }
    Real const hint = floor(hint_s * Real(1 / fusion_step_s) + Real(0.5));
    auto const hinted = sought && hint > low && hint < high;
    Real const first = select(hinted, hint, select(sought, high, Real(0)));
    auto met = sought && enough(first * Real(fusion_step_s));
    auto const backwards = met && hinted;
    auto const vain = hinted && !met;
    high = select(backwards, hint, high);
    low = select(vain, hint, low);
    if (any(vain)) {
        met = met || (vain && enough(select(vain, high, first) * Real(fusion_step_s)));
    }
    // Without a hint, some seconds.
    Real stride = select(hinted, Real(1), Real(4 / fusion_step_s));
    Real probe = select(backwards, high - stride, low + stride);
    for (auto open = met && low < probe && probe < high; any(open);) {
        auto const found = enough(select(open, probe, high) * Real(fusion_step_s));
        high = select(open && found, probe, high);
        low = select(open && !found, probe, low);
        // A turn ends it: what holds here and not a stride before is between.
        auto const turns = (found && !backwards) || (!found && backwards);
        stride = stride + stride;
        probe = select(backwards, high - stride, low + stride);
        open = open && !turns && low < probe && probe < high;
    }

    for (auto apart = met && high - low > Real(1.5); any(apart);
         apart = met && high - low > Real(1.5)) {
        Real const middle = floor(Real(0.5) * (low + high));
        auto const found = enough(middle * Real(fusion_step_s));
        high = select(apart && found, middle, high);
        low = select(apart && !found, middle, low);
    }
    return select(met, high * Real(fusion_step_s), Real(never_s));
}

/// The same where more is known than when `known` was found (never_s: it never was), so that the answer is no later. Sought
/// where it may be before `wanted`, backwards from there, in strides that double; elsewhere `known` is returned.
template <class Real, class Enough>
LW_FUNC Real earlier_time_s(Enough const& enough, Real const& low_s, Real const& high_s,
                            Real const& known_s, Real const& wanted_s)
{
    Real const rate = Real(1 / fusion_step_s);
    Real const last = floor(high_s * rate);
    Real low = smaller(floor(low_s * rate), last);
    Real const known = floor(known_s * rate + Real(0.5));
    // Instants that are wanted are sums, so a little off.
    Real high = smaller(smaller(known, last), floor(wanted_s * rate + Real(1e-6)));

    auto met = high >= known;
    auto const sought = high > low;

    if (any(sought && !met)) { met = met || (sought && enough(high * Real(fusion_step_s))); }
    double stride = 1;
    for (auto open = sought && met && high - low > Real(1.5); any(open); stride *= 2) {
        Real const probe = larger(high - Real(stride), low + Real(1));
        auto const found = enough(probe * Real(fusion_step_s));
        high = select(open && found, probe, high);
        low = select(open && !found, probe, low);
        open = open && found && high - low > Real(1.5);
    }
    for (auto apart = sought && met && high - low > Real(1.5); any(apart);
         apart = sought && met && high - low > Real(1.5)) {
        Real const middle = floor(Real(0.5) * (low + high));
        auto const found = enough(middle * Real(fusion_step_s));
        high = select(apart && found, middle, high);
        low = select(apart && !found, middle, low);
    }
    return select(sought && met, high * Real(fusion_step_s), known_s);
}

}  // namespace longwatch
