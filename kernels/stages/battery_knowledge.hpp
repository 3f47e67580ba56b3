// What a battery knows of a flight that it may engage: whose prediction it acts on, and how that gets better.
#pragma once

#include "kernels/stages/arm_tracks.hpp"
#include "kernels/stages/held_tracks.hpp"
#include "models/warning/spread.hpp"

namespace longwatch {

/// A node that makes predictions in one release class, and what it holds for them.
template <class Real>
struct Maker {
    int node, release_class;
    NodeHolding<Real> holding;
    Real t_may_s;  ///< it has waited, and holds tracks of enough sensors
    Real fusion_s;
};

/// Whose prediction a battery acts on.
template <class Real>
struct KnownFrom {
    Real maker = Real(-1);           ///< release class and node in one number; -1 for none
    Real t_known_s = Real(never_s);  ///< when the maker held enough

    LW_FUNC static Real number(int node, int release_class)
    {
        return Real(static_cast<double>(release_class * max_nodes + node));
    }
    LW_FUNC void take(Mask<Real> const& mask, Maker<Real> const& by, Real const& made_s)
    {
        maker = select(mask, number(by.node, by.release_class), maker);
        t_known_s = select(mask, made_s - by.fusion_s, t_known_s);
    }
    LW_FUNC Mask<Real> is_of(int node, int release_class) const
    {
        return maker == number(node, release_class);
    }
};

/// What a node holds from some time on came through the network, unless it made it itself with a track of a radar of its own.
template <class Real>
LW_FUNC Mask<Real> is_remote(ArmTracks<Real> const& tracks, int node, int maker,
                             Real const& t_held_s)
{
    auto own = Real(0) > Real(1);
    for (int s = 0; maker == node && s < tracks.sensor_count(); ++s) {
        if (!tracks.is_at(s, node) || !tracks.takes_part(s) || !tracks.is_radar(s)) { continue; }
        own = own || tracks.t_firm_s(s) < t_held_s;
    }
    return !own;
}

/// Kept at known_instants from the first good enough prediction until the flight passes the battery.
template <class Real>
class BatteryKnowledge {
public:
    /// The prediction has reached the battery, where the mask is set; slot is that of arm and battery.
    LW_FUNC BatteryKnowledge(Columns const& columns, std::int64_t i, int slot, int battery,
                             Mask<Real> const& mask)
        : c_(columns), i_(i), slot_(slot)
    {
        Real const held = c_.t_quality_s.load<Real>(i, slot);
        Real const passes = larger(c_.t_passes_s.load<Real>(i, battery), held + Real(1));
        step_s_ = (passes - held) * Real(1.0 / (known_instants - 1));
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
            Real const run = Real(static_cast<double>(slot_ * known_instants + k));
            Real kept[information_size];
            c_.known.load(i_, run, kept);

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
