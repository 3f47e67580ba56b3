// The distributions a study may declare, sampled by inverting their distribution function, so that
// one uniform number makes one value and a larger number makes a larger value.
#pragma once

#include "models/math/normal.hpp"
#include "models/math/real.hpp"

namespace longwatch {

enum class DistributionKind : int {
    constant,
    normal,
    uniform,
    triangular,
    lognormal,
    truncated_normal
};

/// Plain parameters, made by the functions below, which say what each number means.
struct Distribution {
    DistributionKind kind = DistributionKind::constant;
    double a = 0, b = 0, c = 0, d = 0;
};

inline Distribution constant(double value) { return {DistributionKind::constant, value, 0, 0, 0}; }
inline Distribution normal(double mean, double sigma)
{
    return {DistributionKind::normal, mean, sigma, 0, 0};
}
inline Distribution uniform(double low, double high)
{
    return {DistributionKind::uniform, low, high, 0, 0};
}
inline Distribution triangular(double low, double mode, double high)
{
    return {DistributionKind::triangular, low, mode, high, 0};
}
/// exp(N(log median, sigma_log)): half of the values lie below the median.
inline Distribution lognormal(double median, double sigma_log)
{
    return {DistributionKind::lognormal, std::log(median), sigma_log, 0, 0};
}
/// A normal conditioned on low <= x <= high; c and d hold the normal's probabilities of the bounds.
/// An interval above the mean is held mirrored (b = -sigma), since 1 - p loses a small p.
inline Distribution truncated_normal(double mean, double sigma, double low, double high)
{
    if (low > mean) {
        return {DistributionKind::truncated_normal, mean, -sigma, normal_cdf((mean - low) / sigma),
                normal_cdf((mean - high) / sigma)};
    }
    return {DistributionKind::truncated_normal, mean, sigma, normal_cdf((low - mean) / sigma),
            normal_cdf((high - mean) / sigma)};
}

/// The value below which a fraction u of the distribution lies; 0 < u < 1.
template <class Real>
LW_FUNC Real quantile(Distribution const& p, Real const& u)
{
    switch (p.kind) {
    case DistributionKind::normal: return Real(p.a) + Real(p.b) * normal_quantile(u);
    case DistributionKind::uniform: return Real(p.a) + Real(p.b - p.a) * u;
    case DistributionKind::triangular: {
        double const span = p.c - p.a;
        if (!(span > 0)) { return Real(p.a); }
        double const u_mode = (p.b - p.a) / span;
        Real const rising = Real(p.a) + sqrt(u * Real(span * (p.b - p.a)));
        Real const falling = Real(p.c) - sqrt((Real(1) - u) * Real(span * (p.c - p.b)));
        return select(u < Real(u_mode), rising, falling);
    }
    case DistributionKind::lognormal: return exp(Real(p.a) + Real(p.b) * normal_quantile(u));
    case DistributionKind::truncated_normal:
        return Real(p.a) + Real(p.b) * normal_quantile(Real(p.c) + Real(p.d - p.c) * u);
    case DistributionKind::constant: break;
    }
    return Real(p.a);
}

}  // namespace longwatch
