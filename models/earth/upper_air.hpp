// The US Standard Atmosphere 1976 above 86 km, from its defining equations. Host only, once per run.
// Every number here is the standard's: "U.S. Standard Atmosphere, 1976", NOAA-S/T 76-1562. They are
// checked by its results, Tables I and VIII, in tests/models/earth.
#pragma once

#include <cmath>

#include "models/earth/atmosphere.hpp"

namespace longwatch {
namespace us_standard_detail {

inline constexpr double gas_constant_jpkmolk = 8314.32, avogadro_pkmol = 6.022169e26;
inline constexpr double g0_mps2 = 9.80665;
inline constexpr double radius_km = atmosphere_detail::geopotential_radius_m / 1000;
inline constexpr double bottom_km = lower_top_m / 1000, top_km = atmosphere_top_m / 1000;

struct Temperature {
    double k, slope_kpkm;
};

/// Kinetic temperature: isothermal, an ellipse, a line, an exponential towards 1000 K.
inline Temperature temperature(double z_km)
{
    if (z_km <= 91) { return {186.8673, 0}; }
    if (z_km <= 110) {
        constexpr double center_k = 263.1905, height_k = -76.3232, width_km = 19.9429;
        double const s = (z_km - 91) / width_km, root = std::sqrt(1 - s * s);
        return {center_k + height_k * root, -height_k * s / (width_km * root)};
    }
    if (z_km <= 120) { return {240 + 12 * (z_km - 110), 12}; }
    constexpr double lambda_pkm = 0.01875;
    double const scale = (radius_km + 120) / (radius_km + z_km);
    double const below_k = (1000 - 360) * std::exp(-lambda_pkm * (z_km - 120) * scale);
    return {1000 - below_k, lambda_pkm * scale * scale * below_k};
}

inline double gravity_mps2(double z_km) { return g0_mps2 * square(radius_km / (radius_km + z_km)); }

/// How strongly the air is stirred, as a diffusion coefficient.
inline double eddy_diffusion_m2ps(double z_km)
{
    if (z_km <= 95) { return 120; }
    return z_km < 115 ? 120 * std::exp(1 - 400 / (400 - square(z_km - 95))) : 0;
}

struct Gas {
    double kg_per_kmol;
    double density_at_86_km_pm3;
    double diffusion_a, diffusion_b;  ///< D = a (T / 273.15 K)^b / N, m2/s
    double thermal_diffusion;
    /// Transport: Q (Z - U)^2 exp(-W (Z - U)^3), per km, Z and U in km.
    double Q, U, W;
};

enum { n2, o, o2, ar, he, gases };
inline constexpr Gas gas[gases] = {
    {28.0134, 1.129794e20, 0, 0, 0, 0, 0, 0},
    {15.9994, 8.6e16, 6.986e20, 0.75, 0, -5.809644e-4, 56.90311, 2.706240e-5},
    {31.9988, 3.030898e19, 4.863e20, 0.75, 0, 1.366212e-4, 86, 8.333333e-5},
    {39.948, 1.3514e18, 4.487e20, 0.87, 0, 9.434079e-5, 86, 8.333333e-5},
    {4.0026, 7.5817e14, 1.7e21, 0.691, -0.40, -2.457369e-4, 86, 6.666667e-4}};

/// Hydrogen, from 150 km: density known at 500 km, a steady stream upwards.
inline constexpr double h_kg_per_kmol = 1.00797, h_bottom_km = 150, h_known_km = 500;
inline constexpr double h_known_pm3 = 8.0e10, h_stream_pm2ps = 7.2e11;
inline constexpr double h_diffusion_a = 3.305e21, h_diffusion_b = 0.5;
inline constexpr double h_temperature_power = 1 - 0.25;  ///< 1 + thermal diffusion

/// What is integrated upwards: log(n T) of each gas against 86 km; of hydrogen its weight
/// tau = integral of M g / (R T), and its stream s, the integral of T^power e^tau flux / D.
struct Column {
    double log_nt[gases] = {};
    double h_weight = 0, h_stream = 0;
};

inline double density_pm3(Column const& c, int i, double z_km)
{
    return gas[i].density_at_86_km_pm3 * temperature(bottom_km).k / temperature(z_km).k *
           std::exp(c.log_nt[i]);
}

inline double diffusion_m2ps(double a, double b, double T_k, double n_pm3)
{
    return a / n_pm3 * std::pow(T_k / 273.15, b);
}

inline double transport_pkm(int i, double z_km)
{
    auto const term = [](double q, double d_km, double w) {
        return q * d_km * d_km * std::exp(-w * d_km * d_km * d_km);
    };
    double out = term(gas[i].Q, z_km - gas[i].U, gas[i].W);
    if (i == o && z_km < 97) { out += term(-3.416248e-3, 97 - z_km, 5.008765e-4); }
    return out;
}

/// Height derivative of a column, per km. Molecular nitrogen falls off as mixed air up to 100 km and
/// by its own weight above; the others diffuse through what is heavier and more common than they
/// are, O and O2 through N2, Ar and He through all three.
inline Column slope_pkm(double z_km, Column const& c, bool mixed)
{
    auto const T = temperature(z_km);
    double n[gases];
    for (int i = 0; i < gases; ++i) { n[i] = density_pm3(c, i, z_km); }
    double const per_weight_pkm = 1000 * gravity_mps2(z_km) / (gas_constant_jpkmolk * T.k);
    double const K = eddy_diffusion_m2ps(z_km);
    double const three = n[n2] + n[o] + n[o2];
    double const nitrogen_weight = mixed ? 28.9644 : gas[n2].kg_per_kmol;
    double const three_weight = mixed ? 28.9644
                                      : (n[n2] * gas[n2].kg_per_kmol + n[o] * gas[o].kg_per_kmol +
                                         n[o2] * gas[o2].kg_per_kmol) /
                                            three;
    Column d;
    d.log_nt[n2] = -per_weight_pkm * nitrogen_weight;
    for (int i = o; i < gases; ++i) {
        bool const light = i == o || i == o2;
        Gas const& p = gas[i];
        double const D = diffusion_m2ps(p.diffusion_a, p.diffusion_b, T.k, light ? n[n2] : three);
        double const weight = light ? nitrogen_weight : three_weight;
        double const thermal_pkm = p.thermal_diffusion * T.slope_kpkm / T.k;
        d.log_nt[i] =
            -(D * (per_weight_pkm * p.kg_per_kmol + thermal_pkm) + K * per_weight_pkm * weight) /
                (D + K) -
            transport_pkm(i, z_km);
    }
    if (z_km >= h_bottom_km) {
        d.h_weight = per_weight_pkm * h_kg_per_kmol;
        double const D = diffusion_m2ps(h_diffusion_a, h_diffusion_b, T.k, three + n[ar] + n[he]);
        d.h_stream =
            1000 * h_stream_pm2ps / D * std::pow(T.k, h_temperature_power) * std::exp(c.h_weight);
    }
    return d;
}

inline Column along(Column const& c, double step_km, Column const& d)
{
    Column out = c;
    for (int i = 0; i < gases; ++i) { out.log_nt[i] += step_km * d.log_nt[i]; }
    out.h_weight += step_km * d.h_weight;
    out.h_stream += step_km * d.h_stream;
    return out;
}

/// One step of the classical fourth-order Runge-Kutta method. No step crosses 100 km or 150 km.
inline Column step(double z_km, Column const& c, double h_km)
{
    bool const mixed = z_km < 100;
    double const half = h_km / 2;
    auto const k1 = slope_pkm(z_km, c, mixed);
    auto const k2 = slope_pkm(z_km + half, along(c, half, k1), mixed);
    auto const k3 = slope_pkm(z_km + half, along(c, half, k2), mixed);
    auto const k4 = slope_pkm(z_km + h_km, along(c, h_km, k3), mixed);
    return along(along(along(along(c, h_km / 6, k1), h_km / 3, k2), h_km / 3, k3), h_km / 6, k4);
}

/// Mass and number of molecules per cubic metre, and their slopes.
struct Sum {
    double density_kgpm3, density_slope_pkm, number_pm3, number_slope_pkm;
};

inline Sum sum(double z_km, Column const& c, double h_supply)
{
    auto const T = temperature(z_km);
    auto const d = slope_pkm(z_km, c, z_km < 100);
    Sum out{};
    auto const add = [&](double n, double n_slope, double weight) {
        out.density_kgpm3 += n * weight / avogadro_pkmol;
        out.density_slope_pkm += n_slope * weight / avogadro_pkmol;
        out.number_pm3 += n;
        out.number_slope_pkm += n_slope;
    };
    for (int i = 0; i < gases; ++i) {
        double const n = density_pm3(c, i, z_km);
        add(n, n * (d.log_nt[i] - T.slope_kpkm / T.k), gas[i].kg_per_kmol);
    }
    if (z_km >= h_bottom_km) {
        double const scale = std::pow(T.k, -h_temperature_power) * std::exp(-c.h_weight);
        double const n = (h_supply - c.h_stream) * scale;
        add(n, -d.h_stream * scale - n * (h_temperature_power * T.slope_kpkm / T.k + d.h_weight),
            h_kg_per_kmol);
    }
    return out;
}

/// The nodes of the upper table. Half a kilometre a step: densities and pressures within 1e-6 of
/// those of a tenth of that.
inline void fill_upper(Atmosphere& p, double step_km = 0.5)
{
    Column column[upper_nodes], c, known;
    double node_km[upper_nodes];
    for (int i = 0; i < upper_nodes; ++i) {
        node_km[i] = (upper_origin_m + upper_scale_m * std::exp(i * upper_step)) / 1000;
    }
    int next = 0;
    int const steps = static_cast<int>(std::lround((top_km - bottom_km) / step_km));
    for (int k = 0; k <= steps; ++k) {
        double const z_km = bottom_km + k * step_km;
        if (std::fabs(z_km - h_known_km) < 0.5 * step_km) { known = c; }
        for (; next < upper_nodes && (node_km[next] < z_km + step_km || k == steps); ++next) {
            column[next] = step(z_km, c, node_km[next] - z_km);
        }
        c = step(z_km, c, step_km);
    }
    double const h_supply = h_known_pm3 * std::pow(temperature(h_known_km).k, h_temperature_power) *
                                std::exp(known.h_weight) +
                            known.h_stream;
    for (int i = 0; i < upper_nodes; ++i) {
        auto const T = temperature(node_km[i]);
        auto const s = sum(node_km[i], column[i], h_supply);
        double const km_per_x = node_km[i] - upper_origin_m / 1000;
        p.log_density[i] = std::log(s.density_kgpm3);
        p.log_density_slope[i] = km_per_x * s.density_slope_pkm / s.density_kgpm3;
        p.log_pressure[i] = std::log(s.number_pm3 * gas_constant_jpkmolk / avogadro_pkmol * T.k);
        p.log_pressure_slope[i] =
            km_per_x * (s.number_slope_pkm / s.number_pm3 + T.slope_kpkm / T.k);
    }
}

}  // namespace us_standard_detail
}  // namespace longwatch
