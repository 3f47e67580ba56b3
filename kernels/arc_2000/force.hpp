// The forces of the benchmark arc ARC-2000: central gravity, J2, and drag in an exponential atmosphere that turns.
#pragma once

#include "kernels/arc_2000/problem.hpp"
#include "models/math/vec3.hpp"

// Lanes are no business of device code.
#if defined(__CUDACC__)
#include "kernels/lanes/quick.hpp"
#else
#include "kernels/lanes/twin_lanes.hpp"
#endif

namespace longwatch::arc_2000 {

template <class Real>
using Vec = Vec3<Real, Eci>;

/// a + s b
template <class Real>
LW_FUNC Vec<Real> plus(Vec<Real> const& a, Real const& s, Vec<Real> const& b)
{
    return {fused(s, b.x, a.x), fused(s, b.y, a.y), fused(s, b.z, a.z)};
}

template <class Real>
LW_FUNC Real inner(Vec<Real> const& a, Vec<Real> const& b)
{
    return fused(a.x, b.x, fused(a.y, b.y, a.z * b.z));
}

template <class To, class From>
LW_FUNC Vec<To> cast_vec(Vec<From> const& a)
{
    return {cast<To>(a.x), cast<To>(a.y), cast<To>(a.z)};
}

/// Acceleration around a place (r0, v0), as a function of the displacement from it, so that Work may be float: altitude
/// comes from the displacement and is good to 1e-7 of that, not of the Earth's radius. In m, m/s.
template <class Real, class Work>
struct Force {
    Vec<Work> r0, v0;
    Work d0, d0_squared, altitude0_m, drag_area_per_mass_m2pkg;

    LW_FUNC Force(Vec<Real> const& r, Vec<Real> const& v, Real const& drag_area)
        : r0(cast_vec<Work>(r)), v0(cast_vec<Work>(v)),
          drag_area_per_mass_m2pkg(cast<Work>(drag_area))
    {
        Real const d2 = inner(r, r), d = d2 * quick_inverse_root(d2);
        d0 = cast<Work>(d);
        d0_squared = cast<Work>(d2);
        altitude0_m = cast<Work>(d - Real(radius_m));
    }

    LW_FUNC Vec<Work> operator()(Vec<Work> const& dr, Vec<Work> const& dv) const
    {
        Vec<Work> const r = r0 + dr, v = v0 + dv;
        Work const risen = inner(dr, r0 + r);  // d^2 - d0^2
        Work const d2 = d0_squared + risen, inverse = quick_inverse_root(d2), q = inverse * inverse;
        Work const altitude = altitude0_m + risen * quick_inverse(fused(d2, inverse, d0));
        Vec<Work> const u = air_speed(r, v);
        Work const drag = drag_per_speed(u, altitude);
        Work const g = Work(-mu_m3ps2) * (q * inverse),
                   k = Work(1.5 * J2 * radius_m * radius_m) * q;
        Work const z2 = Work(5.0) * r.z * r.z * q;
        Work const equatorial = g * fused(k, Work(1.0) - z2, Work(1.0));
        Work const polar = g * fused(k, Work(3.0) - z2, Work(1.0));
        return {fused(equatorial, r.x, drag * u.x), fused(equatorial, r.y, drag * u.y),
                fused(polar, r.z, drag * u.z)};
    }

    /// Drag alone at (r0, v0).
    LW_FUNC Vec<Work> drag() const
    {
        Vec<Work> const u = air_speed(r0, v0);
        return drag_per_speed(u, altitude0_m) * u;
    }

private:
    LW_FUNC static Vec<Work> air_speed(Vec<Work> const& r, Vec<Work> const& v)
    {
        return {fused(Work(rotation_radps), r.y, v.x), fused(Work(-rotation_radps), r.x, v.y), v.z};
    }

    LW_FUNC Work drag_per_speed(Vec<Work> const& u, Work const& altitude) const
    {
        Work const u2 = inner(u, u), speed = u2 * quick_inverse_root(u2);
        Work const density = quick_exp(altitude * Work(-1.0 / scale_height_m));
        return Work(-0.5 * ground_density_kgpm3) * density * drag_area_per_mass_m2pkg * speed;
    }
};

}  // namespace longwatch::arc_2000
