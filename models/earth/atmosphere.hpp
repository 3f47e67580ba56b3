// The US Standard Atmosphere 1976, ground to 1000 km.
// Source: "U.S. Standard Atmosphere, 1976", NOAA-S/T 76-1562.
#pragma once

#include "models/earth/weather.hpp"
#include "models/math/real.hpp"

namespace longwatch {

inline constexpr int lower_layers = 7;
inline constexpr int lower_entries = 8;  ///< of a layer table: one more, so that it fits a register
inline constexpr int upper_nodes = 80;

inline constexpr double lower_top_m = 86000.0;
inline constexpr double atmosphere_top_m = 1000000.0;

/// Cells of the table that flights read (air_table.hpp), from the ground up: below 86 km even in
/// geopotential height, above in 16 cells per doubling of the height over the upper origin.
inline constexpr double air_cell_m = 250.0;
inline constexpr int lower_cells = 340;  ///< to 86 km, which is 84852 m of geopotential height
inline constexpr int upper_cells = 109;
inline constexpr int air_cells = lower_cells + upper_cells;

/// Nodes of the upper table lie evenly in x = log((z - origin) / scale), close where the air changes
/// fast. The origin is the one whose nodes suit the standard's kinks (100 to 120 km) best.
inline constexpr double upper_origin_m = 76800.0;
inline constexpr double upper_scale_m = lower_top_m - upper_origin_m;
inline constexpr double upper_step =
    4.6086425 / (upper_nodes - 1);  ///< log(923.2 / 9.2), rounded up

/// Tables of the model, filled by us_standard_1976(). The lower part, below 86 km, is in layers of
/// geopotential height in which temperature is linear; the upper part has logarithms and their
/// slopes against x at the nodes, cubic between them.
struct Atmosphere {
    double base_height_m[lower_entries] = {};
    double base_temperature_k[lower_entries] = {};
    double lapse_kpm[lower_entries] = {};
    double base_log_pressure[lower_entries] = {};
    /// -g0 M / (R lapse), or -g0 M / (R T) where the layer is isothermal.
    double pressure_exponent[lower_entries] = {};

    double log_density[upper_nodes] = {};
    double log_density_slope[upper_nodes] = {};
    double log_pressure[upper_nodes] = {};
    double log_pressure_slope[upper_nodes] = {};

    /// Density, and pressure over density, in each cell: cubics in the height from its foot.
    double density_cubic[air_cells][4] = {};
    double specific_pressure_cubic[air_cells][4] = {};

