// Spans of flights in words.
#pragma once

#include <string>

#include "results/store/flight_spans.hpp"

namespace longwatch {

/// "no flights", "flight 7", "flights 0 to 99", "flights 0 to 99 and 200 to 299"; at most a dozen spans are named, the others
/// counted.
std::string spans_text(FlightSpans const& spans);

}  // namespace longwatch
