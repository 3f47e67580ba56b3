// When a battery must launch to meet a threat at a given point of its path, and how the two meet there.
#pragma once

#include "models/earth/site.hpp"
#include "models/engage/battery.hpp"
#include "models/engage/flyout_surface.hpp"

namespace longwatch {

/// Ground range from a battery: the angle at the Earth's centre times the mean radius, within 0.25 % of the true one.
template <class Real>
LW_FUNC Real ground_range_m(SiteFrame const& site, Vec3<Real, Ecef> const& r_m)
{
    return Real(earth_mean_radius_m) * ground_angle_rad(site, r_m);
}

/// Latest launch that still meets the threat where it is at time t: t less the least time of flight
/// there. -never_s where the battery cannot meet it: outside its altitudes or its range, or so near that its boost would
/// not be over.
template <class Real>
LW_FUNC Real latest_launch_s(BatteryParams const& p, FlyoutSurface const& surface, Real const& t_s,
                             Vec3<Real, Ecef> const& threat_m, Real const& threat_altitude_m)
{
    InterceptorParams const& interceptor = p.interceptor;
    Real const range_m = ground_range_m(p.frame, threat_m);
    double const lowest_m = larger(interceptor.altitude_min_m, p.keep_out_m);
    auto const in_reach = range_m <= Real(interceptor.range_max_m) &&
                          threat_altitude_m >= Real(lowest_m) &&
                          threat_altitude_m <= Real(interceptor.altitude_max_m);
    if (!any(in_reach)) { return Real(-never_s); }
    Real const flight_s = flyout_time_s(surface, range_m, threat_altitude_m);
    auto const boosted = flight_s >= Real(least_flight_s(interceptor));
    return select(in_reach && boosted && flight_s < Real(never_s), t_s - flight_s, Real(-never_s));
}

/// The interceptor's velocity where it meets the threat, over the turning Earth: outward along the great circle from the
/// battery, and up, both of the sphere. Straight above the battery there is no outward; it is taken as nil.
template <class Real>
LW_FUNC Vec3<Real, Ecef> interceptor_velocity(SiteFrame const& site,
                                              Vec3<Real, Ecef> const& threat_m,
                                              Arrival<Real> const& arrival)
{
    auto const up = unit(threat_m);
    auto const from = in_every_lane<Real>(site.direction);
    auto const along = dot(up, from) * up - from;
    Real const sine = norm(along);
    Real const out_mps = arrival.out_mps / larger(sine, Real(1e-6));
    return out_mps * along + arrival.up_mps * up;
}

/// The angle between the interceptor's velocity and the reverse of the threat's is within the interceptor's limit.
/// Velocities are over the turning Earth.
template <class Real>
LW_FUNC Mask<Real> crosses_within(InterceptorParams const& p, Vec3<Real, Ecef> const& interceptor,
                                  Vec3<Real, Ecef> const& threat)
{
    Real const cosine = Real(0) - dot(interceptor, threat);
    Real const least = Real(cos(p.crossing_angle_max_rad));
    return cosine >= least * sqrt(dot(interceptor, interceptor) * dot(threat, threat));
}

}  // namespace longwatch
