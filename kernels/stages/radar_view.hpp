// What one radar sees of one flight at an instant, wherever the radar stands.
#pragma once

#include "kernels/stages/launch.hpp"
#include "kernels/stages/phase_rcs.hpp"
#include "models/flight/arc.hpp"
#include "models/sensing/patrol.hpp"
#include "models/sensing/radar.hpp"

namespace longwatch {

/// A state of which only the position is known.
template <class Real>
LW_FUNC Knot<Real> at_rest(Real const& t_s, Vec3<Real, Eci> const& r_m)
{
    Vec3<Real, Eci> const none{Real(0), Real(0), Real(0)};
    return {t_s, r_m, none, none};
}

template <class Real>
class RadarView {
public:
    /// observe has drawn where ships stand.
    LW_FUNC RadarView(Scenario const& scenario, Launch const& launch, Columns const& c,
                      std::int64_t i, int s)
        : sensor_(scenario.sensor[s]), rcs_(scenario.threat[launch.threat].vehicle, c, i)
    {
        if (sensor_.patrol_radius_m > 0) {
            patrol_ = patrol(sensor_.frame, sensor_.patrol_radius_m, c.patrol_east.load<Real>(i, s),
                             c.patrol_north.load<Real>(i, s));
        }
    }

    /// The cross-section depends on how the vehicle moves.
    LW_FUNC bool needs_velocity() const { return rcs_.needs_aspect(); }

    LW_FUNC Vec3<Real, Ecef> site_m() const
    {
        auto const station = in_every_lane<Real>(sensor_.frame.position_m);
        return sensor_.patrol_radius_m > 0 ? from_station(patrol_, station) : station;
    }

    /// The target as the radar's station would see it.
    LW_FUNC Vec3<Real, Ecef> seen_from_station(Vec3<Real, Ecef> const& target_m) const
    {
        return sensor_.patrol_radius_m > 0 ? to_station(patrol_, target_m) : target_m;
    }
    LW_FUNC RadarGeometry<Real> geometry(Vec3<Real, Ecef> const& seen_from_station_m) const
    {
        return radar_geometry(sensor_.frame, sensor_.radar.earth_radius_factor,
                              seen_from_station_m);
    }
    LW_FUNC RadarSector const& sector() const { return sensor_.radar.coverage; }

    LW_FUNC Real cross_section_m2(Real const& t, Knot<Real> const& state) const
    {
        if (!rcs_.needs_aspect()) { return rcs_.at(t); }
        auto const velocity = ecef_from_eci(t, velocity_relative_to_air(state.r_m, state.v_mps));
        return rcs_.at(t, velocity, site_m() - ecef_from_eci(t, state.r_m));
    }

    /// Of a search, ratio.
    LW_FUNC Real signal_to_noise_in(RadarGeometry<Real> const& g, Real const& rcs_m2) const
    {
        return scan_factor(sensor_.radar, sector(), g) *
               signal_to_noise(sensor_.radar, g.slant_range_m, rcs_m2);
    }
    LW_FUNC Real signal_to_noise_at(Real const& t, Knot<Real> const& state) const
    {
        auto const target = seen_from_station(ecef_from_eci(t, state.r_m));
        Real const rcs_m2 = cross_section_m2(t, state);
        if (sensor_.radar.scan_loss_exponent > 0) {
            return signal_to_noise_in(geometry(target), rcs_m2);
        }
        auto const line = target - in_every_lane<Real>(sensor_.frame.position_m);
        return signal_to_noise(sensor_.radar, Real(root(dot(line, line))), rcs_m2);
    }

private:
    SensorParams const& sensor_;
    PhaseRcs<Real> rcs_;
    Patrol<Real> patrol_;
};

}  // namespace longwatch
