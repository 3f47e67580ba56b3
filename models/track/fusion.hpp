// When the tracks held at a node tell the point of impact well enough.
#pragma once

#include "models/track/information.hpp"

namespace longwatch {

inline constexpr int fusion_rounds = 18;

/// Earliest time between two at which held(t), the information a node holds at t, predicts the
/// position at t_predicted (same origin as the information) to sigma; never_s if not by `high`.
/// Bisection on a condition that stays true once it is: the answer is late by at most
/// (high - low) / 2^18, 14 ms for an hour of flight, and on the same grid of times for
/// whatever the node holds, so that more information never gives a later answer.
template <class Real, class Held>
LW_FUNC Real earliest_prediction_s(Held const& held, Real low, Real high, Real const& t_predicted_s,
                                   double sigma_m)
{
    auto const possible = predicts_within(held(high), t_predicted_s, sigma_m);
    if (!any(possible)) { return Real(never_s); }
    for (int round = 0; round < fusion_rounds; ++round) {
        Real const middle = Real(0.5) * (low + high);
        auto const enough = predicts_within(held(middle), t_predicted_s, sigma_m);
        high = select(enough, middle, high);
        low = select(enough, low, middle);
    }
    return select(possible, high, Real(never_s));
}

}  // namespace longwatch
