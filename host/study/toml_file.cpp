#include "host/study/toml_file.hpp"

#include <cctype>
#include <sstream>
#include <system_error>
#include <utility>

#include "results/show/terminal_text.hpp"
#include "results/store/atomic_file.hpp"

namespace longwatch {
namespace {

constexpr std::int64_t largest_file_bytes = 4 << 20;
// A run of dots in a line is a path of nested tables; the parser itself bounds brackets only.
constexpr int most_dots_per_line = 200;

/// The line with more dots than a readable study has; 0 if there is none.
int line_nested_too_deeply(std::string const& text)
{
    int line = 1, dots = 0;
    for (char const c : text) {
        if (c == '\n') {
            ++line;
            dots = 0;
        }
        if (c == '.' && ++dots > most_dots_per_line) { return line; }
    }
    return 0;
}

/// The first line that opens a table and then has no name; 1 if there is none.
int broken_header_line(std::string const& text)
{
    std::istringstream lines(text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        auto const open = line.find_first_not_of(" \t");
        if (open == std::string::npos || line[open] != '[') { continue; }
        auto const name = line.find_first_not_of("[ \t", open);
        bool const plain = name != std::string::npos &&
                           (std::isalnum(static_cast<unsigned char>(line[name])) != 0 ||
                            std::string_view("_-'\"").find(line[name]) != std::string_view::npos);
        if (!plain) { return number; }
    }
    return 1;
}

/// The text of a line; lines start at 1.
std::string line_of(std::string const& text, int number)
{
    std::istringstream lines(text);
    std::string line;
    for (int i = 0; i < number && std::getline(lines, line); ++i) {}
    return line;
}

/// What the parser found wrong; of a whole number that is too large, which key's.
std::string syntax_problem(toml::parse_error const& error, std::string const& text)
{
    auto description = std::string(error.description());
    if (description.find("not representable in 64 bits") == std::string::npos) {
        return description;
    }
    auto const line = line_of(text, static_cast<int>(error.source().begin.line));
    auto const equals = line.find('=');
    auto const from = line.find_first_not_of(" \t");
    auto const to = equals == std::string::npos ? equals : line.find_last_not_of(" \t", equals - 1);
    auto const key = equals == std::string::npos || equals == 0 || to < from
                         ? std::string("a whole number")
                         : "key '" + shown(line.substr(from, to - from + 1)) + "'";
    return key +
           " is out of range: whole numbers are from -9223372036854775808 to "
           "9223372036854775807";
}

/// Reports texts that no result can hold: with control characters other than line ends and tabs, or marks that turn the
/// direction of writing, and vast ones.
void refuse_strange_texts(toml::node const& node, std::string const& key, Problems& problems)
{
    if (auto const table = node.as_table()) {
        for (auto const& [name, value] : *table) {
            refuse_strange_texts(value, std::string(name.str()), problems);
        }
    } else if (auto const array = node.as_array()) {
        for (auto const& element : *array) { refuse_strange_texts(element, key, problems); }
    } else if (auto const text = node.as_string()) {
        bool const is_short = text->get().size() <= plain_text_bytes_max;
        if (is_short && is_plain_text(text->get())) { return; }
        problems.add(place_of(node.source()),
                     "key '" + shown(key) + "' = " + shown(node) +
                         (is_short ? " (a text must hold no control characters but line ends and "
                                     "tabs, and no marks that turn the direction of writing)"
                                   : " (a text must be of at most 16 KiB)"));
    }
}

/// Why the file cannot be read; empty if it can.
std::string unreadable(std::filesystem::path const& path)
{
    std::error_code error;
    auto const status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) {
        return error && error != std::errc::no_such_file_or_directory
                   ? error.message() + "; check the path"
                   : "there is no such file; check the path";
    }
    if (std::filesystem::is_directory(status)) { return "it is a folder; name a file in it"; }
    if (!std::filesystem::is_regular_file(status)) { return "it is not a plain file"; }
    auto const size = std::filesystem::file_size(path, error);
    if (error) { return error.message(); }
    if (size > static_cast<std::uintmax_t>(largest_file_bytes)) {
        return "it is larger than 4 MiB; split the study";
    }
    return {};
}

}  // namespace

std::optional<toml::table> parse_toml(std::string const& text, std::string const& name,
                                      Problems& problems)
{
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        problems.add({name, 1, 1}, "the file is empty (a table of keys is wanted)");
        return std::nullopt;
    }
    if (int const line = line_nested_too_deeply(text)) {
        problems.add({name, line, 1},
                     "more than 200 dots in one line (it reads as tables nested too deeply)");
        return std::nullopt;
    }
    try {
        toml::table table = toml::parse(std::string_view(text), std::string_view(name));
        refuse_strange_texts(table, "", problems);
        return table;
    } catch (toml::parse_error const& error) {
        problems.add(place_of(error.source()), "no valid TOML (" + syntax_problem(error, text) +
                                                   "); nothing after this line was read");
    } catch (TomlAssertion const&) {
        problems.add({name, broken_header_line(text), 1},
                     "no valid TOML (a [table] whose name is missing or holds a strange "
                     "character); nothing after this line was read");
    }
    return std::nullopt;
}

std::optional<TomlFile> read_toml_file(std::filesystem::path const& path, Place const& where,
                                       Problems& problems)
{
    auto why = unreadable(path);
    std::string text;
    if (why.empty()) {
        try {
            text = load_file(path, largest_file_bytes);
        } catch (std::system_error const& error) {
            why = error.code().message();
        }
    }
    if (!why.empty()) {
        auto const name = path.generic_string();
        auto const what = where.file == name && where.line == 0 ? "the study" : "'" + name + "'";
        problems.add(where, "cannot read " + what + " (" + why + ")");
        return std::nullopt;
    }
    auto table = parse_toml(text, path.generic_string(), problems);
    if (!table) { return std::nullopt; }
    return TomlFile{std::move(text), std::move(*table)};
}

}  // namespace longwatch
