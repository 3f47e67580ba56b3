// Attraction of the Earth: central term and the zonal harmonics J2, J3, J4 of EGM96.
// One consistent set: these J belong to this mu and this radius, not to the ellipsoid's.
// Source: Lemoine et al., "The Development of the Joint NASA GSFC and NIMA Geopotential Model
// EGM96", NASA/TP-1998-206861 (J_n = -sqrt(2n+1) C_n0).
#pragma once

#include "models/math/vec3.hpp"

namespace longwatch {

inline constexpr double egm96_mu_m3ps2 = 3.986004415e14;
inline constexpr double egm96_radius_m = 6378136.3;
inline constexpr double egm96_j2 = 1.0826266835e-3;
inline constexpr double egm96_j3 = -2.5326564853e-6;
inline constexpr double egm96_j4 = -1.6196215914e-6;

/// Gradient of mu/r (1 - sum J_n (a/r)^n P_n(z/r)) over n = 2, 3, 4, in m/s^2; inverse_r is 1 / |r|.
/// Equations: Vallado, "Fundamentals of Astrodynamics and Applications", section 8.7.
template <class Real>
LW_FUNC Vec3<Real, Eci> gravity(Vec3<Real, Eci> const& r, Real const& inverse_r)
{
    Real const s = r.z * inverse_r;  // sine of the geocentric latitude
    Real const s2 = s * s;
    Real const q = Real(egm96_radius_m) * inverse_r;
    Real const q2 = q * q;

    // a = -mu/r^2 (radial * r_hat + axial * z_hat)
    Real const j2 = Real(1.5 * egm96_j2) * q2;
    Real const j3 = Real(2.5 * egm96_j3) * q2 * q;
    Real const j4 = Real(-1.875 * egm96_j4) * q2 * q2;
    Real const radial2 = multiply_add(Real(-5), s2, Real(1));
    Real const radial3 = s * multiply_add(Real(-7), s2, Real(3));
    Real const radial4 = multiply_add(multiply_add(Real(21), s2, Real(-14)), s2, Real(1));
    Real const radial =
        multiply_add(j2, radial2, multiply_add(j3, radial3, multiply_add(j4, radial4, Real(1))));
    Real const axial3 = multiply_add(Real(3), s2, Real(-0.6));
    Real const axial4 = s * multiply_add(Real(-28.0 / 3.0), s2, Real(4));
    Real const axial = multiply_add(j2, s + s, multiply_add(j3, axial3, j4 * axial4));
    Real const g = Real(-egm96_mu_m3ps2) * (inverse_r * inverse_r);
    Real const along_r = g * inverse_r * radial;
    return {along_r * r.x, along_r * r.y, multiply_add(along_r, r.z, g * axial)};
}

template <class Real>
LW_FUNC Vec3<Real, Eci> gravity(Vec3<Real, Eci> const& r)
{
    return gravity(r, Real(sqrt(Real(1) / dot(r, r))));
}

}  // namespace longwatch
