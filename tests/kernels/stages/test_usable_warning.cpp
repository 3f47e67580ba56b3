#include <catch2/catch.hpp>

#include "kernels/stages/tally_stage.hpp"

using namespace longwatch;

TEST_CASE("usable warning is the warning in time, and nothing if it is late or never comes",
          "[tally]")
{
    CHECK(Warning::of(500, 380).usable() == 120'000'000);
    CHECK(Warning::of(500, 500).usable() == 0);
    CHECK(Warning::of(500, 501).usable() == 0);
    CHECK(Warning::of(500, never_s).usable() == 0);
}
