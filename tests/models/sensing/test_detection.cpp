// Detection probabilities against published and independently computed values.
#include <catch2/catch.hpp>

#include <cmath>
#include <random>

#include "models/sensing/detection.hpp"

using namespace longwatch;

namespace {

double ratio_from_db(double db) { return std::pow(10.0, db / 10); }

double exact(int swerling, double pfa, double snr, int pulses = 1)
{
    return probability_of_detection_exact(
        {.swerling = swerling, .pulses = pulses, .false_alarm_probability = pfa}, snr);
}

DetectionCurve curve_of(int swerling, double pfa, int pulses = 1)
{
    return detection_curve(
        {.swerling = swerling, .pulses = pulses, .false_alarm_probability = pfa});
}

double required_snr_db(int swerling, double pfa, double pd, int pulses = 1)
{
    double low = -20, high = 40;
    for (int i = 0; i < 60; ++i) {
        double const middle = (low + high) / 2;
        (exact(swerling, pfa, ratio_from_db(middle), pulses) < pd ? low : high) = middle;
    }
    return low;
}

/// Marcum's Q_1 as the integral of the Rice density beyond the threshold, by Simpson's rule on
/// x exp(-(x - a)^2 / 2) [I_0(a x) exp(-a x)], with the bracket from its own integral over angle.
double marcum_by_quadrature(double snr, double pfa)
{
    double const a = std::sqrt(2 * snr), b = std::sqrt(-2 * std::log(pfa));
    auto const scaled_i0 = [](double z) {
        // Periodic integrand: the plain sum converges exponentially once it resolves the peak.
        int const n = 40 + static_cast<int>(8 * std::sqrt(z));
        double sum = 0;
        for (int k = 0; k < n; ++k) { sum += std::exp(z * (std::cos(pi * (k + 0.5) / n) - 1)); }
        return sum / n;
    };
    auto const density = [&](double x) {
        return x * std::exp(-(x - a) * (x - a) / 2) * scaled_i0(a * x);
    };
    double const bottom = std::fmax(b, a - 12), top = std::fmax(a, b) + 12;
    int const n = 1000;
    double const h = (top - bottom) / n;
    double sum = density(bottom) + density(top);
    for (int i = 1; i < n; ++i) { sum += (i % 2 ? 4 : 2) * density(bottom + i * h); }
    return sum * h / 3;
}

}  // namespace

TEST_CASE("a single pulse is detected with the tabulated probability at Pfa 1e-6", "[sensing]")
{
    struct Row {
        double snr_db, steady, fading;
    };
    // Independent computation, five decimals.
    for (auto const& row :
         {Row{8, 0.05612, 0.15106}, Row{10, 0.24805, 0.28480}, Row{12, 0.67939, 0.44045},
          Row{13, 0.87444, 0.51718}, Row{15, 0.99723, 0.65476}, Row{20, 1.00000, 0.87216}}) {
        INFO(row.snr_db << " dB");
        double const snr = ratio_from_db(row.snr_db);
        CHECK(exact(0, 1e-6, snr) == Approx(row.steady).margin(0.6e-5));
        CHECK(exact(1, 1e-6, snr) == Approx(row.fading).margin(0.6e-5));
    }
}

TEST_CASE("a single pulse needs the tabulated SNR", "[sensing]")
{
    struct Row {
        double pfa, pd, steady_db, fading_db;
    };
    // Independent computation, three decimals; 13.183 dB is also the sdr library's 13.18349.
    for (auto const& row : {Row{1e-4, 0.5, 9.398, 10.895}, Row{1e-4, 0.8, 11.013, 16.050},
                            Row{1e-4, 0.9, 11.749, 19.366}, Row{1e-6, 0.1, 8.729, 6.990},
                            Row{1e-6, 0.5, 11.243, 12.772}, Row{1e-6, 0.8, 12.565, 17.847},
                            Row{1e-6, 0.9, 13.183, 21.144}, Row{1e-8, 0.5, 12.533, 14.078},
                            Row{1e-8, 0.9, 14.227, 22.401}}) {
        INFO("Pfa " << row.pfa << " Pd " << row.pd);
        CHECK(required_snr_db(0, row.pfa, row.pd) == Approx(row.steady_db).margin(0.6e-3));
        CHECK(required_snr_db(1, row.pfa, row.pd) == Approx(row.fading_db).margin(0.6e-3));
    }
    CHECK(required_snr_db(0, 1e-6, 0.9) == Approx(13.18349).margin(0.6e-5));
}

