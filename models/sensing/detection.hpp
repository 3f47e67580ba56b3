// Probability of detecting a target with one look of a radar.
#pragma once

#include "models/math/real.hpp"
#include "models/sensing/detection_curve.hpp"

namespace longwatch {

/// Steady target (Swerling case 0), one pulse, square-law detector: Marcum's Q_1.
/// With noise power 1 the threshold is T = -ln Pfa, the number of noise-like quanta under a signal
/// of power S is Poisson with mean S, and j of them make an Erlang variable of order j + 1, so
///   Pd = sum_j Poisson(j; S) P(Erlang(j + 1) > T),
///   P(Erlang(j + 1) > T) = e^-T sum_{i<=j} T^i / i!.
/// All terms are positive: no cancellation. The sum runs over the weights that matter and divides
/// by their sum, so no factorial is formed. Absolute error below 1e-12 for 1e-12 <= Pfa <= 1e-2.
/// Above an SNR of 1e4 (40 dB) the answer is 1 to double precision and is returned as such.
/// Source: Marcum, "A statistical theory of target detection by pulsed radar", RAND RM-754 (1947).
LW_FUNC double probability_of_detection_swerling_0(double snr, double false_alarm_probability)
{
    double const T = -log(false_alarm_probability);
    if (!(snr > 0)) { return false_alarm_probability; }
    if (snr > 1e4) { return 1; }
    double const spread = 9 * sqrt(snr);
    double const lowest = floor(snr - spread - 30);
    int const first = lowest > 0 ? static_cast<int>(lowest) : 0;
    int const last = static_cast<int>(snr + spread) + 60;
    double erlang_term = exp(-T), erlang_tail = 0;
    double weight = 1, weight_sum = 0, detected = 0;  // weight: of the first one used
    for (int j = 0; j <= last; ++j) {
        if (j > 0) { erlang_term *= T / j; }
        erlang_tail += erlang_term;
        if (j < first) { continue; }
        if (j > first) { weight *= snr / j; }
        weight_sum += weight;
        detected += weight * erlang_tail;
    }
    double const p = detected / weight_sum;
    return p < 1 ? p : 1;
}

/// Target fading from look to look (Swerling case 1, one pulse): SNR is exponential with this mean,
/// so signal and noise together are exponential too, and Pd = Pfa^(1 / (1 + SNR)).
LW_FUNC double probability_of_detection_swerling_1(double snr, double false_alarm_probability)
{
    double const s = snr > 0 ? snr : 0;
    return exp(log(false_alarm_probability) / (1 + s));
}

/// The table of the exact formula over the SNR in dB, for Swerling case 0 or 1.
inline DetectionCurve detection_curve(int swerling, double false_alarm_probability)
{
    DetectionCurve curve;
    for (int i = 0; i < detection_curve_points; ++i) {
        double const snr =
            std::pow(10.0, (detection_curve_first_db + i * detection_curve_step_db) / 10);
        curve.probability[i] =
            swerling == 0 ? probability_of_detection_swerling_0(snr, false_alarm_probability)
                          : probability_of_detection_swerling_1(snr, false_alarm_probability);
    }
    return curve;
}

inline constexpr double db_per_log = 4.3429448190325182765;  ///< 10 / ln 10

/// Pd read from the table: a Catmull-Rom cubic over dB, error below 1e-4 inside the table, by test.
/// Below -12 dB the first value, which is within 0.004 of the truth (Pfa 1e-2; less for smaller
/// Pfa). Above +35.75 dB the miss probability falls as 1 / SNR,
/// as it does for a fading target (a steady one is detected by then), to within 1e-5.
template <class Real>
LW_FUNC Real probability_of_detection_at_db(DetectionCurve const& curve, Real const& db)
{
    constexpr double last = detection_curve_points - 1;
    Real const x_raw = (db - Real(detection_curve_first_db)) * Real(1 / detection_curve_step_db);
    // Written so that no signal at all (-infinity dB, or NaN) reads the first entry.
    Real const x = select(x_raw > Real(0), smaller(x_raw, Real(last)), Real(0));
    Real const i = smaller(Real(floor(x)), Real(last - 1));
    Real const f = x - i;
    double const* const table = curve.probability;
    Real const p0 = lookup(table, i);
    Real const p1 = lookup(table, Real(i + Real(1)));
    Real const before = lookup(table, larger(Real(i - Real(1)), Real(0)));
    Real const after = lookup(table, smaller(Real(i + Real(2)), Real(last)));
    Real const slope0 = Real(0.5) * (p1 - before);
    Real const slope1 = Real(0.5) * (after - p0);
    Real const rise = p1 - p0;
    Real const cubic = p0 + f * (slope0 + f * (Real(3) * rise - Real(2) * slope0 - slope1 +
                                               f * (slope0 + slope1 - Real(2) * rise)));
    Real p = cubic;
    auto const beyond = x_raw > Real(last);
    if (any(beyond)) {
        // 10^((last - x) / 10 per dB): the SNR at the table's end over this one.
        Real const fall = exp((Real(last) - larger(x_raw, Real(last))) *
                              Real(detection_curve_step_db / db_per_log));
        p = select(beyond, Real(1) - (Real(1) - p1) * fall, cubic);
    }
    return clamp(p, Real(0), Real(1));
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
