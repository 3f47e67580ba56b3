// What one threat of a study flies: vehicle, areas, dispersions, and the controls that aim it.
#pragma once

#include <cstdint>

#include "models/earth/position.hpp"
#include "models/math/distribution.hpp"
#include "models/vehicle/vehicle.hpp"

namespace longwatch {

inline constexpr int dispersion_count = 6;

/// Deviations that are jointly normal: deviation i of `Dispersions`, in its order, is
/// mean[i] + sum over j of factor[i][j] z[j] with independent standard normal z, where in[i].
/// factor is a root of the declared covariance: factor factor^T = covariance.
struct CorrelatedNormals {
    bool in[dispersion_count] = {};
    double mean[dispersion_count] = {};
    double factor[dispersion_count][dispersion_count] = {};
};

/// Declared deviations of one flight from nominal. All but the RCS are factors on a nominal value of
/// the vehicle or the air, so their centre is 1.
struct Dispersions {
    Distribution thrust = constant(1);            ///< factor; mass flow follows, impulse does not
    Distribution specific_impulse = constant(1);  ///< factor
    Distribution drag = constant(1);              ///< factor on the boost drag coefficient
    Distribution ballistic_coefficient = constant(1);  ///< factor
    Distribution air_density = constant(1);            ///< factor at every height
    Distribution rcs = constant(1);                    ///< factor on all three cross-sections
    CorrelatedNormals correlated = {};                 ///< in place of the above, where `in`
};

/// How a flight is steered: three numbers, found on the host for each threat.
struct Controls {
    /// Lean of the thrust from the vertical at the end of the pitch-over, towards east and north: the
    /// angle's parts, so that nothing is special about a flight that goes straight up. Earth-fixed.
    double lean_east_rad = 0, lean_north_rad = 0;
    /// Propellant burnt at thrust termination, in stages: 1.4 is all of the first stage's and 0.4 of
    /// the second's. Stages after that do not ignite.
    double cutoff_stages = 1;
};

inline constexpr int aim_terms = 70;
inline constexpr int guided_deviations = 4;

/// Controls as a polynomial of fourth degree in where the flight starts and is meant to end:
/// x = (launch east, launch north, aim east, aim north), each as a fraction of its area's radius.
/// A term is followed by the terms it is a factor of, the lowest coordinate first:
/// 1, x0, x0x0, x0x0x0, x0x0x0x0, x0x0x0x1, ..., x0x0x1, ..., x0x1, ..., x1, ..., x3x3x3x3.
///
/// Guidance senses what deviates during boost and steers against it, to first order: each control
/// changes by its response times (factor - 1), summed over thrust, specific impulse, drag and air
/// density in this order.
struct AimMap {
    double lean_east_rad[aim_terms] = {};
    double lean_north_rad[aim_terms] = {};
    double cutoff_stages[aim_terms] = {};
    double lean_east_response_rad[guided_deviations] = {};
    double lean_north_response_rad[guided_deviations] = {};
    double cutoff_response_stages[guided_deviations] = {};
};

/// How high the nominal flight goes for its range.
enum class FlightShape : int {
    given_apogee,    ///< whatever the apogee means for the range
    minimum_energy,  ///< least propellant
    lofted,          ///< over a given apogee, higher than that of least propellant
    depressed,       ///< lower
};

/// What may befall a flight; modes, each with its probability.
struct Mishaps {
    double break_up_probability = 0;
    /// Propellant burnt when the vehicle breaks up, in stages as in Controls: it burns no more.
    Distribution break_up_stages = constant(1);
    double track_loss_probability = 0;
    /// After ignition: from then on no radar sees it. Infrared sensors do.
    Distribution track_loss_s = constant(0);
};

struct ThreatParams {
    std::uint32_t name_hash = 0;  ///< of the threat's name: keys the spread of its samples
    VehicleParams vehicle;
    Area launch;
    Area aim;
    FlightShape shape = FlightShape::given_apogee;
    double apogee_m = 0;  ///< geodetic altitude the nominal flight reaches; aiming may set it
    Dispersions dispersions;
    Mishaps mishaps;
    AimMap aim_map;                ///< filled by the host's aiming
    double max_flight_time_s = 0;  ///< a flight aloft longer has timed out
};

}  // namespace longwatch
