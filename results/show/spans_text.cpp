#include "results/show/spans_text.hpp"

#include <fmt/format.h>

#include "results/show/table.hpp"

namespace longwatch {

std::string spans_text(FlightSpans const& spans)
{
    constexpr std::size_t most = 12;
    if (spans.empty()) { return "no flights"; }
    std::string text = spans.size() == 1 && spans[0].count == 1 ? "flight " : "flights ";
    for (std::size_t i = 0; i < spans.size() && i < most; ++i) {
        bool const is_last = i + 1 == spans.size();
        if (i > 0) { text += is_last ? " and " : ", "; }
        text += grouped(spans[i].first);
        if (spans[i].count > 1) { text += " to " + grouped(spans[i].end() - 1); }
    }
    if (spans.size() > most) { text += fmt::format(" and {} more stretches", spans.size() - most); }
    return text;
}

}  // namespace longwatch
