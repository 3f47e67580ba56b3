// The radars' tracks that a node may use, made ready for asking what they tell at many times.
#pragma once

#include "kernels/columns/track_columns.hpp"
#include "kernels/stages/firm_track.hpp"
#include "models/track/earliest_times.hpp"

namespace longwatch {

template <class Real>
class HeldTracks {
public:
    LW_FUNC HeldTracks(Columns const& columns, std::int64_t i) : c_(columns), i_(i) {}

    LW_FUNC void clear() { count_ = 0; }

    /// A radar's track, cued from t_cue_s on and firm at t_firm_s, whose looks the node holds age_s after they are taken, those
    /// before it is firm when it is; left out where either is never_s.
    LW_FUNC void add(RadarParams const& radar, int sensor, Real const& t_cue_s,
                     Real const& t_firm_s, Real const& age_s)
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
        Real const cued = first_cued_slot(radar, c_, i_, sensor, t_cue_s);
        Real const count = c_.look_count.load<Real>(i_, sensor);
        track.firm = firm - first;
        Real const of_track = first_look_of_track(radar.looks_considered, track.firm, cued);
        track.from = select(usable, smaller(of_track, count), Real(0));
        track.until = select(usable, count, Real(0));
        track.burnout_hits = c_.burnout_hits.load<Real>(i_, sensor);
        track.run = run_before(track, track.from);
        c_.info.load(i_, track.run, track.before);
        track.tells = false;
    }

    /// By all looks that have arrived at t, over knowing next to nothing.
    LW_FUNC TrackInformation<Real> told_by(Real const& t_s)
    {
        auto sum = no_information<Real>();
        add_told_by(t_s, sum);
        return sum;
    }

    /// The same on top of what others told.
    LW_FUNC void add_told_by(Real const& t_s, TrackInformation<Real>& sum)
    {
        for (int k = 0; k < count_; ++k) {
            Track& track = track_[k];
            Real const look = floor((t_s - track.shift_s) * Real(track.rate_hz));
            Real const slots = look + Real(1) - track.first;
            Real const held = select(slots > track.firm, slots, track.from);
            Real const until = clamp(held, track.from, larger(track.until, track.from));
            Real const run = run_before(track, until);
            // Between neighbouring instants few tracks get a hit, and reading is what costs.
            if (any(run < track.run || run > track.run)) {
                Real all[information_size];
                c_.info.load(i_, run, all);
                for (int entry = 0; entry < information_size; ++entry) {
                    track.told[entry] = all[entry] - track.before[entry];
                }
                track.run = run;
                track.tells = true;
            }
            if (!track.tells) { continue; }
            for (int entry = 0; entry < information_size; ++entry) {
                sum.entry[entry] = sum.entry[entry] + track.told[entry];
            }
        }
    }

private:
    struct Track {
        int slots;                      ///< first slot of the radar's looks
        double rate_hz;                 ///< of looks
        Real shift_s;                   ///< look n is held from when (t - shift) rate >= n
        Real first;                     ///< look in the first slot
        Real firm;                      ///< slot in which it became firm
        Real from, until;               ///< slots that tell: of the firm track on
        Real before[information_size];  ///< what earlier slots told
        Real burnout_hits;
        Real run;    ///< of `told`, what the track told when last asked
        bool tells;  ///< it told something when last asked
        Real told[information_size];
    };

    /// Where it stands what the track's radar was told before a slot.
    LW_FUNC Real run_before(Track const& track, Real const& slot) const
    {
        Real const hits = c_.cued_hits.load_at(i_, slot, track.slots);
        Real const first = Real(static_cast<double>(track.slots));
        return first + larger(hits - track.burnout_hits, Real(0));
    }

    Columns const& c_;
    std::int64_t i_;
    int count_ = 0;
    Track track_[max_sensors];
};

/// What a node holds for predictions of one release class, of the tracks it may use in them.
template <class Real>
struct NodeHolding {
    Real t_first_s;     ///< the first track; never_s for none
    Real first_sensor;  ///< whose it is; -1 for none
    Real
        detour_s;  ///< by how much its way was longer, under origins that may be used, than the shortest
    EarliestTimes<Real> tracks;

    LW_FUNC NodeHolding() : t_first_s(Real(never_s)), first_sensor(Real(-1)), detour_s(Real(0)) {}
    LW_FUNC void add(Real const& held_s, int sensor, Real const& way_detour_s)
    {
        auto const first = held_s < t_first_s;
        t_first_s = select(first, held_s, t_first_s);
        first_sensor = select(first, Real(static_cast<double>(sensor)), first_sensor);
        detour_s = select(first, way_detour_s, detour_s);
        tracks.add(held_s);
    }
    /// It has waited, and holds tracks of enough sensors.
    LW_FUNC Real t_may_predict_s(NodeParams const& node, Real const& wait_s) const
    {
        return larger(t_first_s + wait_s, tracks.time_s(node.tracks_required));
    }
};

}  // namespace longwatch
