// What moves a flight: gravity, thrust, drag. Each phase is a function object a(t, r, v) for the
// integrator, in Eci.
#pragma once

#include "models/earth/air_table.hpp"
#include "models/earth/gravity.hpp"
#include "models/earth/wgs84.hpp"
#include "models/vehicle/vehicle.hpp"

namespace longwatch {

inline constexpr double standard_gravity_mps2 = 9.80665;

/// Drag coefficient at a Mach number, as the sum of what each piece of the table adds by then.
template <class Real>
LW_FUNC Real drag_coefficient(DragTable const& table, Real const& mach)
{
    Real out = Real(table.coefficient[0]);
    for (int i = 1; i < table.count; ++i) {
        double const width = table.mach[i] - table.mach[i - 1];
        Real const passed = clamp(mach - Real(table.mach[i - 1]), Real(0), Real(width));
        out = multiply_add(Real(table.slope[i]), passed, out);
    }
    return out;
}

/// Normal of the ellipsoid through r: straight up. r must not lie on the axis.
template <class Real>
LW_FUNC Vec3<Real, Eci> up(Vec3<Real, Eci> const& r)
{
    auto const p = meridian_point(r);
    Real const scale = p.cos_lat / p.axis_distance_m;
    return {scale * r.x, scale * r.y, p.sin_lat};
}

/// A speed and its inverse, at least 1 mm/s: what stands still has no speed, and a direction of no
/// length.
template <class Real>
struct Speed {
    Real speed_mps, inverse_speed_spm;
};

template <class Real>
LW_FUNC Speed<Real> moving(Vec3<Real, Eci> const& u)
{
    Real const u2 = length2(u);
    Real const inverse = inverse_sqrt(larger(u2, Real(1e-6)));
    return {u2 * inverse, inverse};
}

/// What the forces at a place share.
template <class Real>
struct ForcePlace {
    Vec3<Real, Eci> gravity_mps2;
    Real altitude_m;
};

template <class Real>
LW_FUNC ForcePlace<Real> force_place(Vec3<Real, Eci> const& r)
{
    Real const r2 = length2(r);
    Real const inverse_r = inverse_sqrt(r2);
    return {gravity(r, inverse_r),
            altitude_by_series_m(Real(r2 * inverse_r), inverse_r, Real(r.z * inverse_r))};
}

/// Where the thrust points.
enum class Steering : int {
    none,          ///< unpowered
    vertical,      ///< straight up
    pitch_over,    ///< from the vertical towards the azimuth, at a constant rate
    gravity_turn,  ///< along the velocity over the turning Earth, whatever the wind
};

/// Powered flight, or the gap between two stages, with the vehicle still whole.
template <class Real>
struct BoostForce {
    Atmosphere const& atmosphere;
    DragTable const& drag;
    Steering steering;
    double exit_area_m2, reference_area_m2;
    Real t_start_s;                ///< of this phase
    Real mass_kg, mass_flow_kgps;  ///< at t_start_s
    Real mass_flow_rate_kgps2;     ///< by which the flow grows
    Real exhaust_mps;              ///< vacuum thrust over mass flow
    double t_pitch_over_s;         ///< when the pitch-over begins
    Real sin_azimuth, cos_azimuth;
    Real pitch_rate_radps;
    Real drag_factor, density_factor;
    WeatherScores<Real> weather = {};

    LW_FUNC Vec3<Real, Eci> direction(Real const& t, Vec3<Real, Eci> const& r,
                                      Vec3<Real, Eci> const& along_velocity) const
    {
        if (steering == Steering::gravity_turn) { return along_velocity; }
        auto const u = up(r);
        if (steering != Steering::pitch_over) { return u; }
        Real const scale = Real(1) / sqrt(r.x * r.x + r.y * r.y);
        Vec3<Real, Eci> const east{-r.y * scale, r.x * scale, Real(0)};
        auto const horizontal = sin_azimuth * east + cos_azimuth * cross(u, east);
        Real const angle = pitch_rate_radps * (t - Real(t_pitch_over_s));
        return cos(angle) * u + sin(angle) * horizontal;
    }

    LW_DEVICE_APART Vec3<Real, Eci> operator()(Real const& t, Vec3<Real, Eci> const& r,
                                               Vec3<Real, Eci> const& v) const
    {
        auto const here = force_place(r);
        auto const cell = air_cell(here.altitude_m);
        Real const air_factor =
            density_factor * weather_density_factor(atmosphere.weather, weather, here.altitude_m);
        Real const density = air_factor * density_kgpm3(atmosphere, cell);
        Real const specific_pressure = specific_pressure_m2ps2(atmosphere, cell);
        Real const inverse_sound = inverse_speed_of_sound_spm(cell, specific_pressure);
        auto const u = velocity_in_weather(atmosphere.weather, weather, here.altitude_m, r, v);
        auto const with_speed = moving(u);
        Real const dt = t - t_start_s;
        Real const growth = mass_flow_rate_kgps2 * dt;
        Real const mass =
            multiply_add(-dt, multiply_add(Real(0.5), growth, mass_flow_kgps), mass_kg);
        Real const inverse_mass = inverse(mass);
        Real const cd =
            drag_factor * drag_coefficient(drag, Real(with_speed.speed_mps * inverse_sound));
        Real const drag_area = Real(0.5 * reference_area_m2) * inverse_mass * cd;
        Real const deceleration = density * with_speed.speed_mps * drag_area;
        auto a = multiply_add(-deceleration, u, here.gravity_mps2);
        if (steering != Steering::none) {
            Real const back_pressure = Real(exit_area_m2) * density * specific_pressure;
            Real const thrust = larger(
                multiply_add(exhaust_mps, Real(mass_flow_kgps + growth), -back_pressure), Real(0));
            bool const windy = atmosphere.weather.wind_count > 0;
            auto const over_ground = windy ? velocity_relative_to_air(r, v) : u;
            Real const inverse_speed =
                windy ? moving(over_ground).inverse_speed_spm : with_speed.inverse_speed_spm;
            a = multiply_add(Real(thrust * inverse_mass),
                             direction(t, r, inverse_speed * over_ground), a);
        }
        return a;
    }
};

/// After burnout: gravity, and drag by the ballistic coefficient m / (Cd A).
template <class Real>
struct BallisticForce {
    Atmosphere const& atmosphere;
    Real density_factor;
    Real inverse_ballistic_coefficient_m2pkg;
    WeatherScores<Real> weather = {};

    LW_DEVICE_APART Vec3<Real, Eci> operator()(Real const&, Vec3<Real, Eci> const& r,
                                               Vec3<Real, Eci> const& v) const
    {
        auto const here = force_place(r);
        auto a = here.gravity_mps2;
        if (any(here.altitude_m < Real(atmosphere_top_m))) {
            auto const u = velocity_in_weather(atmosphere.weather, weather, here.altitude_m, r, v);
            Real const factor = density_factor * weather_density_factor(atmosphere.weather, weather,
                                                                        here.altitude_m);
            Real const density = factor * density_kgpm3(atmosphere, air_cell(here.altitude_m));
            Real const half_area = Real(0.5) * inverse_ballistic_coefficient_m2pkg;
            a = multiply_add(-(density * half_area * moving(u).speed_mps), u, a);
        }
        return a;
    }
};

}  // namespace longwatch
