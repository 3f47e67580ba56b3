// How well a track tells what is to come: the point of impact and its ellipse, the time to go, the
// position at an instant.
#pragma once

#include "models/earth/position.hpp"
#include "models/earth/wgs84.hpp"
#include "models/track/information.hpp"

namespace longwatch {

/// What an error of the state at burnout does to the impact.
template <class Real>
struct ImpactMap {
    Real east[state_size], north[state_size];  ///< m
    Real time[state_size];                     ///< s
};

/// From where a flight enters the air it is let fall without air to the ground, and its transition with it. What is
/// displaced then by d, the velocity over the turning Earth being w, comes down displaced by d - w (d_up / w_up),
/// and later by -d_up / w_up. The air bends the real path, and the undisturbed one alike.
template <class Real>
LW_FUNC ImpactMap<Real> impact_map(Vec3<Real, Eci> r_m, Vec3<Real, Eci> v_mps,
                                   StateRows<Real> const& r_rows, StateRows<Real> const& v_rows)
{
    constexpr int steps = 16;
    Transition<Real> rows{r_rows, v_rows, pulled(r_m, r_rows)};
    auto a = gravity(r_m);
    for (int k = 0; k < steps; ++k) {
        // h = -v_up t + (g - v_level^2 / r) t^2 / 2, solved so that nothing cancels; a part of what is left per step.
        Real const inverse_r = Real(1) / norm(r_m);
        Real const rises = dot(r_m, v_mps) * inverse_r;
        Real const level2 = dot(v_mps, v_mps) - rises * rises;
        Real const pull = Real(egm96_mu_m3ps2) * inverse_r * inverse_r - level2 * inverse_r;
        Real const height = larger(geodetic_altitude_m(r_m), Real(0));
        Real const root = sqrt(larger(rises * rises + Real(2) * pull * height, Real(0)));
        Real const left = Real(2) * height / larger(root - rises, Real(1));
        Real const h = Real(1.0 / (steps - k)) * left;
        v_mps = v_mps + (Real(0.5) * h) * a;
        r_m = r_m + h * v_mps;
        a = gravity(r_m);
        v_mps = v_mps + (Real(0.5) * h) * a;
        step_transition(rows, h, r_m);
    }
    auto const p = meridian_point(r_m);
    Real const per_axis = Real(1) / p.axis_distance_m;
    Vec3<Real, Eci> const east{Real(0) - r_m.y * per_axis, r_m.x * per_axis, Real(0)};
    Vec3<Real, Eci> const up{p.cos_lat * r_m.x * per_axis, p.cos_lat * r_m.y * per_axis, p.sin_lat};
    auto const north = cross(up, east);
    auto const w = velocity_relative_to_air(r_m, v_mps);
    Real const per_down = Real(1) / larger(Real(0) - dot(w, up), Real(1));
    ImpactMap<Real> out;
    for (int k = 0; k < state_size; ++k) {
        Vec3<Real, Eci> const d{rows.r.row[0][k], rows.r.row[1][k], rows.r.row[2][k]};
        Real const later = dot(d, up) * per_down;
        out.time[k] = later;
        out.east[k] = dot(d, east) + dot(w, east) * later;
        out.north[k] = dot(d, north) + dot(w, north) * later;
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
    return c.east >= Real(0) && c.north >= Real(0) && east >= Real(0) && north >= Real(0) &&
           east * north >= c.both * c.both;
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
