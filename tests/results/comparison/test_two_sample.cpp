#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "results/comparison/two_sample.hpp"

namespace longwatch::test {

TEST_CASE("proportions have Fisher's p-value", "[comparison]")
{
    // scipy 1.17.1, scipy.stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue
    struct Case {
        Counted a, b;
        double p_value;
    };
    auto const c = GENERATE(Case{{8, 10}, {1, 6}, 0.034965034965034975},
                            Case{{12, 2000}, {31, 2000}, 0.005161294750338235},
                            Case{{0, 2000}, {5, 2000}, 0.06234376958012331},
                            Case{{3, 20000}, {3, 2000}, 0.012157536820251266},
                            Case{{1446, 1500}, {1390, 1500}, 8.351944125856534e-06});
    CHECK(same_proportion(c.a, c.b) == Approx(c.p_value).epsilon(1e-9));
    CHECK(same_proportion(c.b, c.a) == Approx(c.p_value).epsilon(1e-9));
}

TEST_CASE("Fisher's p-value is right for the largest counts too, and takes no time", "[comparison]")
{
    // Summed over all tables in 60 digits (Python's decimal, weights by the ratio of neighbours).
    constexpr std::int64_t large = 1'000'000'000'000, largest = std::int64_t{1} << 40;
    struct Case {
        Counted a, b;
        double p_value;
    };
    auto const c =
        GENERATE_COPY(Case{{5, large}, {25, large}, 0.00032491423186487966},
                      Case{{large - 5, large}, {large - 25, large}, 0.00032491423186487966},
                      Case{{45, 100}, {600'000'000'000, large}, 0.0028999276884700896},
                      Case{{9700, 20000}, {largest / 2, largest}, 2.2766977478402238e-05},
                      Case{{9000, 1'000'000'000}, {9400, 1'000'000'000}, 0.0032653983273395275});
    CHECK(same_proportion(c.a, c.b) == Approx(c.p_value).epsilon(2e-9));
    CHECK(same_proportion(c.b, c.a) == Approx(c.p_value).epsilon(2e-9));
    // 2.2e-2113 is below every double.
    CHECK(same_proportion({400, largest}, {9000, largest - 7}) == 0);
}

TEST_CASE("of many, proportions have the score test's p-value", "[comparison]")
{
    // statsmodels 0.14, proportions_ztest([60500, 61400], [200000, 200000]).
    CHECK(same_proportion({60500, 200000}, {61400, 200000}) ==
          Approx(0.001991436513674495).epsilon(1e-9));
}

TEST_CASE("proportions without a hit, without a miss, or without flights tell nothing",
          "[comparison]")
{
    CHECK(same_proportion({0, 100}, {0, 5000000}) == 1);
    CHECK(same_proportion({100, 100}, {50, 50}) == 1);
    CHECK(same_proportion({0, 0}, {5, 10}) == 1);
}

TEST_CASE("means have the larger p-value of Welch's and of the permutation variance",
          "[comparison]")
{
    // Welch by scipy 1.17.1: ttest_ind_from_stats(5, 2, 3, 1, 1, 4, equal_var=False).pvalue is the larger here.
    CHECK(same_mean({3, 5, 2}, {4, 1, 1}) == Approx(0.05634116258351987).epsilon(1e-9));
    // ttest_ind_from_stats(104.2, 15, 400, 101.9, 12, 350, equal_var=False).pvalue is 0.0200; over all ways to deal the 750
    // values z = 2.290151098342501, and 2 * scipy.stats.norm.sf(z) is larger.
    CHECK(same_mean({400, 104.2, 15}, {350, 101.9, 12}) ==
          Approx(0.022012559095712612).epsilon(1e-9));
}

TEST_CASE("means of constants are compared exactly", "[comparison]")
{
    CHECK(same_mean({1000, 60, 0}, {1000, 60, 0}) == 1);
    // Three and three values in two heaps: 2 of C(6, 3) = 20 dealings.
    CHECK(same_mean({3, 60, 0}, {3, 61, 0}) == Approx(2.0 / 20).epsilon(1e-12));
    // Two and three: 1 of C(5, 2) = 10.
    CHECK(same_mean({2, 60, 0}, {3, 61, 0}) == Approx(1.0 / 10).epsilon(1e-12));
    CHECK(same_mean({1000, 60, 0}, {1000, 60.000001, 0}) < 1e-300);
    CHECK(same_mean({0, 0, 0}, {1000, 60, 1}) == 1);
}

TEST_CASE("means of any size have a p-value", "[comparison]")
{
    constexpr double deviations[] = {0, 5e-324, 1e-300, 1e-160, 1e-12, 1, 1e15};
    constexpr double means[] = {0, 1e-300, 1, -1e15, 1e15};
    constexpr std::int64_t counts[] = {1, 2, 50, 1'000'000, std::int64_t{1} << 40};
    bool all_are_probabilities = true;
    for (double const s : deviations) {
        for (double const t : deviations) {
            for (double const x : means) {
                for (auto const n : counts) {
                    for (auto const m : counts) {
                        double const p = same_mean({n, x, s}, {m, 2, t});
                        all_are_probabilities = all_are_probabilities && p >= 0 && p <= 1;
                    }
                }
            }
        }
    }
    CHECK(all_are_probabilities);
}

TEST_CASE("no dealing of few values is less likely than one of all", "[comparison]")
{
    // One value far away against fifty: 1 of 51 dealings, however far.
    CHECK(same_mean({1, 1e6, 0}, {50, 60, 1e-3}) == Approx(1.0 / 51).epsilon(1e-9));
}

TEST_CASE("a sample that happens to lack rare values is no alarm", "[comparison]")
{
    // Ten of 20,000 values are 1, the others 0; none of 2,000 is. Of ten rare values, all in the larger sample: (10/11)^10
    // = 0.39. Welch's test alone, with no variance in the second, says 0.0016.
    double const p = 10 / 20000.0;
    CHECK(same_mean({20000, p, std::sqrt(p * (1 - p))}, {2000, 0, 0}) > 0.2);
    // Three of 2,000 and none of 20,000: (1/11)^3 = 7.5e-4. The permutation variance alone says 4e-8.
    double const q = 3 / 2000.0;
    CHECK(same_mean({20000, 0, 0}, {2000, q, std::sqrt(q * (1 - q))}) > 7.5e-4);
}

TEST_CASE("distributions have Pearson's p-value", "[comparison]")
{
    // scipy 1.17.1, chi2_contingency([[100, 200, 300, 50], [120, 180, 280, 90]], correction=False).pvalue
    CHECK(same_distribution({100, 200, 300, 50}, {120, 180, 280, 90}) ==
          Approx(0.002102285877180422).epsilon(1e-9));
    // Bins too rare to test are merged with their neighbour: so it is the same with 300 as 299 and 1.
    CHECK(same_distribution({100, 200, 1, 299, 50}, {120, 180, 2, 278, 90}) ==
          Approx(0.002102285877180422).epsilon(1e-9));
    CHECK(same_distribution({0, 500, 0}, {0, 700, 0}) == 1);
    CHECK(same_distribution({}, {5}) == 1);
}

TEST_CASE("Holm's correction is that of statsmodels", "[comparison]")
{
    // statsmodels 0.14, multipletests([0.01, 0.04, 0.03, 0.005, 0.5], method="holm")[1]
    auto const adjusted = holm_adjusted({0.01, 0.04, 0.03, 0.005, 0.5});
    std::vector<double> const expected{0.04, 0.09, 0.09, 0.025, 0.5};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(adjusted[i] == Approx(expected[i]).epsilon(1e-12));
    }
    CHECK(holm_adjusted({}).empty());
}

TEST_CASE("each test keeps its level on skewed values and rare counts", "[comparison]")
{
    std::mt19937_64 random(20240501);
    constexpr int rounds = 20000;
    constexpr double level = 0.01;
    // 0.01 of 20,000 has a standard deviation of 14: an excess of 5 of those means a broken level.
    constexpr int most = 200 + 5 * 14;
    SECTION("means of values that are mostly nought, in samples of unequal size")
    {
        int alarms = 0;
        std::uniform_real_distribution<double> uniform(0, 1);
        auto const sample = [&](int n) {
            double sum = 0, squares = 0;
            std::binomial_distribution<int> rare(n, 0.01);
            for (int k = rare(random); k > 0; --k) {
                double const x = -std::log(uniform(random));
                sum += x;
                squares += x * x;
            }
            double const mean = sum / n;
            return Summary{n, mean, std::sqrt((squares - n * mean * mean) / (n - 1))};
        };
        for (int i = 0; i < rounds; ++i) {
            alarms += same_mean(sample(5000), sample(1000)) < level;
        }
        CHECK(alarms <= most);
        CHECK(alarms > 0);
    }
    SECTION("rare hits")
    {
        int alarms = 0;
        std::binomial_distribution<std::int64_t> one(20000, 5e-4), other(2000, 5e-4);
        for (int i = 0; i < rounds; ++i) {
            alarms += same_proportion({one(random), 20000}, {other(random), 2000}) < level;
        }
        CHECK(alarms <= most);
        CHECK(alarms > 0);
    }
    SECTION("histograms of unequal samples")
    {
        int alarms = 0;
        std::geometric_distribution<int> shape(0.05);
        auto const sample = [&](int n) {
            std::vector<std::int64_t> bins(400, 0);
            for (int i = 0; i < n; ++i) {
                ++bins[static_cast<std::size_t>(std::min(shape(random), 399))];
            }
            return bins;
        };
        constexpr int fewer = 2000;
        for (int i = 0; i < fewer; ++i) {
            alarms += same_distribution(sample(1500), sample(600)) < level;
        }
        // 0.01 of 2,000 has a standard deviation of 4.4.
        CHECK(alarms <= 20 + 5 * 5);
        CHECK(alarms > 0);
    }
}

}  // namespace longwatch::test
