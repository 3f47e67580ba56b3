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

/// Where a battery's interceptors may meet a threat by range and altitude.
template <class Real>
struct Reach {
    Real range_m;
    Mask<Real> inside;
};

LW_FUNC double lowest_intercept_m(BatteryParams const& p)
{
    return larger(p.interceptor.altitude_min_m, p.keep_out_m);
}

/// threat_direction: unit, from the Earth's centre. Where no lane's threat is inside, the range is that of the chord, which is
/// no longer.
template <class Real>
LW_FUNC Reach<Real> reach(BatteryParams const& p, Vec3<Real, Ecef> const& threat_direction,
                          Real const& threat_altitude_m)
{
    Real const chord = root(length2(threat_direction - in_every_lane<Real>(p.frame.direction)));
    Real const least_m = Real(earth_mean_radius_m) * chord,
               most_m = Real(p.interceptor.range_max_m);
    auto const may = least_m <= most_m && threat_altitude_m >= Real(lowest_intercept_m(p)) &&
                     threat_altitude_m <= Real(p.interceptor.altitude_max_m);
    if (!any(may)) { return {least_m, may}; }
    Real const range_m =
        Real(earth_mean_radius_m) * ground_angle_towards_rad(p.frame, threat_direction);
    return {range_m, may && range_m <= most_m};
}

/// For how many slots from now on no lane's flight comes into reach, a power of two up to 64: none is
/// faster over the ground, or climbs or falls faster, than 12 km/s, since what comes down again is slower
/// than the 11.2 km/s that would take it away.
template <class Real>
LW_FUNC int slots_out_of_reach(BatteryParams const& p, Reach<Real> const& now,
                               Real const& altitude_m, double slot_s)
{
    constexpr double fastest_mps = 12e3;
    for (int slots = 64; slots > 1; slots /= 2) {
        double const most_m = slots * slot_s * fastest_mps;
        auto const may_come = now.range_m <= Real(p.interceptor.range_max_m + most_m) &&
                              altitude_m >= Real(lowest_intercept_m(p) - most_m) &&
                              altitude_m <= Real(p.interceptor.altitude_max_m + most_m);
        if (!any(may_come)) { return slots; }
    }
    return 1;
}

/// Latest launch that still meets the threat where it is at time t: t less the least time of flight
/// there. -never_s where the battery cannot meet it: out of reach, or so near that its boost would not be over.
template <class Real>
LW_FUNC Real latest_launch_s(BatteryParams const& p, Reach<Real> const& reach,
                             Arrival<Real> const& arrival, Real const& t_s)
{
    auto const boosted = arrival.time_s >= Real(least_flight_s(p.interceptor));
    auto const meets = reach.inside && boosted && arrival.time_s < Real(never_s);
    return select(meets, t_s - arrival.time_s, Real(-never_s));
}

template <class Real>
LW_FUNC Real latest_launch_s(BatteryParams const& p, FlyoutSurface const& surface, Real const& t_s,
                             Vec3<Real, Ecef> const& threat_m, Real const& threat_altitude_m)
{
    auto const here = reach(p, unit(threat_m), threat_altitude_m);
    if (!any(here.inside)) { return Real(-never_s); }
    return latest_launch_s(p, here, flyout_arrival(surface, here.range_m, threat_altitude_m), t_s);
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
