// A billion values through a tally: nothing is lost on the way to the mean and the variance.
#include <catch2/catch.hpp>

#include <cstdint>

#include "kernels/tally/tally.hpp"
#include "kernels/tally/tally_cells.hpp"
#include "results/statistics/moment.hpp"
#include "tests/support/tally_sink.hpp"

using namespace longwatch;

namespace {

}  // namespace

TEST_CASE("the mean of a billion values is exact to a part in 10^12, in a thousand parts merged",
          "[statistics][slow]")
{
    // n k mod p for n = 0 .. p - 1 is each of 0 .. p - 1 once, p being prime and k no multiple of it: their mean is
    // (p - 1) / 2, the mean of their squares (p - 1) (2 p - 1) / 6. Added to an hour, in microseconds.
    constexpr std::int64_t p = 1'000'000'007, k = 618'033'989, hour_us = 3'600'000'000;
    Tally all(TallyLayout{1, 1, 1, 0});
    auto const at = all.layout.warning_time(0, 0);
    std::int64_t x = 0, n = 0;
    for (int part = 0; part < 1001 && n < p; ++part) {
        Tally of_part(all.layout);
        test::TallySink sink{of_part};
        for (int i = 0; i < 1'000'000 && n < p; ++i, ++n) {
            add_value(sink, at, hour_us + x);
            x += k;
            if (x >= p) { x -= p; }
        }
        all.merge(of_part);
    }
    REQUIRE(x == 0);
    auto const moment = read_moment(all, at);
    CHECK(moment.count == p);
    CHECK((moment.sum == Int128{p} * hour_us + Int128{p} * (p - 1) / 2));
    auto const found = spread(moment);
    auto const mean = static_cast<double>(hour_us) + static_cast<double>(p - 1) / 2;
    CHECK(found.mean == Approx(mean).epsilon(1e-12).margin(0));
    // (p^2 - 1) / 12, unbiased: times p / (p - 1), so p (p + 1) / 12.
    auto const variance = static_cast<double>(Int128{p} * (p + 1)) / 12;
    CHECK(found.variance == Approx(variance).epsilon(1e-12).margin(0));
}
