// The radars' tracks that a node may use, made ready for asking what they tell at many times.
#pragma once

#include "kernels/columns/columns.hpp"
#include "models/track/information.hpp"

namespace longwatch {

template <class Real>
class HeldTracks {
public:
    LW_FUNC HeldTracks(Columns const& columns, std::int64_t i) : c_(columns), i_(i) {}

    /// A radar's track, firm at t_firm_s, whose looks the node holds age_s after they are taken; left
    /// out where either is never_s.
    LW_FUNC void add(RadarParams const& radar, int sensor, Real const& t_firm_s, Real const& age_s)
    {
        auto const usable = t_firm_s < Real(never_s) && age_s < Real(never_s);
        if (!any(usable)) { return; }
        Track& track = track_[count_++];
        Real const phase = c_.look_phase_s.load<Real>(i_, sensor);
        Real const first = c_.look_first.load<Real>(i_, sensor);
        track.slots = c_.looks[sensor].first;
        track.rate_hz = 1.0 / radar.look_period_s;
        track.shift_s = phase + age_s;
        track.first = first;
        Real const firm = floor((t_firm_s - phase) * Real(track.rate_hz) + Real(0.5));
        track.from = select(usable, firm - first, Real(0));
        track.until = select(usable, c_.look_count.load<Real>(i_, sensor), Real(0));
        track.before = told_before(track.slots, track.from);
    }

    /// By all looks that have arrived at t.
    LW_FUNC TrackInformation<Real> told_by(Real const& t_s) const
    {
        TrackInformation<Real> sum{Real(0), Real(0), Real(0)};
        for (int k = 0; k < count_; ++k) {
            Track const& track = track_[k];
            Real const look = floor((t_s - track.shift_s) * Real(track.rate_hz));
            Real const slots = look + Real(1) - track.first;
            Real const until = clamp(slots, track.from, larger(track.until, track.from));
            if (!any(until > track.from)) { continue; }
            auto const all = told_before(track.slots, until);
            sum = sum + TrackInformation<Real>{all.W - track.before.W, all.S - track.before.S,
                                               all.Q - track.before.Q};
        }
        return sum;
    }

private:
    struct Track {
        int slots;                      ///< first slot of the radar's looks
        double rate_hz;                 ///< of looks
        Real shift_s;                   ///< look n is held from when (t - shift) rate >= n
        Real first;                     ///< look in the first slot
        Real from, until;               ///< slots that tell: of the firm track on
        TrackInformation<Real> before;  ///< what earlier slots told
    };

    LW_FUNC TrackInformation<Real> told_before(int slots, Real const& slot) const
    {
        return {c_.info.load_at(i_, slot, slots), c_.info_t_s.load_at(i_, slot, slots),
                c_.info_t2_s2.load_at(i_, slot, slots)};
    }

    Columns const& c_;
    std::int64_t i_;
    int count_ = 0;
    Track track_[max_sensors];
};

}  // namespace longwatch
