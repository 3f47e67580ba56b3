// When a radar's track is firm, given its first cue: read from the columns of observe.
#pragma once

#include "kernels/columns/columns.hpp"
#include "models/track/initiation.hpp"

namespace longwatch {

/// The slot of the first look that a cue makes a cued one.
template <class Real>
LW_FUNC Real first_cued_slot(RadarParams const& radar, Columns const& c, std::int64_t i, int sensor,
                             Real const& t_cue_s)
{
    Real const since_look_zero_s = t_cue_s - c.look_phase_s.load<Real>(i, sensor);
    Real const next_look = -floor(-since_look_zero_s * Real(1.0 / radar.look_period_s));
    return clamp(next_look - c.look_first.load<Real>(i, sensor), Real(0),
                 c.look_count.load<Real>(i, sensor));
}

/// From a track of enough hits on, the first look at which these and those since tell position across the line as well as
/// a firm track must; never_s where none does.
template <class Real>
LW_FUNC Real accurate_s(RadarParams const& radar, Columns const& c, std::int64_t i, int sensor,
                        Real const& t_initiated_s, Real const& first_cued)
{
    int const slots = c.looks[sensor].first;
    Real const phase = c.look_phase_s.load<Real>(i, sensor);
    Real const first = c.look_first.load<Real>(i, sensor);
    Real const count = c.look_count.load<Real>(i, sensor);
    auto const initiated = t_initiated_s < Real(never_s);
    Real const look = floor((t_initiated_s - phase) * Real(1.0 / radar.look_period_s) + Real(0.5));
    Real slot = select(initiated, look - first, Real(0));
    Real const from = first_look_of_track(radar.looks_considered, slot, first_cued);
    Real const before = c.hit_weight.load_at(i, smaller(from, count), slots);
    Real const wanted = Real(1 / (radar.firm_sigma_m * radar.firm_sigma_m));
    auto const told = [&] {
        return c.hit_weight.load_at(i, smaller(slot + Real(1), count), slots) - before;
    };
    auto lacks = initiated && slot < count && told() < wanted;
    while (any(lacks)) {
        slot = slot + select(lacks, Real(1), Real(0));
        lacks = lacks && slot < count && told() < wanted;
    }
    Real const t = phase + (first + slot) * Real(radar.look_period_s);
    return select(initiated && slot < count, t, Real(never_s));
}

/// Firm track of a radar whose looks from t_cue on are cued; never_s where there is none.
template <class Real>
LW_FUNC Real firm_track_s(RadarParams const& radar, Columns const& c, std::int64_t i, int sensor,
                          Real const& t_cue_s)
{
    Real const cued = first_cued_slot(radar, c, i, sensor, t_cue_s);
    Real const initiated = c.look_firm_s.load_at(i, cued, c.looks[sensor].first);
    return radar.firm_sigma_m > 0 ? accurate_s(radar, c, i, sensor, initiated, cued) : initiated;
}

/// First hit of a radar whose looks from t_cue on are cued: the first unaided one, or before it the
/// first cued one, found by halving, since hits are counted up look by look. never_s where there is none.
template <class Real>
LW_FUNC Real first_detection_s(RadarParams const& radar, Columns const& c, std::int64_t i,
                               int sensor, Real const& t_cue_s)
{
    int const first = c.looks[sensor].first;
    Real const unaided = c.t_search_hit_s.load<Real>(i, sensor);
    Real const count = c.look_count.load<Real>(i, sensor);
    Real low = first_cued_slot(radar, c, i, sensor, t_cue_s), high = count;
    Real const before = c.cued_hits.load_at(i, low, first);
    auto const some = c.cued_hits.load_at(i, high, first) > before + Real(0.5);
    // Hits before slot `high` outnumber those before the cue, hits before slot `low` do not.
    for (auto apart = some && high - low > Real(1.5); any(apart);
         apart = some && high - low > Real(1.5)) {
        Real const middle = floor(Real(0.5) * (low + high));
        auto const hit = c.cued_hits.load_at(i, middle, first) > before + Real(0.5);
        high = select(apart && hit, middle, high);
        low = select(apart && !hit, middle, low);
    }
    Real const look = c.look_first.load<Real>(i, sensor) + high - Real(1);
    Real const cued = c.look_phase_s.load<Real>(i, sensor) + look * Real(radar.look_period_s);
    return smaller(unaided, select(some, cued, Real(never_s)));
}

}  // namespace longwatch
