// The radar cross-section a flight shows at an instant.
#pragma once

#include "kernels/columns/columns.hpp"

namespace longwatch {

/// Radar cross-section by phase of flight.
template <class Real>
class PhaseRcs {
public:
    LW_FUNC PhaseRcs(VehicleParams const& vehicle, Columns const& c, std::int64_t i)
        : vehicle_(vehicle), t_burnout_s_(c.t_burnout_s.load<Real>(i)),
          t_entry_s_(c.t_descend_100km_s.load<Real>(i)), factor_(c.rcs_factor.load<Real>(i))
    {
    }
    LW_FUNC Real at(Real const& t_s) const
    {
        Real const free = select(t_s < t_entry_s_, Real(vehicle_.rcs_midcourse_m2),
                                 Real(vehicle_.rcs_reentry_m2));
        return factor_ * select(t_s < t_burnout_s_, Real(vehicle_.rcs_boost_m2), free);
    }

private:
    VehicleParams const& vehicle_;
    Real t_burnout_s_, t_entry_s_, factor_;
};

}  // namespace longwatch