TEST_CASE("one fading pulse is detected with the closed form's probability", "[sensing]")
{
    for (double const pfa : {1e-2, 1e-6, 1e-12}) {
        for (double const snr_db : {-12.0, 0.0, 6.0, 12.0, 25.0, 36.0}) {
            double const snr = ratio_from_db(snr_db);
            // Many scatterers: Pfa^(1 / (1 + S)). One large and many small ones (Swerling 3):
            // (1 + 2 S L / (2 + S)^2) exp(-2 L / (2 + S)), L = -ln Pfa.
            CHECK(exact(1, pfa, snr) ==
                  Approx(std::pow(pfa, 1 / (1 + snr))).epsilon(1e-9).margin(1e-13));
            double const L = -std::log(pfa), d = 2 + snr;
            CHECK(exact(3, pfa, snr) == Approx((1 + 2 * snr * L / (d * d)) * std::exp(-2 * L / d))
                                            .epsilon(1e-9)
                                            .margin(1e-13));
            // Of a single pulse, nothing tells the pair of cases apart.
            CHECK(exact(2, pfa, snr) == Approx(exact(1, pfa, snr)).epsilon(1e-12));
            CHECK(exact(4, pfa, snr) == Approx(exact(3, pfa, snr)).epsilon(1e-12));
        }
    }
}

TEST_CASE("ten pulses added after detection need the tabulated SNR each", "[sensing]")
{
    // Independent computation, three decimals, Pfa 1e-6, Pd 0.9.
    CHECK(required_snr_db(0, 1e-6, 0.9, 10) == Approx(5.267).margin(0.6e-3));
    CHECK(required_snr_db(1, 1e-6, 0.9, 10) == Approx(13.500).margin(0.6e-3));
}

TEST_CASE("each fluctuation is detected as often as drawing its pulses says", "[sensing]")
{
    std::mt19937_64 random(1954);
    std::uniform_real_distribution<double> uniform(1e-300, 1);
    std::normal_distribution<double> normal;
    auto const gamma = [&](int k) {  // of whole order, mean k
        double sum = 0;
        for (int i = 0; i < k; ++i) { sum -= std::log(uniform(random)); }
        return sum;
    };
    constexpr int trials = 40000;
    constexpr double pfa = 1e-3;
    for (int const pulses : {1, 4, 16}) {
        double const threshold = detection_threshold(pulses, pfa);
        for (int const swerling : {0, 1, 2, 3, 4}) {
            double const snr = ratio_from_db(pulses == 1 ? 8 : pulses == 4 ? 4 : 1);
            int hits = 0;
            for (int t = 0; t < trials; ++t) {
                double const whole = swerling == 1 ? gamma(1) : swerling == 3 ? gamma(2) / 2 : 1;
                double sum = 0;
                for (int n = 0; n < pulses; ++n) {
                    double const part = swerling == 2   ? gamma(1)
                                        : swerling == 4 ? gamma(2) / 2
                                                        : whole;
                    // Signal in phase, noise of power 1 in both quadratures together.
                    double const x = std::sqrt(snr * part) + normal(random) / std::sqrt(2.0);
                    double const y = normal(random) / std::sqrt(2.0);
                    sum += x * x + y * y;
                }
                hits += sum > threshold ? 1 : 0;
            }
            double const p = exact(swerling, pfa, snr, pulses);
            INFO("Swerling " << swerling << ", " << pulses << " pulses, " << p);
            // Four standard deviations of a proportion.
            CHECK(static_cast<double>(hits) / trials ==
                  Approx(p).margin(4 * std::sqrt(p * (1 - p) / trials)));
        }
    }
}

TEST_CASE("adding pulses after detection loses against adding them before, and more of them more",
          "[sensing]")
{
    double before_db = 0;
    for (int const pulses : {1, 2, 10, 100}) {
        double const loss_db =
            required_snr_db(0, 1e-6, 0.9, pulses) + 10 * std::log10(pulses) - 13.18349;
        INFO(pulses << " pulses lose " << loss_db << " dB");
        CHECK(loss_db >= before_db - 1e-4);
        // Half of the pulses' worth, in decibels, at most.
        CHECK(loss_db < 5 * std::log10(pulses) + 1e-4);
        before_db = loss_db;
    }
    CHECK(before_db > 4);
}

