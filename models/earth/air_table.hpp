// The air as flights read it, six times a step: cubics between the heights of a table, no exponential.
// Filled from the equations of atmosphere.hpp by us_standard_1976().
#pragma once

#include "models/earth/atmosphere.hpp"

namespace longwatch {

/// Where a height lies in the table.
template <class Real>
struct AirCell {
    Real row, above_foot_m;
    Mask<Real> is_lower, is_air;  ///< below 86 km; below 1000 km
};

namespace air_table_detail {

/// The upper cells begin at the power of two below the height of 86 km over their origin.
inline constexpr double first_upper_number = 16.0 * (13 + 1023);
static_assert(upper_scale_m > 8192.0 && upper_scale_m < 16384.0);

/// r0 z / (r0 + z) by the series of 1 / (1 + z / r0), to 2e-7 m at 86 km.
template <class Real>
LW_FUNC Real geopotential_height_m(Real const& altitude_m)
{
    Real const x = altitude_m * Real(1 / atmosphere_detail::geopotential_radius_m);
    Real const x2 = x * x;
    return altitude_m * ((Real(1) - x) * multiply_add(x2, Real(1) + x2, Real(1)));
}

template <class Real>
LW_FUNC Real cubic(Real const (&c)[4], Real const& x)
{
    return multiply_add(x * x, multiply_add(c[3], x, c[2]), multiply_add(c[1], x, c[0]));
}

}  // namespace air_table_detail

/// Below the ellipsoid the lowest cell goes on: a step that tries the ground meets no kink there.
template <class Real>
LW_FUNC AirCell<Real> air_cell(Real const& altitude_m)
{
    using namespace air_table_detail;
    auto const lower = altitude_m < Real(lower_top_m);
    auto const is_air = altitude_m < Real(atmosphere_top_m);
    Real const height = geopotential_height_m(altitude_m);
    Real const place = floor(height * Real(1 / air_cell_m));
    // Not a number goes to the first cell, too.
    Real row = select(place > Real(0), smaller(place, Real(lower_cells - 1.0)), Real(0));
    Real above = multiply_add(row, Real(-air_cell_m), height);
    auto const upper = altitude_m >= Real(lower_top_m) && is_air;
    if (any(upper)) {
        Real const over_origin =
            select(upper, altitude_m, Real(lower_top_m)) - Real(upper_origin_m);
        auto const cell = Lane<Real>::binary_cell(over_origin);
        row = select(upper, cell.number - Real(first_upper_number - lower_cells), row);
        above = select(upper, over_origin - cell.start, above);
    }
    return {row, above, lower, is_air};
}

template <class Real>
LW_FUNC Real density_kgpm3(Atmosphere const& p, AirCell<Real> const& at)
{
    Real c[4];
    Lane<Real>::lookup_row(p.density_cubic, at.row, c);
    return select(at.is_air, air_table_detail::cubic(c, at.above_foot_m), Real(0));
}

/// Pressure over density, m2/s2.
template <class Real>
LW_FUNC Real specific_pressure_m2ps2(Atmosphere const& p, AirCell<Real> const& at)
{
    Real c[4];
    Lane<Real>::lookup_row(p.specific_pressure_cubic, at.row, c);
    return air_table_detail::cubic(c, at.above_foot_m);
}

/// Of the speed of sound, which is held above 86 km.
template <class Real>
LW_FUNC Real inverse_speed_of_sound_spm(AirCell<Real> const& at,
                                        Real const& specific_pressure_m2ps2)
{
    using namespace atmosphere_detail;
    Real const c2 = select(at.is_lower, Real(heat_ratio) * specific_pressure_m2ps2,
                           Real(upper_speed_of_sound_mps * upper_speed_of_sound_mps));
    return inverse_sqrt(c2);
}

}  // namespace longwatch
