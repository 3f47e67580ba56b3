// Estimates as JSON: the form that every verb prints them in. docs/io_format.md tells it.
#pragma once

#include <nlohmann/json.hpp>

#include "results/statistics/estimates.hpp"

namespace longwatch {

using Json = nlohmann::ordered_json;

/// value, low, high, and what is open or beyond, where it is so.
Json to_json(Estimate const& e);
/// null where there is none.
Json to_json(MaybeEstimate const& e);

/// "180", "300", ...: whole seconds of gain_threshold_s, as a key.
std::string threshold_key(int k);

}  // namespace longwatch
