// The US Standard Atmosphere 1976, ground to 1000 km.
// Source: "U.S. Standard Atmosphere, 1976", NOAA-S/T 76-1562.
#pragma once

#include "models/math/real.hpp"

namespace longwatch {

inline constexpr int lower_layers = 7;
inline constexpr int lower_entries = 8;  ///< of a layer table: one more, so that it fits a register
inline constexpr int upper_rows = 22;

inline constexpr double lower_top_m = 86000.0;
inline constexpr double atmosphere_top_m = 1000000.0;

/// Tables of the model, filled by us_standard_1976(). The lower part, below 86 km, is in layers of
/// geopotential height in which temperature is linear; the upper part a table in geometric height,
/// cubic in the logarithms between rows, with slopes from the rows themselves.
struct Atmosphere {
    double base_height_m[lower_entries] = {};
    double base_temperature_k[lower_entries] = {};
    double lapse_kpm[lower_entries] = {};
    double base_log_pressure[lower_entries] = {};
    /// -g0 M / (R lapse), or -g0 M / (R T) where the layer is isothermal.
    double pressure_exponent[lower_entries] = {};

    double height_m[upper_rows] = {};
    double log_density[upper_rows] = {};
    double log_density_slope_pm[upper_rows] = {};
    double log_pressure[upper_rows] = {};
    double log_pressure_slope_pm[upper_rows] = {};
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

template <class Real>
LW_FUNC Real cubic(Real const& s, Real const& step, Real const& y0, Real const& d0, Real const& y1,
                   Real const& d1)
{
    Real const u = s * s * (Real(3) - Real(2) * s);
    Real const w = Real(1) - s;
    return y0 + u * (y1 - y0) + step * s * w * (w * d0 - s * d1);
}

/// One quantity of the upper table, from its logarithms and their slopes.
template <class Real>
LW_FUNC Real upper_value(Atmosphere const& p, double const (&log_value)[upper_rows],
                         double const (&slope_pm)[upper_rows], Real const& altitude_m)
{
    Real row = Real(0);
    for (int i = 1; i < upper_rows - 1; ++i) {
        row = select(altitude_m < Real(p.height_m[i]), row, Real(i));
    }
    Real const next = row + Real(1);
    Real const h0 = lookup(p.height_m, row);
    Real const step = lookup(p.height_m, next) - h0;
    Real const s = (altitude_m - h0) / step;
    return exp(cubic(s, step, lookup(log_value, row), lookup(slope_pm, row),
                     lookup(log_value, next), lookup(slope_pm, next)));
}

}  // namespace atmosphere_detail

/// Air at a geodetic altitude; below the ellipsoid as at it, none above 1000 km.
/// To 1e-4 of the tabulated values below 86 km, 1e-3 above (tests/models/earth).
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
        out.density_kgpm3 = select(upper, upper_value(p, p.log_density, p.log_density_slope_pm, h),
                                   out.density_kgpm3);
        out.pressure_pa = select(upper, upper_value(p, p.log_pressure, p.log_pressure_slope_pm, h),
                                 out.pressure_pa);
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
        density = select(upper, upper_value(p, p.log_density, p.log_density_slope_pm, h), density);
    }
    return select(lower || upper, density, Real(0));
}

/// Pressures at the layer bases follow from the first; slopes of the upper table are those of the
/// parabola through three neighbouring rows.
inline Atmosphere us_standard_1976()
{
    using namespace atmosphere_detail;
    Atmosphere p;
    constexpr double bases_m[lower_layers] = {0, 11000, 20000, 32000, 47000, 51000, 71000};
    constexpr double lapses_kpm[lower_layers] = {-6.5e-3, 0, 1e-3, 2.8e-3, 0, -2.8e-3, -2e-3};
    constexpr double g0 = 9.80665;
    double T = 288.15;
    double log_pressure = std::log(101325.0);
    for (int i = 0; i < lower_layers; ++i) {
        p.base_height_m[i] = bases_m[i];
        p.base_temperature_k[i] = T;
        p.lapse_kpm[i] = lapses_kpm[i];
        p.base_log_pressure[i] = log_pressure;
        bool const isothermal = lapses_kpm[i] == 0;
        p.pressure_exponent[i] = -g0 / (gas_constant_jpkgk * (isothermal ? T : lapses_kpm[i]));
        if (i + 1 < lower_layers) {
            double const dH = bases_m[i + 1] - bases_m[i];
            double const T1 = T + lapses_kpm[i] * dH;
            log_pressure += p.pressure_exponent[i] * (isothermal ? dH : std::log(T1 / T));
            T = T1;
        }
    }

    // Table I of the standard: geometric height km, density kg/m3, pressure Pa.
    constexpr double rows[upper_rows][3] = {
        {86, 6.958e-6, 3.7338e-1},   {90, 3.416e-6, 1.8359e-1},   {95, 1.393e-6, 7.5966e-2},
        {100, 5.604e-7, 3.2011e-2},  {110, 9.708e-8, 7.1042e-3},  {120, 2.222e-8, 2.5382e-3},
        {130, 8.152e-9, 1.2505e-3},  {140, 3.831e-9, 7.2028e-4},  {150, 2.076e-9, 4.5422e-4},
        {160, 1.233e-9, 3.0395e-4},  {180, 5.194e-10, 1.5271e-4}, {200, 2.541e-10, 8.4736e-5},
        {250, 6.073e-11, 2.4767e-5}, {300, 1.916e-11, 8.7704e-6}, {400, 2.803e-12, 1.4518e-6},
        {500, 5.215e-13, 3.0236e-7}, {600, 1.137e-13, 8.2130e-8}, {700, 3.070e-14, 3.1908e-8},
        {800, 1.136e-14, 1.7036e-8}, {900, 5.759e-15, 1.0873e-8}, {950, 4.453e-15, 8.9816e-9},
        {1000, 3.561e-15, 7.5138e-9}};
    for (int i = 0; i < upper_rows; ++i) {
        p.height_m[i] = rows[i][0] * 1000.0;
        p.log_density[i] = std::log(rows[i][1]);
        p.log_pressure[i] = std::log(rows[i][2]);
    }
    auto const slope = [&](double const* y, int i) {
        int const m = i == 0 ? 1 : (i == upper_rows - 1 ? upper_rows - 2 : i);
        double const x0 = p.height_m[m - 1], x1 = p.height_m[m], x2 = p.height_m[m + 1];
        double const d01 = (y[m] - y[m - 1]) / (x1 - x0);
        double const d12 = (y[m + 1] - y[m]) / (x2 - x1);
        double const curvature = (d12 - d01) / (x2 - x0);
        return d01 + curvature * (2.0 * p.height_m[i] - x0 - x1);
    };
    for (int i = 0; i < upper_rows; ++i) {
        p.log_density_slope_pm[i] = slope(p.log_density, i);
        p.log_pressure_slope_pm[i] = slope(p.log_pressure, i);
    }
    return p;
}

}  // namespace longwatch
