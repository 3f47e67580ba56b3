// ARC-2000 on a CUDA device: a thread flies a flight of the table, with the code of the CPU's lanes.
#include <algorithm>
#include <type_traits>

#include "kernels/arc_2000/arc_2000.hpp"
#include "kernels/arc_2000/radars.hpp"
#include "kernels/arc_2000/stride.hpp"
#include "kernels/backend/cuda_memory.hpp"

namespace longwatch::arc_2000 {

namespace {

constexpr unsigned threads_per_block = 64;
constexpr int columns = 7, end_columns = 8;

struct OnDevice {
    double const* column;  ///< [column * count + flight]
    double* end;           ///< likewise, in the order of Ends
    unsigned long long* failed;
    std::int64_t count;
};

/// As fly_as for Accuracy::metre.
template <Variant variant>
constexpr int nodes = variant == Variant::with_radars ? 9 : 7;
constexpr Setting setting = setting_of[static_cast<int>(Accuracy::metre)];

template <Variant variant, class Work>
__global__ void arc_kernel(OnDevice d, Setting how, GaussRule<nodes<variant>> rule)
{
    std::int64_t const i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
    if (i >= d.count) { return; }
    constexpr bool over_radars = variant == Variant::with_radars;
    constexpr bool grounded = variant != Variant::to_instant;
    constexpr double until_s = grounded ? longest_s : end_s;
    auto const given = [&](int column) { return d.column[column * d.count + i]; };
    auto const put = [&](int column, double x) { d.end[column * d.count + i] = x; };

    std::conditional_t<over_radars, OverRadars<double>, NoKnots> knots;
    Knot<double> const launch{
        0, {given(0), given(1), given(2)}, {given(3), given(4), given(5)}, {0, 0, 0}};
    auto const start = strided<Work>(rule, how, launch, given(6), knots);
    Descent<pair_5, double, Work, decltype(knots)> descent(start, given(6), how.descent, knots);
    LaneSteps steps;
    bool ends = descent.template fly<grounded>(true, until_s, steps);
    if constexpr (grounded) { ends = ends && descent.lands(); }
    auto const& end = descent.now();
    put(0, end.t_s);
    put(1, end.r_m.x);
    put(2, end.r_m.y);
    put(3, end.r_m.z);
    if constexpr (over_radars) {
        knots.end();
        for (int k = 0; k < radar_count; ++k) {
            put(4 + k, knots.rise_s[k]);
            put(4 + radar_count + k, knots.set_s[k]);
        }
    }
    if (!ends) { atomicAdd(d.failed, 1); }
}

template <Variant variant, class Work>
std::vector<double> times_ms(OnDevice const& d, int rounds)
{
    GaussRule<nodes<variant>> const rule;
    Stream const stream;
    std::vector<double> out;
    auto const blocks =
        static_cast<unsigned>((d.count + threads_per_block - 1) / threads_per_block);
    for (int k = 0; k < rounds; ++k) {
        StreamEvent const begin(stream);
        arc_kernel<variant, Work><<<blocks, threads_per_block, 0, stream.id()>>>(d, setting, rule);
        check(cudaGetLastError(), "starting a kernel");
        StreamEvent const end(stream);
        stream.wait();
        out.push_back(end.ms_since(begin));
    }
    return out;
}

template <class Work>
std::vector<double> times_ms(OnDevice const& d, Variant variant, int rounds)
{
    switch (variant) {
    case Variant::to_instant: return times_ms<Variant::to_instant, Work>(d, rounds);
    case Variant::to_ground: return times_ms<Variant::to_ground, Work>(d, rounds);
    case Variant::with_radars: break;
    }
    return times_ms<Variant::with_radars, Work>(d, rounds);
}

}  // namespace

DeviceFlown fly_on_cuda(FlightTable const& table, Request const& request, DeviceRounds const& how,
                        Ends& ends)
{
    if (request.accuracy != Accuracy::metre) {
        throw DeviceError("a CUDA device flies ARC-2000 at the setting \"metre\" alone");
    }
    check(cudaSetDevice(how.device), "choosing the CUDA device");
    auto const count = static_cast<std::size_t>(table.count());
    std::vector<double> flat;
    for (auto const& column : table.column) {
        flat.insert(flat.end(), column.begin(), column.end());
    }
    DeviceArray<double> const given(columns * count), end(end_columns * count);
    DeviceArray<unsigned long long> const failed(1);
    given.write(flat.data());
    OnDevice const d{given.data(), end.data(), failed.data(), table.count()};
    bool const mixed = request.numbers == Numbers::mixed;
    DeviceFlown out;
    out.times_ms = mixed ? times_ms<float>(d, request.variant, how.rounds)
                         : times_ms<double>(d, request.variant, how.rounds);
    std::vector<double>* const into[end_columns] = {
        &ends.t_s,       &ends.x_m,       &ends.y_m,      &ends.z_m,
        &ends.rise_s[0], &ends.rise_s[1], &ends.set_s[0], &ends.set_s[1]};
    for (std::size_t k = 0; k < end_columns; ++k) { end.read(into[k]->data(), k * count, count); }
    unsigned long long failures = 0;
    failed.read(&failures, 0, 1);
    out.failed = static_cast<std::int64_t>(failures) / std::max(how.rounds, 1);
    return out;
}

}  // namespace longwatch::arc_2000
