// The constants of ARC-2000.
#pragma once

#include "models/math/real.hpp"

namespace longwatch::arc_2000 {

inline constexpr double mu_m3ps2 = 398600.4418e9;
inline constexpr double radius_m = 6378137.0;
inline constexpr double J2 = 1.08262668e-3;
inline constexpr double rotation_radps = 7.292115e-5;
inline constexpr double ground_density_kgpm3 = 1.225;
inline constexpr double scale_height_m = 7200.0;
inline constexpr double end_s = 2000.0;

/// On the sphere of zero altitude. The prime meridian lies along x at t = 0.
struct Radar {
    double latitude_rad, longitude_rad, mask_rad;
};
inline constexpr int radar_count = 2;
LW_FUNC constexpr Radar radar(int k)
{
    return k == 0 ? Radar{14 * rad_per_deg, 30 * rad_per_deg, 3 * rad_per_deg}
                  : Radar{28 * rad_per_deg, 64 * rad_per_deg, 3 * rad_per_deg};
}

}  // namespace longwatch::arc_2000
