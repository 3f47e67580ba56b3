// One step of the eighth-order pair of Dormand and Prince for r'' = a(t, r, v), for comparison: no model
// uses it (docs/physics/flight.md says why).
#pragma once

#include "models/math/dormand_prince.hpp"

namespace longwatch {

/// Position and velocity, or their slopes.
template <class Real>
struct Phase {
    Vec3<Real, Eci> r, v;
};

template <class Real>
LW_FUNC Phase<Real> operator+(Phase<Real> const& a, Phase<Real> const& b)
{
    return {a.r + b.r, a.v + b.v};
}

template <class Real>
LW_FUNC Phase<Real> operator*(Real const& s, Phase<Real> const& a)
{
    return {s * a.r, s * a.v};
}

/// The pair of order 8(5,3), twelve stages; the last is the first of the next step.
/// Source: Hairer, Norsett and Wanner, "Solving Ordinary Differential Equations I", 2nd ed. (1993),
/// section II.10, and their DOP853, from which SciPy 1.17 has the numbers used here.
template <class Real, class Acceleration>
LW_FUNC StepResult<Real> step_dormand_prince_8(Acceleration const& acceleration, Real const& t,
                                               Vec3<Real, Eci> const& r, Vec3<Real, Eci> const& v,
                                               Vec3<Real, Eci> const& a1, Real const& h,
                                               StepTolerance const& tolerance)
{
    auto const c = [](double x) { return Real(x); };
    auto const slope = [&](Real const& time, Phase<Real> const& y) {
        return Phase<Real>{y.v, acceleration(time, y.r, y.v)};
    };
    Phase<Real> const y{r, v}, k1{v, a1};
    auto const k2 = slope(t + c(0.05260015195876773) * h, y + h * (c(0.05260015195876773) * k1));
    auto const k3 = slope(t + c(0.0789002279381516) * h,
                          y + h * (c(0.0197250569845379) * k1 + c(0.0591751709536137) * k2));
    auto const k4 = slope(t + c(0.1183503419072274) * h,
                          y + h * (c(0.02958758547680685) * k1 + c(0.08876275643042054) * k3));
    auto const k5 = slope(t + c(0.2816496580927726) * h,
                          y + h * (c(0.2413651341592667) * k1 + c(-0.8845494793282861) * k3 +
                                   c(0.924834003261792) * k4));
    auto const k6 = slope(t + c(0.3333333333333333) * h,
                          y + h * (c(0.037037037037037035) * k1 + c(0.17082860872947386) * k4 +
                                   c(0.12546768756682242) * k5));
    auto const k7 =
        slope(t + c(0.25) * h, y + h * (c(0.037109375) * k1 + c(0.17025221101954405) * k4 +
                                        c(0.06021653898045596) * k5 + c(-0.017578125) * k6));
    auto const k8 = slope(t + c(0.3076923076923077) * h,
                          y + h * (c(0.03709200011850479) * k1 + c(0.17038392571223998) * k4 +
                                   c(0.10726203044637328) * k5 + c(-0.015319437748624402) * k6 +
                                   c(0.008273789163814023) * k7));
    auto const k9 = slope(t + c(0.6512820512820513) * h,
                          y + h * (c(0.6241109587160757) * k1 + c(-3.3608926294469414) * k4 +
                                   c(-0.868219346841726) * k5 + c(27.59209969944671) * k6 +
                                   c(20.154067550477894) * k7 + c(-43.48988418106996) * k8));
    auto const k10 =
        slope(t + c(0.6) * h, y + h * (c(0.47766253643826434) * k1 + c(-2.4881146199716677) * k4 +
                                       c(-0.590290826836843) * k5 + c(21.230051448181193) * k6 +
                                       c(15.279233632882423) * k7 + c(-33.28821096898486) * k8 +
                                       c(-0.020331201708508627) * k9));
    auto const k11 = slope(t + c(0.8571428571428571) * h,
                           y + h * (c(-0.9371424300859873) * k1 + c(5.186372428844064) * k4 +
                                    c(1.0914373489967295) * k5 + c(-8.149787010746927) * k6 +
                                    c(-18.52006565999696) * k7 + c(22.739487099350505) * k8 +
                                    c(2.4936055526796523) * k9 + c(-3.0467644718982196) * k10));
    auto const k12 = slope(t + h, y + h * (c(2.273310147516538) * k1 + c(-10.53449546673725) * k4 +
                                           c(-2.0008720582248625) * k5 + c(-17.9589318631188) * k6 +
                                           c(27.94888452941996) * k7 + c(-2.8589982771350235) * k8 +
                                           c(-8.87285693353063) * k9 + c(12.360567175794303) * k10 +
                                           c(0.6433927460157636) * k11));

    auto const end = y + h * (c(0.054293734116568765) * k1 + c(4.450312892752409) * k6 +
                              c(1.8915178993145003) * k7 + c(-5.801203960010585) * k8 +
                              c(0.3111643669578199) * k9 + c(-0.1521609496625161) * k10 +
                              c(0.20136540080403034) * k11 + c(0.04471061572777259) * k12);
    // Errors of fifth and of third order, which together make an estimate of seventh.
    auto const e5 = h * (c(0.01312004499419488) * k1 + c(-1.2251564463762044) * k6 +
                         c(-0.4957589496572502) * k7 + c(1.6643771824549864) * k8 +
                         c(-0.35032884874997366) * k9 + c(0.3341791187130175) * k10 +
                         c(0.08192320648511571) * k11 + c(-0.022355307863886294) * k12);
    auto const e3 = h * (c(-0.18980075407240762) * k1 + c(4.450312892752409) * k6 +
                         c(1.8915178993145003) * k7 + c(-5.801203960010585) * k8 +
                         c(-0.4226823213237919) * k9 + c(-0.1521609496625161) * k10 +
                         c(0.20136540080403034) * k11 + c(0.02265179219836082) * k12);
    auto const scaled = [&](Phase<Real> const& e) {
        return larger(norm(e.r) * Real(1.0 / tolerance.position_m),
                      norm(e.v) * Real(1.0 / tolerance.velocity_mps));
    };
    Real const fifth = scaled(e5), third = Real(0.1) * scaled(e3);
    Real const both = sqrt(fifth * fifth + third * third);
    Real const error = fifth * fifth / larger(both, Real(1e-30));
    return {end.r, end.v, acceleration(t + h, end.r, end.v), error};
}

}  // namespace longwatch
