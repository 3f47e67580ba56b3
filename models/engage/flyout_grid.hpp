// The grid of a fly-out surface, and least times on one twice as fine from flown paths.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/engage/flyout_path.hpp"

namespace longwatch {

inline constexpr int flyout_range_points = 128;
inline constexpr int flyout_altitude_points = 64;
inline constexpr int flyout_points = flyout_range_points * flyout_altitude_points;

/// A row's reach is this part of the way to the edge that no path passes; and the y (2 - 0.8 y) of
/// flyout_column there.
inline constexpr double flyout_reach_frac = 0.999;
inline constexpr double flyout_last_column = 1.1865508893593265;

/// Column, from 0 to 1, at a fraction of the reach: y (2 - 0.8 y) over its last, with
/// y = 1 - sqrt(1 - fraction of the way to the edge). Columns lie evenly near the battery, and so
/// close at the edge that times, which rise there as a root, are smooth across them.
template <class Real>
LW_FUNC Real flyout_column(Real const& reach_frac)
{
    Real const y = Real(1) - sqrt(Real(1) - Real(flyout_reach_frac) * reach_frac);
    return y * (Real(2) - Real(0.8) * y) * Real(1 / flyout_last_column);
}

namespace flyout_detail {

/// The grid on which a surface is made: twice as fine, so that it knows the middle of every cell.
struct FineSurface {
    static constexpr int ranges = 2 * flyout_range_points - 1;
    static constexpr int altitudes = 2 * flyout_altitude_points - 1;
    double altitude_step_m, range_max_m;
    std::vector<double> reach_m = std::vector<double>(altitudes, 0.0);
    std::vector<double> range_m = std::vector<double>(ranges * altitudes, 0.0);
    std::vector<FlyoutPoint> points = std::vector<FlyoutPoint>(ranges * altitudes, {never_s});

