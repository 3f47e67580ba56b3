// Which flights of a run there are: spans of flight numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace longwatch {

/// Flights first .. first + count - 1.
struct FlightSpan {
    std::int64_t first = 0, count = 0;

    std::int64_t end() const { return first + count; }
    bool operator==(FlightSpan const&) const = default;
};

/// In order, none empty, with a gap between any two.
using FlightSpans = std::vector<FlightSpan>;

/// The spans in order, those that touch or overlap made one, empty ones left out.
FlightSpans joined(std::vector<FlightSpan> spans);

/// The flights of `all` that are in none of the spans.
FlightSpans missing_from(FlightSpan const& all, FlightSpans const& spans);

/// The first flights that are in both.
std::optional<FlightSpan> first_overlap(FlightSpans const& a, FlightSpans const& b);

std::int64_t count_of(FlightSpans const& spans);

}  // namespace longwatch
