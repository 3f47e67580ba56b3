// ARC-2000 on a CUDA device against the same code in plain numbers.
#include <catch2/catch.hpp>

#include <cmath>

#include "kernels/arc_2000/arc_2000.hpp"
#include "kernels/backend/backend.hpp"

using namespace longwatch;
using namespace longwatch::arc_2000;

namespace {

constexpr std::int64_t some = 101;  // no multiple of a block

double farthest_apart_m(Ends const& a, Ends const& b)
{
    double out = 0;
    for (std::size_t i = 0; i < a.x_m.size(); ++i) {
        double const off =
            std::hypot(a.x_m[i] - b.x_m[i], a.y_m[i] - b.y_m[i], a.z_m[i] - b.z_m[i]);
        out = off <= out ? out : off;  // NaN counts
    }
    return out;
}

}  // namespace

TEST_CASE("arcs on the CUDA device end where plain numbers end", "[parity][gpu][arc_2000]")
{
    auto const table = flights(some);
    for (auto const numbers : {Numbers::all_double, Numbers::mixed}) {
        // As between lanes and plain numbers: products are rounded otherwise, in float to centimetres.
        double const bound_m = numbers == Numbers::mixed ? 0.03 : 2e-6;
        for (auto const variant : {Variant::to_instant, Variant::to_ground, Variant::with_radars}) {
            CAPTURE(static_cast<int>(numbers), static_cast<int>(variant));
            Request const request{variant, Accuracy::metre, numbers};
            Ends device(some), plain(some);
            auto const flown = fly_on_cuda(table, request, {0, 2}, device);
            fly_plain(table, 0, some, request, plain);
            CHECK(flown.failed == 0);
            CHECK(flown.times_ms.size() == 2);
            CHECK(farthest_apart_m(device, plain) < bound_m);
            if (variant != Variant::with_radars) { continue; }
            for (std::size_t k = 0; k < 2; ++k) {
                for (std::size_t i = 0; i < static_cast<std::size_t>(some); ++i) {
                    // A centimetre on the way across a horizon, which takes milliseconds a metre.
                    CHECK(std::fabs(device.rise_s[k][i] - plain.rise_s[k][i]) < 1e-4);
                    CHECK(std::fabs(device.set_s[k][i] - plain.set_s[k][i]) < 1e-4);
                }
            }
        }
    }
}

TEST_CASE("only the setting that is built for a CUDA device is flown there",
          "[parity][gpu][arc_2000]")
{
    Ends ends(some);
    Request const request{Variant::to_instant, Accuracy::millimetre};
    CHECK_THROWS_AS(fly_on_cuda(flights(some), request, {}, ends), DeviceError);
}
