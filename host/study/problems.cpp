#include "host/study/problems.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "host/study/units.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

Place place_of(toml::source_region const& region)
{
    return {region.path ? *region.path : std::string(), static_cast<int>(region.begin.line),
            static_cast<int>(region.begin.column)};
}

std::string shown(std::string_view text)
{
    constexpr std::size_t longest = 60;
    auto end = std::min(text.size(), longest);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) { ++end; }
    return terminal_text(text.substr(0, end)) + (end < text.size() ? "..." : "");
}

std::string shown(toml::node const& value)
{
    switch (value.type()) {
    case toml::node_type::string: return '"' + shown(value.ref<std::string>()) + '"';
    case toml::node_type::integer: return std::to_string(value.ref<std::int64_t>());
    case toml::node_type::floating_point: return number_text(value.ref<double>());
    case toml::node_type::boolean: return value.ref<bool>() ? "true" : "false";
    case toml::node_type::array: return "[an array]";
    case toml::node_type::table: return "{a table}";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time: return "a date or time";
    case toml::node_type::none: break;
    }
    return "nothing";
}

void Problems::add(Place const& where, std::string message)
{
    ++count_;
    if (is_full()) { return; }
    found_.push_back({where.file, where.line, where.column, std::move(message)});
}

void Problems::throw_if_any(std::string const& first_file) const
{
    if (found_.empty()) { return; }
    auto const order = [&](StudyProblem const& p) {
        return std::make_tuple(p.file != first_file, p.file, p.line, p.column, p.message);
    };
    auto sorted = found_;
    std::sort(sorted.begin(), sorted.end(),
              [&](auto const& a, auto const& b) { return order(a) < order(b); });
    sorted.erase(std::unique(sorted.begin(), sorted.end(),
                             [&](auto const& a, auto const& b) { return order(a) == order(b); }),
                 sorted.end());
    constexpr std::size_t most = 200;
    if (sorted.size() > most) {
        auto const more = std::to_string(sorted.size() - most);
        sorted.resize(most);
        sorted.push_back(
            {first_file, 0, 0,
             "and " + more + (is_full() ? " or more" : " more") + " problems like these"});
    }
    throw StudyErrors(std::move(sorted));
}

}  // namespace longwatch