TEST_CASE("a CFAR loss is paid in SNR", "[sensing]")
{
    for (int const swerling : {0, 1, 3}) {
        DetectionRule rule{.swerling = swerling, .pulses = 4, .false_alarm_probability = 1e-6};
        double const without = probability_of_detection_exact(rule, ratio_from_db(8));
        rule.cfar_loss = ratio_from_db(2);
        CHECK(probability_of_detection_exact(rule, ratio_from_db(10)) ==
              Approx(without).epsilon(1e-9));
    }
}

TEST_CASE("the table serves integrated pulses too", "[sensing]")
{
    for (int const pulses : {10, 200}) {
        for (int const swerling : {0, 1, 2, 3, 4}) {
            auto const curve = curve_of(swerling, 1e-6, pulses);
            double const threshold = detection_threshold(pulses, 1e-6);
            DetectionRule const rule{.swerling = swerling, .pulses = pulses};
            double worst = 0;
            for (double db = -12; db <= 36.1; db += 0.137) {
                double const snr = ratio_from_db(db);
                worst = std::fmax(worst, std::fabs(probability_of_detection(curve, snr) -
                                                   probability_of_detection_above(rule, threshold,
                                                                                  snr / pulses)));
            }
            INFO("Swerling " << swerling << ", " << pulses << " pulses, worst " << worst);
            CHECK(worst < 1e-5);
        }
    }
}

TEST_CASE("the series for a steady target equals the integral of the Rice density", "[sensing]")
{
    for (double const pfa : {1e-2, 1e-6, 1e-12}) {
        for (double const snr_db : {-12.0, 0.0, 6.0, 12.0, 16.0, 25.0, 40.0}) {
            INFO("Pfa " << pfa << " SNR " << snr_db << " dB");
            double const snr = ratio_from_db(snr_db);
            // The series claims 1e-12; the quadrature is good to 1e-9.
            CHECK(exact(0, pfa, snr) ==
                  Approx(marcum_by_quadrature(snr, pfa)).epsilon(0).margin(1e-9));
        }
    }
}

TEST_CASE("without a signal only false alarms are left", "[sensing]")
{
    CHECK(exact(0, 1e-6, 1e-12) == Approx(1e-6).epsilon(1e-9));
    CHECK(exact(1, 1e-6, 1e-12) == Approx(1e-6).epsilon(1e-9));
    CHECK(probability_of_detection(curve_of(0, 1e-6), 0.0) == 0);
}

TEST_CASE("the table reproduces the exact probability inside its range", "[sensing]")
{
    double const first_db = 10 * std::log10(detection_curve_first_snr);
    double const last_db = 10 * std::log10(detection_curve_last_snr);
    for (int const swerling : {0, 1, 2, 3, 4}) {
        for (double const pfa : {1e-2, 1e-4, 1e-6, 1e-8, 1e-12}) {
            auto const curve = curve_of(swerling, pfa);
            double worst = 0;
            for (double db = first_db; db <= last_db; db += 0.0137) {
                double const snr = ratio_from_db(db);
                worst = std::fmax(worst, std::fabs(probability_of_detection(curve, snr) -
                                                   exact(swerling, pfa, snr)));
            }
            INFO("Swerling " << swerling << " Pfa " << pfa << " worst " << worst);
            CHECK(worst < 1e-5);  // 7.3e-6 measured, for Pfa 1e-12
        }
    }
}

TEST_CASE("beyond its table a probability stays close to the exact one", "[sensing]")
{
    for (int const swerling : {0, 1}) {
        for (double const pfa : {1e-2, 1e-6, 1e-12}) {
            auto const curve = curve_of(swerling, pfa);
            INFO("Swerling " << swerling << " Pfa " << pfa);
            for (double const db : {36.2, 40.0, 60.0, 120.0}) {
                double const snr = ratio_from_db(db);
                CHECK(probability_of_detection(curve, snr) ==
                      Approx(exact(swerling, pfa, snr)).epsilon(0).margin(1e-5));
            }
            for (double const db : {-12.1, -30.0}) {
                double const snr = ratio_from_db(db);
                CHECK(probability_of_detection(curve, snr) ==
                      Approx(exact(swerling, pfa, snr)).epsilon(0).margin(4e-3));
            }
        }
    }
}
