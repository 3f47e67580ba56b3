// How fast an interceptor gets where: its flight in a vertical plane, and the table of least times.
#pragma once

#include <algorithm>
#include <cmath>

#include "models/earth/wgs84.hpp"
#include "models/engage/battery.hpp"

namespace longwatch {

// The Earth of the fly-out: a sphere of the mean radius, at rest, attracting as GM / r^2.
inline constexpr double flyout_mu_m3ps2 = 3.986004418e14;  // WGS 84
inline constexpr double flyout_longest_s = 3600;           // no flight is followed further

/// In the plane: x along the horizon of the battery, z up from the Earth's centre.
struct FlyoutState {
    double x_m = 0, z_m = earth_mean_radius_m;
    double vx_mps = 0, vz_mps = 0;
};

/// A point of a fly-out, as the table knows it.
struct FlyoutPoint {
    double range_m = 0, altitude_m = 0;
};

inline FlyoutPoint flyout_point(FlyoutState const& s)
{
    return {earth_mean_radius_m * std::atan2(s.x_m, s.z_m),
            std::hypot(s.x_m, s.z_m) - earth_mean_radius_m};
}

/// Thrust acceleration (0: coast) and the direction held while it lasts, a unit vector.
struct FlyoutCourse {
    double thrust_mps2, x, z;
};

inline FlyoutCourse flyout_course(InterceptorParams const& p, double elevation_rad)
{
    return {p.burnout_speed_mps / p.boost_s, std::cos(elevation_rad), std::sin(elevation_rad)};
}

/// One Runge-Kutta step (classical, fourth order) of r'' = thrust - GM r / |r|^3. The thrust holds
/// the course set at launch: its part across the course balances gravity's, the rest pushes along.
/// No drag: times through the lower atmosphere are optimistic, and so are ranges within it.
inline FlyoutState step_flyout(FlyoutState const& s, FlyoutCourse const& c, double step_s)
{
    auto const rate = [&](FlyoutState const& at) {
        double const r2 = at.x_m * at.x_m + at.z_m * at.z_m;
        double const g = -flyout_mu_m3ps2 / (r2 * std::sqrt(r2));
        double const gx = g * at.x_m, gz = g * at.z_m;
        double const across = std::clamp(c.z * gx - c.x * gz, -c.thrust_mps2, c.thrust_mps2);
        double const along = std::sqrt(c.thrust_mps2 * c.thrust_mps2 - across * across);
        return FlyoutState{at.vx_mps, at.vz_mps, gx + along * c.x - across * c.z,
                           gz + along * c.z + across * c.x};
    };
    auto const moved = [&](FlyoutState const& d, double t_s) {
        return FlyoutState{s.x_m + t_s * d.x_m, s.z_m + t_s * d.z_m, s.vx_mps + t_s * d.vx_mps,
                           s.vz_mps + t_s * d.vz_mps};
    };
    auto const k1 = rate(s);
    auto const k2 = rate(moved(k1, step_s / 2));
    auto const k3 = rate(moved(k2, step_s / 2));
    auto const k4 = rate(moved(k3, step_s));
    FlyoutState const sum{k1.x_m + 2 * (k2.x_m + k3.x_m) + k4.x_m,
                          k1.z_m + 2 * (k2.z_m + k3.z_m) + k4.z_m,
                          k1.vx_mps + 2 * (k2.vx_mps + k3.vx_mps) + k4.vx_mps,
                          k1.vz_mps + 2 * (k2.vz_mps + k3.vz_mps) + k4.vz_mps};
    return moved(sum, step_s / 6);
}

/// Time steps common to all elevations: boost_steps to burnout, then the coast.
struct FlyoutClock {
    double boost_step_s, coast_step_s;
    int boost_steps, steps;

