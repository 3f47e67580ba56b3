#include "results/comparison/first_cell.hpp"

#include <vector>

#include <fmt/format.h>

#include "results/statistics/tally_checks.hpp"
#include "results/store/schema.hpp"

namespace longwatch {

namespace {

/// "arm direct, consumer tokyo".
std::string place_text(ResultFile const& result, std::vector<Axis> const& axes,
                       std::vector<int> const& at)
{
    std::string text;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        auto const n = static_cast<std::size_t>(at[i]);
        auto const label = is_label_axis(axes[i])
                               ? axis_labels(result, axes[i])[n]
                               : fmt::format("{:g}", axis_values(result.tally.layout, axes[i])[n]);
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", axis_name(axes[i]), label);
    }
    return text;
}

/// The next place of a row-major walk; false after the last.
bool advance(std::vector<int>& at, std::vector<int> const& sizes)
{
    for (std::size_t i = at.size(); i-- > 0;) {
        if (++at[i] < sizes[i]) { return true; }
        at[i] = 0;
    }
    return false;
}

}  // namespace

std::string first_different_cell(ResultFile const& a, ResultFile const& b)
{
    auto const& layout = a.tally.layout;
    for (auto const& dataset : cell_datasets()) {
        std::vector<int> sizes;
        bool is_empty = false;
        for (Axis const axis : dataset.axes) {
            sizes.push_back(axis_size(layout, axis));
            is_empty = is_empty || sizes.back() == 0;
        }
        if (is_empty) { continue; }
        std::vector<int> at(sizes.size(), 0);
        do {
            auto const cell = static_cast<std::size_t>(dataset.cell(layout, at.data()));
            auto const x = static_cast<std::int64_t>(a.tally.cells[cell]);
            auto const y = static_cast<std::int64_t>(b.tally.cells[cell]);
            if (x != y) {
                return fmt::format("{} ({}): {} and {}", dataset.name,
                                   place_text(a, dataset.axes, at), x, y);
            }
        } while (advance(at, sizes));
    }
    for (std::size_t r = 0; r < a.randomisations.size() && r < b.randomisations.size(); ++r) {
        if (a.randomisations[r].cells != b.randomisations[r].cells) {
            return fmt::format("randomisations: number {} differs", r);
        }
    }
    return "";
}

}  // namespace longwatch
