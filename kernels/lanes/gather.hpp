// Loads of a different place per lane. xsimd 8.1 does them one by one; where the instruction set has
// a gather, these use it.
#pragma once

#include <xsimd/xsimd.hpp>

namespace longwatch {

using Lanes = xsimd::batch<double>;
using LaneIndex = xsimd::batch<std::int64_t>;

inline Lanes gather(double const* p, LaneIndex const& index)
{
#if defined(__AVX512F__)
    return _mm512_i64gather_pd(index, p, sizeof(double));
#elif defined(__AVX2__)
    return _mm256_i64gather_pd(p, index, sizeof(double));
#else
    return Lanes::gather(p, index);
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
