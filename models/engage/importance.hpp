// Rare leakage by importance sampling: failures made likelier, and the weight that sets it right.
#pragma once

#include "models/math/normal.hpp"
#include "models/math/real.hpp"

namespace longwatch {

/// Some raids are drawn as they are; in the others each failure of a shot, battery or kind has at least the probability
/// `failure`, and the errors at handover are `handover_scale` times as large. Source of the mixture, which bounds the
/// weights by 1 / plain: Hesterberg, "Weighted average importance sampling and defensive mixture distributions",
/// Technometrics 37 (1995) 185-194.
struct Importance {
    double failure = 0;  ///< 0: no importance sampling
    double handover_scale = 1;
    double plain = 0.5;  ///< part of the raids that are drawn as they are

    LW_FUNC bool is_used() const { return failure > 0 || handover_scale > 1; }
};

/// Draws of one raid and arm, and how much likelier the biased law makes them than the true one.
template <class Real>
class BiasedDraws {
public:
    LW_FUNC BiasedDraws(Importance const& importance, Real const& u_regime)
        : p_(importance), biased_(u_regime >= Real(importance.is_used() ? importance.plain : 2.0))
    {
    }

    /// Succeeds with probability p, by the uniform number u. A number asked for again counts only once: in the lanes
    /// of the mask.
    LW_FUNC Mask<Real> succeeds(double p, Real const& u, Mask<Real> const& counts)
    {
        if (!(p_.failure > 0) || p >= 1 || p <= 0) { return u < Real(p); }
        double const biased = smaller(p, 1 - p_.failure);
        auto const success = u < select(biased_, Real(biased), Real(p));
        Real const ratio = select(success, Real(biased / p), Real((1 - biased) / (1 - p)));
        likelihood_ = select(counts, Real(likelihood_ * ratio), likelihood_);
        return success;
    }

    /// n standard normal numbers, in place; they count in the lanes of the mask.
    template <int n>
    LW_FUNC void scale(Real (&z)[n], Mask<Real> const& counts)
    {
        double const s = p_.handover_scale;
        if (!(s > 1)) { return; }
        Real square_sum = Real(0);
        for (Real& x : z) {
            x = select(biased_, Real(x * Real(s)), x);
            square_sum = square_sum + x * x;
        }
        Real ratio = exp(Real(0.5 * (1 - 1 / (s * s))) * square_sum);
        for (int k = 0; k < n; ++k) { ratio = ratio * Real(1 / s); }
        likelihood_ = select(counts, Real(likelihood_ * ratio), likelihood_);
    }

    /// True over drawn probability of all that was drawn: 1 without importance sampling.
    LW_FUNC Real weight() const
    {
        if (!p_.is_used()) { return Real(1); }
        return Real(1) / (Real(p_.plain) + Real(1 - p_.plain) * likelihood_);
    }

private:
    Importance p_;
    Mask<Real> biased_;
    Real likelihood_ = Real(1);
};

}  // namespace longwatch
