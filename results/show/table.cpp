#include "results/show/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace longwatch {

namespace {

constexpr std::size_t gap = 2;

std::string padded(std::string const& text, std::size_t width, bool to_the_left)
{
    std::string const space(width - std::min(width, text_width(text)), ' ');
    return to_the_left ? text + space : space + text;
}

// One table of the first column and the columns [from, to).
std::string part(Table const& table, std::vector<std::size_t> const& widths, std::size_t from,
                 std::size_t to)
{
    auto const line = [&](std::vector<std::string> const& cells) {
        auto text = padded(cells[0], widths[0], true);
        for (std::size_t i = from; i < to; ++i) {
            text += std::string(gap, ' ') + padded(cells[i], widths[i], false);
        }
        while (!text.empty() && text.back() == ' ') { text.pop_back(); }
        return "  " + text + "\n";
    };
    auto text = line(table.header);
    auto rule = widths[0];
    for (std::size_t i = from; i < to; ++i) { rule += gap + widths[i]; }
    text += "  " + std::string(rule, '-') + "\n";
    for (auto const& row : table.rows) { text += line(row); }
    return text;
}

// Digits after the point that show the first digit of the interval's half width.
int digits(Estimate const& e, int most)
{
    double const half = (e.high - e.low) / 2;
    if (!(half > 0)) { return 1; }
    return std::clamp(static_cast<int>(-std::floor(std::log10(half))), 0, most);
}

// Minutes and seconds; with tenths where the uncertainty is below half a second.
std::string clock(double time_s, bool tenths, bool signed_always)
{
    auto const units = std::llround(std::abs(time_s) * (tenths ? 10 : 1));
    auto const per_minute = tenths ? 600 : 60;
    char const* sign = units == 0 ? "" : time_s < 0 ? "-" : signed_always ? "+" : "";
    auto const minute = units / per_minute;
    auto const rest = units % per_minute;
    return tenths ? fmt::format("{}{}:{:02}.{}", sign, minute, rest / 10, rest % 10)
                  : fmt::format("{}{}:{:02}", sign, minute, rest);
}

// An open end is marked: below and beyond.
template <class Number>
std::string with_interval(Estimate const& e, Number const& number)
{
    auto const low = number(e.low);
    bool const has_sign = low[0] == '-' || low[0] == '+';
    return fmt::format("{} ({}{}{}{}{})", number(e.value), e.low_open ? "<" : "", low,
                       has_sign ? " to " : "\u2013", e.high_open ? ">" : "", number(e.high));
}

std::string in_percent(MaybeEstimate const& e, bool with_sign)
{
    if (!e) { return "-"; }
    Estimate const scaled{100 * e->value, 100 * e->low, 100 * e->high, e->low_open, e->high_open};
    int const places = digits(scaled, 4);
    return with_interval(scaled, [&](double x) {
        auto text =
            with_sign ? fmt::format("{:+.{}f}", x, places) : fmt::format("{:.{}f}", x, places);
        bool const zero = text.find_first_of("123456789") == std::string::npos;
        return zero ? fmt::format("{:.{}f}", 0.0, places) : text;
    });
}

std::string in_minutes(MaybeEstimate const& e, bool with_sign)
{
    if (!e) { return "-"; }
    bool const tenths = (e->high - e->low) / 2 < 0.75;
    return with_interval(*e, [&](double x) { return clock(x, tenths, with_sign); });
}

}  // namespace

std::size_t text_width(std::string const& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string lay_out(Table const& table, std::size_t width_max)
{
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < table.header.size(); ++i) {
        auto width = text_width(table.header[i]);
        for (auto const& row : table.rows) { width = std::max(width, text_width(row[i])); }
        widths.push_back(width);
    }
    std::string text;
    std::size_t from = 1;
    do {
        auto to = from;
        auto width = gap + widths[0];
        while (to < widths.size() && (to == from || width + gap + widths[to] <= width_max)) {
            width += gap + widths[to++];
        }
        text += (text.empty() ? "" : "\n") + part(table, widths, from, to);
        from = to;
    } while (from < widths.size());
    return text;
}

std::string grouped(std::int64_t count)
{
    auto text = fmt::format("{}", count);
    auto const first = text[0] == '-' ? 1 : 0;
    for (auto i = static_cast<int>(text.size()) - 3; i > first; i -= 3) {
        text.insert(static_cast<std::size_t>(i), ",");
    }
    return text;
}

std::string percent(MaybeEstimate const& e) { return in_percent(e, false); }
std::string percent_gain(MaybeEstimate const& e) { return in_percent(e, true); }
std::string minutes(MaybeEstimate const& e) { return in_minutes(e, false); }
std::string minutes_gain(MaybeEstimate const& e) { return in_minutes(e, true); }

std::string plain(MaybeEstimate const& e)
{
    if (!e) { return "-"; }
    int const places = digits(*e, 4);
    return with_interval(*e, [&](double x) { return fmt::format("{:.{}f}", x, places); });
}

}  // namespace longwatch
