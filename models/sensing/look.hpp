// One look of a radar at one target.
#pragma once

#include "models/sensing/detection.hpp"
#include "models/sensing/radar.hpp"

namespace longwatch {

template <class Real>
struct Look {
    Mask<Real> hit_searching;  ///< detected by the search alone
    Mask<Real> hit_cued;       ///< detected if the radar knows where to point; includes the former
};

/// snr is that of a search. u is uniform in (0, 1): one draw decides both outcomes, so that a cue never costs a detection.
template <class Real>
LW_FUNC Look<Real> take_look(RadarParams const& p, Mask<Real> const& seen,
                             Mask<Real> const& in_fence, Real const& snr, Real const& u)
{
    auto const hit_cued = seen && is_detected(p.detection, Real(Real(p.cue_gain) * snr), u);
    auto hit_searching = hit_cued && in_fence;
    if (any(hit_searching)) { hit_searching = hit_searching && is_detected(p.detection, snr, u); }
    return {hit_searching, hit_cued};
}

}  // namespace longwatch
