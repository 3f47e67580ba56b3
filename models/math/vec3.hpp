// Vectors and rotations that know their frame: adding an Eci vector to an Ecef one does not compile.
#pragma once

#include "models/math/real.hpp"

namespace longwatch {

// The frames. A tag is a name, never an object.
struct Eci;   ///< inertial, Earth-centred; axes coincide with Ecef at the flight's ignition (t = 0)
struct Ecef;  ///< Earth-centred, Earth-fixed, WGS 84
struct Enu;   ///< east, north, up at a site

template <class Real, class Frame>
struct Vec3 {
    Real x, y, z;
};

template <class Real, class Frame>
LW_FUNC Vec3<Real, Frame> operator+(Vec3<Real, Frame> const& a, Vec3<Real, Frame> const& b)
{
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}

template <class Real, class Frame>
LW_FUNC Vec3<Real, Frame> operator-(Vec3<Real, Frame> const& a, Vec3<Real, Frame> const& b)
{
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}

template <class Real, class Frame>
LW_FUNC Vec3<Real, Frame> operator*(Real const& s, Vec3<Real, Frame> const& a)
{
    return {s * a.x, s * a.y, s * a.z};
}

template <class Real, class Frame>
LW_FUNC Real dot(Vec3<Real, Frame> const& a, Vec3<Real, Frame> const& b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

template <class Real, class Frame>
LW_FUNC Vec3<Real, Frame> cross(Vec3<Real, Frame> const& a, Vec3<Real, Frame> const& b)
{
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

/// s a + b, rounded once.
template <class Real, class Frame>
LW_FUNC Vec3<Real, Frame> multiply_add(Real const& s, Vec3<Real, Frame> const& a,
                                       Vec3<Real, Frame> const& b)
{
    return {multiply_add(s, a.x, b.x), multiply_add(s, a.y, b.y), multiply_add(s, a.z, b.z)};
}

/// The square of the length, rounded less often than dot(a, a).
template <class Real, class Frame>
LW_FUNC Real length2(Vec3<Real, Frame> const& a)
{
    return multiply_add(a.x, a.x, multiply_add(a.y, a.y, a.z * a.z));
}

template <class Real, class Frame>
LW_FUNC Real norm(Vec3<Real, Frame> const& a)
{
    return sqrt(dot(a, a));
}

template <class Real, class Frame>
LW_FUNC Vec3<Real, Frame> unit(Vec3<Real, Frame> const& a)
{
    return inverse_sqrt(length2(a)) * a;
}

template <class Real, class Frame>
LW_FUNC Vec3<Real, Frame> select(Mask<Real> const& mask, Vec3<Real, Frame> const& a,
                                 Vec3<Real, Frame> const& b)
{
    return {select(mask, a.x, b.x), select(mask, a.y, b.y), select(mask, a.z, b.z)};
}

/// A rotation read to-from: rows are the To axes in From coordinates.
template <class Real, class To, class From>
struct Rotation {
    Vec3<Real, From> row_x, row_y, row_z;
};

template <class Real, class To, class From>
LW_FUNC Vec3<Real, To> operator*(Rotation<Real, To, From> const& R, Vec3<Real, From> const& a)
{
    return {dot(R.row_x, a), dot(R.row_y, a), dot(R.row_z, a)};
}

}  // namespace longwatch
