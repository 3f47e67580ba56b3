// When a battery must launch to meet a threat at a given point of its path.
#pragma once

#include "models/earth/site.hpp"
#include "models/engage/battery.hpp"
#include "models/engage/flyout.hpp"

namespace longwatch {

/// Latest launch that still meets the threat where it is at time t: t less the least time of flight
/// there. -never_s where the battery cannot meet it: outside its altitudes or its range.
/// Ground range: the angle at the Earth's centre times the mean radius, within 0.25 % of the true
/// one.
template <class Real>
LW_FUNC Real latest_launch_s(BatteryParams const& p, Real const& t_s,
                             Vec3<Real, Ecef> const& threat_m, Real const& threat_altitude_m)
{
    InterceptorParams const& interceptor = p.interceptor;
    Real const range_m = Real(earth_mean_radius_m) * ground_angle_rad(p.frame, threat_m);
    auto const in_reach = range_m <= Real(interceptor.range_max_m) &&
                          threat_altitude_m >= Real(interceptor.altitude_min_m) &&
                          threat_altitude_m <= Real(interceptor.altitude_max_m);
    if (!any(in_reach)) { return Real(-never_s); }
    Real const flight_s = flyout_time_s(p.flyout, range_m, threat_altitude_m);
    return select(in_reach && flight_s < Real(never_s), t_s - flight_s, Real(-never_s));
}

}  // namespace longwatch
