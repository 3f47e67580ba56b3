// Cross-section against aspect: linear between rows, constant beyond.
#include <catch2/catch.hpp>

#include "models/vehicle/vehicle.hpp"

using namespace longwatch;

TEST_CASE("an aspect between two rows has a factor between theirs", "[sensing]")
{
    AspectTable table;
    table.count = 3;
    double const angle_deg[] = {10, 90, 170}, factor[] = {0.1, 10, 1};
    for (int k = 0; k < 3; ++k) {
        table.angle_rad[k] = angle_deg[k] * rad_per_deg;
        table.factor[k] = factor[k];
    }
    auto const at = [&](double degrees) { return aspect_factor(table, degrees * rad_per_deg); };
    CHECK(at(0) == Approx(0.1));
    CHECK(at(10) == Approx(0.1));
    CHECK(at(50) == Approx(5.05));
    CHECK(at(90) == Approx(10));
    CHECK(at(130) == Approx(5.5));
    CHECK(at(180) == Approx(1));
}
