// Embedded Runge-Kutta pairs for r'' = a(r, v) with positions by sums of accelerations.
#pragma once

#include "kernels/arc_2000/force.hpp"

namespace longwatch::arc_2000 {

/// A pair whose last stage is the first of the next step. With k_j the accelerations, stage i is at v + h sum a_ij k_j and
/// r + c_i h v + h^2 sum aa_ij k_j, aa = a a; the last row is the new state, `error` times h its error.
template <int s>
struct Pair {
    static constexpr int stages = s;
    double a[s][s] = {}, error[s] = {};
    double aa[s][s] = {}, c[s] = {}, error_r[s] = {};
    int error_order;  ///< of the estimate in the step

    constexpr Pair(double const (&table)[s][s], double const (&difference)[s], int order)
        : error_order(order)
    {
        for (int i = 0; i < s; ++i) {
            error[i] = difference[i];
            for (int j = 0; j < s; ++j) { a[i][j] = table[i][j]; }
        }
        for (int i = 0; i < s; ++i) {
            for (int j = 0; j < s; ++j) {
                c[i] += a[i][j];
                error_r[j] += error[i] * a[i][j];
                for (int k = 0; k < s; ++k) { aa[i][j] += a[i][k] * a[k][j]; }
            }
        }
    }
};

/// Dormand and Prince's 5(4), as in models/math/dormand_prince.hpp.
inline constexpr Pair<7> pair_5{
    {{},
     {1.0 / 5},
     {3.0 / 40, 9.0 / 40},
     {44.0 / 45, -56.0 / 15, 32.0 / 9},
     {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
     {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
     {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}},
    {71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40},
    5};

template <class Real>
struct PairStep {
    Vec<Real> r_m, v_mps;
    Real error;  ///< square of the estimate over the tolerance
};

/// k: the accelerations of the stages; k[0] is given, the others are filled, the last is that of the new state.
template <auto const& pair, class Real, class Work, int s>
LW_FUNC PairStep<Real> step(Force<Real, Work> const& force, Vec<Real> const& r, Vec<Real> const& v,
                            Real const& h, Vec<Work> (&k)[s], double tolerance_m)
{
    constexpr auto p = pair;  // for device code, which may not read a variable of the host's
    Work const step_s = cast<Work>(h), square = step_s * step_s, zero(0.0);
    Vec<Work> const none{zero, zero, zero}, gone = step_s * force.v0;
    auto const sum = [&](auto const& row, int stages) {
        Vec<Work> out = none;
        for (int j = 0; j < stages; ++j) {
            if (row[j] != 0) { out = plus(out, Work(row[j]), k[j]); }
        }
        return out;
    };
    Vec<Work> by_force = none, faster = none;
#if defined(__CUDACC__)
#pragma unroll
#else
#pragma GCC unroll 16
#endif
    for (int i = 1; i < s; ++i) {
        by_force = square * sum(p.aa[i], i);
        faster = step_s * sum(p.a[i], i);
        k[i] = force(plus(by_force, Work(p.c[i]), gone), faster);
    }
    Vec<Work> const er = square * sum(p.error_r, s), ev = step_s * sum(p.error, s);
    // A wrong velocity does harm for as long as the flight goes on: some ten seconds.
    Work const off =
        fused(Work(100.0), inner(ev, ev), inner(er, er)) * Work(1 / (tolerance_m * tolerance_m));
    return {plus(r, h, v) + cast_vec<Real>(by_force), v + cast_vec<Real>(faster), cast<Real>(off)};
}

}  // namespace longwatch::arc_2000
