// What one threat of a study flies: vehicle, areas, dispersions, and the controls that aim it.
#pragma once

#include "models/earth/position.hpp"
#include "models/math/distribution.hpp"
#include "models/vehicle/vehicle.hpp"

namespace longwatch {

/// Declared deviations of one flight from nominal. All but the RCS are factors on a nominal value of
/// the vehicle or the air, so their centre is 1.
struct Dispersions {
    Distribution thrust = constant(1);            ///< factor; mass flow follows, impulse does not
    Distribution specific_impulse = constant(1);  ///< factor
    Distribution drag = constant(1);              ///< factor on the boost drag coefficient
    Distribution ballistic_coefficient = constant(1);  ///< factor
    Distribution air_density = constant(1);            ///< factor at every height
    Distribution rcs = constant(1);                    ///< factor on all three cross-sections
};

/// How a flight is steered: three numbers, found on the host for each threat.
struct Controls {
    double azimuth_rad = 0;  ///< of the pitch-over, clockwise from north, Earth-fixed
    double pitch_rad = 0;    ///< angle from the vertical at the end of the pitch-over
    double cutoff_frac =
        1;  ///< fraction of the last stage's propellant burnt at thrust termination
};

inline constexpr int aim_terms = 15;
inline constexpr int guided_deviations = 4;

/// Controls as a quadratic in where the flight starts and is meant to end:
/// x = (launch east, launch north, aim east, aim north), each as a fraction of its area's radius.
/// Terms in the order 1, x0..x3, x0x0, x0x1, x0x2, x0x3, x1x1, x1x2, x1x3, x2x2, x2x3, x3x3.
///
/// Guidance senses what deviates during boost and steers against it, to first order: each control
/// changes by its response times (factor - 1), summed over thrust, specific impulse, drag and air
/// density in this order.
struct AimMap {
    double azimuth_rad[aim_terms] = {};
    double pitch_rad[aim_terms] = {};
    double cutoff_frac[aim_terms] = {};
    double azimuth_response_rad[guided_deviations] = {};
    double pitch_response_rad[guided_deviations] = {};
    double cutoff_response_frac[guided_deviations] = {};
};

struct ThreatParams {
    VehicleParams vehicle;
    Area launch;
    Area aim;
    double apogee_m = 0;  ///< geodetic altitude the nominal flight reaches
    Dispersions dispersions;
    AimMap aim_map;                ///< filled by the host's aiming
    double max_flight_time_s = 0;  ///< a flight aloft longer has timed out
};

}  // namespace longwatch