    double time_s(int step) const
    {
        int const coasted = std::max(0, step - boost_steps);
        return (step - coasted) * boost_step_s + coasted * coast_step_s;
    }
    FlyoutState advance(FlyoutState const& s, FlyoutCourse const& c, int step) const
    {
        return step < boost_steps ? step_flyout(s, c, boost_step_s)
                                  : step_flyout(s, {0, c.x, c.z}, coast_step_s);
    }
};

/// About half a cell of the table per step at burnout speed, and a boost of no fewer than 32 steps.
inline FlyoutClock flyout_clock(InterceptorParams const& p, FlyoutTable const& table)
{
    double const cell_m = std::hypot(table.range_step_m, table.altitude_step_m);
    double const coast_step_s = 0.5 * cell_m / p.burnout_speed_mps;
    int const boost_steps = std::max(32, static_cast<int>(std::ceil(p.boost_s / coast_step_s)));
    int const coast_steps = static_cast<int>(flyout_longest_s / coast_step_s);
    return {p.boost_s / boost_steps, coast_step_s, boost_steps, boost_steps + coast_steps};
}

/// Lowers the table's times at its points inside a triangle of the (range, altitude) plane, whose
/// corners are reached at times t, taking time as linear over it.
inline void lower_times(FlyoutTable& table, FlyoutPoint const (&corner)[3], double const (&t_s)[3])
{
    double x[3], y[3];
    for (int c = 0; c < 3; ++c) {
        x[c] = corner[c].range_m / table.range_step_m;
        y[c] = corner[c].altitude_m / table.altitude_step_m;
    }
    double const area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
    if (area == 0) { return; }
    auto const first = [](double const(&v)[3]) {
        return static_cast<int>(std::ceil(std::max(std::min({v[0], v[1], v[2]}), 0.0)));
    };
    auto const last = [](double const(&v)[3], int end) {
        return static_cast<int>(std::min(std::max({v[0], v[1], v[2], -1.0}), end - 1.0));
    };
    for (int i = first(x); i <= last(x, flyout_range_points); ++i) {
        for (int j = first(y); j <= last(y, flyout_altitude_points); ++j) {
            double const w1 = ((i - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (j - y[0])) / area;
            double const w2 = ((x[1] - x[0]) * (j - y[0]) - (i - x[0]) * (y[1] - y[0])) / area;
            double const w0 = 1 - w1 - w2;
            if (w0 < 0 || w1 < 0 || w2 < 0) { continue; }
            double& time_s = table.time_s[i * flyout_altitude_points + j];
            time_s = std::min(time_s, w0 * t_s[0] + w1 * t_s[1] + w2 * t_s[2]);
        }
    }
}

/// Flies two neighbouring courses side by side; the strip between them lowers the table's times.
inline void lower_times_between(FlyoutTable& table, FlyoutClock const& clock,
                                FlyoutCourse const& low_course, FlyoutCourse const& high_course)
{
    double const farthest_m = (flyout_range_points + 1) * table.range_step_m;
    auto const is_over = [&](FlyoutPoint const& at) {
        return at.altitude_m < -table.altitude_step_m || std::fabs(at.range_m) > farthest_m;
    };
    FlyoutState low, high;
    FlyoutPoint low_from, high_from;
    for (int step = 0; step < clock.steps && !is_over(low_from) && !is_over(high_from); ++step) {
        low = clock.advance(low, low_course, step);
        high = clock.advance(high, high_course, step);
        auto const low_to = flyout_point(low), high_to = flyout_point(high);
        double const t0 = clock.time_s(step), t1 = clock.time_s(step + 1);
        lower_times(table, {low_from, high_from, high_to}, {t0, t0, t1});
        lower_times(table, {low_from, high_to, low_to}, {t0, t1, t1});
        low_from = low_to;
        high_from = high_to;
    }
}

/// Least time of flight to every point of the table over all launch elevations, a quarter of a
/// degree apart, with times between neighbouring paths interpolated. Points that no path passes are
/// out of reach. A path may start below the horizontal and dip below the ground by one altitude
/// step, where a curved one would skirt it: so the points on the ground have times like those above
/// them. Requires positive speed, boost, range and altitude.
inline FlyoutTable flyout_table(InterceptorParams const& p)
{
    FlyoutTable table;
    table.range_step_m = p.range_max_m / (flyout_range_points - 1);
    table.altitude_step_m = p.altitude_max_m / (flyout_altitude_points - 1);
    std::fill(std::begin(table.time_s), std::end(table.time_s), never_s);
    table.time_s[0] = 0;

    auto const clock = flyout_clock(p, table);
    constexpr double step_rad = 0.25 * rad_per_deg;
    constexpr int lowest = -40, vertical = 360;
    for (int e = lowest; e <= vertical; ++e) {  // one beyond the vertical, which then lies inside
        lower_times_between(table, clock, flyout_course(p, e * step_rad),
                            flyout_course(p, (e + 1) * step_rad));
    }
    return table;
}

/// Least time of flight to a ground range and altitude, bilinear in the table; never_s outside it
/// and where a corner of the cell is out of reach. Its errors are given in docs/physics/engage.md.
template <class Real>
LW_FUNC Real flyout_time_s(FlyoutTable const& table, Real const& range_m, Real const& altitude_m)
{
    constexpr double i_last = flyout_range_points - 1, j_last = flyout_altitude_points - 1;
    Real const x = range_m * Real(1 / table.range_step_m);
    Real const y = altitude_m * Real(1 / table.altitude_step_m);
    auto const inside = x >= Real(0) && x <= Real(i_last) && y >= Real(0) && y <= Real(j_last);
    // Outside, the first cell is read and not used; NaN is outside too.
    Real const i = select(inside, smaller(Real(floor(x)), Real(i_last - 1)), Real(0));
    Real const j = select(inside, smaller(Real(floor(y)), Real(j_last - 1)), Real(0));
    Real const u = x - i, v = y - j;
    constexpr double row = flyout_altitude_points;
    Real const cell = i * Real(row) + j;
    Real const t00 = lookup(table.time_s, cell);
    Real const t01 = lookup(table.time_s, Real(cell + Real(1)));
    Real const t10 = lookup(table.time_s, Real(cell + Real(row)));
    Real const t11 = lookup(table.time_s, Real(cell + Real(row + 1)));
    Real const time =
        (Real(1) - u) * ((Real(1) - v) * t00 + v * t01) + u * ((Real(1) - v) * t10 + v * t11);
    Real const worst = larger(larger(t00, t01), larger(t10, t11));
    return select(inside && worst < Real(never_s), time, Real(never_s));
}

}  // namespace longwatch
