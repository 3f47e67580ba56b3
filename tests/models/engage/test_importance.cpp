// Importance sampling of failures and handover errors against the probabilities that it stands for, by exact sums over all
// that can be drawn.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/engage/importance.hpp"

using namespace longwatch;

namespace {

// Regimes: as they are, and biased.
double const u_plain = 0.1, u_biased = 0.9;

/// The biased probability of success, from the drawn one: by halving.
double drawn_probability(Importance const& importance, double u_regime, double p)
{
    double low = 0, high = 1;
    for (int k = 0; k < 60; ++k) {
        double const u = (low + high) / 2;
        BiasedDraws<double> draws{importance, u_regime};
        (draws.succeeds(p, u, true) ? low : high) = u;
    }
    return low;
}

struct Sums {
    double weight = 0, weighted_success = 0;
};

/// Expected weight, and weighted success, of one shot, over regimes and outcomes.
Sums sums(Importance const& importance, double p)
{
    Sums out;
    for (double const u_regime : {u_plain, u_biased}) {
        double const regime = u_regime < importance.plain ? importance.plain : 1 - importance.plain;
        double const success = drawn_probability(importance, u_regime, p);
        for (bool const hits : {true, false}) {
            BiasedDraws<double> draws{importance, u_regime};
            REQUIRE(draws.succeeds(p, hits ? success / 2 : (1 + success) / 2, true) == hits);
            double const drawn = regime * (hits ? success : 1 - success);
            out.weight += drawn * draws.weight();
            if (hits) { out.weighted_success += drawn * draws.weight(); }
        }
    }
    return out;
}

}  // namespace

TEST_CASE("weighted by importance, a shot kills with its own probability", "[engage]")
{
    for (double const plain : {0.25, 0.5, 0.75}) {
        for (double const p : {0.5, 0.9, 0.99}) {
            Importance importance;
            importance.failure = 0.3;
            importance.plain = plain;
            auto const expected = sums(importance, p);
            CAPTURE(plain, p);
            // 60 halvings are exact; a dozen operations.
            CHECK(expected.weight == Approx(1).epsilon(1e-13));
            CHECK(expected.weighted_success == Approx(p).epsilon(1e-13));
        }
    }
}

TEST_CASE("the biased raids fail with at least the probability asked for, the others as they are",
          "[engage]")
{
    Importance importance;
    importance.failure = 0.3;
    CHECK(drawn_probability(importance, u_biased, 0.9) == Approx(0.7).epsilon(1e-13));
    CHECK(drawn_probability(importance, u_plain, 0.9) == Approx(0.9).epsilon(1e-13));
    // What fails more often than that already is left alone.
    CHECK(drawn_probability(importance, u_biased, 0.5) == Approx(0.5).epsilon(1e-13));
}

TEST_CASE("no weight exceeds one over the part drawn as it is", "[engage]")
{
    Importance importance;
    importance.failure = 0.4;
    importance.plain = 0.25;
    BiasedDraws<double> draws{importance, u_biased};
    for (int shot = 0; shot < 200; ++shot) { REQUIRE(draws.succeeds(0.99, 0.01, true)); }
    // Two hundred hits are (0.99 / 0.6)^200 times as likely as drawn: the biased law has no part in the mixture any more.
    CHECK(draws.weight() <= 1 / importance.plain);
    CHECK(draws.weight() > 0.99 / importance.plain);
}

TEST_CASE("what is not counted, or certain, changes no weight", "[engage]")
{
    Importance importance;
    importance.failure = 0.3;
    BiasedDraws<double> draws{importance, u_biased};
    double const before = draws.weight();
    CHECK(before == 1);
    draws.succeeds(0.9, 0.5, false);
    CHECK(draws.succeeds(1, 0.999, true));
    CHECK_FALSE(draws.succeeds(0, 0.0, true));
    CHECK(draws.weight() == before);
    draws.succeeds(0.9, 0.5, true);
    CHECK(draws.weight() != before);
}

TEST_CASE("without importance sampling every weight is one and every draw is as it is", "[engage]")
{
    BiasedDraws<double> draws{{}, u_biased};
    double z[2] = {0.5, -2};
    draws.scale(z, true);
    CHECK((z[0] == 0.5 && z[1] == -2));
    CHECK(draws.succeeds(0.9, 0.899, true));
    CHECK_FALSE(draws.succeeds(0.9, 0.9, true));
    CHECK(draws.weight() == 1);
}

TEST_CASE("weighted by importance, errors at handover keep their normal law", "[engage]")
{
    Importance importance;
    importance.handover_scale = 2;
    // Moments of two errors of which both are drawn wider: trapezoidal sums over +-12, far in the tails, whose error falls
    // faster than any power of the step for such integrands.
    double const step = 0.1, end = 12;
    double weight = 0, variance = 0;
    for (double const u_regime : {u_plain, u_biased}) {
        for (double x = -end; x <= end; x += step) {
            for (double y = -end; y <= end; y += step) {
                double const density = std::exp(-(x * x + y * y) / 2) / (2 * std::acos(-1.0));
                BiasedDraws<double> draws{importance, u_regime};
                double z[2] = {x, y};
                draws.scale(z, true);
                double const part = 0.5 * density * step * step * draws.weight();
                weight += part;
                variance += part * z[0] * z[0];
            }
        }
    }
    CHECK(weight == Approx(1).epsilon(1e-9));
    CHECK(variance == Approx(1).epsilon(1e-9));
}
