// What a track knows of a free flight: the information (Cramer-Rao) matrix of its state at burnout.
//
// A look measures position with variance sigma_R^2 along its line of sight u and sigma_a^2 across it, and
// the position then is Phi_r (transition.hpp) times the state at burnout. It tells
//     Phi_r^T (u u^T / sigma_R^2 + (1 - u u^T) / sigma_a^2) Phi_r
// about that state. Looks of all sensors add, and the inverse of the sum is the least covariance that any
// unbiased estimate can have, which a well-started filter reaches. With gravity known there is no process
// noise. Source: Bar-Shalom, Li and Kirubarajan, "Estimation with Applications to Tracking and Navigation"
// (2001), sections 2.7 and 3.4; Taylor, IEEE Trans. AC-24 (1979) 343-344.
#pragma once

#include "models/track/transition.hpp"

namespace longwatch {

LW_FUNC constexpr int packed(int i, int j) { return i * (i + 1) / 2 + j; }  // j <= i

/// Symmetric, of n unknowns; (i, j) of the lower half at packed(i, j).
template <class Real, int n>
struct Information {
    Real entry[n * (n + 1) / 2];
};

/// Of the state at burnout, per m^2, velocities in metres per velocity_unit_s.
template <class Real>
using TrackInformation = Information<Real, state_size>;
inline constexpr int information_size = state_size * (state_size + 1) / 2;

/// Before any look: next to nothing, 10,000 km and 10 km/s per axis, so that the matrix has an inverse.
template <class Real>
LW_FUNC TrackInformation<Real> no_information()
{
    constexpr double sigma_m = 1e7;
    TrackInformation<Real> out;
    for (int i = 0; i < state_size; ++i) {
        for (int j = 0; j <= i; ++j) {
            out.entry[packed(i, j)] = Real(i == j ? 1 / (sigma_m * sigma_m) : 0);
        }
    }
    return out;
}

/// Adds a look along the unit vector `line`, with the inverse variances along and across it.
template <class Real>
LW_FUNC void add_look(TrackInformation<Real>& I, StateRows<Real> const& rows,
                      Vec3<Real, Eci> const& line, Real const& along_pm2, Real const& across_pm2)
{
    Real const more = along_pm2 - across_pm2;
    Real on_line[state_size];
    for (int k = 0; k < state_size; ++k) {
        on_line[k] =
            multiply_add(line.x, rows.row[0][k],
                         multiply_add(line.y, rows.row[1][k], Real(line.z * rows.row[2][k])));
    }
    for (int i = 0; i < state_size; ++i) {
        // The look's own matrix times this column.
        Real const weighted = more * on_line[i];
        Real const x = multiply_add(weighted, line.x, Real(across_pm2 * rows.row[0][i]));
        Real const y = multiply_add(weighted, line.y, Real(across_pm2 * rows.row[1][i]));
        Real const z = multiply_add(weighted, line.z, Real(across_pm2 * rows.row[2][i]));
        for (int j = 0; j <= i; ++j) {
            Real& entry = I.entry[packed(i, j)];
            entry = multiply_add(
                x, rows.row[0][j],
                multiply_add(y, rows.row[1][j], multiply_add(z, rows.row[2][j], entry)));
        }
    }
}

inline constexpr double least_pivot = 1e-14;

/// The matrix as L D L^T.
template <class Real, int n>
struct Factored {
    Real lower[n * (n + 1) / 2];  ///< L below its unit diagonal
    Real inverse_pivot[n];
};
template <class Real>
using FactoredInformation = Factored<Real, state_size>;

template <class Real, int n>
LW_FUNC Factored<Real, n> factored(Information<Real, n> const& I)
{
    Factored<Real, n> out;
    Real scaled[n];
    for (int i = 0; i < n; ++i) {
        Real pivot = I.entry[packed(i, i)];
        for (int j = 0; j < i; ++j) {
            Real sum = I.entry[packed(i, j)];
            for (int k = 0; k < j; ++k) { sum = sum - scaled[k] * out.lower[packed(j, k)]; }
            scaled[j] = sum;
        }
        for (int j = 0; j < i; ++j) {
            Real const l = scaled[j] * out.inverse_pivot[j];
            pivot = pivot - l * scaled[j];
            out.lower[packed(i, j)] = l;
        }
        // No less than what was known before, but for rounding.
        out.inverse_pivot[i] = inverse(larger(pivot, Real(least_pivot)));
    }
    return out;
}

/// L^-1 b. The covariance of b^T x and c^T x is the sum of products of their parts, each times inverse_pivot.
template <class Real, int n>
struct Reduced {
    Real part[n];
};
template <class Real, int n>
LW_FUNC Reduced<Real, n> reduced(Factored<Real, n> const& f, Real const (&b)[n])
{
    Reduced<Real, n> out;
    for (int i = 0; i < n; ++i) {
        Real sum = b[i];
        for (int j = 0; j < i; ++j) { sum = sum - f.lower[packed(i, j)] * out.part[j]; }
        out.part[i] = sum;
    }
    return out;
}
template <class Real, int n>
LW_FUNC Real covariance(Factored<Real, n> const& f, Reduced<Real, n> const& a,
                        Reduced<Real, n> const& b)
{
    Real sum = a.part[0] * b.part[0] * f.inverse_pivot[0];
    for (int i = 1; i < n; ++i) { sum = sum + a.part[i] * b.part[i] * f.inverse_pivot[i]; }
    return sum;
}

}  // namespace longwatch
