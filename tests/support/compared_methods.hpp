// Integrators to compare with the one in use, all with the same face.
#pragma once

#include "tests/support/dormand_prince_8.hpp"

namespace longwatch {

/// The pair 5(4), counted.
struct Order5 : DormandPrince5 {
    static constexpr int evaluations = 6;
};

/// The same with the textbook's step control: error ~ h^5 whatever happens, growth to five times.
struct Order5Eager : Order5 {
    template <class Real>
    static Real factor(Real const& error)
    {
        Real const safe = clamp(error, Real(1e-4), Real(1e6));
        return clamp(Real(0.9) * exp(Real(-0.2) * log(safe)), Real(0.2), Real(5));
    }
};

/// The pair 8(5,3). Its error, of eighth order in the step, is reported to the power 5/8, so that the
/// step control of the fifth-order pair serves both.
struct Order8 {
    static constexpr int evaluations = 12;
    template <class Acceleration, class Real>
    static StepResult<Real> step(Acceleration const& acceleration, Real const& t,
                                 Vec3<Real, Eci> const& r, Vec3<Real, Eci> const& v,
                                 Vec3<Real, Eci> const& a, Real const& h,
                                 StepTolerance const& tolerance)
    {
        auto out = step_dormand_prince_8(acceleration, t, r, v, a, h, tolerance);
        out.error = exp(Real(0.625) * log(larger(out.error, Real(1e-20))));
        return out;
    }
    template <class Real>
    static Real factor(Real const& error)
    {
        return step_factor(error);
    }
};

/// Classical Runge-Kutta at a fixed step.
struct Order4 {
    static constexpr int evaluations = 4;
    template <class Acceleration, class Real>
    static StepResult<Real> step(Acceleration const& acceleration, Real const& t,
                                 Vec3<Real, Eci> const& r, Vec3<Real, Eci> const& v,
                                 Vec3<Real, Eci> const& a1, Real const& h, StepTolerance const&)
    {
        Real const half = Real(0.5) * h, sixth = h / Real(6);
        auto const v2 = v + half * a1;
        auto const a2 = acceleration(t + half, r + half * v, v2);
        auto const v3 = v + half * a2;
        auto const a3 = acceleration(t + half, r + half * v2, v3);
        auto const v4 = v + h * a3;
        auto const a4 = acceleration(t + h, r + h * v3, v4);
        auto const r_end = r + sixth * (v + Real(2) * (v2 + v3) + v4);
        auto const v_end = v + sixth * (a1 + Real(2) * (a2 + a3) + a4);
        return {r_end, v_end, acceleration(t + h, r_end, v_end), Real(0)};
    }
    template <class Real>
    static Real factor(Real const&)
    {
        return Real(1);
    }
};

}  // namespace longwatch
