#include "results/show/terminal_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace longwatch {

namespace {

constexpr char const* ellipsis = "\u2026";

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t size = 0;  ///< bytes; 0: no UTF-8
};

// The first code point of a text that is not empty, in its shortest form only.
CodePoint first_of(std::string_view text)
{
    auto const lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) { return {lead, 1}; }
    std::size_t const size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) { return {}; }
    std::uint32_t value = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if (!continues(text[i])) { return {}; }
        value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    std::uint32_t const least = size == 4 ? 0x10000 : size == 3 ? 0x800 : 0x80;
    bool const is_surrogate = value >= 0xD800 && value < 0xE000;
    if (value < least || value > 0x10FFFF || is_surrogate) { return {}; }
    return {value, size};
}

bool is_plain(std::uint32_t c)
{
    bool const is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    bool const ends_line = c == 0x2028 || c == 0x2029;
    bool const turns = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
                       (c >= 0x2066 && c <= 0x2069);
    return !is_control && !ends_line && !turns;
}

// Byte at which the code point of a number begins.
std::size_t offset_of(std::string const& text, std::size_t number)
{
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if (!continues(text[at]) && number-- == 0) { break; }
    }
    return at;
}

// Cut to `width` columns, with `tail` after the ellipsis.
std::string cut(std::string const& name, std::size_t width, std::string const& tail)
{
    auto const head = width - std::min(width, 1 + text_width(tail));
    return name.substr(0, offset_of(name, head)) + ellipsis + tail;
}

std::string without_middle(std::string const& name, std::size_t width)
{
    if (text_width(name) <= width) { return name; }
    auto const tail = (width - 1) / 2;
    return cut(name, width, name.substr(offset_of(name, text_width(name) - tail)));
}

}  // namespace

std::string terminal_text(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        auto const [value, size] = first_of(text);
        if (size > 0 && is_plain(value)) {
            result += text.substr(0, size);
        } else {
            result += '?';
        }
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return result;
}

bool is_plain_text(std::string_view text)
{
    while (!text.empty()) {
        auto const [value, size] = first_of(text);
        bool const is_blank = value == '\n' || value == '\t';
        if (size == 0 || !(is_blank || is_plain(value))) { return false; }
        text.remove_prefix(size);
    }
    return true;
}

std::size_t text_width(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::vector<std::string> shortened(std::vector<std::string> names, std::size_t width)
{
    width = std::max<std::size_t>(width, 8);
    std::vector<std::string> result;
    for (auto const& name : names) { result.push_back(without_middle(name, width)); }
    auto const all = result;
    for (std::size_t i = 0; i < names.size(); ++i) {
        bool const is_cut = all[i] != names[i];
        if (is_cut && std::count(all.begin(), all.end(), all[i]) > 1) {
            result[i] = cut(names[i], width, fmt::format("{}", i + 1));
        }
    }
    return result;
}

}  // namespace longwatch
