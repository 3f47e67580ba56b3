#include "results/store/flight_spans.hpp"

#include <algorithm>

namespace longwatch {

FlightSpans joined(std::vector<FlightSpan> spans)
{
    std::erase_if(spans, [](FlightSpan const& one) { return one.count <= 0; });
    std::ranges::sort(spans, {}, &FlightSpan::first);
    FlightSpans out;
    for (auto const& one : spans) {
        if (out.empty() || one.first > out.back().end()) {
            out.push_back(one);
        } else {
            auto& last = out.back();
            last.count = std::max(last.end(), one.end()) - last.first;
        }
    }
    return out;
}

FlightSpans missing_from(FlightSpan const& all, FlightSpans const& spans)
{
    FlightSpans out;
    std::int64_t at = all.first;
    for (auto const& one : spans) {
        auto const until = std::min(one.first, all.end());
        if (until > at) { out.push_back({at, until - at}); }
        at = std::max(at, one.end());
    }
    if (all.end() > at) { out.push_back({at, all.end() - at}); }
    return out;
}

std::optional<FlightSpan> first_overlap(FlightSpans const& a, FlightSpans const& b)
{
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        auto const first = std::max(i->first, j->first);
        auto const end = std::min(i->end(), j->end());
        if (first < end) { return FlightSpan{first, end - first}; }
        i->end() < j->end() ? ++i : ++j;
    }
    return std::nullopt;
}

std::int64_t count_of(FlightSpans const& spans)
{
    std::int64_t count = 0;
    for (auto const& one : spans) { count += one.count; }
    return count;
}

}  // namespace longwatch
