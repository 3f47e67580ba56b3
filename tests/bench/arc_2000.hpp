// ARC-2000, a benchmark arc: central force, J2, and drag in an exponential atmosphere that turns.
#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "models/flight/arc.hpp"
#include "models/math/dormand_prince.hpp"

namespace longwatch {

inline constexpr double arc_2000_radius_m = 6378137.0;

template <class Real>
struct Arc2000Force {
    Real drag_area_per_mass_m2pkg;

    Vec3<Real, Eci> operator()(Real const&, Vec3<Real, Eci> const& r,
                               Vec3<Real, Eci> const& v) const
    {
        constexpr double mu = 398600.4418e9, J2 = 1.08262668e-3, rotation_radps = 7.292115e-5;
        Real const d2 = dot(r, r), d = sqrt(d2), z2 = Real(5) * r.z * r.z / d2;
        Real const q = Real(arc_2000_radius_m) / d, k = Real(1.5 * J2) * q * q;
        Real const g = Real(-mu) / (d2 * d), equatorial = g * (Real(1) + k * (Real(1) - z2));
        Vec3<Real, Eci> const u{v.x + Real(rotation_radps) * r.y, v.y - Real(rotation_radps) * r.x,
                                v.z};
        Real const density = Real(1.225) * exp((Real(arc_2000_radius_m) - d) / Real(7200));
        Real const drag = Real(-0.5) * density * drag_area_per_mass_m2pkg * norm(u);
        return {equatorial * r.x + drag * u.x, equatorial * r.y + drag * u.y,
                g * r.z * (Real(1) + k * (Real(3) - z2)) + drag * u.z};
    }
};

/// A force evaluated in float while the state stays in double.
template <class FloatForce>
struct InFloat {
    FloatForce force;
    Vec3<double, Eci> operator()(double t, Vec3<double, Eci> const& r,
                                 Vec3<double, Eci> const& v) const
    {
        auto const narrow = [](Vec3<double, Eci> const& a) {
            return Vec3<float, Eci>{static_cast<float>(a.x), static_cast<float>(a.y),
                                    static_cast<float>(a.z)};
        };
        auto const a = force(static_cast<float>(t), narrow(r), narrow(v));
        return {a.x, a.y, a.z};
    }
};

struct Arc2000Sample {
    Vec3<double, Eci> r_m, v_mps;
    double drag_area_per_mass_m2pkg;
};

/// Sample 0 is nominal; the others deviate by 0.5 km, 5 m/s and 5 %, one sigma.
inline std::vector<Arc2000Sample> arc_2000_samples(int count)
{
    std::mt19937_64 bits(2000);
    std::normal_distribution<double> z;
    std::vector<Arc2000Sample> out{{{6578137.0, 0, 0}, {2900, 5200, 3600}, 1e-4}};
    while (static_cast<int>(out.size()) < count) {
        Arc2000Sample s = out[0];
        for (double* x : {&s.r_m.x, &s.r_m.y, &s.r_m.z}) { *x += 500 * z(bits); }
        for (double* x : {&s.v_mps.x, &s.v_mps.y, &s.v_mps.z}) { *x += 5 * z(bits); }
        s.drag_area_per_mass_m2pkg *= 1 + 0.05 * z(bits);
        out.push_back(s);
    }
    return out;
}

struct Arc2000End {
    double t_s;
    Vec3<double, Eci> r_m;
    long evaluations;
};

template <class To, class From>
Vec3<To, Eci> as(Vec3<From, Eci> const& a)
{
    return {static_cast<To>(a.x), static_cast<To>(a.y), static_cast<To>(a.z)};
}

/// From the sample's state to t_end_s, or to the ground if that comes first.
template <class Method, class Real, class Force>
Arc2000End fly_arc_2000(Force const& force, Arc2000Sample const& s, double t_end_s,
                        StepTolerance const& tolerance, double step_s)
{
    Knot<Real> now{Real(0), as<Real>(s.r_m), as<Real>(s.v_mps), {}};
    now.a_mps2 = force(now.t_s, now.r_m, now.v_mps);
    long evaluations = 1;
    Real h = Real(step_s);
    Real const t_end = Real(t_end_s);
    auto const altitude_m = [](Vec3<Real, Eci> const& r) {
        return norm(r) - Real(arc_2000_radius_m);
    };
    constexpr long evaluations_max = 100000;
    while (now.t_s < t_end && evaluations < evaluations_max) {
        bool const last = h >= t_end - now.t_s;
        Real const step = last ? t_end - now.t_s : h;
        auto const next =
            Method::step(force, now.t_s, now.r_m, now.v_mps, now.a_mps2, step, tolerance);
        evaluations += Method::evaluations;
        // A stage deep under the ground may leave no finite number.
        bool const finite = next.error <= Real(1e30);
        h = finite ? step * Method::factor(next.error) : Real(0.1) * step;
        if (!(next.error <= Real(1))) { continue; }
        Knot<Real> const knot{last ? t_end : now.t_s + step, next.r_m, next.v_mps, next.a_mps2};
        if (altitude_m(knot.r_m) < Real(0)) {
            auto const p = arc_interval(now, knot);
            auto const height = [&](Real const& x) { return altitude_m(position_m(p, x)); };
            Real const x = crossing(height, true, height(Real(0)), height(Real(1)));
            return {double(p.t0_s) + double(x) * double(p.step_s), as<double>(position_m(p, x)),
                    evaluations};
        }
        now = knot;
    }
    return {double(now.t_s), as<double>(now.r_m), evaluations};
}

}  // namespace longwatch
