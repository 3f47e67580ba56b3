// What a battery knows of a flight that it may engage: whose prediction it acts on, and how that gets better.
#pragma once

#include "kernels/stages/arm_tracks.hpp"
#include "kernels/stages/held_tracks.hpp"
#include "models/warning/spread.hpp"

namespace longwatch {

/// What a node holds came through the network, unless it made it itself with a track of a radar of its own.
template <class Real>
LW_FUNC Mask<Real> is_remote(ArmTracks<Real> const& tracks, Arrivals<Real> const& prediction,
                             int node)
{
    auto own = Real(0) > Real(1);
    for (int s = 0; s < tracks.sensor_count(); ++s) {
        if (!tracks.is_at(s, node) || !tracks.takes_part(s) || !tracks.is_radar(s)) { continue; }
        own = own || tracks.t_firm_s(s) < prediction.held_s[node];
    }
    return !(own && prediction.maker[node] == Real(static_cast<double>(node)));
}

/// Kept at known_instants from the first good enough prediction until the flight passes the battery.
template <class Real>
class BatteryKnowledge {
public:
    /// The prediction reaches the battery at t_held, where the mask is set.
    LW_FUNC BatteryKnowledge(Scenario const& scenario, Columns const& columns, std::int64_t i,
                             int arm, int battery, Real const& t_held_s, Mask<Real> const& mask)
        : c_(columns), i_(i), slot_(arm * scenario.battery_count + battery)
    {
        Real const passes = larger(c_.t_passes_s.load<Real>(i, battery), t_held_s + Real(1));
        step_s_ = (passes - t_held_s) * Real(1.0 / (known_instants - 1));
        c_.known_step_s.store(i, slot_,
                              select(mask, step_s_, c_.known_step_s.load<Real>(i, slot_)));
    }

    /// What the maker of the prediction holds, which it knew enough of at t_known: the battery gets to know the rest as
    /// much later as it did that.
    LW_FUNC void keep(HeldTracks<Real>& held, Real const& t_known_s, Mask<Real> const& mask) const
    {
        for (int k = 0; k < known_instants; ++k) {
            Real const t = t_known_s + Real(static_cast<double>(k)) * step_s_;
            auto const told = held.told_by(select(mask, t, Real(0)));
            int const run = slot_ * known_instants + k;
            Real kept[information_size];
            c_.known.load(i_, Real(static_cast<double>(run)), kept);
            for (int e = 0; e < information_size; ++e) {
                kept[e] = select(mask, told.entry[e], kept[e]);
            }
            c_.known.store(i_, run, kept);
        }
    }

private:
    Columns const& c_;
    std::int64_t i_;
    int slot_;
    Real step_s_;
};

}  // namespace longwatch
