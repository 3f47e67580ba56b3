// How well a track tells what is to come: the point of impact and its ellipse, the time to go, the
// position at an instant.
#pragma once

#include "models/earth/position.hpp"
#include "models/earth/wgs84.hpp"
#include "models/track/information.hpp"

namespace longwatch {

inline constexpr double fall_gravity_mps2 = 9.81;

/// What an error of the state at burnout does to the impact.
template <class Real>
struct ImpactMap {
    Real east[state_size], north[state_size];  ///< m
    Real time[state_size];                     ///< s
};

/// A flight entering the air: place, velocity over the turning Earth, height.
template <class Real>
struct Entry {
    Vec3<Real, Enu> v_mps;  ///< at the place below it
    Real altitude_m;
    StateRows<Real> r, v;  ///< errors, in ENU axes there
};

/// An error at entry shifts the rest of the path, which a fall without air continues: for tau, at the end of
/// which the velocity is w; what is displaced then by d comes down displaced by d - w (d_up / w_up), and later
/// by -d_up / w_up. The air bends the real path after that, as it does the undisturbed one.
template <class Real>
LW_FUNC ImpactMap<Real> impact_map(Entry<Real> const& entry)
{
    constexpr double g = fall_gravity_mps2;
    // h = -v_up tau + g tau^2 / 2.
    Real const down = Real(0) - entry.v_mps.z;
    Real const end_speed = sqrt(down * down + Real(2 * g) * larger(entry.altitude_m, Real(0)));
    Real const tau = (end_speed - down) * Real(1 / g);
    Real const per_down = Real(1) / larger(end_speed, Real(1));
    ImpactMap<Real> out;
    for (int k = 0; k < state_size; ++k) {
        auto const shift = [&](int axis) {
            return entry.r.row[axis][k] + tau * entry.v.row[axis][k];
        };
        Real const later = shift(2) * per_down;
        out.time[k] = later;
        out.east[k] = shift(0) + entry.v_mps.x * later;
        out.north[k] = shift(1) + entry.v_mps.y * later;
    }
    return out;
}

/// Variances of the impact point, m^2.
template <class Real>
struct ImpactCovariance {
    Real east, north, both;
};

template <class Real>
LW_FUNC ImpactCovariance<Real> impact_covariance(FactoredInformation<Real> const& f,
                                                 ImpactMap<Real> const& map)
{
    auto const east = reduced(f, map.east), north = reduced(f, map.north);
    return {covariance(f, east, east), covariance(f, north, north), covariance(f, east, north)};
}

/// The longer half axis of the ellipse of one standard deviation.
template <class Real>
LW_FUNC Real half_axis_m(ImpactCovariance<Real> const& c)
{
    Real const mean = Real(0.5) * (c.east + c.north), half = Real(0.5) * (c.east - c.north);
    return sqrt(mean + sqrt(half * half + c.both * c.both));
}

/// half_axis_m(c) <= sigma, without roots.
template <class Real>
LW_FUNC Mask<Real> within(ImpactCovariance<Real> const& c, double sigma_m)
{
    Real const east = Real(sigma_m * sigma_m) - c.east, north = Real(sigma_m * sigma_m) - c.north;
    return east >= Real(0) && north >= Real(0) && east * north >= c.both * c.both;
}

/// Variance of a position, summed over its axes, m^2.
template <class Real>
LW_FUNC Real position_variance_m2(FactoredInformation<Real> const& f, StateRows<Real> const& rows)
{
    Real sum = Real(0);
    for (auto const& row : rows.row) {
        auto const part = reduced(f, row);
        sum = sum + covariance(f, part, part);
    }
    return sum;
}

}  // namespace longwatch
