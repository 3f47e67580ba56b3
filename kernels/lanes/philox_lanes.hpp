// Philox4x32-10 in the lanes of a register, a block per lane; same words as Random123's.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11.
#pragma once

#include <cstdint>

#include "kernels/lanes/gather.hpp"

namespace longwatch {

#if defined(__AVX512DQ__)
/// Words of 32 bits, one in the low half of each lane.
struct PhiloxBlockInLanes {
    __m512i word[4];
};

inline PhiloxBlockInLanes philox_in_lanes(std::uint64_t seed, PhiloxBlockInLanes block)
{
    constexpr std::uint32_t multiplier[2] = {0xD2511F53, 0xCD9E8D57};
    constexpr std::uint32_t key_step[2] = {0x9E3779B9, 0xBB67AE85};
    auto const everywhere = [](std::uint32_t x) { return _mm512_set1_epi64(x); };
    std::uint32_t key[2] = {static_cast<std::uint32_t>(seed),
                            static_cast<std::uint32_t>(seed >> 32)};
    auto& w = block.word;
    for (int round = 0; round < 10; ++round) {
        // Only the low half of a lane is multiplied, so what is left in the high half does no harm.
        __m512i const a = _mm512_mul_epu32(w[0], everywhere(multiplier[0]));
        __m512i const b = _mm512_mul_epu32(w[2], everywhere(multiplier[1]));
        auto const mixed = [](__m512i x, __m512i y, __m512i z) {
            return _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(x, 32), y), z);
        };
        w[0] = mixed(b, w[1], everywhere(key[0]));
        w[2] = mixed(a, w[3], everywhere(key[1]));
        w[1] = b;
        w[3] = a;
        key[0] += key_step[0];
        key[1] += key_step[1];
    }
    return block;
}

/// The words of flight numbers, a name's hash and a last word per lane, as numbers.
inline void philox_numbers(std::uint64_t seed, Lanes const& flight, std::uint32_t name_hash,
                           Lanes const& last_word, Lanes (&out)[4])
{
    __m512i const number = _mm512_cvttpd_epi64(flight);
    auto const block =
        philox_in_lanes(seed, {{number, _mm512_srli_epi64(number, 32), _mm512_set1_epi64(name_hash),
                                _mm512_cvttpd_epi64(last_word)}});
    __m512i const low = _mm512_set1_epi64(0xFFFFFFFF);
    for (int k = 0; k < 4; ++k) {
        out[k] = _mm512_cvtepi64_pd(_mm512_and_si512(block.word[k], low));
    }
}
#endif

}  // namespace longwatch
