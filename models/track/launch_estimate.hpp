// What an infrared sensor's scans of a burning plume tell of the launch: place, direction, time.
//
// A plume that follows a known kind of boost is told by five numbers: where it started (east, north), by how much its
// track is turned, when it started, and by how much farther downrange it is than its kind at the same height. A plume
// seen at r (from the launch: E, N, U), moving at v, moves with them by
//     (1,0,0), (0,1,0), (N,-E,0), -v, (E,N,0).
// A scan along the line u measures r across u, with the standard deviation range * line_of_sight_sigma per axis, and
// tells nothing along it. Scans add up to a matrix of five unknowns, whose inverse is the Cramer-Rao bound. The kind is
// known to a tenth of the downrange, which limits the first scans; its stages and its pace are taken as known.
// Source of the method: Bar-Shalom, Li and Kirubarajan (2001), section 2.7.
#pragma once

#include "models/track/prediction.hpp"

namespace longwatch {

inline constexpr int launch_unknowns = 5;
inline constexpr double profile_sigma = 0.1;

/// Before any scan: some place on the Earth, any direction, within a day; and the kind of boost.
template <class Real>
LW_FUNC Information<Real, launch_unknowns> no_scans()
{
    constexpr double sigma[launch_unknowns] = {1e7, 1e7, 10, 1e5, profile_sigma};
    Information<Real, launch_unknowns> out;
    for (int i = 0; i < launch_unknowns; ++i) {
        for (int j = 0; j <= i; ++j) {
            out.entry[packed(i, j)] = Real(i == j ? 1 / (sigma[i] * sigma[i]) : 0);
        }
    }
    return out;
}

/// Adds a scan along the unit vector `line`, with the inverse variance across it.
template <class Real>
LW_FUNC void add_scan(Information<Real, launch_unknowns>& I, Vec3<Real, Enu> const& r_m,
                      Vec3<Real, Enu> const& v_mps, Vec3<Real, Enu> const& line,
                      Real const& across_pm2)
{
    Real const none = Real(0), one = Real(1);
    Vec3<Real, Enu> const moved[launch_unknowns] = {{one, none, none},
                                                    {none, one, none},
                                                    {r_m.y, none - r_m.x, none},
                                                    Real(-1) * v_mps,
                                                    {r_m.x, r_m.y, none}};
    for (int i = 0; i < launch_unknowns; ++i) {
        Real const along = dot(line, moved[i]);
        for (int j = 0; j <= i; ++j) {
            Real& entry = I.entry[packed(i, j)];
            entry = entry + across_pm2 * (dot(moved[i], moved[j]) - along * dot(line, moved[j]));
        }
    }
}

template <class Real>
struct LaunchAccuracy {
    Real half_axis_m;  ///< of the ellipse of the launch place, one standard deviation
    Real azimuth_rad;  ///< standard deviation; that of knowing nothing where it is not less
};

/// Of a direction that may be any: pi / sqrt(3).
inline constexpr double any_direction_rad = 1.8137993642342178;

template <class Real>
LW_FUNC LaunchAccuracy<Real> launch_accuracy(Information<Real, launch_unknowns> const& I)
{
    auto const f = factored(I);
    Real unknown[3][launch_unknowns];
    for (int i = 0; i < 3; ++i) {
        for (int k = 0; k < launch_unknowns; ++k) { unknown[i][k] = Real(i == k ? 1 : 0); }
    }
    auto const east = reduced(f, unknown[0]), north = reduced(f, unknown[1]),
               turn = reduced(f, unknown[2]);
    return {
        half_axis_m(ImpactCovariance<Real>{covariance(f, east, east), covariance(f, north, north),
                                           covariance(f, east, north)}),
        smaller(sqrt(covariance(f, turn, turn)), Real(any_direction_rad))};
}

}  // namespace longwatch
