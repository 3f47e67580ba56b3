// Fills the atmosphere from the US Standard Atmosphere 1976. Host only, once per run.
#pragma once

#include "models/earth/upper_air.hpp"

namespace longwatch {
namespace us_standard_detail {

/// Pressures at the layer bases follow from the first.
inline void fill_lower(Atmosphere& p)
{
    using atmosphere_detail::gas_constant_jpkgk;
    constexpr double bases_m[lower_layers] = {0, 11000, 20000, 32000, 47000, 51000, 71000};
    constexpr double lapses_kpm[lower_layers] = {-6.5e-3, 0, 1e-3, 2.8e-3, 0, -2.8e-3, -2e-3};
    double T = 288.15;
    double log_pressure = std::log(101325.0);
    for (int i = 0; i < lower_layers; ++i) {
        p.base_height_m[i] = bases_m[i];
        p.base_temperature_k[i] = T;
        p.lapse_kpm[i] = lapses_kpm[i];
        p.base_log_pressure[i] = log_pressure;
        bool const isothermal = lapses_kpm[i] == 0;
        p.pressure_exponent[i] = -g0_mps2 / (gas_constant_jpkgk * (isothermal ? T : lapses_kpm[i]));
        if (i + 1 < lower_layers) {
            double const dH = bases_m[i + 1] - bases_m[i];
            double const T1 = T + lapses_kpm[i] * dH;
            log_pressure += p.pressure_exponent[i] * (isothermal ? dH : std::log(T1 / T));
            T = T1;
        }
    }
}

}  // namespace us_standard_detail

inline Atmosphere us_standard_1976()
{
    Atmosphere p;
    us_standard_detail::fill_lower(p);
    us_standard_detail::fill_upper(p);
    return p;
}

}  // namespace longwatch
