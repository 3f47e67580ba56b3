// Adds to a tally as a stage does.
#pragma once

#include <cstdint>

#include "kernels/tally/tally.hpp"

namespace longwatch::test {

struct TallySink {
    Tally& tally;
    void add(int cell, std::uint64_t amount)
    {
        tally.cells[static_cast<std::size_t>(cell)] += amount;
    }
};

}  // namespace longwatch::test
