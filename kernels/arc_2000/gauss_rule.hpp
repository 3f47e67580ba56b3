// Gauss-Legendre collocation on [0, 1].
#pragma once

#include <array>
#include <cmath>

namespace longwatch::arc_2000 {

/// Nodes, weights, and the integrals a[i][j] from 0 to node[i] of the polynomial that is 1 at node j and 0 at the
/// others. Exact for polynomials of degree 2 n - 1 over all of [0, 1].
template <int n>
struct GaussRule {
    double node[n], weight[n];
    double a[n][n];

    GaussRule()
    {
        std::array<std::array<double, n + 2>, n> P;
        for (int i = 0; i < n; ++i) {
            double x = -std::cos(3.14159265358979323846 * (i + 0.75) / (n + 0.5));
            double slope = 1;
            for (int round = 0; round < 8; ++round) {
                P[i] = legendre(x);
                slope = n * (x * P[i][n] - P[i][n - 1]) / (x * x - 1);
                x -= P[i][n] / slope;
            }
            P[i] = legendre(x);
            node[i] = (1 + x) / 2;
            weight[i] = 1 / ((1 - x * x) * slope * slope);
        }
        // l_j = w_j sum_k (2k + 1) P_k(x_j) P_k, and (2k + 1) P_k is the slope of P_(k+1) - P_(k-1).
        for (int i = 0; i < n; ++i) {
            for (int j = 0; j < n; ++j) {
                double sum = node[i];
                for (int k = 1; k < n; ++k) { sum += P[j][k] * (P[i][k + 1] - P[i][k - 1]) / 2; }
                a[i][j] = weight[j] * sum;
            }
        }
    }

private:
    /// P_0(x) to P_(n+1)(x)
    static std::array<double, n + 2> legendre(double x)
    {
        std::array<double, n + 2> P{};
        P[0] = 1;
        P[1] = x;
        for (int k = 1; k <= n; ++k) {
            P[k + 1] = ((2 * k + 1) * x * P[k] - k * P[k - 1]) / (k + 1);
        }
        return P;
    }
};

}  // namespace longwatch::arc_2000
