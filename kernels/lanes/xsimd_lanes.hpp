// The CPU's number type: one flight per lane of the widest vector register of the build.
#pragma once

#include "kernels/lanes/gather.hpp"
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
