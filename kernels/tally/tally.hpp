// A tally on the host: the cells, and how two of them merge.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kernels/tally/settle.hpp"
#include "kernels/tally/tally_layout.hpp"

namespace longwatch {

struct Tally {
    TallyLayout layout;
    std::vector<std::uint64_t> cells;

    explicit Tally(TallyLayout const& l)
        : layout(l), cells(static_cast<std::size_t>(l.cell_count()), 0)
    {
    }

    /// The count of one cell, which no run brings beyond 63 bits.
    std::int64_t count(int cell) const
    {
        return static_cast<std::int64_t>(cells[static_cast<std::size_t>(cell)]);
    }

    /// Adds the flights of another tally of the same layout, and settles carries; see settle.hpp. Neither may come from
    /// more than settled_above flights added without merging.
    void merge(Tally const& other)
    {
        for (std::size_t i = 0; i < cells.size(); ++i) { cells[i] += other.cells[i]; }
        for (int r = 0; r < layout.randomisation_count; ++r) {
            auto* const first = cells.data() + layout.randomisation_first(r);
            for_each_moment(layout, [&](MomentCells const& at) { settle(first, at); });
        }
    }

    /// The tally of one randomisation.
    Tally part(int r) const
    {
        Tally out(layout_of_one());
        auto const first = cells.begin() + layout.randomisation_first(r);
        std::copy(first, first + layout.cells_of_one(), out.cells.begin());
        return out;
    }

    /// The tally of all randomisations together.
    Tally pooled() const
    {
        Tally out(layout_of_one());
        for (int r = 0; r < layout.randomisation_count; ++r) { out.merge(part(r)); }
        return out;
    }

private:
    TallyLayout layout_of_one() const
    {
        TallyLayout one = layout;
        one.randomisation_count = 1;
        return one;
    }
};

}  // namespace longwatch
