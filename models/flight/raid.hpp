// The raid: flights of one attack, and when each ignites.
#pragma once

#include "models/limits.hpp"
#include "models/math/distribution.hpp"
#include "models/math/purpose.hpp"

namespace longwatch {

/// Flight number = raid number * size + member. Ignitions never fall from one member to the next.
struct RaidParams {
    int size = 1;
    bool has_interval = false;              ///< ignitions follow one another by a drawn interval
    Distribution interval_s;                ///< else they are as listed
    double ignition_s[max_raid_size] = {};  ///< of each member, after the raid's beginning
};

/// Ignition of each member up to the last wanted, in turn: tell(member, time after the raid's beginning).
template <class Real, class Draws, class Tell>
LW_FUNC void each_ignition(RaidParams const& raid, int last, Draws const& draws, Tell const& tell)
{
    Real t = Real(raid.ignition_s[0]);
    for (int m = 0; m <= last; ++m) {
        if (raid.has_interval && m > 0) {
            t = t + quantile(raid.interval_s, Real(draws.uniform({DrawKind::ignition},
                                                                 static_cast<std::uint32_t>(m))));
        } else if (!raid.has_interval) {
            t = Real(raid.ignition_s[m]);
        }
        tell(m, t);
    }
}

/// How long a message of the last member told waits behind those of the members before it, at something that takes
/// service_s for each and passes them in the order of ignition: Lindley's recursion, W' = max(0, W + S - interval),
/// for messages as far apart as their flights' ignitions. Source: Lindley, "The theory of queues with a single
/// server", Proc. Camb. Phil. Soc. 48 (1952) 277-289.
template <class Real>
struct RaidQueue {
    double service_s = 0;
    Real waits_s = Real(0);
    Real before_s = Real(0);  ///< ignition of the member before

    LW_FUNC void next(int member, Real const& ignition_s)
    {
        if (member > 0) {
            waits_s = larger(Real(waits_s + Real(service_s) - (ignition_s - before_s)), Real(0));
        }
        before_s = ignition_s;
    }
};

}  // namespace longwatch
