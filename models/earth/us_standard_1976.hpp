// Fills the atmosphere from the US Standard Atmosphere 1976. Host only, once per run.
#pragma once

#include "models/earth/air_table.hpp"
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

/// The cubic through f at the four Chebyshev points of 0 ... width: a hundredth of the error of f's own
/// fourth-order term across the cell, at most.
template <class Function>
void fit_cubic(double (&out)[4], double width_m, Function const& f)
{
    double x[4], d[4];
    for (int k = 0; k < 4; ++k) {
        x[k] = width_m * 0.5 * (1 - std::cos((2 * k + 1) * pi / 8));
        d[k] = f(x[k]);
    }
    // Divided differences, then Newton's form multiplied out.
    for (int order = 1; order < 4; ++order) {
        for (int k = 3; k >= order; --k) { d[k] = (d[k] - d[k - 1]) / (x[k] - x[k - order]); }
    }
    out[0] = d[3], out[1] = out[2] = out[3] = 0;
    for (int k = 2; k >= 0; --k) {
        for (int power = 3; power > 0; --power) { out[power] = out[power - 1] - x[k] * out[power]; }
        out[0] = d[k] - x[k] * out[0];
    }
}

/// The table of air_table.hpp: the lower cells from the equations of the layers, the upper ones from the
/// table of logarithms; both also a little beyond 86 km, so that no cell holds the step there.
inline void fill_cells(Atmosphere& p)
{
    using namespace atmosphere_detail;
    auto const fit = [&](int row, double width_m, auto const& air_above) {
        fit_cubic(p.density_cubic[row], width_m,
                  [&](double x) { return air_above(x).density_kgpm3; });
        fit_cubic(p.specific_pressure_cubic[row], width_m, [&](double x) {
            auto const a = air_above(x);
            return a.pressure_pa / a.density_kgpm3;
        });
    };
    for (int row = 0; row < lower_cells; ++row) {
        fit(row, air_cell_m, [&](double x) {
            double const H = row * air_cell_m + x;
            return lower_air(p, geopotential_radius_m * H / (geopotential_radius_m - H));
        });
    }
    for (int cell = 0; cell < upper_cells; ++cell) {
        double const octave_m = std::ldexp(1.0, 13 + cell / 16);
        double const foot_m = upper_origin_m + octave_m * (1 + cell % 16 / 16.0);
        fit(lower_cells + cell, octave_m / 16, [&](double x) {
            auto const at = upper_place(foot_m + x);
            return Air<double>{upper_value(p.log_density, p.log_density_slope, at),
                               upper_value(p.log_pressure, p.log_pressure_slope, at),
                               upper_speed_of_sound_mps};
        });
    }
}

}  // namespace us_standard_detail

inline Atmosphere us_standard_1976()
{
    Atmosphere p;
    us_standard_detail::fill_lower(p);
    us_standard_detail::fill_upper(p);
    us_standard_detail::fill_cells(p);
    return p;
}

}  // namespace longwatch
