#include "results/show/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/show/terminal_text.hpp"

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

template <class Number>
std::string with_interval(Estimate const& e, bool with_sign, Number const& number)
{
    auto value = fmt::format("{}{}",
                             e.value_below   ? "<"
                             : e.value_above ? ">"
                                             : "",
                             number(e.value));
    bool const is_point = e.low == e.high;
    if (is_point && (e.value_below || e.value_above)) { return value; }  // all of it lies beyond
    if (is_point && !e.is_bounded()) { return fmt::format("{} ({})", value, no_bounds); }
    auto const low = (e.low_open ? "<" : "") + number(e.low);
    auto const high = (e.high_open ? ">" : "") + number(e.high);
    bool const in_words = with_sign || low.find('-') != std::string::npos;
    return fmt::format("{} ({}{}{})", value, low, in_words ? " to " : "\u2013", high);
}

std::string number_text(double x, int places, bool with_sign)
{
    auto text = with_sign ? fmt::format("{:+.{}f}", x, places) : fmt::format("{:.{}f}", x, places);
    bool const zero = text.find_first_of("123456789") == std::string::npos;
    return zero ? fmt::format("{:.{}f}", 0.0, places) : text;
}

// Neither 0 nor 100 percent, but shown as such.
bool misleads(double percent, int places)
{
    auto const text = number_text(percent, places, false);
    return (percent > 0 && text == number_text(0, places, false)) ||
           (percent < 100 && text == number_text(100, places, false));
}

constexpr int percent_places_max = 4;

Estimate in_hundredths(Estimate e)
{
    e.value *= 100;
    e.low *= 100;
    e.high *= 100;
    return e;
}

std::string proportion_text(double percent, int places)
{
    if (!misleads(percent, places)) { return number_text(percent, places, false); }
    double const unit = std::pow(10.0, -places);
    return percent < 50 ? "<" + number_text(unit, places, false)
                        : ">" + number_text(100 - unit, places, false);
}

std::string in_minutes(MaybeEstimate const& e, bool with_sign)
{
    if (!e) { return "-"; }
    bool const is_beyond = e->value_below || e->value_above;
    double const half = (e->high - e->low) / 2;
    bool const tenths = half < 0.75 && !(is_beyond && half == 0);
    return with_interval(*e, with_sign, [&](double x) { return clock(x, tenths, with_sign); });
}

}  // namespace

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

std::string counted(std::int64_t count, std::string const& noun)
{
    return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string percent(MaybeEstimate const& e)
{
    if (!e) { return "-"; }
    auto const scaled = in_hundredths(*e);
    int places = digits(scaled, percent_places_max);
    while (places < percent_places_max &&
           (misleads(scaled.value, places) || misleads(scaled.low, places) ||
            misleads(scaled.high, places))) {
        ++places;
    }
    return with_interval(scaled, false, [&](double x) { return proportion_text(x, places); });
}

std::string percent_gain(MaybeEstimate const& e)
{
    if (!e) { return "-"; }
    auto const scaled = in_hundredths(*e);
    int const places = digits(scaled, percent_places_max);
    return with_interval(scaled, true, [&](double x) { return number_text(x, places, true); });
}

std::string minutes(MaybeEstimate const& e) { return in_minutes(e, false); }
std::string minutes_gain(MaybeEstimate const& e) { return in_minutes(e, true); }

std::string plain(MaybeEstimate const& e)
{
    if (!e) { return "-"; }
    int const places = digits(*e, 4);
    return with_interval(*e, false, [&](double x) { return number_text(x, places, false); });
}

std::string plain_gain(MaybeEstimate const& e)
{
    if (!e) { return "-"; }
    int const places = digits(*e, 4);
    return with_interval(*e, true, [&](double x) { return number_text(x, places, true); });
}

std::string wrapped(std::string const& text, std::string const& first, std::string const& indent)
{
    std::string result, line = first;
    bool fresh = true;
    std::size_t at = 0;
    while (at < text.size()) {
        auto end = text.find_first_of(" \t\r\n", at);
        if (end == std::string::npos) { end = text.size(); }
        auto const word = terminal_text(std::string_view(text).substr(at, end - at));
        at = end + 1;
        if (word.empty()) { continue; }
        if (!fresh && text_width(line) + 1 + text_width(word) > text_width_max) {
            result += line + "\n";
            line = indent + word;
        } else {
            line += (fresh ? "" : " ") + word;
        }
        fresh = false;
    }
    return result + line + "\n";
}

MaybeEstimate scaled(MaybeEstimate estimate, double by)
{
    if (!estimate) { return estimate; }
    estimate->value *= by;
    estimate->low *= by;
    estimate->high *= by;
    return estimate;
}

}  // namespace longwatch
