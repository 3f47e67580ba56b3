// What moves a flight: gravity, thrust, drag. Each phase is a function object a(t, r, v) for the
// integrator, in Eci.
#pragma once

#include "models/earth/atmosphere.hpp"
#include "models/earth/gravity.hpp"
#include "models/earth/wgs84.hpp"
#include "models/vehicle/vehicle.hpp"

namespace longwatch {

inline constexpr double standard_gravity_mps2 = 9.80665;

/// Drag coefficient at a Mach number.
template <class Real>
LW_FUNC Real drag_coefficient(DragTable const& table, Real const& mach)
{
    Real out = Real(table.coefficient[0]);
    for (int i = 1; i < table.count; ++i) {
        double const slope =
            (table.coefficient[i] - table.coefficient[i - 1]) / (table.mach[i] - table.mach[i - 1]);
        Real const here =
            Real(table.coefficient[i - 1]) +
            Real(slope) * (smaller(mach, Real(table.mach[i])) - Real(table.mach[i - 1]));
        out = select(mach > Real(table.mach[i - 1]), here, out);
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
        Real const altitude = geodetic_altitude_m(r);
        auto const ambient = air(atmosphere, altitude);
        auto const u = velocity_in_weather(atmosphere.weather, weather, altitude, r, v);
        Real const air_factor =
            density_factor * weather_density_factor(atmosphere.weather, weather, altitude);
        Real const speed = norm(u);
        Real const dt = t - t_start_s;
        Real const growth = mass_flow_rate_kgps2 * dt;
        Real const mass = mass_kg - (mass_flow_kgps + Real(0.5) * growth) * dt;
        Real const density = air_factor * ambient.density_kgpm3;
        Real const cd = drag_factor * drag_coefficient(drag, speed / ambient.speed_of_sound_mps);
        Real const deceleration = Real(0.5 * reference_area_m2) * density * speed * cd / mass;
        auto a = gravity(r) - deceleration * u;
        if (steering != Steering::none) {
            Real const thrust = larger(exhaust_mps * (mass_flow_kgps + growth) -
                                           Real(exit_area_m2) * air_factor * ambient.pressure_pa,
                                       Real(0));
            bool const windy = atmosphere.weather.wind_count > 0;
            auto const over_ground = windy ? velocity_relative_to_air(r, v) : u;
            Real const ground_speed = windy ? norm(over_ground) : speed;
            auto const along = (Real(1) / larger(ground_speed, Real(1e-3))) * over_ground;
            a = a + (thrust / mass) * direction(t, r, along);
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
        Real const altitude = geodetic_altitude_m(r);
        auto a = gravity(r);
        if (any(altitude < Real(atmosphere_top_m))) {
            auto const u = velocity_in_weather(atmosphere.weather, weather, altitude, r, v);
            Real const density = density_factor *
                                 weather_density_factor(atmosphere.weather, weather, altitude) *
                                 air_density_kgpm3(atmosphere, altitude);
            a = a - (Real(0.5) * density * norm(u) * inverse_ballistic_coefficient_m2pkg) * u;
        }
        return a;
    }
};

}  // namespace longwatch
