// How numbers that count meet tables, columns and draws: as Lane of the CPU's number type, number by number.
#pragma once

#include <cstdint>

#include "kernels/draw/philox.hpp"
#include "models/math/real.hpp"
#include "tests/bench/counted.hpp"

namespace longwatch {

template <int n>
struct Lane<Counted<n>> {
    using Real = Counted<n>;
    static constexpr int width = n;

    static Real lookup(double const* table, Real const& index)
    {
        return Real::of(
            Operation::look_up, [&](double k) { return table[int(k)]; }, index);
    }
    static Real lookup_of_eight(double const* table, Real const& index)
    {
        return lookup(table, index);
    }
    static void lookup_row(double const (*table)[4], Real const& row, Real (&out)[4])
    {
        for (int k = 0; k < 4; ++k) {
            out[k] = Real::of(
                Operation::look_up, [&](double r) { return table[int(r)][k]; }, row);
        }
    }
    static Real multiply_add(Real const& a, Real const& b, Real const& c)
    {
        return Real::of(
            Operation::multiply_add, [](double x, double y, double z) { return std::fma(x, y, z); },
            a, b, c);
    }
    static Real inverse(Real const& x)
    {
        return Real::of(
            Operation::quotient, [](double v) { return 1 / v; }, x);
    }
    static Real root(Real const& x) { return sqrt(x); }
    /// A root and a quotient.
    static Real inverse_sqrt(Real const& x) { return inverse(sqrt(x)); }
    static Real exponential(Real const& x) { return exp(x); }
    static BinaryCell<Real> binary_cell(Real const& x)
    {
        Real number, start;
        Tallied::add(Operation::rounding);
        for (int k = 0; k < n; ++k) {
            auto const cell = binary_cell_of(x.at(k));
            number.at(k) = cell.number;
            start.at(k) = cell.start;
        }
        return {number, start};
    }
    static CountedMask<n> is_finite(Real const& x) { return (x - x) == Real(0); }

    static Real load(double const* p)
    {
        Tallied::add(Operation::load);
        Real out;
        for (int k = 0; k < n; ++k) { out.at(k) = p[k]; }
        return out;
    }
    static void store(double* p, Real const& value)
    {
        Tallied::add(Operation::store);
        for (int k = 0; k < n; ++k) { p[k] = value.at(k); }
    }
    static Real load_slot(double const* p, std::int64_t stride, Real const& slot)
    {
        Tallied::add(Operation::look_up);
        Real out;
        for (int k = 0; k < n; ++k) { out.at(k) = p[std::int64_t(slot.at(k)) * stride + k]; }
        return out;
    }
    static void store_slot(CountedMask<n> const& mask, double* p, std::int64_t stride,
                           Real const& slot, Real const& value)
    {
        Tallied::add(Operation::store);
        for (int k = 0; k < n; ++k) {
            if (mask.of[k]) { p[std::int64_t(slot.at(k)) * stride + k] = value.at(k); }
        }
    }
    template <int count>
    static void load_run(double const* p, std::int64_t flight_stride, Real const& run,
                         Real (&out)[count])
    {
        Tallied::add(Operation::look_up, count);
        for (int k = 0; k < n; ++k) {
            auto const* first = p + k * flight_stride + std::int64_t(run.at(k)) * run_size(count);
            for (int j = 0; j < count; ++j) { out[j].at(k) = first[j]; }
        }
    }
    template <int count>
    static void store_run(double* p, std::int64_t flight_stride, Real const& run,
                          Real const (&values)[count])
    {
        Tallied::add(Operation::store, count);
        for (int k = 0; k < n; ++k) {
            auto* const first = p + k * flight_stride + std::int64_t(run.at(k)) * run_size(count);
            for (int j = 0; j < count; ++j) { first[j] = values[j].at(k); }
        }
    }

    static constexpr bool has_philox = true;
    static void philox(std::uint64_t seed, Real const& flight, std::uint32_t name_hash,
                       Real const& last_word, Real (&out)[4])
    {
        Tallied::add(Operation::draw);
        for (int k = 0; k < n; ++k) {
            auto const number = static_cast<std::uint64_t>(flight.at(k));
            auto const words = r123::Philox4x32()(
                {{static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32),
                  name_hash, static_cast<std::uint32_t>(last_word.at(k))}},
                {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}});
            for (std::size_t j = 0; j < 4; ++j) { out[j].at(k) = words[j]; }
        }
    }
    template <class Function>
    static Real generate(Function const& f)
    {
        Real out;
        for (int k = 0; k < n; ++k) { out.at(k) = f(k); }
        return out;
    }
    static double at(Real const& x, int lane) { return x.at(lane); }
    static bool at(CountedMask<n> const& m, int lane) { return m.of[std::size_t(lane)]; }
};

}  // namespace longwatch
