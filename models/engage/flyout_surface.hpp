// Least times of flight of an interceptor and its velocity at arrival, over range and altitude.
#pragma once

#include "models/engage/flyout_grid.hpp"

namespace longwatch {

/// Rows j lie at altitudes j * altitude_step_m, columns i at the same fractions of each row's reach
/// (flyout_column), which is known to 1.1 range_max_m. Times are never_s where out of reach.
/// Velocity at arrival: outward along the horizontal there, and up. An entry's numbers lie side by side:
/// they are looked up together.
struct FlyoutSurface {
    double altitude_step_m = 0, range_max_m = 0;
    double reach_m[flyout_altitude_points] = {};
    double arrival[flyout_points][4] = {};  ///< entry [i][j]: time_s, out_mps, up_mps, nothing
};

namespace flyout_detail {

/// Whether bilinear times between the corners of a cell [i][j] of the surface differ by more than
/// 0.3 s from the fine ones at its centre or at the middle of an edge.
inline bool is_rough(FineSurface const& fine, FlyoutSurface const& surface, int i, int j)
{
    auto const time_s = [&](int k) {
        return surface.arrival[i * flyout_altitude_points + j + k][0];
    };
    double const low[] = {time_s(0), time_s(1)};
    double const far[] = {time_s(flyout_altitude_points), time_s(flyout_altitude_points + 1)};
    auto const differs = [&](int di, int dj) {
        double const u = di / 2.0, v = dj / 2.0;
        double const between_s =
            (1 - u) * ((1 - v) * low[0] + v * low[1]) + u * ((1 - v) * far[0] + v * far[1]);
        return std::fabs(between_s - fine.at(2 * i + di, 2 * j + dj).t_s) > 0.3;
    };
    return differs(1, 1) || differs(0, 1) || differs(1, 0) || differs(2, 1) || differs(1, 2);
}

/// Puts rough cells out of reach, each by its latest corner; those below the least altitude of
/// employment, which serve nothing, are left.
inline void trim(FlyoutSurface& surface, FineSurface const& fine, double altitude_min_m)
{
    constexpr int row = flyout_altitude_points;
    for (int i = 0; i + 1 < flyout_range_points; ++i) {
        for (int j = 0; j + 1 < flyout_altitude_points; ++j) {
            if ((j + 1) * surface.altitude_step_m <= altitude_min_m) { continue; }
            auto* const cell = surface.arrival + i * row + j;
            double* const latest = std::max({cell[0], cell[1], cell[row], cell[row + 1]},
                                            [](auto* a, auto* b) { return *a < *b; });
            if (*latest < never_s && is_rough(fine, surface, i, j)) { *latest = never_s; }
        }
    }
}

/// Where a point lies on a surface: its cell's first entry, and how far across the cell.
template <class Real>
struct SurfacePlace {
    Real cell, u, v;
    Mask<Real> inside;
};

/// Outside, the first cell is read and not used; NaN is outside too.
template <class Real>
LW_FUNC SurfacePlace<Real> surface_place(FlyoutSurface const& p, Real const& range_m,
                                         Real const& altitude_m)
{
    constexpr double i_last = flyout_range_points - 1, j_last = flyout_altitude_points - 1;
    Real const y = altitude_m * Real(1 / p.altitude_step_m);
    auto const level = y >= Real(0) && y <= Real(j_last);
    Real const j = select(level, smaller(Real(floor(y)), Real(j_last - 1)), Real(0));
    Real const v = y - j;
    Real const reach_m = (Real(1) - v) * lookup(p.reach_m, j) + v * lookup(p.reach_m + 1, j);
    auto const inside = level && range_m >= Real(0) && range_m <= Real(p.range_max_m) &&
                        range_m <= reach_m && reach_m > Real(0);
    Real const x =
        flyout_column(select(inside, range_m, Real(0)) / larger(reach_m, Real(1))) * Real(i_last);
    Real const i = select(inside, smaller(Real(floor(x)), Real(i_last - 1)), Real(0));
    return {i * Real(double(flyout_altitude_points)) + j, x - i, v, inside};
}

/// The entries at the corners of a cell [range][altitude].
template <class Real>
struct Corners {
    Real v00[4], v01[4], v10[4], v11[4];
};

template <class Real>
LW_FUNC Corners<Real> corners(FlyoutSurface const& p, SurfacePlace<Real> const& at)
{
    constexpr int row = flyout_altitude_points;
    Corners<Real> c;
    Lane<Real>::lookup_row(p.arrival, at.cell, c.v00);
    Lane<Real>::lookup_row(p.arrival + 1, at.cell, c.v01);
    Lane<Real>::lookup_row(p.arrival + row, at.cell, c.v10);
    Lane<Real>::lookup_row(p.arrival + row + 1, at.cell, c.v11);
    return c;
}

template <class Real>
LW_FUNC Real bilinear(Corners<Real> const& c, int quantity, SurfacePlace<Real> const& at)
{
    Real const u = at.u, v = at.v;
    return (Real(1) - u) * ((Real(1) - v) * c.v00[quantity] + v * c.v01[quantity]) +
           u * ((Real(1) - v) * c.v10[quantity] + v * c.v11[quantity]);
}

}  // namespace flyout_detail

/// Least times over all launch elevations. Inside the limits of employment each time is within
/// 0.5 s of the least of directly flown paths, see the test; what cannot be given so well, next to
/// the edge of reach, is put out of reach. Requires positive speed, range and altitude.
inline FlyoutSurface flyout_surface(InterceptorParams const& p, Atmosphere const& atmosphere)
{
    using namespace flyout_detail;
    FlyoutSurface surface;
    surface.range_max_m = p.range_max_m;
    surface.altitude_step_m = p.altitude_max_m / (flyout_altitude_points - 1);
    FineSurface fine{surface.altitude_step_m / 2, p.range_max_m};
    fly_all_courses(fine, flyout_plan(p.booster), atmosphere);
    extend_to_ground(fine);
    for (int j = 0; j < flyout_altitude_points; ++j) {
        surface.reach_m[j] = fine.reach_m[2 * j];
        for (int i = 0; i < flyout_range_points; ++i) {
            int const to = i * flyout_altitude_points + j;
            surface.arrival[to][0] = fine.at(2 * i, 2 * j).t_s;
            surface.arrival[to][1] = fine.at(2 * i, 2 * j).out_mps;
            surface.arrival[to][2] = fine.at(2 * i, 2 * j).up_mps;
        }
    }
    trim(surface, fine, p.altitude_min_m);
    return surface;
}

/// The end of a fly-out: time of flight, and velocity outward along the horizontal there and up.
template <class Real>
struct Arrival {
    Real time_s, out_mps, up_mps;
};

/// Least time to a ground range and altitude, and the velocity there, all bilinear in the surface;
/// never_s and nil outside it and where a corner of the cell is out of reach.
template <class Real>
LW_FUNC Arrival<Real> flyout_arrival(FlyoutSurface const& p, Real const& range_m,
                                     Real const& altitude_m)
{
    using namespace flyout_detail;
    auto const at = surface_place(p, range_m, altitude_m);
    auto const c = corners(p, at);
    Real const worst = larger(larger(c.v00[0], c.v01[0]), larger(c.v10[0], c.v11[0]));
    auto const reached = at.inside && worst < Real(never_s);
    return {select(reached, bilinear(c, 0, at), Real(never_s)),
            select(reached, bilinear(c, 1, at), Real(0)),
            select(reached, bilinear(c, 2, at), Real(0))};
}

/// The time alone.
template <class Real>
LW_FUNC Real flyout_time_s(FlyoutSurface const& p, Real const& range_m, Real const& altitude_m)
{
    return flyout_arrival(p, range_m, altitude_m).time_s;
}

}  // namespace longwatch
