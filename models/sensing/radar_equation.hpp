// A radar's reference range from first principles.
#pragma once

#include <cmath>

#include "models/math/real.hpp"

namespace longwatch {

inline constexpr double boltzmann_jpk = 1.380649e-23;  ///< exact, SI

/// What the equations ask of a radar. Ratios, not dB.
struct RadarBudget {
    double average_power_w = 0;
    double aperture_m2 = 0;
    double efficiency = 1;  ///< of the aperture
    double noise_temperature_k = 0;
    double losses = 1;
    // Pointing at a target: a dwell.
    double wavelength_m = 0, dwell_s = 0;
    // Searching a solid angle: how often.
    double search_time_s = 0, search_solid_angle_sr = 0;
};

/// G = 4 pi A eta / lambda^2.
inline double antenna_gain(RadarBudget const& p)
{
    return 4 * pi * p.aperture_m2 * p.efficiency / (p.wavelength_m * p.wavelength_m);
}

/// Azimuth sector between two elevations: width (sin high - sin low).
inline double solid_angle_sr(double azimuth_width_rad, double low_rad, double high_rad)
{
    return azimuth_width_rad * (std::sin(high_rad) - std::sin(low_rad));
}

/// Range at which a dwell on a target of rcs_m2 gives the ratio snr:
/// S/N = Pav t_d G A eta sigma / ((4 pi)^2 k Ts L R^4).
/// Source: Skolnik (ed.), "Radar Handbook", chapter 1; the energy form, with average power times dwell.
inline double dwell_range_m(RadarBudget const& p, double rcs_m2, double snr)
{
    double const numerator =
        p.average_power_w * p.dwell_s * antenna_gain(p) * p.aperture_m2 * p.efficiency * rcs_m2;
    double const denominator =
        square(4 * pi) * boltzmann_jpk * p.noise_temperature_k * p.losses * snr;
    return std::sqrt(std::sqrt(numerator / denominator));
}

/// Range at which searching a solid angle every search_time_s gives that ratio:
/// R^4 = Pav A eta sigma t_s / (4 pi k Ts L Omega (S/N)). The wavelength drops out.
inline double search_range_m(RadarBudget const& p, double rcs_m2, double snr)
{
    double const numerator =
        p.average_power_w * p.aperture_m2 * p.efficiency * rcs_m2 * p.search_time_s;
    double const denominator =
        4 * pi * boltzmann_jpk * p.noise_temperature_k * p.losses * p.search_solid_angle_sr * snr;
    return std::sqrt(std::sqrt(numerator / denominator));
}

}  // namespace longwatch
