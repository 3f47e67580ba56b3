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
    bool operator==(DetectionRule const&) const = default;
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

/// The slope at point `at` of the polynomial through points first to last of a table. By Lagrange's formula.
inline double slope_through(double const* x, double const* y, int first, int last, int at)
{
    double slope = 0;
    for (int j = first; j <= last; ++j) {
        double weight = 0;
        for (int m = first; m <= last; ++m) {
            if (m == j) { continue; }
            double product = 1 / (x[j] - x[m]);
            for (int k = first; k <= last; ++k) {
                if (k != j && k != m) { product *= (x[at] - x[k]) / (x[j] - x[k]); }
            }
            weight += product;
        }
        slope += weight * y[j];
    }
    return slope;
}

/// The table of the exact probability over the SNR of all pulses together (n times one pulse's).
inline DetectionCurve detection_curve(DetectionRule const& rule)
{
    DetectionCurve curve;
    double const threshold = detection_threshold(rule.pulses, rule.false_alarm_probability);
    constexpr int last = detection_curve_cells;
    double snr[last + 1], p[last + 1], slope[last + 1];
    for (int i = 0; i <= last; ++i) {
        snr[i] = detection_curve_first_snr * std::ldexp(1 + (i % 16) / 16.0, i / 16);
        p[i] = probability_of_detection_above(rule, threshold, snr[i] / rule.pulses);
    }
    for (int i = 0; i <= last; ++i) {
        int const from = i < 2 ? 0 : i - 2, to = i + 2 > last ? last : i + 2;
        slope[i] = slope_through(snr, p, from, to, i);
    }
    for (int i = 0; i < last; ++i) {
        double const width = snr[i + 1] - snr[i], rise = (p[i + 1] - p[i]) / width;
        auto& c = curve.cubic[i];
        c[0] = p[i];
        c[1] = slope[i];
        c[2] = (3 * rise - 2 * slope[i] - slope[i + 1]) / width;
        c[3] = (slope[i] + slope[i + 1] - 2 * rise) / (width * width);
    }
    curve.last = p[last];
    return curve;
}

/// A ratio beyond the table counts as its end; none at all (0, or NaN) as its beginning.
template <class Real>
LW_FUNC Real probability_inside(DetectionCurve const& curve, Real const& snr)
{
    Real const end = Real(detection_curve_last_snr * (1 - 0x1p-53));
    auto const signal = snr > Real(detection_curve_first_snr);
    Real const inside = select(signal, smaller(snr, end), Real(detection_curve_first_snr));
    auto const cell = Lane<Real>::binary_cell(inside);
    Real c[4];
    Lane<Real>::lookup_row(curve.cubic, cell.number - Real(double(detection_curve_first_cell)), c);
    Real const x = inside - cell.start;
    Real const p = multiply_add(x, multiply_add(x, multiply_add(x, c[3], c[2]), c[1]), c[0]);
    return clamp(p, Real(0), Real(1));
}

template <class Real>
LW_FUNC Real probability_beyond(DetectionCurve const& curve, Real const& snr)
{
    Real const some = larger(snr, Real(detection_curve_last_snr));
    return Real(1) - Real((1 - curve.last) * detection_curve_last_snr) / some;
}

/// Pd read from the table: a cubic in the ratio of all pulses together, error below 1e-5 inside the
/// table up to 200 pulses, by test. Below -12 dB the first value, which is within 0.004
/// of the truth (Pfa 1e-2; less for smaller Pfa). Above 36 dB the miss probability falls as 1 / SNR,
/// as it does for a fading target (a steady one is detected by then), to within 1e-5.
template <class Real>
LW_FUNC Real probability_of_detection(DetectionCurve const& curve, Real const& snr)
{
    Real const inside = probability_inside(curve, snr);
    auto const beyond = snr > Real(detection_curve_last_snr);
    Real const p = any(beyond) ? select(beyond, probability_beyond(curve, snr), inside) : inside;
    return select(snr > Real(0), p, Real(0));
}

/// u < probability_of_detection(curve, snr), for some signal.
template <class Real>
LW_FUNC Mask<Real> is_detected(DetectionCurve const& curve, Real const& snr, Real const& u)
{
    auto const by_end = u < probability_inside(curve, snr);
    auto const open = snr > Real(detection_curve_last_snr) && !by_end;
    return any(open) ? by_end || (open && u < probability_beyond(curve, snr)) : by_end;
}

}  // namespace longwatch
