// Firm tracks by m hits of n looks, with a cue at any look, against plain counting.
#include <catch2/catch.hpp>

#include <random>
#include <vector>

#include "models/track/initiation.hpp"

using namespace longwatch;

namespace {

struct Looks {
    std::vector<int> search, cued;  ///< hit or not, per look
};

/// Looks before `cue` search, the others are cued: the first look that ends a window of m hits in n.
int counted(InitiationRule const& rule, Looks const& looks, int cue)
{
    int const count = static_cast<int>(looks.search.size());
    for (int look = 0; look < count; ++look) {
        int hits = 0;
        for (int i = look; i >= 0 && i > look - rule.looks_considered; --i) {
            auto const k = static_cast<std::size_t>(i);
            hits += i < cue ? looks.search[k] : looks.cued[k];
        }
        if (hits >= rule.hits_required) { return look; }
    }
    return -1;
}

/// The same by the model, for every cue; the loop runs to `longest`, as among longer neighbours.
std::vector<int> modelled(InitiationRule const& rule, Looks const& looks, int longest)
{
    int const count = static_cast<int>(looks.search.size());
    std::vector<double> S(static_cast<std::size_t>(longest) + 1), C(S.size());
    for (int k = 0; k < longest; ++k) {
        auto const i = static_cast<std::size_t>(k);
        S[i + 1] =
            S[i] + (k < count ? looks.search[i] : 1);  // beyond the count: noise to be ignored
        C[i + 1] = C[i] + (k < count ? looks.cued[i] : 1);
    }
    std::vector<int> out(static_cast<std::size_t>(longest) + 1, -2);
    firm_looks(
        rule, static_cast<double>(count), longest,
        [&](int k) { return S[static_cast<std::size_t>(k)]; },
        [&](int k) { return C[static_cast<std::size_t>(k)]; },
        [&](int k, double look) { out[static_cast<std::size_t>(k)] = static_cast<int>(look); });
    return out;
}

InitiationRule const rules[] = {{1, 1}, {1, 3}, {2, 2}, {2, 3}, {3, 5}, {4, 4}, {5, 9}};

/// A cue only helps: what the search hits, a cued look hits too.
Looks random_looks(std::mt19937_64& random, int count)
{
    Looks looks;
    for (int i = 0; i < count; ++i) {
        int const r = static_cast<int>(random() % 10);
        looks.search.push_back(r < 3 ? 1 : 0);
        looks.cued.push_back(r < 6 ? 1 : 0);
    }
    return looks;
}

}  // namespace

TEST_CASE("firm tracks come where counting hits finds them, wherever the cue comes", "[track]")
{
    std::mt19937_64 random(5);
    int different = 0, firm = 0, none = 0;
    for (auto const& rule : rules) {
        for (int trial = 0; trial < 150; ++trial) {
            int const count = static_cast<int>(random() % 18);
            auto const looks = random_looks(random, count);
            auto const found = modelled(rule, looks, count + trial % 3 * 4);
            for (int cue = 0; cue <= count; ++cue) {
                int const expected = counted(rule, looks, cue);
                different += found[static_cast<std::size_t>(cue)] == expected ? 0 : 1;
                (expected < 0 ? none : firm) += 1;
            }
        }
    }
    CHECK(different == 0);
    CHECK(firm > 1000);
    CHECK(none > 1000);
}

TEST_CASE("an earlier cue never makes a track later", "[track]")
{
    std::mt19937_64 random(6);
    int later = 0;
    for (auto const& rule : rules) {
        for (int trial = 0; trial < 100; ++trial) {
            auto const found = modelled(rule, random_looks(random, 16), 16);
            for (std::size_t k = 1; k < found.size(); ++k) {
                int const earlier_cue = found[k - 1], later_cue = found[k];
                later += later_cue >= 0 && (earlier_cue < 0 || earlier_cue > later_cue) ? 1 : 0;
            }
        }
    }
    CHECK(later == 0);
}

TEST_CASE("two hits of three make a track at the second hit", "[track]")
{
    // By hand: hits at looks 1 and 3 when searching; a cue at look 3 or before adds look 2.
    Looks const looks{{0, 1, 0, 1, 0}, {0, 1, 1, 1, 1}};
    auto const found = modelled({2, 3}, looks, 5);
    CHECK(found == std::vector<int>{2, 2, 2, 3, 3, 3});
}

TEST_CASE("a sensor without looks makes no track", "[track]")
{
    CHECK(modelled({2, 3}, {}, 0) == std::vector<int>{-1});
    CHECK(modelled({1, 1}, {}, 4)[0] == -1);
}
