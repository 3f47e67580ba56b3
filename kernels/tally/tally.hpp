// A tally on the host: the cells, and how two of them merge.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/tally/tally_layout.hpp"

namespace longwatch {

struct Tally {
    TallyLayout layout;
    std::vector<std::uint64_t> cells;

    explicit Tally(TallyLayout const& l)
        : layout(l), cells(static_cast<std::size_t>(l.cell_count()), 0)
    {
    }

    /// Adds the flights of another tally of the same layout.
    void merge(Tally const& other)
    {
        for (std::size_t i = 0; i < cells.size(); ++i) { cells[i] += other.cells[i]; }
    }
};

}  // namespace longwatch
