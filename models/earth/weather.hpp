// Wind, and density apart from the standard's: profiles over height, the same everywhere.
#pragma once

#include "models/earth/wgs84.hpp"
#include "models/limits.hpp"

namespace longwatch {

/// Rows in rising height, linear between; below the first and above the last that row holds. No rows
/// is no wind, or the standard's density; else there are at least two.
struct Weather {
    int wind_count = 0, density_count = 0;
    double wind_height_m[max_weather_rows] = {};
    double east_mps[max_weather_rows] = {}, north_mps[max_weather_rows] = {};  ///< it blows to
    double sigma_east_mps[max_weather_rows] = {}, sigma_north_mps[max_weather_rows] = {};
    double density_height_m[max_weather_rows] = {};
    double factor[max_weather_rows] = {};      ///< on the standard's density and pressure
    double sigma_frac[max_weather_rows] = {};  ///< of that
};

/// How many standard deviations one flight's weather is from its mean, at all heights alike.
template <class Real>
struct WeatherScores {
    Real wind_east = Real(0), wind_north = Real(0), density = Real(0);
};

namespace weather_detail {

/// Where a height lies among rows.
template <class Real>
struct RowPlace {
    Real row, s;  ///< s from 0 to 1 on the way to the next
};

template <class Real>
LW_FUNC RowPlace<Real> row_place(double const (&height_m)[max_weather_rows], int count,
                                 Real const& altitude_m)
{
    Real row = Real(0);
    for (int i = 1; i + 1 < count; ++i) {
        row = select(altitude_m < Real(height_m[i]), row, Real(double(i)));
    }
    Real const base = lookup(height_m, row), next = lookup(height_m + 1, row);
    return {row, clamp((altitude_m - base) / (next - base), Real(0), Real(1))};
}

template <class Real>
LW_FUNC Real value_at(double const (&table)[max_weather_rows], RowPlace<Real> const& at)
{
    Real const base = lookup(table, at.row);
    return base + at.s * (lookup(table + 1, at.row) - base);
}

}  // namespace weather_detail

/// Velocity against the air, which turns with the Earth and moves over it with the wind. r must not
/// lie on the axis where there is wind.
template <class Real>
LW_FUNC Vec3<Real, Eci> velocity_in_weather(Weather const& weather,
                                            WeatherScores<Real> const& score,
                                            Real const& altitude_m, Vec3<Real, Eci> const& r,
                                            Vec3<Real, Eci> const& v)
{
    using namespace weather_detail;
    auto const u = velocity_relative_to_air(r, v);
    if (weather.wind_count == 0) { return u; }
    auto const at = row_place(weather.wind_height_m, weather.wind_count, altitude_m);
    Real const to_east =
        value_at(weather.east_mps, at) + score.wind_east * value_at(weather.sigma_east_mps, at);
    Real const to_north =
        value_at(weather.north_mps, at) + score.wind_north * value_at(weather.sigma_north_mps, at);
    auto const p = meridian_point(r);
    Real const cos_lon = r.x / p.axis_distance_m, sin_lon = r.y / p.axis_distance_m;
    Vec3<Real, Eci> const east{-sin_lon, cos_lon, Real(0)};
    Vec3<Real, Eci> const north{-p.sin_lat * cos_lon, -p.sin_lat * sin_lon, p.cos_lat};
    return u - to_east * east - to_north * north;
}

/// What density and pressure of the standard are multiplied by; at least a twentieth.
template <class Real>
LW_FUNC Real weather_density_factor(Weather const& weather, WeatherScores<Real> const& score,
                                    Real const& altitude_m)
{
    using namespace weather_detail;
    if (weather.density_count == 0) { return Real(1); }
    auto const at = row_place(weather.density_height_m, weather.density_count, altitude_m);
    Real const drawn = Real(1) + score.density * value_at(weather.sigma_frac, at);
    return value_at(weather.factor, at) * larger(drawn, Real(0.05));
}

}  // namespace longwatch
