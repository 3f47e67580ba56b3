// Which number of two result files differs first.
#pragma once

#include <string>

#include "results/store/result_file.hpp"

namespace longwatch {

/// "warned_count (arm direct, consumer tokyo): 14987 and 14986", in the order of docs/io_format.md; of the randomisations
/// only that they differ. "" where every cell is the same. Both have the same layout and names.
std::string first_different_cell(ResultFile const& a, ResultFile const& b);

}  // namespace longwatch
