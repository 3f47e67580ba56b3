// The CPU's number type: one flight per lane of the widest vector register of the build.
#pragma once

#include "kernels/lanes/gather.hpp"
#include "kernels/lanes/philox_lanes.hpp"
#include "models/math/real.hpp"

namespace longwatch {

template <>
struct Lane<Lanes> {
    static constexpr int width = static_cast<int>(Lanes::size);

    static Lanes lookup(double const* table, Lanes const& index)
    {
        return gather(table, whole_numbers(index));
    }
    static Lanes lookup_of_eight(double const* table, Lanes const& index)
    {
        return gather_of_eight(table, whole_numbers(index));
    }
    static void lookup_row(double const (*table)[4], Lanes const& row, Lanes (&out)[4])
    {
        gather_row_of_four(table, whole_numbers(row), out);
    }
    static Lanes multiply_add(Lanes const& a, Lanes const& b, Lanes const& c)
    {
#if defined(__AVX512F__)
        return _mm512_fmadd_pd(a, b, c);  // xsimd 8.1 rounds twice here
#else
        return xsimd::fma(a, b, c);
#endif
    }
    /// From the estimate y by e = 1 - x y: 1 / x = y (1 + e + e^2 + ...), cut where e^4 < 2^-55.
    static Lanes inverse(Lanes const& x)
    {
#if defined(__AVX512F__)
        Lanes const y = _mm512_rcp14_pd(x);
        Lanes const e = _mm512_fnmadd_pd(x, y, Lanes(1.0));
        return multiply_add(y, multiply_add(e, multiply_add(e, e, e), e), y);
#else
        return Lanes(1.0) / x;
#endif
    }
    /// Likewise by e = 1 - x y^2: 1 / sqrt(x) = y (1 + e/2 + 3 e^2/8 + 5 e^3/16 + ...).
    static Lanes inverse_sqrt(Lanes const& x)
    {
#if defined(__AVX512F__)
        Lanes const y = _mm512_rsqrt14_pd(x);
        Lanes const e = _mm512_fnmadd_pd(x * y, y, Lanes(1.0));
        Lanes const p = multiply_add(e, Lanes(0.3125), Lanes(0.375));
        return multiply_add(y * e, multiply_add(e, p, Lanes(0.5)), y);
#else
        return Lanes(1.0) / xsimd::sqrt(x);
#endif
    }
    static Lanes root(Lanes const& x) { return x * inverse_sqrt(xsimd::max(x, Lanes(1e-290))); }
    /// 2^n exp(r) with |r| <= log(2) / 2: Taylor's series of exp to r^12, 2e-17 of it.
    static Lanes exponential(Lanes const& x)
    {
#if defined(__AVX512F__)
        constexpr double log_2_high = 6.93147180369123816490e-01,
                         log_2_low = 1.90821492927058770002e-10;
        Lanes const n = _mm512_roundscale_pd(x * Lanes(1.4426950408889634), 0);
        Lanes const r =
            _mm512_fnmadd_pd(n, Lanes(log_2_low), Lanes(_mm512_fnmadd_pd(n, Lanes(log_2_high), x)));
        auto const pair = [&](double low, double high) {
            return multiply_add(Lanes(high), r, Lanes(low));
        };
        Lanes const r2 = r * r, r4 = r2 * r2;
        Lanes const low = multiply_add(r2, pair(1.0 / 2, 1.0 / 6), pair(1, 1));
        Lanes const middle =
            multiply_add(r2, pair(1.0 / 720, 1.0 / 5040), pair(1.0 / 24, 1.0 / 120));
        Lanes const high =
            multiply_add(r2, pair(1.0 / 3628800, 1.0 / 39916800), pair(1.0 / 40320, 1.0 / 362880));
        Lanes const top = multiply_add(r4, Lanes(1.0 / 479001600), high);
        return _mm512_scalef_pd(multiply_add(r4, multiply_add(r4, top, middle), low), n);
#else
        return xsimd::exp(x);
#endif
    }
    static BinaryCell<Lanes> binary_cell(Lanes const& x)
    {
#if defined(__AVX512DQ__)
        __m512i const number = _mm512_srai_epi64(_mm512_castpd_si512(x), 48);
        return {_mm512_cvtepi64_pd(number), _mm512_castsi512_pd(_mm512_slli_epi64(number, 48))};
#else
        return {generate([&](int lane) { return binary_cell_of(at(x, lane)).number; }),
                generate([&](int lane) { return binary_cell_of(at(x, lane)).start; })};
#endif
    }
    static Mask<Lanes> is_finite(Lanes const& x) { return (x - x) == Lanes(0.0); }

