// The WGS 84 ellipsoid, its rotation, and positions on it.
// Source: NIMA TR8350.2, "Department of Defense World Geodetic System 1984", 3rd ed. (2000).
#pragma once

#include "models/earth/position.hpp"
#include "models/math/vec3.hpp"

namespace longwatch {

inline constexpr double wgs84_semi_major_m = 6378137.0;
inline constexpr double wgs84_flattening = 1.0 / 298.257223563;
inline constexpr double wgs84_semi_minor_m = wgs84_semi_major_m * (1.0 - wgs84_flattening);
inline constexpr double wgs84_eccentricity2 = wgs84_flattening * (2.0 - wgs84_flattening);
inline constexpr double earth_rotation_radps = 7.292115e-5;
inline constexpr double earth_mean_radius_m = 6371008.7714;  ///< (2a + b) / 3

/// Latitude, longitude and height of one flight's point; Geodetic is the same for a study's places.
template <class Real>
struct GeodeticPoint {
    Real latitude_rad, longitude_rad, altitude_m;
};

template <class Real>
LW_FUNC Vec3<Real, Ecef> ecef_from_geodetic(GeodeticPoint<Real> const& p)
{
    Real const sin_lat = sin(p.latitude_rad);
    Real const cos_lat = cos(p.latitude_rad);
    // N, the prime-vertical radius of curvature.
    Real const N =
        Real(wgs84_semi_major_m) / sqrt(Real(1) - Real(wgs84_eccentricity2) * sin_lat * sin_lat);
    Real const rho = (N + p.altitude_m) * cos_lat;
    return {rho * cos(p.longitude_rad), rho * sin(p.longitude_rad),
            (N * Real(1.0 - wgs84_eccentricity2) + p.altitude_m) * sin_lat};
}

inline Vec3<double, Ecef> ecef_from_geodetic(Geodetic const& p)
{
    return ecef_from_geodetic(GeodeticPoint<double>{p.latitude_rad, p.longitude_rad, p.altitude_m});
}

/// Sine and cosine of the geodetic latitude, and the distance from the axis.
template <class Real>
struct MeridianPoint {
    Real sin_lat, cos_lat, axis_distance_m;
};

/// One step of Bowring's method from the reduced latitude of the point's own direction. Latitude
/// error below 1e-12 rad from the surface to 5000 km, by test; height, being stationary in latitude,
/// is then exact to far below a millimetre.
/// Source: Bowring, "Transformation from spatial to geographical coordinates", Survey Review 23
/// (1976) 323-327.
template <class Real, class Frame>
LW_FUNC MeridianPoint<Real> meridian_point(Vec3<Real, Frame> const& r)
{
    constexpr double a = wgs84_semi_major_m;
    constexpr double b = wgs84_semi_minor_m;
    constexpr double second_eccentricity2 = (a * a - b * b) / (b * b);
    Real const rho = sqrt(r.x * r.x + r.y * r.y);
    Real const distance = sqrt(r.x * r.x + r.y * r.y + r.z * r.z);
    // tan beta = (b z / a rho) (1 + e'^2 b / |r|), kept as a sine and a cosine.
    // Scaled by a power of two, which changes no digit, so that the squares fit a float.
    constexpr double small = 0x1p-46;
    Real const sine = Real(small * b) * r.z * (distance + Real(second_eccentricity2 * b));
    Real const cosine = Real(small * a) * rho * distance;
    Real const scale = Real(1) / sqrt(sine * sine + cosine * cosine);
    Real const sin_beta = sine * scale;
    Real const cos_beta = cosine * scale;
    Real const top = r.z + Real(second_eccentricity2 * b) * sin_beta * sin_beta * sin_beta;
    Real const bottom = rho - Real(wgs84_eccentricity2 * a) * cos_beta * cos_beta * cos_beta;
    Real const length = Real(1) / sqrt(top * top + bottom * bottom);
    return {top * length, bottom * length, rho};
}

/// Height above the ellipsoid. Eci serves as well as Ecef: the ellipsoid is round about its axis.
template <class Real, class Frame>
LW_FUNC Real geodetic_altitude_m(Vec3<Real, Frame> const& r)
{
    auto const p = meridian_point(r);
    return p.axis_distance_m * p.cos_lat + r.z * p.sin_lat -
           Real(wgs84_semi_major_m) *
               sqrt(Real(1) - Real(wgs84_eccentricity2) * p.sin_lat * p.sin_lat);
}

/// The same, from the distance r of the Earth's centre, 1 / r and the sine s of the geocentric
/// latitude: r - a + s^2 (sum of c_ij (a/r)^i s^2j over i < 2, j < 3), fitted by least squares from
/// 5 km below the ellipsoid to 1000 km. Within 0.4 mm there and 14 mm at 5000 km, by test.
template <class Real>
LW_FUNC Real altitude_by_series_m(Real const& r_m, Real const& inverse_r, Real const& sin_lat)
{
    Real const q = Real(wgs84_semi_major_m) * inverse_r;
    Real const s2 = sin_lat * sin_lat;
    Real const constant =
        multiply_add(s2, multiply_add(s2, Real(-1.582885), Real(38.282501)), Real(21347.985973));
    Real const linear =
        multiply_add(s2, multiply_add(s2, Real(2.662052), Real(-147.388727)), Real(144.726955));
    return multiply_add(s2, multiply_add(q, linear, constant), r_m - Real(wgs84_semi_major_m));
}
template <class Real, class Frame>
LW_FUNC Real altitude_by_series_m(Vec3<Real, Frame> const& r)
{
    Real const r2 = length2(r), inverse_r = inverse_sqrt(r2);
    return altitude_by_series_m(Real(r2 * inverse_r), inverse_r, Real(r.z * inverse_r));
}

template <class Real>
LW_FUNC GeodeticPoint<Real> geodetic_from_ecef(Vec3<Real, Ecef> const& r)
{
    auto const p = meridian_point(r);
    return {atan2(p.sin_lat, p.cos_lat), atan2(r.y, r.x), geodetic_altitude_m(r)};
}

/// East, north and up at a place, as a rotation from Ecef.
template <class Real>
LW_FUNC Rotation<Real, Enu, Ecef> enu_from_ecef(Real const& latitude_rad, Real const& longitude_rad)
{
    Real const sin_lat = sin(latitude_rad), cos_lat = cos(latitude_rad);
    Real const sin_lon = sin(longitude_rad), cos_lon = cos(longitude_rad);
    return {{-sin_lon, cos_lon, Real(0)},
            {-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat},
            {cos_lat * cos_lon, cos_lat * sin_lon, sin_lat}};
}

/// Of the angle omega t by which the Earth turns between ignition and t.
template <class Real>
struct EarthTurn {
    Real sine, cosine;
};

/// For those who turn several vectors at one instant, or one at many: without a call.
/// Taylor's series to x^15 and x^14, exact to the last places for the 8200 s in which the Earth turns by
/// 0.6 rad; beyond that the general functions. By a time that never comes it has not turned.
template <class Real>
LW_FUNC EarthTurn<Real> earth_turn(Real const& t_s)
{
    constexpr int terms = 7;
    auto const ever = abs(t_s) < Real(0.5 * never_s);
    Real const x = Real(earth_rotation_radps) * select(ever, t_s, Real(0)), y = Real(0) - x * x;
    // x (1 + y / (2 3) (1 + y / (4 5) (1 + ...))), 1 + y / (1 2) (1 + y / (3 4) (1 + ...)).
    Real sine = Real(1), cosine = Real(1);
    for (int k = terms; k > 0; --k) {
        sine = multiply_add(Real(1.0 / (2 * k * (2 * k + 1))) * y, sine, Real(1));
        cosine = multiply_add(Real(1.0 / (2 * k * (2 * k - 1))) * y, cosine, Real(1));
    }
    sine = sine * x;
    auto const far = abs(x) > Real(0.6);
    if (any(far)) {
        sine = select(far, Real(sin(x)), sine);
        cosine = select(far, Real(cos(x)), cosine);
    }
    return {sine, cosine};
}

template <class Real>
LW_FUNC Vec3<Real, Ecef> ecef_from_eci(EarthTurn<Real> const& turn, Vec3<Real, Eci> const& r)
{
    Real const s = turn.sine, c = turn.cosine;
    return {c * r.x + s * r.y, c * r.y - s * r.x, r.z};
}

template <class Real>
LW_FUNC Vec3<Real, Eci> eci_from_ecef(EarthTurn<Real> const& turn, Vec3<Real, Ecef> const& r)
{
    Real const s = turn.sine, c = turn.cosine;
    return {c * r.x - s * r.y, c * r.y + s * r.x, r.z};
}

template <class Real>
LW_FUNC Vec3<Real, Ecef> ecef_from_eci(Real const& t_s, Vec3<Real, Eci> const& r)
{
    Real const angle = Real(earth_rotation_radps) * t_s;
    return ecef_from_eci(EarthTurn<Real>{sin(angle), cos(angle)}, r);
}

template <class Real>
LW_FUNC Vec3<Real, Eci> eci_from_ecef(Real const& t_s, Vec3<Real, Ecef> const& r)
{
    Real const angle = Real(earth_rotation_radps) * t_s;
    return eci_from_ecef(EarthTurn<Real>{sin(angle), cos(angle)}, r);
}

/// Velocity against air that turns with the Earth.
template <class Real>
LW_FUNC Vec3<Real, Eci> velocity_relative_to_air(Vec3<Real, Eci> const& r, Vec3<Real, Eci> const& v)
{
    return {v.x + Real(earth_rotation_radps) * r.y, v.y - Real(earth_rotation_radps) * r.x, v.z};
}

}  // namespace longwatch
