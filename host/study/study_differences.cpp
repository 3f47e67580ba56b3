#include "host/study/study_differences.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "host/study/problems.hpp"
#include "host/study/study_hash.hpp"
#include "host/study/toml_file.hpp"

namespace longwatch {

namespace {

std::set<std::string> const no_number_depends_on = {
    "source", "description", "assumed", "based_on", "question", "assumptions", "seed", "flights"};

std::string value_text(toml::node const& node);

std::string list_text(toml::array const& list)
{
    std::string text;
    for (auto const& one : list) { text += (text.empty() ? "" : ", ") + value_text(one); }
    return "[" + text + "]";
}

std::string value_text(toml::node const& node)
{
    if (auto const* list = node.as_array()) { return list_text(*list); }
    if (auto const* text = node.as_string()) { return text->get(); }
    if (auto const* number = node.as_floating_point()) { return fmt::format("{}", number->get()); }
    if (auto const* whole = node.as_integer()) { return fmt::format("{}", whole->get()); }
    if (auto const* flag = node.as_boolean()) { return flag->get() ? "true" : "false"; }
    std::string text;
    if (auto const* table = node.as_table()) {
        for (auto const& [key, value] : *table) {
            text += (text.empty() ? "" : ", ") + std::string(key.str()) + " = " + value_text(value);
        }
    }
    return "{" + text + "}";
}

bool is_list_of_tables(toml::node const& node)
{
    auto const* list = node.as_array();
    return list != nullptr && !list->empty() && list->front().is_table();
}

struct Line {
    std::uint32_t line, column;
    std::string key, value;
};

void flatten(toml::table const& table, std::string const& prefix, std::vector<Line>& out);

void flatten_entries(toml::array const& list, std::string const& prefix, std::vector<Line>& out)
{
    std::size_t place = 0;
    for (auto const& one : list) {
        auto const* entry = one.as_table();
        if (entry == nullptr) { continue; }
        auto const* name = entry->get_as<std::string>("name");
        auto const called = name != nullptr ? name->get() : fmt::format("{}", place);
        flatten(*entry, prefix + "[" + called + "].", out);
        ++place;
    }
}

void flatten(toml::table const& table, std::string const& prefix, std::vector<Line>& out)
{
    for (auto const& [key_node, node] : table) {
        std::string const key(key_node.str());
        if (no_number_depends_on.count(key) != 0 || (key == "name" && !prefix.empty())) {
            continue;
        }
        auto const full = prefix + key;
        if (auto const* inner = node.as_table()) {
            flatten(*inner, full + ".", out);
        } else if (is_list_of_tables(node)) {
            flatten_entries(*node.as_array(), full, out);
        } else {
            auto const at = node.source().begin;
            out.push_back({at.line, at.column, full, value_text(node)});
        }
    }
}

bool starts_with(std::string const& text, std::string const& head)
{
    return text.compare(0, head.size(), head) == 0;
}

/// "threat[a]" of "threat[a].stage[0].dry_kg"; "raid" of "raid.size"; "sampling" of itself.
std::string entry_of(std::string const& key)
{
    auto const bracket = key.find(']');
    auto const dot = key.find('.');
    if (bracket != std::string::npos && key.find('[') < dot) { return key.substr(0, bracket + 1); }
    return key.substr(0, dot);
}

}  // namespace

StudyKeys study_keys(std::string const& resolved)
{
    Problems problems;
    auto const table = parse_toml(resolved, "resolved study", problems);
    if (!table) { throw std::invalid_argument("the resolved study is no TOML"); }
    std::vector<Line> lines;
    flatten(*table, "", lines);
    std::stable_sort(lines.begin(), lines.end(), [](Line const& a, Line const& b) {
        return a.line != b.line ? a.line < b.line : a.column < b.column;
    });
    StudyKeys keys;
    for (auto& line : lines) { keys.emplace_back(std::move(line.key), std::move(line.value)); }
    return keys;
}

std::vector<KeyDifference> study_differences(StudyKeys const& a, StudyKeys const& b)
{
    std::map<std::string, std::string> left(b.begin(), b.end());
    std::vector<KeyDifference> out;
    for (auto const& [key, value] : a) {
        auto const found = left.find(key);
        std::string const other = found == left.end() ? "" : found->second;
        if (other != value) { out.push_back({key, value, other}); }
        if (found != left.end()) { left.erase(found); }
    }
    for (auto const& [key, value] : b) {
        if (left.count(key) != 0) { out.push_back({key, "", value}); }
    }
    return out;
}

bool decides_what_is_counted(std::string const& key)
{
    for (char const* const head : {"threat[", "environment", "raid"}) {
        if (starts_with(key, head)) { return true; }
    }
    auto const dot = key.find("].");
    if (dot == std::string::npos) { return false; }
    auto const field = key.substr(dot + 2);
    if (starts_with(key, "battery[")) { return field == "threats"; }
    if (!starts_with(key, "consumer[")) { return false; }
    for (char const* const counted : {"threats", "clock", "latitude", "longitude", "altitude",
                                      "concern_radius", "acts_on", "impact_sigma", "precaution"}) {
        if (starts_with(field, counted)) { return true; }
    }
    return false;
}

std::vector<std::pair<std::string, std::string>> study_entries(std::string const& resolved)
{
    std::vector<std::pair<std::string, std::string>> texts;
    for (auto const& [key, value] : study_keys(resolved)) {
        auto const entry = entry_of(key);
        auto const is_it = [&](auto const& one) { return one.first == entry; };
        auto found = std::find_if(texts.begin(), texts.end(), is_it);
        if (found == texts.end()) { found = texts.insert(texts.end(), {entry, ""}); }
        found->second += key + "=" + value + "\n";
    }
    constexpr std::size_t digits = 12;
    for (auto& [entry, text] : texts) { text = sha256(text).substr(0, digits); }
    return texts;
}

}  // namespace longwatch
