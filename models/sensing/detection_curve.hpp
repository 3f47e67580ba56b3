// Probability of detection of one look as a table over signal-to-noise ratio, made on the host from
// the exact formulas of detection.hpp and read by every lane.
#pragma once

namespace longwatch {

inline constexpr int detection_curve_points = 192;
inline constexpr double detection_curve_first_db = -12.0;
inline constexpr double detection_curve_step_db = 0.25;  // last point at +35.75 dB

struct DetectionCurve {
    double cubic[detection_curve_points - 1][4] = {};  ///< from point to point, in their fractions
    double last = 0;                                   ///< at the last point
};

}  // namespace longwatch
