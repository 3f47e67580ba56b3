// Forces with the air, the drag coefficient and the size of the drag in float; gravity, thrust and the state in double.
#pragma once

#include "models/flight/forces.hpp"

namespace longwatch {

LW_FUNC WeatherScores<float> in_float(WeatherScores<double> const& w)
{
    return {static_cast<float>(w.wind_east), static_cast<float>(w.wind_north),
            static_cast<float>(w.density)};
}

/// Heights are taken in double first: a position in float is half a metre off.
struct BallisticDragInFloat {
    BallisticForce<double> const& force;

    LW_FUNC Vec3<double, Eci> operator()(double, Vec3<double, Eci> const& r,
                                         Vec3<double, Eci> const& v) const
    {
        double const altitude = geodetic_altitude_m(r);
        auto const a = gravity(r);
        if (!(altitude < atmosphere_top_m)) { return a; }
        Atmosphere const& atmosphere = force.atmosphere;
        auto const u = velocity_in_weather(atmosphere.weather, force.weather, altitude, r, v);
        auto const height = static_cast<float>(altitude);
        float const density =
            static_cast<float>(force.density_factor) *
            weather_density_factor(atmosphere.weather, in_float(force.weather), height) *
            air_density_kgpm3(atmosphere, height);
        float const per_speed = 0.5F * density * static_cast<float>(norm(u)) *
                                static_cast<float>(force.inverse_ballistic_coefficient_m2pkg);
        return a - static_cast<double>(per_speed) * u;
    }
};

struct BoostDragInFloat {
    BoostForce<double> const& force;

    LW_FUNC Vec3<double, Eci> operator()(double t, Vec3<double, Eci> const& r,
                                         Vec3<double, Eci> const& v) const
    {
        BoostForce<double> const& f = force;
        double const altitude = geodetic_altitude_m(r);
        auto const height = static_cast<float>(altitude);
        auto const ambient = air(f.atmosphere, height);
        auto const u = velocity_in_weather(f.atmosphere.weather, f.weather, altitude, r, v);
        float const air_factor =
            static_cast<float>(f.density_factor) *
            weather_density_factor(f.atmosphere.weather, in_float(f.weather), height);
        double const speed = norm(u);
        auto const narrow_speed = static_cast<float>(speed);
        double const dt = t - f.t_start_s;
        double const growth = f.mass_flow_rate_kgps2 * dt;
        double const mass = f.mass_kg - (f.mass_flow_kgps + 0.5 * growth) * dt;
        float const cd = static_cast<float>(f.drag_factor) *
                         drag_coefficient(f.drag, narrow_speed / ambient.speed_of_sound_mps);
        float const per_speed = static_cast<float>(0.5 * f.reference_area_m2) * air_factor *
                                ambient.density_kgpm3 * narrow_speed * cd /
                                static_cast<float>(mass);
        auto a = gravity(r) - static_cast<double>(per_speed) * u;
        if (f.steering == Steering::none) { return a; }
        double const back_n =
            f.exit_area_m2 * static_cast<double>(air_factor * ambient.pressure_pa);
        double const thrust = larger(f.exhaust_mps * (f.mass_flow_kgps + growth) - back_n, 0.0);
        bool const windy = f.atmosphere.weather.wind_count > 0;
        auto const over_ground = windy ? velocity_relative_to_air(r, v) : u;
        double const ground_speed = windy ? norm(over_ground) : speed;
        auto const along = (1 / larger(ground_speed, 1e-3)) * over_ground;
        return a + (thrust / mass) * f.direction(t, r, along);
    }
};

LW_FUNC BallisticDragInFloat with_drag_in_float(BallisticForce<double> const& f) { return {f}; }
LW_FUNC BoostDragInFloat with_drag_in_float(BoostForce<double> const& f) { return {f}; }

}  // namespace longwatch
