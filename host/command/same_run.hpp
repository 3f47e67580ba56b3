// Whether two parts are of one run, so that they add up to what it would have counted.
#pragma once

#include <optional>

#include "host/study/study_differences.hpp"
#include "results/store/flown_part.hpp"

namespace longwatch {

/// The first thing that differs of study (key by key), seed, program and backend; absent where the two add up. When and on how
/// many threads they were flown may differ, and the study's text where it resolves to the same.
std::optional<KeyDifference> first_difference(FlownPart const& a, FlownPart const& b);

}  // namespace longwatch
