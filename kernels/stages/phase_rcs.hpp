// The radar cross-section a flight shows at an instant.
#pragma once

#include "kernels/columns/columns.hpp"

namespace longwatch {

/// Radar cross-section by phase of flight, by the stage that burns, and by aspect: the nose points along the velocity
/// over the turning Earth, also in free flight (nothing is known of how a payload turns).
template <class Real>
class PhaseRcs {
public:
    LW_FUNC PhaseRcs(VehicleParams const& vehicle, Columns const& c, std::int64_t i)
        : vehicle_(vehicle), c_(c), i_(i), t_burnout_s_(c.t_burnout_s.load<Real>(i)),
          t_entry_s_(c.t_descend_100km_s.load<Real>(i)), factor_(c.rcs_factor.load<Real>(i)),
          has_stages_(false)
    {
        for (int k = 0; k < vehicle.stage_count; ++k) {
            has_stages_ = has_stages_ || vehicle.stage[k].rcs_m2 > 0;
        }
    }

    LW_FUNC bool needs_aspect() const
    {
        return vehicle_.aspect_boost.count > 0 || vehicle_.aspect_free.count > 0;
    }

    /// From all sides alike.
    LW_FUNC Real at(Real const& t_s) const
    {
        Real const free = select(t_s < t_entry_s_, Real(vehicle_.rcs_midcourse_m2),
                                 Real(vehicle_.rcs_reentry_m2));
        return factor_ * select(t_s < t_burnout_s_, boost_m2(t_s), free);
    }

    /// Seen along `to_radar` by a vehicle of this velocity.
    template <class Frame>
    LW_FUNC Real at(Real const& t_s, Vec3<Real, Frame> const& v_mps,
                    Vec3<Real, Frame> const& to_radar) const
    {
        Real const size = sqrt(dot(v_mps, v_mps) * dot(to_radar, to_radar));
        Real const cosine = dot(v_mps, to_radar) / larger(size, Real(1e-9));
        Real const angle = acos(clamp(cosine, Real(-1), Real(1)));
        auto const factor = [&](AspectTable const& table) {
            return table.count > 0 ? aspect_factor(table, angle) : Real(1);
        };
        return at(t_s) * select(t_s < t_burnout_s_, factor(vehicle_.aspect_boost),
                                factor(vehicle_.aspect_free));
    }

private:
    /// Of the stage in hand, its coast after it included.
    LW_FUNC Real boost_m2(Real const& t_s) const
    {
        Real out = Real(vehicle_.rcs_boost_m2);
        if (!has_stages_) { return out; }
        Real before = Real(-1);
        for (int k = 0; k < vehicle_.stage_count; ++k) {
            double const own = vehicle_.stage[k].rcs_m2;
            out = select(t_s > before, Real(own > 0 ? own : vehicle_.rcs_boost_m2), out);
            before = c_.t_stage_end_s.load<Real>(i_, k);
        }
        return out;
    }

    VehicleParams const& vehicle_;
    Columns const& c_;
    std::int64_t i_;
    Real t_burnout_s_, t_entry_s_, factor_;
    bool has_stages_;
};

}  // namespace longwatch
