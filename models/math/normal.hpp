// The standard normal distribution.
#pragma once

#include "models/math/real.hpp"

namespace longwatch {

/// P(Z <= z), host only: used once per declared distribution.
inline double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// z with P(Z <= z) = u, for 0 < u < 1; relative error below 1e-15 by its authors' account.
/// Source: Wichura, "Algorithm AS 241: The percentage points of the normal distribution",
/// Applied Statistics 37 (1988) 477-484, routine PPND16: three ranges, a ratio of polynomials each.
template <class Real>
LW_FUNC Real normal_quantile(Real const& u)
{
    // clang-format off
    Real const q = u - Real(0.5);
    // Central range, |q| <= 0.425.
    Real const r = Real(0.180625) - q * q;
    Real const central_top =
        (((((((Real(2509.0809287301226727) * r + Real(33430.575583588128105)) * r +
              Real(67265.770927008700853)) * r + Real(45921.953931549871457)) * r +
            Real(13731.693765509461125)) * r + Real(1971.5909503065514427)) * r +
          Real(133.14166789178437745)) * r + Real(3.387132872796366608));
    Real const central_bottom =
        (((((((Real(5226.495278852545925) * r + Real(28729.085735721942674)) * r +
              Real(39307.89580009271061)) * r + Real(21213.794301586595867)) * r +
            Real(5394.1960214247511077)) * r + Real(687.1870074920579083)) * r +
          Real(42.313330701600911252)) * r + Real(1));
    Real z = q * central_top / central_bottom;

    auto const in_tail = abs(q) > Real(0.425);
    if (any(in_tail)) {
        Real const tail = select(q < Real(0), u, Real(1) - u);
        Real const s = sqrt(-log(select(in_tail, tail, Real(0.25))));
        Real const a = s - Real(1.6);
        Real const near_top =
            (((((((Real(7.7454501427834140764e-4) * a + Real(0.0227238449892691845833)) * a +
                  Real(0.24178072517745061177)) * a + Real(1.27045825245236838258)) * a +
                Real(3.64784832476320460504)) * a + Real(5.7694972214606914055)) * a +
              Real(4.6303378461565452959)) * a + Real(1.42343711074968357734));
        Real const near_bottom =
            (((((((Real(1.05075007164441684324e-9) * a + Real(5.475938084995344946e-4)) * a +
                  Real(0.0151986665636164571966)) * a + Real(0.14810397642748007459)) * a +
                Real(0.68976733498510000455)) * a + Real(1.6763848301838038494)) * a +
              Real(2.05319162663775882187)) * a + Real(1));
        Real const b = s - Real(5);
        Real const far_top =
            (((((((Real(2.01033439929228813265e-7) * b + Real(2.71155556874348757815e-5)) * b +
                  Real(0.0012426609473880784386)) * b + Real(0.026532189526576123093)) * b +
                Real(0.29656057182850489123)) * b + Real(1.7848265399172913358)) * b +
              Real(5.4637849111641143699)) * b + Real(6.6579046435011037772));
        Real const far_bottom =
            (((((((Real(2.04426310338993978564e-15) * b + Real(1.4215117583164458887e-7)) * b +
                  Real(1.8463183175100546818e-5)) * b + Real(7.868691311456132591e-4)) * b +
                Real(0.0148753612908506148525)) * b + Real(0.13692988092273580531)) * b +
              Real(0.59983220655588793769)) * b + Real(1));
        Real const size =
            select(s > Real(5), far_top / far_bottom, near_top / near_bottom);
        z = select(in_tail, select(q < Real(0), -size, size), z);
    }
    // clang-format on
    return z;
}

}  // namespace longwatch