    FlyoutPoint& at(int i, int j) { return points[j * ranges + i]; }
    FlyoutPoint const& at(int i, int j) const { return points[j * ranges + i]; }
};

/// Time and velocity linear in the weights of b and c, from those of a; the place is not kept.
inline FlyoutPoint mixed(FlyoutPoint const& a, FlyoutPoint const& b, FlyoutPoint const& c,
                         double wb, double wc)
{
    auto const mix = [&](double x, double y, double z) { return x + wb * (y - x) + wc * (z - x); };
    return {mix(a.t_s, b.t_s, c.t_s), 0, 0, mix(a.out_mps, b.out_mps, c.out_mps),
            mix(a.up_mps, b.up_mps, c.up_mps)};
}

/// Lowers the times of the grid's points inside a triangle of the (range, altitude) plane to those
/// linear between its corners, and takes over the velocities with them.
inline void lower_times(FineSurface& fine, FlyoutPoint const& a, FlyoutPoint const& b,
                        FlyoutPoint const& c)
{
    double const bx = b.range_m - a.range_m, by = b.altitude_m - a.altitude_m;
    double const cx = c.range_m - a.range_m, cy = c.altitude_m - a.altitude_m;
    double const area = bx * cy - cx * by;
    if (area == 0) { return; }
    double const low_m = a.altitude_m + std::min({0.0, by, cy});
    double const high_m = a.altitude_m + std::max({0.0, by, cy});
    double const near_m = a.range_m + std::min({0.0, bx, cx}) - 1e-3;
    double const far_m = a.range_m + std::max({0.0, bx, cx}) + 1e-3;
    int const j_last = static_cast<int>(
        std::floor(std::clamp(high_m / fine.altitude_step_m, -1.0, FineSurface::altitudes - 1.0)));
    for (int j = static_cast<int>(std::ceil(std::max(low_m / fine.altitude_step_m, 0.0)));
         j <= j_last; ++j) {
        double const y = j * fine.altitude_step_m - a.altitude_m;
        double const* const row = &fine.range_m[j * FineSurface::ranges];
        double const* const end = row + FineSurface::ranges;
        for (auto r = std::lower_bound(row, end, near_m); r < end && *r <= far_m; ++r) {
            double const x = *r - a.range_m;
            double const wb = (x * cy - cx * y) / area, wc = (bx * y - x * by) / area;
            if (std::min({wb, wc, 1 - wb - wc}) < -1e-9) { continue; }  // none between neighbours
            auto const here = mixed(a, b, c, wb, wc);
            auto& known = fine.at(static_cast<int>(r - row), j);
            if (here.t_s < known.t_s) { known = here; }
        }
    }
}

/// One course's points in steps common to all, until it is beyond the farthest columns or below
/// the ground by a cell of the surface: so deep may a path dip that flies flat.
inline std::vector<FlyoutPoint> course_points(FineSurface const& fine, FlyoutPlan const& plan,
                                              Atmosphere const& atmosphere, double elevation_rad)
{
    double const farthest_m = 1.2 * fine.range_max_m;
    double const lowest_m = -2 * fine.altitude_step_m;
    double const cell_m =
        std::hypot(fine.range_max_m / flyout_range_points, 2 * fine.altitude_step_m);
    FlyoutSteps const steps{plan.burnout_s / 96, cell_m / plan.ideal_speed_mps};
    std::vector<FlyoutPoint> points(1);
    fly_out(plan, atmosphere, elevation_rad, steps, [&](double t_s, FlyoutState const& s) {
        points.push_back(flyout_point(t_s, s));
        return points.back().altitude_m > lowest_m && std::fabs(points.back().range_m) < farthest_m;
    });
    return points;
}

/// The farthest that a course passes the rows on its way, if farther than known.
inline void raise_reach(FineSurface& fine, std::vector<FlyoutPoint> const& course)
{
    for (std::size_t k = 1; k < course.size(); ++k) {
        auto const &a = course[k - 1], &b = course[k];
        double const from = a.altitude_m / fine.altitude_step_m;
        double const to = b.altitude_m / fine.altitude_step_m;
        double const last = std::min(std::max(from, to), FineSurface::altitudes - 1.0);
        for (double j = std::ceil(std::max(std::min(from, to), 0.0)); j <= last; ++j) {
            double const part = from == to ? 1 : (j - from) / (to - from);
            double& reach = fine.reach_m[static_cast<int>(j)];
            reach = std::max(reach, a.range_m + part * (b.range_m - a.range_m));
        }
    }
}

/// Lays out the columns of the grid to the reach of its rows, between two rows of the surface to
/// the mean of theirs. Reach is known to a little more than the limit of employment.
inline void lay_out(FineSurface& fine)
{
    for (double& reach : fine.reach_m) {
        reach = std::min(flyout_reach_frac * reach, 1.1 * fine.range_max_m);
    }
    for (int j = 0; j < FineSurface::altitudes; ++j) {
        if (j % 2 == 1) { fine.reach_m[j] = (fine.reach_m[j - 1] + fine.reach_m[j + 1]) / 2; }
        for (int i = 0; i < FineSurface::ranges; ++i) {
            // y (2 - 0.8 y) = column, as in flyout_column
            double const column = flyout_last_column * i / (FineSurface::ranges - 1);
            double const y = (1 - std::sqrt(1 - 0.8 * column)) / 0.8;
            fine.range_m[j * FineSurface::ranges + i] =
                fine.reach_m[j] * y * (2 - y) / flyout_reach_frac;
        }
    }
}

/// Flies all courses from the horizontal to one beyond the vertical, a third of a degree apart; the
/// strip between two neighbours, cut into triangles, lowers the times of the points within.
inline void fly_all_courses(FineSurface& fine, FlyoutPlan const& plan, Atmosphere const& atmosphere)
{
    std::vector<std::vector<FlyoutPoint>> courses;
    for (int e = 0; e <= 271; ++e) {
        courses.push_back(course_points(fine, plan, atmosphere, e * rad_per_deg / 3));
        raise_reach(fine, courses.back());
    }
    lay_out(fine);
    for (std::size_t e = 1; e < courses.size(); ++e) {
        auto const &low = courses[e - 1], &high = courses[e];
        for (std::size_t k = 1; k < std::min(low.size(), high.size()); ++k) {
            lower_times(fine, low[k - 1], high[k - 1], high[k]);
            lower_times(fine, low[k - 1], high[k], low[k]);
        }
    }
}

/// Points on the ground, which no straight course skirts, take what those above them tell.
inline void extend_to_ground(FineSurface& fine)
{
    fine.at(0, 0).t_s = 0;
    for (int i = 1; i < FineSurface::ranges; ++i) {
        auto const &above = fine.at(i, 1), &higher = fine.at(i, 2);
        if (fine.at(i, 0).t_s < never_s || std::max(above.t_s, higher.t_s) >= never_s) { continue; }
        fine.at(i, 0) = mixed(above, higher, above, -1, 0);
    }
}

}  // namespace flyout_detail

}  // namespace longwatch
