// Loads of a different place per lane.
#pragma once

#include <cstdint>
#include <xsimd/xsimd.hpp>

namespace longwatch {

using Lanes = xsimd::batch<double>;
using LaneIndex = xsimd::batch<std::int64_t>;

/// Whole numbers as integers. xsimd 8.1 goes by way of memory here, which stalls.
inline LaneIndex whole_numbers(Lanes const& x)
{
#if defined(__AVX512DQ__)
    return _mm512_cvttpd_epi64(x);
#else
    return xsimd::to_int(x);
#endif
}

/// p[index]. One load per lane: twice as fast as the gather instruction of AVX-512, whose microcode
/// guards against leaks between threads, and four times as fast as xsimd 8.1's own (measured).
inline Lanes gather(double const* p, LaneIndex const& index)
{
#if defined(__AVX512F__)
    alignas(64) std::int64_t k[8];
    index.store_aligned(k);
    return _mm512_set_pd(p[k[7]], p[k[6]], p[k[5]], p[k[4]], p[k[3]], p[k[2]], p[k[1]], p[k[0]]);
#else
    return Lanes::gather(p, index);
#endif
}

#if defined(__AVX512F__)

/// Number k of lane j becomes number j of lane k.
inline void transpose(__m512d (&m)[8])
{
    __m512d pairs[8], fours[8];
    for (int k = 0; k < 8; k += 2) {
        pairs[k] = _mm512_unpacklo_pd(m[k], m[k + 1]);
        pairs[k + 1] = _mm512_unpackhi_pd(m[k], m[k + 1]);
    }
    for (int k = 0; k < 8; k += 4) {
        for (int odd = 0; odd < 2; ++odd) {
            auto const &a = pairs[k + odd], &b = pairs[k + odd + 2];
            fours[k + odd] = _mm512_shuffle_f64x2(a, b, 0x88);
            fours[k + odd + 2] = _mm512_shuffle_f64x2(a, b, 0xdd);
        }
    }
    // fours[odd + 2 half]: numbers odd + 2 half and odd + 2 half + 4 of four lanes.
    for (int k = 0; k < 4; ++k) {
        m[k] = _mm512_shuffle_f64x2(fours[k], fours[k + 4], 0x88);
        m[k + 4] = _mm512_shuffle_f64x2(fours[k], fours[k + 4], 0xdd);
    }
}

#endif

/// out[k] = first[lane][k] of every lane, for k below `count`; first[lane] has run_size(count) numbers.
template <int count>
void load_side_by_side(double const* const (&first)[Lanes::size], Lanes (&out)[count])
{
#if defined(__AVX512F__)
    for (int from = 0; from < count; from += 8) {
        __m512d m[8];
        for (int lane = 0; lane < 8; ++lane) { m[lane] = _mm512_loadu_pd(first[lane] + from); }
        transpose(m);
        for (int k = 0; k < 8 && from + k < count; ++k) { out[from + k] = m[k]; }
    }
#else
    for (int k = 0; k < count; ++k) {
        alignas(64) double values[Lanes::size];
        for (std::size_t lane = 0; lane < Lanes::size; ++lane) { values[lane] = first[lane][k]; }
        out[k] = Lanes::load_aligned(values);
    }
#endif
}

/// The reverse; first[lane][k] for k from `count` on is left in any state.
template <int count>
void store_side_by_side(double* const (&first)[Lanes::size], Lanes const (&values)[count])
{
#if defined(__AVX512F__)
    for (int from = 0; from < count; from += 8) {
        __m512d m[8];
        for (int k = 0; k < 8; ++k) {
            m[k] = from + k < count ? __m512d(values[from + k]) : _mm512_setzero_pd();
        }
        transpose(m);
        for (int lane = 0; lane < 8; ++lane) { _mm512_storeu_pd(first[lane] + from, m[lane]); }
    }
#else
    for (int k = 0; k < count; ++k) {
        for (std::size_t lane = 0; lane < Lanes::size; ++lane) {
            first[lane][k] = values[k].get(lane);
        }
    }
#endif
}

/// The numbers of row `row` of a table: two loads of half a register for each pair of lanes, and a
/// transposition.
inline void gather_row_of_four(double const (*table)[4], LaneIndex const& row, Lanes (&out)[4])
{
#if defined(__AVX512F__)
    alignas(64) std::int64_t k[8];
    row.store_aligned(k);
    auto const pair = [&](int low, int high) {
        return _mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_loadu_pd(table[k[low]])),
                                  _mm256_loadu_pd(table[k[high]]), 1);
    };
    __m512d const a = pair(0, 4), b = pair(1, 5), c = pair(2, 6), d = pair(3, 7);
    __m512d const ab_even = _mm512_unpacklo_pd(a, b), ab_odd = _mm512_unpackhi_pd(a, b);
    __m512d const cd_even = _mm512_unpacklo_pd(c, d), cd_odd = _mm512_unpackhi_pd(c, d);
    __m512i const first = _mm512_set_epi64(13, 12, 5, 4, 9, 8, 1, 0);
    __m512i const second = _mm512_set_epi64(15, 14, 7, 6, 11, 10, 3, 2);
    out[0] = _mm512_permutex2var_pd(ab_even, first, cd_even);
    out[1] = _mm512_permutex2var_pd(ab_odd, first, cd_odd);
    out[2] = _mm512_permutex2var_pd(ab_even, second, cd_even);
    out[3] = _mm512_permutex2var_pd(ab_odd, second, cd_odd);
#else
    LaneIndex const at = row * LaneIndex(4);
    for (int k = 0; k < 4; ++k) { out[k] = gather(table[0] + k, at); }
#endif
}

/// p[index] = value in the lanes of the mask.
inline void scatter(double* p, LaneIndex const& index, Lanes const& value,
                    xsimd::batch_bool<double> const& mask)
{
#if defined(__AVX512F__)
    _mm512_mask_i64scatter_pd(p, mask, index, value, sizeof(double));
#else
    alignas(64) std::int64_t places[Lanes::size];
    alignas(64) double values[Lanes::size];
    index.store_aligned(places);
    value.store_aligned(values);
    for (std::size_t lane = 0; lane < Lanes::size; ++lane) {
        if (mask.get(lane)) { p[places[lane]] = values[lane]; }
    }
#endif
}

/// table[index] of a table of eight numbers, 0 <= index < 8.
inline Lanes gather_of_eight(double const* table, LaneIndex const& index)
{
#if defined(__AVX512F__)
    return _mm512_permutexvar_pd(index, _mm512_loadu_pd(table));
#else
    return gather(table, index);
#endif
}

}  // namespace longwatch
