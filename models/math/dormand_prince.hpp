// One step of an adaptive Runge-Kutta pair for r'' = a(t, r, v), each lane with its own step.
#pragma once

#include "models/math/vec3.hpp"

namespace longwatch {

/// Largest error allowed in one step.
struct StepTolerance {
    double position_m = 0;
    double velocity_mps = 0;
};

template <class Real>
struct StepResult {
    Vec3<Real, Eci> r_m, v_mps, a_mps2;
    Real error;  ///< 1 where the estimated error just meets the tolerance
};

/// The Dormand-Prince pair of order 5(4); the last stage is the first of the next step.
/// Source: Dormand and Prince, "A family of embedded Runge-Kutta formulae", J. Comp. Appl. Math. 6
/// (1980) 19-26, table 2.
template <class Real, class Acceleration>
LW_FUNC StepResult<Real> step_dormand_prince(Acceleration const& acceleration, Real const& t,
                                             Vec3<Real, Eci> const& r, Vec3<Real, Eci> const& v,
                                             Vec3<Real, Eci> const& a1, Real const& h,
                                             StepTolerance const& tolerance)
{
    using Vec = Vec3<Real, Eci>;
    auto const c = [](double x) { return Real(x); };

    Vec const v2 = v + (h * c(1.0 / 5)) * a1;
    Vec const a2 = acceleration(t + h * c(1.0 / 5), r + (h * c(1.0 / 5)) * v, v2);

    Vec const v3 = v + h * (c(3.0 / 40) * a1 + c(9.0 / 40) * a2);
    Vec const r3 = r + h * (c(3.0 / 40) * v + c(9.0 / 40) * v2);
    Vec const a3 = acceleration(t + h * c(3.0 / 10), r3, v3);

    Vec const v4 = v + h * (c(44.0 / 45) * a1 + c(-56.0 / 15) * a2 + c(32.0 / 9) * a3);
    Vec const r4 = r + h * (c(44.0 / 45) * v + c(-56.0 / 15) * v2 + c(32.0 / 9) * v3);
    Vec const a4 = acceleration(t + h * c(4.0 / 5), r4, v4);

    constexpr double b51 = 19372.0 / 6561, b52 = -25360.0 / 2187, b53 = 64448.0 / 6561,
                     b54 = -212.0 / 729;
    Vec const v5 = v + h * (c(b51) * a1 + c(b52) * a2 + c(b53) * a3 + c(b54) * a4);
    Vec const r5 = r + h * (c(b51) * v + c(b52) * v2 + c(b53) * v3 + c(b54) * v4);
    Vec const a5 = acceleration(t + h * c(8.0 / 9), r5, v5);

    constexpr double b61 = 9017.0 / 3168, b62 = -355.0 / 33, b63 = 46732.0 / 5247, b64 = 49.0 / 176,
                     b65 = -5103.0 / 18656;
    Vec const v6 = v + h * (c(b61) * a1 + c(b62) * a2 + c(b63) * a3 + c(b64) * a4 + c(b65) * a5);
    Vec const r6 = r + h * (c(b61) * v + c(b62) * v2 + c(b63) * v3 + c(b64) * v4 + c(b65) * v5);
    Vec const a6 = acceleration(t + h, r6, v6);

    constexpr double w1 = 35.0 / 384, w3 = 500.0 / 1113, w4 = 125.0 / 192, w5 = -2187.0 / 6784,
                     w6 = 11.0 / 84;
    Vec const v7 = v + h * (c(w1) * a1 + c(w3) * a3 + c(w4) * a4 + c(w5) * a5 + c(w6) * a6);
    Vec const r7 = r + h * (c(w1) * v + c(w3) * v3 + c(w4) * v4 + c(w5) * v5 + c(w6) * v6);
    Vec const a7 = acceleration(t + h, r7, v7);

    // Fifth minus fourth order weights.
    constexpr double e1 = 71.0 / 57600, e3 = -71.0 / 16695, e4 = 71.0 / 1920,
                     e5 = -17253.0 / 339200, e6 = 22.0 / 525, e7 = -1.0 / 40;
    Vec const dv =
        h * (c(e1) * a1 + c(e3) * a3 + c(e4) * a4 + c(e5) * a5 + c(e6) * a6 + c(e7) * a7);
    Vec const dr = h * (c(e1) * v + c(e3) * v3 + c(e4) * v4 + c(e5) * v5 + c(e6) * v6 + c(e7) * v7);
    Real const error = larger(norm(dr) * Real(1.0 / tolerance.position_m),
                              norm(dv) * Real(1.0 / tolerance.velocity_mps));
    return {r7, v7, a7, error};
}

/// Factor on the step for the next one. A step that met its tolerance had an error ~ h^5; one that did
/// not has as a rule met a kink of a table, across which error falls by half that power. Growth is held
/// to twice: after a kink the step before it is soon regained, and what goes too far is not tried in
/// vain (tests/bench/work_precision.cpp compares).
template <class Real>
LW_FUNC Real step_factor(Real const& error)
{
    Real const power = select(error > Real(1), Real(-0.4), Real(-0.2));
    Real const safe = clamp(error, Real(1e-4), Real(1e6));
    return clamp(Real(0.8) * exp(power * log(safe)), Real(0.1), Real(2));
}

/// The above as one method, for whoever takes steps.
struct DormandPrince5 {
    template <class Acceleration, class Real>
    LW_FUNC static StepResult<Real> step(Acceleration const& acceleration, Real const& t,
                                         Vec3<Real, Eci> const& r, Vec3<Real, Eci> const& v,
                                         Vec3<Real, Eci> const& a, Real const& h,
                                         StepTolerance const& tolerance)
    {
        return step_dormand_prince(acceleration, t, r, v, a, h, tolerance);
    }
    template <class Real>
    LW_FUNC static Real factor(Real const& error)
    {
        return step_factor(error);
    }
};

}  // namespace longwatch
