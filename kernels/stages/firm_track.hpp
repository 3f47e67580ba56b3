// When a radar's track is firm, given its first cue: read from the columns of observe.
#pragma once

#include "kernels/columns/columns.hpp"

namespace longwatch {

/// Firm track of a radar whose looks from t_cue on are cued; never_s where there is none.
template <class Real>
LW_FUNC Real firm_track_s(RadarParams const& radar, Columns const& c, std::int64_t i, int sensor,
                          Real const& t_cue_s)
{
    Real const since_look_zero_s = t_cue_s - c.look_phase_s.load<Real>(i, sensor);
    Real const next_look = -floor(-since_look_zero_s * Real(1.0 / radar.look_period_s));
    Real const slot = clamp(next_look - c.look_first.load<Real>(i, sensor), Real(0),
                            c.look_count.load<Real>(i, sensor));
    return c.look_firm_s.load_at(i, slot, c.looks[sensor].first);
}

}  // namespace longwatch
