// The draws of a flight's inputs under the study's sampling.
#pragma once

#include "kernels/draw/philox.hpp"
#include "kernels/draw/sampling.hpp"

namespace longwatch {

/// What tells one scrambling or stratifying from another.
struct SampleKey {
    std::uint64_t seed = 0;
    std::uint32_t threat_hash = 0;
    std::uint32_t randomisation = 0;
    std::uint32_t dimension = 0;

    LW_FUNC r123::Philox4x32::ctr_type words(DrawKind kind, std::uint32_t where,
                                             std::uint32_t round) const
    {
        std::uint64_t const place = static_cast<std::uint64_t>(randomisation) << 32 | where;
        return philox(seed, place, {kind, threat_hash}, dimension << 8 | round);
    }
};

/// Point `index` of one dimension of Sobol's sequence, in 32 bits. Source: Sobol', USSR Comput. Math.
/// Math. Phys. 7 (1967) 86-112; indices in natural order.
LW_FUNC std::uint32_t sobol_point(std::uint32_t const (&direction)[sobol_bits], std::uint32_t index)
{
    std::uint32_t x = 0;
    for (int k = 0; k < sobol_bits; ++k) {
        if ((index >> k & 1U) != 0) { x ^= direction[k]; }
    }
    return x;
}

/// Nested uniform scrambling in base 2: each bit is flipped or not by a coin that belongs to all the
/// bits before it. Seven levels of the tree of coins (127 of them) come from one Philox block; below
/// 28 levels one block more gives the last four and the bits beyond the sequence's own.
/// Source: Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences" (1995).
LW_FUNC double owen_scrambled(SampleKey const& key, std::uint32_t x)
{
    constexpr int levels = 7, groups = 5;
    std::uint32_t out = 0, beyond = 0;
    int depth = 0;
    for (int group = 0; group < groups; ++group) {
        std::uint32_t const prefix = depth == 0 ? 0 : x >> (sobol_bits - depth);
        auto const coins = key.words(DrawKind::scramble, prefix, static_cast<std::uint32_t>(group));
        std::uint32_t node = 1;
        for (int level = 0; level < levels && depth < sobol_bits; ++level, ++depth) {
            std::uint32_t const bit = x >> (sobol_bits - 1 - depth) & 1U;
            std::uint32_t const coin = coins[node >> 5] >> (node & 31U) & 1U;
            out = out << 1 | (bit ^ coin);
            node = node << 1 | bit;
        }
        beyond = coins[3];
    }
    return uniform_from_words(out, beyond);
}

/// The stratum of sample j of a block: a permutation of the block's numbers. Feistel's network, with
/// Philox for its round function.
LW_FUNC std::uint32_t stratum(SampleKey const& key, std::uint32_t block, std::uint32_t j)
{
    constexpr int half_bits = hypercube_bits / 2;
    static_assert(2 * half_bits == hypercube_bits);
    constexpr std::uint32_t mask = (1U << half_bits) - 1;
    std::uint32_t left = j >> half_bits, right = j & mask;
    for (std::uint32_t round = 0; round < 6; ++round) {
        // Block and half share a word: blocks stay below 2^27.
        auto const word = key.words(DrawKind::stratum, block << half_bits | right, round)[0];
        std::uint32_t const next = left ^ (word & mask);
        left = right;
        right = next;
    }
    return left << half_bits | right;
}

/// As PhiloxDraws, but what belongs to a flight's inputs is spread by the study's sampling.
template <class Real>
struct SampledDraws {
    PhiloxDraws<Real> plain;
    SamplingParams const& sampling;
    SampleNumbers numbers;
    std::uint32_t threat_hash = 0;

    LW_FUNC Real uniform(Purpose const& purpose, std::uint32_t counter) const
    {
        int const dimension = sample_dimension(purpose, counter);
        Real const u = plain.uniform(purpose, counter);
        if (sampling.kind == Sampling::monte_carlo || dimension < 0) { return u; }
        return Lane<Real>::generate([&](int lane) {
            std::int64_t const sample = numbers.of(plain.flight + lane * plain.flight_step);
            std::int64_t const index = index_within(sampling, sample);
            SampleKey const key{plain.seed, threat_hash,
                                static_cast<std::uint32_t>(randomisation_of(sampling, sample)),
                                static_cast<std::uint32_t>(dimension)};
            if (sampling.kind == Sampling::sobol) {
                return owen_scrambled(key, sobol_point(sampling.direction[dimension],
                                                       static_cast<std::uint32_t>(index)));
            }
            auto const where = stratum(key, static_cast<std::uint32_t>(index / hypercube_block),
                                       static_cast<std::uint32_t>(index % hypercube_block));
            // The plain draw places it within the stratum; never on the upper end.
            double const value = (static_cast<double>(where) + Lane<Real>::at(u, lane)) *
                                 (1.0 / static_cast<double>(hypercube_block));
            return smaller(value, 1.0 - 0x1p-53);
        });
    }
};

}  // namespace longwatch