    static Lanes load(double const* p) { return Lanes::load_unaligned(p); }
    static void store(double* p, Lanes const& value) { value.store_unaligned(p); }
    static Lanes load_slot(double const* p, std::int64_t stride, Lanes const& slot)
    {
        return gather(p, slot_offset(stride, slot));
    }
    template <int count>
    static void load_run(double const* p, std::int64_t flight_stride, Lanes const& run,
                         Lanes (&out)[count])
    {
        double const* first[width];
        find_runs<count>(p, flight_stride, run, first);
        load_side_by_side(first, out);
    }
    template <int count>
    static void store_run(double* p, std::int64_t flight_stride, Lanes const& run,
                          Lanes const (&values)[count])
    {
        double* first[width];
        find_runs<count>(p, flight_stride, run, first);
        store_side_by_side(first, values);
    }
    static void store_slot(Mask<Lanes> const& mask, double* p, std::int64_t stride,
                           Lanes const& slot, Lanes const& value)
    {
        scatter(p, slot_offset(stride, slot), value, mask);
    }
#if defined(__AVX512DQ__)
    static constexpr bool has_philox = true;
    static void philox(std::uint64_t seed, Lanes const& flight, std::uint32_t name_hash,
                       Lanes const& last_word, Lanes (&out)[4])
    {
        philox_numbers(seed, flight, name_hash, last_word, out);
    }
#else
    static constexpr bool has_philox = false;
#endif
    /// f(lane) in every lane.
    template <class Function>
    static Lanes generate(Function const& f)
    {
        alignas(64) double values[width];
        for (int lane = 0; lane < width; ++lane) { values[lane] = f(lane); }
        return Lanes::load_aligned(values);
    }
    /// f(lane, four values) in every lane.
    template <class Function>
    static void generate_four(Function const& f, Lanes (&out)[4])
    {
        alignas(64) double values[4][width];
        for (int lane = 0; lane < width; ++lane) {
            double of_lane[4];
            f(lane, of_lane);
            for (int k = 0; k < 4; ++k) { values[k][lane] = of_lane[k]; }
        }
        for (int k = 0; k < 4; ++k) { out[k] = Lanes::load_aligned(values[k]); }
    }
    static double at(Lanes const& x, int lane) { return x.get(static_cast<std::size_t>(lane)); }
    static bool at(Mask<Lanes> const& m, int lane) { return m.get(static_cast<std::size_t>(lane)); }

private:
    template <int count, class Number>
    static void find_runs(Number* p, std::int64_t flight_stride, Lanes const& run,
                          Number* (&first)[width])
    {
        alignas(64) std::int64_t offset[width];
        whole_numbers(run * Lanes(static_cast<double>(run_size(count)))).store_aligned(offset);
        for (int lane = 0; lane < width; ++lane) {
            first[lane] = p + lane * flight_stride + offset[lane];
        }
    }
    static LaneIndex slot_offset(std::int64_t stride, Lanes const& slot)
    {
        static_assert(width <= 8);
        alignas(64) static constexpr std::int64_t lane_numbers[8] = {0, 1, 2, 3, 4, 5, 6, 7};
        return whole_numbers(slot * Lanes(static_cast<double>(stride))) +
               LaneIndex::load_aligned(lane_numbers);
    }
};

}  // namespace longwatch
