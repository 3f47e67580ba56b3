// Probability of detection of one look as a table over signal-to-noise ratio, made on the host from
// the exact formulas of detection.hpp and read by every lane.
#pragma once

namespace longwatch {

/// Cells from 2^-4 (-12.04 dB) to 2^12 (36.12 dB), sixteen to an octave as binary_cell() numbers them.
inline constexpr double detection_curve_first_snr = 0x1p-4, detection_curve_last_snr = 0x1p12;
inline constexpr int detection_curve_cells = 16 * 16;
inline constexpr int detection_curve_first_cell = 16 * (1023 - 4);

struct DetectionCurve {
    double cubic[detection_curve_cells][4] =
        {};           ///< in how far the ratio is beyond the cell's start
    double last = 0;  ///< at the end of the last cell
};

}  // namespace longwatch
