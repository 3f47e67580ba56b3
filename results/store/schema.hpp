// The layout of a result file, as data: what docs/io_format.md lists and the store writes and reads.
#pragma once

#include <string>
#include <vector>

#include "kernels/tally/tally_layout.hpp"
#include "results/statistics/estimates.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

inline constexpr char const* result_file_type = "longwatch result";

/// A reader takes every minor version of its own major version.
inline constexpr int schema_major = 4;
inline constexpr int schema_minor = 2;
std::string schema_version();

/// Most names of one kind, and most cells, that a file may hold: what is beyond is refused unread.
inline constexpr int labels_max = 1024;
inline constexpr std::int64_t cells_max = std::int64_t{1} << 26;
inline constexpr std::int64_t file_size_max = std::int64_t{1} << 31;

/// Why a tally of so many things is more than a file may hold; "" where it is not.
std::string too_large(TallyLayout const& layout);

/// The named dimensions. Those up to `delay` are labelled by names.
enum class Axis {
    threat,
    fate,
    arm,
    consumer,
    battery,
    sensor,
    launch_estimate,
    pair,
    delay,
    gain_threshold_s,
    warning_time_bin_s,
    delay_bin_s,
    sum_limb,
    sum_squares_limb,
    leakers,
    warning_threshold_s,
    estimate,
};
char const* axis_name(Axis axis);
char const* axis_unit(Axis axis);
char const* axis_description(Axis axis);
int axis_size(TallyLayout const& layout, Axis axis);
bool is_label_axis(Axis axis);
std::vector<std::string> axis_labels(ResultFile const& result, Axis axis);
std::vector<double> axis_values(TallyLayout const& layout, Axis axis);

/// A dataset of tally cells at the root of the file, and the cell of each of its elements.
struct CellDataset {
    char const* name;
    std::vector<Axis> axes;
    char const* unit;
    char const* description;
    int (*cell)(TallyLayout const&, int const* at);
};
std::vector<CellDataset> const& cell_datasets();

/// A dataset of estimates in /estimates; its last axis, not listed, is Axis::estimate.
struct EstimateDataset {
    char const* name;
    std::vector<Axis> axes;
    char const* unit;
    char const* description;
    MaybeEstimate (*at)(Estimates const&, int const* at);
};
std::vector<EstimateDataset> const& estimate_datasets();

}  // namespace longwatch