    Weather weather;  ///< not part of air(): what moves or differs of it, see models/flight
};

template <class Real>
struct Air {
    Real density_kgpm3, pressure_pa, speed_of_sound_mps;
};

namespace atmosphere_detail {

inline constexpr double geopotential_radius_m = 6356766.0;
inline constexpr double gas_constant_jpkgk = 8314.32 / 28.9644;
inline constexpr double heat_ratio = 1.4;
/// Speed of sound at 86 km, held above, where the standard leaves it undefined.
inline constexpr double upper_speed_of_sound_mps = 274.10;

template <class Real>
LW_FUNC Air<Real> lower_air(Atmosphere const& p, Real const& altitude_m)
{
    Real const H =
        Real(geopotential_radius_m) * altitude_m / (Real(geopotential_radius_m) + altitude_m);
    Real layer = Real(0);
    for (int i = 1; i < lower_layers; ++i) {
        layer = select(H < Real(p.base_height_m[i]), layer, Real(i));
    }
    Real const dH = H - lookup_of_eight(p.base_height_m, layer);
    Real const T0 = lookup_of_eight(p.base_temperature_k, layer);
    Real const lapse = lookup_of_eight(p.lapse_kpm, layer);
    Real const T = T0 + lapse * dH;
    Real const exponent = lookup_of_eight(p.pressure_exponent, layer);
    auto const isothermal = abs(lapse) < Real(1e-9);
    Real const log_fall = exponent * select(isothermal, dH, log(T / T0));
    Real const pressure = exp(lookup_of_eight(p.base_log_pressure, layer) + log_fall);
    Real const RT = Real(gas_constant_jpkgk) * T;
    return {pressure / RT, pressure, sqrt(Real(heat_ratio) * RT)};
}

/// Where a height lies among the nodes.
template <class Real>
struct UpperPlace {
    Real node, s;  ///< s from 0 to 1 on the way to the next
};

template <class Real>
LW_FUNC UpperPlace<Real> upper_place(Real const& altitude_m)
{
    Real const x =
        log((altitude_m - Real(upper_origin_m)) * Real(1 / upper_scale_m)) * Real(1 / upper_step);
    Real const node = clamp(floor(x), Real(0), Real(upper_nodes - 2.0));
    return {node, x - node};
}

/// One quantity of the upper table, from its logarithms and their slopes.
template <class Real>
LW_FUNC Real upper_value(double const (&log_value)[upper_nodes], double const (&slope)[upper_nodes],
                         UpperPlace<Real> const& at)
{
    Real const y = lookup(log_value, at.node), d = lookup(slope, at.node);
    Real const next_y = lookup(log_value + 1, at.node), next_d = lookup(slope + 1, at.node);
    Real const s = at.s, w = Real(1) - s;
    return exp(y + s * s * (Real(3) - Real(2) * s) * (next_y - y) +
               Real(upper_step) * s * w * (w * d - s * next_d));
}

}  // namespace atmosphere_detail

/// Air at a geodetic altitude; below the ellipsoid as at it, none above 1000 km.
/// Within 1e-4 of the standard's tables below 86 km, 5e-4 above (tests/models/earth).
template <class Real>
LW_FUNC Air<Real> air(Atmosphere const& p, Real const& altitude_m)
{
    using namespace atmosphere_detail;
    auto const lower = altitude_m < Real(lower_top_m);
    auto const upper = altitude_m >= Real(lower_top_m) && altitude_m < Real(atmosphere_top_m);
    Air<Real> out{Real(0), Real(0), Real(upper_speed_of_sound_mps)};
    if (any(lower)) {
        auto const a = lower_air(p, clamp(altitude_m, Real(0), Real(lower_top_m)));
        out = {select(lower, a.density_kgpm3, out.density_kgpm3),
               select(lower, a.pressure_pa, out.pressure_pa),
               select(lower, a.speed_of_sound_mps, out.speed_of_sound_mps)};
    }
    if (any(upper)) {
        Real const h = clamp(altitude_m, Real(lower_top_m), Real(atmosphere_top_m));
        auto const at = upper_place(h);
        out.density_kgpm3 =
            select(upper, upper_value(p.log_density, p.log_density_slope, at), out.density_kgpm3);
        out.pressure_pa =
            select(upper, upper_value(p.log_pressure, p.log_pressure_slope, at), out.pressure_pa);
    }
    return out;
}

/// Its density alone, for those who need no more.
template <class Real>
LW_FUNC Real air_density_kgpm3(Atmosphere const& p, Real const& altitude_m)
{
    using namespace atmosphere_detail;
    auto const lower = altitude_m < Real(lower_top_m);
    auto const upper = altitude_m >= Real(lower_top_m) && altitude_m < Real(atmosphere_top_m);
    Real density = Real(0);
    if (any(lower)) {
        density = lower_air(p, clamp(altitude_m, Real(0), Real(lower_top_m))).density_kgpm3;
    }
    if (any(upper)) {
        Real const h = clamp(altitude_m, Real(lower_top_m), Real(atmosphere_top_m));
        density =
            select(upper, upper_value(p.log_density, p.log_density_slope, upper_place(h)), density);
    }
    return select(lower || upper, density, Real(0));
}

}  // namespace longwatch
