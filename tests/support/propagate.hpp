// Driving the integrator's single step in a test.
#pragma once

#include "models/math/dormand_prince.hpp"

namespace longwatch {

struct Motion {
    double t_s;
    Vec3<double, Eci> r_m, v_mps;
};

inline constexpr StepTolerance fine_tolerance{1e-6, 1e-9};

/// Adaptive steps to t_end, forward only; see(motion, acceleration) after each accepted step. None is
/// longer than step_max_s.
template <class Force, class See>
Motion propagate(Force const& force, Motion m, double t_end, double step_max_s, See const& see)
{
    auto a = force(m.t_s, m.r_m, m.v_mps);
    double step = smaller(1.0, step_max_s);
    while (m.t_s < t_end) {
        bool const last = step >= t_end - m.t_s;
        double const h = last ? t_end - m.t_s : step;
        auto const next = step_dormand_prince(force, m.t_s, m.r_m, m.v_mps, a, h, fine_tolerance);
        step = smaller(h * step_factor(next.error), step_max_s);
        if (next.error > 1) { continue; }
        m = {last ? t_end : m.t_s + h, next.r_m, next.v_mps};
        a = next.a_mps2;
        see(m, a);
    }
    return m;
}

template <class Force>
Motion propagate(Force const& force, Motion const& m, double t_end)
{
    return propagate(force, m, t_end, 1e9, [](Motion const&, Vec3<double, Eci> const&) {});
}

/// So many equal steps, backward where the duration is negative.
template <class Force>
Motion propagate_equal_steps(Force const& force, Motion m, double duration_s, int steps)
{
    double const h = duration_s / steps;
    for (int i = 0; i < steps; ++i) {
        auto const a = force(m.t_s, m.r_m, m.v_mps);
        auto const next = step_dormand_prince(force, m.t_s, m.r_m, m.v_mps, a, h, fine_tolerance);
        m = {m.t_s + h, next.r_m, next.v_mps};
    }
    return m;
}

}  // namespace longwatch
