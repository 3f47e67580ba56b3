// Probability of detecting a target with one look of a radar.
#pragma once

#include <cmath>

#include "models/math/real.hpp"
#include "models/sensing/detection_curve.hpp"

namespace longwatch {

/// How one look decides: the target's fluctuation, the pulses it adds up, and its false alarms.
struct DetectionRule {
    int swerling = 1;  ///< 0 steady; 1, 2 many scatterers; 3, 4 one large and many small ones;
                       ///< 1, 3 the same over a look, 2, 4 another for each pulse
    int pulses = 1;    ///< added up after a square-law detector
    double false_alarm_probability = 1e-6;
    double cfar_loss = 1;  ///< SNR lost to a threshold estimated from noise (ratio, not dB)
};

/// P(Gamma(n) > T) = e^-T sum_{i < n} T^i / i!, n >= 1: noise alone, n pulses of power 1, above T.
inline double noise_above(int n, double T)
{
    double term = std::exp((n - 1) * std::log(T) - T - std::lgamma(n)), sum = 0;
    for (int i = n - 1; i >= 0; --i) {
        sum += term;
        term *= i / T;
    }
    return sum;
}

/// The threshold of the sum of n pulses, in units of the noise power, by bisection.
inline double detection_threshold(int n, double false_alarm_probability)
{
    double low = 1e-300, high = n + 40 * std::sqrt(static_cast<double>(n)) + 100;
    for (int round = 0; round < 200; ++round) {
        double const middle = 0.5 * (low + high);
        (noise_above(n, middle) > false_alarm_probability ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

/// Probability that n pulses and their noise add up to more than a threshold (see above), the pulses of mean signal-to-noise ratio
/// `snr` each, exactly.
///
/// Given the signal's energy E over the look, in units of the noise power, the sum of the pulses is a
/// Gamma variable of order n + j, j being Poisson with mean E. E is n snr for a steady target and
/// otherwise a Gamma variable of that mean and of order k = 1, n, 2, 2n for Swerling's cases 1 to 4, which
/// makes j negative binomial:
///   Pd = sum_j w_j P(Gamma(n + j) > T),  w_j = Poisson(j; n snr), or
///   w_j = C(j + k - 1, j) p^k (1 - p)^j,  p = k / (k + n snr).
/// All terms are positive. Beyond some j the Gamma variable is above T for sure; there only what is left of
/// the weights counts. Absolute error below 1e-12 for 1e-12 <= Pfa <= 0.1 and n <= 1024.
/// Source: Swerling, "Probability of detection for fluctuating targets", RAND RM-1217 (1954); Marcum,
/// RAND RM-754 (1947), for the steady target.
inline double probability_of_detection_above(DetectionRule const& rule, double threshold,
                                             double snr)
{
    int const n = rule.pulses;
    double const T = threshold;
    double const energy = n * (snr > 0 ? snr : 0) / rule.cfar_loss;
    if (!(energy > 0)) { return rule.false_alarm_probability; }
    double const orders[] = {0, 1, 1.0 * n, 2, 2.0 * n};
    double const k = orders[rule.swerling];
    auto const log_weight = [&](int j) {
        if (rule.swerling == 0) { return j * std::log(energy) - energy - std::lgamma(j + 1.0); }
        return std::lgamma(j + k) - std::lgamma(k) - std::lgamma(j + 1.0) +
               k * std::log(k / (k + energy)) + j * std::log(energy / (k + energy));
    };
    int const last = static_cast<int>(T + 12 * std::sqrt(T)) + 60;
    double above = noise_above(n, T), term_log = n * std::log(T) - T - std::lgamma(n + 1.0);
    double weights = 0, detected = 0;
    for (int j = 0; j <= last; ++j) {
        double const weight = std::exp(log_weight(j));
        weights += weight;
        detected += weight * std::fmin(above, 1.0);
        above += std::exp(term_log);  // order n + j + 1
        term_log += std::log(T / (n + j + 1));
    }
    return std::fmin(detected + std::fmax(0.0, 1 - weights), 1.0);
}

inline double probability_of_detection_exact(DetectionRule const& rule, double snr)
{
    return probability_of_detection_above(
        rule, detection_threshold(rule.pulses, rule.false_alarm_probability), snr);
}

/// The table of the exact probability over the SNR of all pulses together (n times one pulse's), in dB.
inline DetectionCurve detection_curve(DetectionRule const& rule)
{
    DetectionCurve curve;
    double const threshold = detection_threshold(rule.pulses, rule.false_alarm_probability);
    constexpr int last = detection_curve_points - 1;
    double p[detection_curve_points];
    for (int i = 0; i <= last; ++i) {
        double const snr =
            std::pow(10.0, (detection_curve_first_db + i * detection_curve_step_db) / 10);
        p[i] = probability_of_detection_above(rule, threshold, snr / rule.pulses);
    }
    for (int i = 0; i < last; ++i) {
        double const slope0 = 0.5 * (p[i + 1] - p[i > 0 ? i - 1 : 0]);
        double const slope1 = 0.5 * (p[i + 2 < last ? i + 2 : last] - p[i]);
        double const rise = p[i + 1] - p[i];
        auto& c = curve.cubic[i];
        c[0] = p[i];
        c[1] = slope0;
        c[2] = 3 * rise - 2 * slope0 - slope1;
        c[3] = slope0 + slope1 - 2 * rise;
    }
    curve.last = p[last];
    return curve;
}

inline constexpr double db_per_log = 4.3429448190325182765;  ///< 10 / ln 10

/// Where a signal lies on the curve.
template <class Real>
struct CurvePlace {
    Real beyond;  ///< points past the last one; nothing or less inside the table
    Real row, part;
};

template <class Real>
LW_FUNC CurvePlace<Real> place_on_curve(Real const& db)
{
    constexpr double last = detection_curve_points - 1;
    Real const x_raw = (db - Real(detection_curve_first_db)) * Real(1 / detection_curve_step_db);
    // Written so that no signal at all (-infinity dB, or NaN) reads the first entry.
    Real const x = select(x_raw > Real(0), smaller(x_raw, Real(last)), Real(0));
    Real const row = smaller(Real(floor(x)), Real(last - 1));
    return {x_raw - Real(last), row, x - row};
}

template <class Real>
LW_FUNC Real probability_inside(DetectionCurve const& curve, CurvePlace<Real> const& at)
{
    Real c[4];
    Lane<Real>::lookup_row(curve.cubic, at.row, c);
    Real const p = c[0] + at.part * (c[1] + at.part * (c[2] + at.part * c[3]));
    return clamp(p, Real(0), Real(1));
}

template <class Real>
LW_FUNC Real probability_beyond(DetectionCurve const& curve, CurvePlace<Real> const& at)
{
    // 10^(-beyond / 10 per dB): the SNR at the table's end over this one.
    Real const fall = exp(larger(at.beyond, Real(0)) * Real(-detection_curve_step_db / db_per_log));
    return Real(1) - Real(1 - curve.last) * fall;
}

/// Pd read from the table: a Catmull-Rom cubic over dB of all pulses together, error below 1e-4 inside the
/// table up to 10 pulses and 5e-4 up to 200, by test. Below -12 dB the first value, which is within 0.004
/// of the truth (Pfa 1e-2; less for smaller Pfa). Above +35.75 dB the miss probability falls as 1 / SNR,
/// as it does for a fading target (a steady one is detected by then), to within 1e-5.
template <class Real>
LW_FUNC Real probability_of_detection_at_db(DetectionCurve const& curve, Real const& db)
{
    auto const at = place_on_curve(db);
    Real const inside = probability_inside(curve, at);
    auto const beyond = at.beyond > Real(0);
    return any(beyond) ? select(beyond, probability_beyond(curve, at), inside) : inside;
}

/// u < probability_of_detection_at_db(curve, db).
template <class Real>
LW_FUNC Mask<Real> is_detected(DetectionCurve const& curve, Real const& db, Real const& u)
{
    auto const at = place_on_curve(db);
    auto const by_end = u < probability_inside(curve, at);
    auto const open = at.beyond > Real(0) && !by_end;
    return any(open) ? by_end || (open && u < probability_beyond(curve, at)) : by_end;
}

/// The same from the ratio.
template <class Real>
LW_FUNC Real probability_of_detection(DetectionCurve const& curve, Real const& snr)
{
    auto const signal = snr > Real(0);
    Real const db = Real(db_per_log) * log(select(signal, snr, Real(1)));
    return select(signal, probability_of_detection_at_db(curve, db), Real(0));
}

}  // namespace longwatch
