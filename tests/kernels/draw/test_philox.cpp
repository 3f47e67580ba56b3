// Philox against its published answers, and draws that depend on nothing but the flight.
#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "kernels/draw/philox.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"

using namespace longwatch;

namespace {

struct KnownAnswer {
    std::uint32_t counter[4], key[2], words[4];
};

/// By the door of draw/: the counter's words are flight (low, high), name, kind and counter.
r123::Philox4x32::ctr_type answer(KnownAnswer const& k)
{
    auto const pair = [](std::uint32_t low, std::uint32_t high) {
        return static_cast<std::uint64_t>(high) << 32 | low;
    };
    Purpose const purpose{static_cast<DrawKind>(k.counter[3] >> 24), k.counter[2]};
    return philox(pair(k.key[0], k.key[1]), pair(k.counter[0], k.counter[1]), purpose,
                  k.counter[3] & 0xffffff);
}

}  // namespace

TEST_CASE("Philox4x32-10 gives its authors' known answers", "[draw]")
{
    // Random123, tests/kat_vectors: all zeros, all ones, digits of pi.
    KnownAnswer const published[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
    for (auto const& k : published) {
        auto const words = answer(k);
        for (unsigned i = 0; i < 4; ++i) { CHECK(words[i] == k.words[i]); }
    }
}

TEST_CASE("a uniform number lies strictly between 0 and 1, whatever the words", "[draw]")
{
    // The middles of the first and the last of 2^52 parts.
    CHECK(uniform_from_words(0, 0) == std::ldexp(1.0, -53));
    CHECK(uniform_from_words(0xffffffff, 0xffffffff) == 1 - std::ldexp(1.0, -53));
    CHECK(uniform_from_words(0x80000000, 0) == 0.5 + std::ldexp(1.0, -53));
    // The last twelve bits do not count.
    CHECK(uniform_from_words(7, 0xfff) == uniform_from_words(7, 0));
    CHECK(uniform_from_words(7, 0x1000) > uniform_from_words(7, 0xfff));
}

TEST_CASE("a flight's draw is the same in any lane, from any first flight, at any step", "[draw]")
{
    constexpr int width = Lane<Lanes>::width;
    Purpose const purpose{DrawKind::look, 0xabcdef01};
    int different = 0, compared = 0;
    for (std::int64_t const first : {0LL, 1LL, 7LL, 1000003LL, (1LL << 32) - 3, (1LL << 40) + 1}) {
        for (std::int64_t const step : {1LL, 3LL, 13LL}) {
            for (std::uint32_t const counter : {0u, 5u, 0xffffffu}) {
                PhiloxDraws<Lanes> const pack{77, first, step};
                auto const u = pack.uniform(purpose, counter);
                for (int lane = 0; lane < width; ++lane) {
                    PhiloxDraws<double> const alone{77, first + lane * step, 1};
                    different +=
                        Lane<Lanes>::at(u, lane) == alone.uniform(purpose, counter) ? 0 : 1;
                    ++compared;
                }
            }
        }
    }
    CHECK(different == 0);
    CHECK(compared == 6 * 3 * 3 * width);
}

TEST_CASE("seed, flight, kind, name and counter each make another draw", "[draw]")
{
    std::set<double> seen;
    int draws = 0;
    for (std::uint64_t const seed : {1ull, 2ull, 1ull << 32}) {
        for (std::int64_t const flight : {0LL, 1LL, 1LL << 32}) {
            for (auto const kind : {DrawKind::thrust, DrawKind::drag, DrawKind::shot}) {
                for (std::uint32_t const name : {0u, 1u, 0x80000000u}) {
                    for (std::uint32_t const counter : {0u, 1u, 255u}) {
                        seen.insert(
                            PhiloxDraws<double>{seed, flight, 1}.uniform({kind, name}, counter));
                        ++draws;
                    }
                }
            }
        }
    }
    CHECK(static_cast<int>(seen.size()) == draws);
}

TEST_CASE("uniform draws are uniform", "[draw][statistics]")
{
    constexpr int count = 100000, bins = 20;
    int histogram[bins] = {};
    double sum = 0;
    for (int f = 0; f < count; ++f) {
        double const u = PhiloxDraws<double>{2026, f, 1}.uniform({DrawKind::thrust}, 0);
        ++histogram[static_cast<int>(u * bins)];
        sum += u;
    }
    double chi2 = 0;
    for (int const n : histogram) {
        chi2 += square(n - count / double(bins)) / (count / double(bins));
    }
    // 19 degrees of freedom: 0.1 % point 43.8 (any table); the mean within 4 sigma.
    CHECK(chi2 < 43.8);
    CHECK(sum / count == Approx(0.5).epsilon(0).margin(4 / std::sqrt(12.0 * count)));
}
