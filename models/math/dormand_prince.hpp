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

namespace dormand_prince_detail {

/// The method's coefficients, and those of position: with v_i = v + h sum a_ij a_j the position of a
/// stage, r + h sum a_ij v_j, is r + c_i h v + h^2 sum b_ij a_j with b = a a. So the place of a stage
/// does not wait for the acceleration of the one before it. The last row is the fifth order's
/// weights; `error` is fifth minus fourth order.
struct Coefficients {
    static constexpr int stages = 7;
    double a[stages][stages] = {
        {},
        {1.0 / 5},
        {3.0 / 40, 9.0 / 40},
        {44.0 / 45, -56.0 / 15, 32.0 / 9},
        {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
        {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
        {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}};
    double error[stages] = {71.0 / 57600,      0,          -71.0 / 16695, 71.0 / 1920,
                            -17253.0 / 339200, 22.0 / 525, -1.0 / 40};
    double c[stages] = {0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1};
    double b[stages][stages] = {};
    double position_error[stages] = {};

    LW_FUNC constexpr Coefficients()
    {
        for (int j = 0; j < stages; ++j) {
            for (int k = 0; k < j; ++k) {
                for (int i = j + 1; i < stages; ++i) { b[i][k] += a[i][j] * a[j][k]; }
                position_error[k] += error[j] * a[j][k];
            }
        }
    }
};

/// Coefficient (i, j) times the step or its square, counted from 1 as in the source.
template <int i, int j, class Real>
LW_FUNC Real a_of(Real const& h)
{
    constexpr double coefficient = Coefficients().a[i - 1][j - 1];
    return h * Real(coefficient);
}
template <int i, int j, class Real>
LW_FUNC Real b_of(Real const& h2)
{
    constexpr double coefficient = Coefficients().b[i - 1][j - 1];
    return h2 * Real(coefficient);
}
template <int i, class Real>
LW_FUNC Real c_of(Real const& h)
{
    constexpr double coefficient = Coefficients().c[i - 1];
    return h * Real(coefficient);
}
template <int i, class Real>
LW_FUNC Real error_of(Real const& h)
{
    constexpr double coefficient = Coefficients().error[i - 1];
    return h * Real(coefficient);
}
template <int i, class Real>
LW_FUNC Real position_error_of(Real const& h2)
{
    constexpr double coefficient = Coefficients().position_error[i - 1];
    return h2 * Real(coefficient);
}

/// base + sum of factors times vectors, the last one added last.
template <class Real>
LW_FUNC Vec3<Real, Eci> sum(Vec3<Real, Eci> const& base)
{
    return base;
}
template <class Real, class... Rest>
LW_FUNC Vec3<Real, Eci> sum(Vec3<Real, Eci> const& base, Real const& factor,
                            Vec3<Real, Eci> const& a, Rest const&... rest)
{
    return sum(multiply_add(factor, a, base), rest...);
}

}  // namespace dormand_prince_detail

/// The Dormand-Prince pair of order 5(4); the last stage is the first of the next step.
/// Source: Dormand and Prince, "A family of embedded Runge-Kutta formulae", J. Comp. Appl. Math. 6
/// (1980) 19-26, table 2.
template <class Real, class Acceleration>
LW_FUNC StepResult<Real> step_dormand_prince(Acceleration const& acceleration, Real const& t,
                                             Vec3<Real, Eci> const& r, Vec3<Real, Eci> const& v,
                                             Vec3<Real, Eci> const& a1, Real const& h,
                                             StepTolerance const& tolerance)
{
    using namespace dormand_prince_detail;
    using Vec = Vec3<Real, Eci>;
    Real const h2 = h * h;
    Vec const r2 = sum(r, c_of<2>(h), v);
    Vec const a2 = acceleration(t + c_of<2>(h), r2, sum(v, a_of<2, 1>(h), a1));
    Vec const r3 = sum(r, c_of<3>(h), v, b_of<3, 1>(h2), a1);
    Vec const a3 = acceleration(t + c_of<3>(h), r3, sum(v, a_of<3, 1>(h), a1, a_of<3, 2>(h), a2));
    Vec const r4 = sum(r, c_of<4>(h), v, b_of<4, 1>(h2), a1, b_of<4, 2>(h2), a2);
    Vec const v4 = sum(v, a_of<4, 1>(h), a1, a_of<4, 2>(h), a2, a_of<4, 3>(h), a3);
    Vec const a4 = acceleration(t + c_of<4>(h), r4, v4);
    Vec const r5 =
        sum(r, c_of<5>(h), v, b_of<5, 1>(h2), a1, b_of<5, 2>(h2), a2, b_of<5, 3>(h2), a3);
    Vec const v5 =
        sum(v, a_of<5, 1>(h), a1, a_of<5, 2>(h), a2, a_of<5, 3>(h), a3, a_of<5, 4>(h), a4);
    Vec const a5 = acceleration(t + c_of<5>(h), r5, v5);
    Vec const r6 = sum(r, h, v, b_of<6, 1>(h2), a1, b_of<6, 2>(h2), a2, b_of<6, 3>(h2), a3,
                       b_of<6, 4>(h2), a4);
    Vec const v6 = sum(v, a_of<6, 1>(h), a1, a_of<6, 2>(h), a2, a_of<6, 3>(h), a3, a_of<6, 4>(h),
                       a4, a_of<6, 5>(h), a5);
    Vec const a6 = acceleration(t + h, r6, v6);
    Vec const r7 = sum(r, h, v, b_of<7, 1>(h2), a1, b_of<7, 3>(h2), a3, b_of<7, 4>(h2), a4,
                       b_of<7, 5>(h2), a5);
    Vec const v7 = sum(v, a_of<7, 1>(h), a1, a_of<7, 3>(h), a3, a_of<7, 4>(h), a4, a_of<7, 5>(h),
                       a5, a_of<7, 6>(h), a6);
    Vec const a7 = acceleration(t + h, r7, v7);

    Vec const none{Real(0), Real(0), Real(0)};
    Vec const dr = sum(none, position_error_of<1>(h2), a1, position_error_of<2>(h2), a2,
                       position_error_of<3>(h2), a3, position_error_of<4>(h2), a4,
                       position_error_of<5>(h2), a5, position_error_of<6>(h2), a6);
    Vec const dv = sum(none, error_of<1>(h), a1, error_of<3>(h), a3, error_of<4>(h), a4,
                       error_of<5>(h), a5, error_of<6>(h), a6, error_of<7>(h), a7);
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
    return clamp(Real(0.8) * exponential(Real(power * log(safe))), Real(0.1), Real(2));
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
