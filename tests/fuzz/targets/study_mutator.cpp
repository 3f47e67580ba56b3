#include "tests/fuzz/targets/study_mutator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>

#include "host/study/study.hpp"

namespace longwatch::fuzz {

namespace {

/// A key as the reader asks for it, with the table that has it.
struct KnownKey {
    std::string table;
    AskedKey key;
};

/// All that it asks for in the studies that ship and in those that have every key.
std::vector<KnownKey> asked_keys()
{
    std::filesystem::path const root(LW_SOURCE_DIR);
    std::map<std::string, KnownKey> found;
    for (auto const& folder : {root / "studies", root / "tests" / "study_schema"}) {
        for (auto const& entry : std::filesystem::directory_iterator(folder)) {
            std::vector<AskedTable> asked;
            try {
                read_study(entry.path(), {.catalog = root / "models" / "catalog", .asked = &asked});
            } catch (StudyErrors const&) {  // it has told what it asked for
            }
            for (auto const& table : asked) {
                for (auto const& key : table.keys) {
                    found.try_emplace(table.table + '.' + key.key, KnownKey{table.table, key});
                }
            }
        }
    }
    std::vector<KnownKey> keys;
    for (auto& [name, key] : found) { keys.push_back(std::move(key)); }
    return keys;
}

std::vector<KnownKey> const& known_keys()
{
    static auto const keys = asked_keys();
    return keys;
}

constexpr std::array hard_numbers = {"0",
                                     "1",
                                     "-1",
                                     "0.0",
                                     "-0.0",
                                     "nan",
                                     "inf",
                                     "-inf",
                                     "1e308",
                                     "-1e308",
                                     "5e-324",
                                     "9223372036854775807",
                                     "-9223372036854775808",
                                     "9223372036854775808",
                                     "2147483648",
                                     "4294967296",
                                     "1024",
                                     "64",
                                     "65",
                                     "90",
                                     "180",
                                     "360",
                                     "1e-9",
                                     "0x7fffffff",
                                     "1_000_000"};
constexpr std::array hard_texts = {"",
                                   "a",
                                   "../a",
                                   "/etc/passwd",
                                   "A",
                                   "name with blanks",
                                   "\\u0000",
                                   "\\u001b[31m",
                                   "\\n",
                                   "\\u202e",
                                   "=1+1",
                                   "<script>alert(1)</script>",
                                   "]]>",
                                   "|",
                                   "`",
                                   "constant",
                                   "uniform",
                                   "normal",
                                   "lognormal",
                                   "triangular",
                                   "truncated-normal",
                                   "impact",
                                   "overflight",
                                   "radar",
                                   "infrared",
                                   "alert",
                                   "track",
                                   "impact-prediction",
                                   "monte-carlo",
                                   "sobol",
                                   "latin-hypercube"};

std::vector<std::string> lines_of(std::string const& text)
{
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) { lines.push_back(line); }
    return lines;
}

std::string text_of(std::vector<std::string> const& lines)
{
    std::string text;
    for (auto const& line : lines) { text += line + '\n'; }
    return text;
}

bool is_header(std::string const& line) { return !line.empty() && line[0] == '['; }

/// First line of the section that a line is in, and the line after its last.
std::pair<std::size_t, std::size_t> section_at(std::vector<std::string> const& lines,
                                               std::size_t at)
{
    auto begin = at, end = at + 1;
    while (begin > 0 && !is_header(lines[begin])) { --begin; }
    while (end < lines.size() && !is_header(lines[end])) { ++end; }
    return {begin, end};
}

}  // namespace

std::size_t StudyMutator::below(std::size_t count)
{
    return count < 2 ? 0 : std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

std::string StudyMutator::some_number()
{
    switch (below(4)) {
    case 0: return hard_numbers[below(hard_numbers.size())];
    case 1: return std::to_string(below(20));
    case 2:
        return number_text(std::ldexp(1.0 + 0.1 * static_cast<double>(below(10)),
                                      static_cast<int>(below(40)) - 10));
    default: return number_text(0.05 * static_cast<double>(below(21)));
    }
}

std::string StudyMutator::some_text(Lines const& lines)
{
    // A name of the study, as a rule: something that stands between quotes.
    for (int tries = 0; tries < 4 && !lines.empty() && below(5) != 0; ++tries) {
        auto const& line = lines[below(lines.size())];
        auto const open = line.find('"');
        if (open == std::string::npos) { continue; }
        auto const close = line.find('"', open + 1);
        if (close != std::string::npos) { return line.substr(open, close - open + 1); }
    }
    return std::string("\"") + hard_texts[below(hard_texts.size())] + '"';
}

std::string StudyMutator::some_value(Lines const& lines, int depth)
{
    switch (below(depth > 3 ? 4 : 7)) {
    case 0:
    case 1: return some_number();
    case 2: return some_text(lines);
    case 3: return below(8) == 0 ? "1979-05-27" : below(2) == 0 ? "true" : "false";
    case 4: {
        std::string list = "[";
        for (std::size_t n = below(5); n > 0; --n) { list += some_value(lines, depth + 1) + ", "; }
        return list + ']';
    }
    default: {
        std::string table = "{ ";
        for (std::size_t n = below(4); n > 0; --n) {
            table += (table.size() > 2 ? ", " : "") + some_key_line(lines);
        }
        return table + " }";
    }
    }
}

std::string StudyMutator::value_for(std::size_t number, Lines const& lines)
{
    auto const& key = known_keys()[number].key;
    auto const bounded = [&] {
        double const low = std::isfinite(key.bounds.low) ? key.bounds.low : -1e3;
        double const high = std::isfinite(key.bounds.high) ? key.bounds.high : 1e3;
        constexpr std::array shares = {0.0, 1e-3, 0.01, 0.1, 0.5, 0.9, 1.0, 1.0000001, -1e-7};
        return number_text(low + (high - low) * shares[below(shares.size())]);
    };
    auto const text = [&] {
        return key.choices.empty() || below(6) == 0
                   ? some_text(lines)
                   : '"' + key.choices[below(key.choices.size())] + '"';
    };
    auto const list = [&](auto const& element) {
        std::string out = "[";
        for (std::size_t n = below(6); n > 0; --n) { out += element() + ", "; }
        return out + ']';
    };
    switch (key.kind) {
    case AskedKind::number: return bounded();
    case AskedKind::integer: {
        auto const whole = bounded();
        return whole.substr(0, whole.find_first_of(".e"));
    }
    case AskedKind::boolean: return below(2) == 0 ? "true" : "false";
    case AskedKind::text: return text();
    case AskedKind::texts: return list(text);
    case AskedKind::numbers: return list(bounded);
    case AskedKind::rows: return list([&] { return list(bounded); });
    default: return some_value(lines, 1);
    }
}

std::string StudyMutator::some_key_line(Lines const& lines)
{
    auto const& keys = known_keys();
    auto const number = below(keys.size());
    auto const& key = keys[number].key;
    auto name = key.key;
    bool const has_unit = key.kind == AskedKind::number || key.kind == AskedKind::numbers ||
                          key.kind == AskedKind::distribution;
    if (has_unit) {
        auto const& units = units_of(key.dimension);
        name += units[below(units.size())].suffix;
    }
    auto const value = below(5) == 0 ? some_value(lines, 1)
                       : key.kind == AskedKind::distribution && below(2) == 0
                           ? "{ kind = \"uniform\", low = 0.1, high = " + some_number() + " }"
                           : value_for(number, lines);
    return name + " = " + value;
}

std::string StudyMutator::some_header()
{
    auto const& table = known_keys()[below(known_keys().size())].table;
    bool const one = below(3) == 0;
    return (one ? "[" : "[[") + (table.empty() ? "threat" : table) + (one ? "]" : "]]");
}

void StudyMutator::change_value(Lines& lines)
{
    auto& line = lines[below(lines.size())];
    auto const equals = line.find(" = ");
    if (equals == std::string::npos) { return; }
    auto const name = without_unit(line.substr(0, equals));
    auto const& keys = known_keys();
    // The reader's own idea of the key's values, where it has one.
    auto const first = below(keys.size());
    for (std::size_t i = 0; i < keys.size() && below(5) != 0; ++i) {
        auto const number = (first + i) % keys.size();
        if (keys[number].key.key == name) {
            line = line.substr(0, equals + 3) + value_for(number, lines);
            return;
        }
    }
    line = line.substr(0, equals + 3) + some_value(lines, 0);
}

void StudyMutator::change_number(Lines& lines)
{
    auto& line = lines[below(lines.size())];
    auto const from = line.find_first_of("0123456789", below(line.size() + 1));
    if (from == std::string::npos) { return; }
    auto const to = line.find_first_not_of("0123456789.e-_", from);
    line.replace(from, (to == std::string::npos ? line.size() : to) - from, some_number());
}

void StudyMutator::change_section(Lines& lines)
{
    auto const [begin, end] = section_at(lines, below(lines.size()));
    Lines const section(lines.begin() + static_cast<long>(begin),
                        lines.begin() + static_cast<long>(end));
    switch (below(3)) {
    case 0:
        lines.erase(lines.begin() + static_cast<long>(begin),
                    lines.begin() + static_cast<long>(end));
        break;
    case 1: lines.insert(lines.end(), section.begin(), section.end()); break;
    default: lines.insert(lines.begin() + static_cast<long>(begin), section.begin(), section.end());
    }
}

void StudyMutator::change_once(Lines& lines)
{
    if (lines.empty()) { lines.emplace_back("question = \"?\""); }
    auto const at = static_cast<long>(below(lines.size()));
    switch (below(12)) {
    case 0: lines.erase(lines.begin() + at); break;
    case 1: lines.insert(lines.begin() + at, lines[static_cast<std::size_t>(at)]); break;
    case 2: std::swap(lines[static_cast<std::size_t>(at)], lines[below(lines.size())]); break;
    case 3: lines.insert(lines.begin() + at, some_header()); break;
    case 4: change_section(lines); break;
    case 5:
    case 6: lines.insert(lines.begin() + at, some_key_line(lines)); break;
    case 7:
    case 8: change_number(lines); break;
    default: change_value(lines);
    }
}

std::string StudyMutator::changed(std::string const& text)
{
    auto lines = lines_of(text);
    for (auto times = 1 + below(4); times > 0; --times) { change_once(lines); }
    return text_of(lines);
}

std::string StudyMutator::crossed(std::string const& a, std::string const& b)
{
    auto lines = lines_of(a);
    auto const others = lines_of(b);
    if (lines.empty() || others.empty()) { return a + b; }
    auto const [begin, end] = section_at(others, below(others.size()));
    auto const at = section_at(lines, below(lines.size())).first;
    lines.insert(lines.begin() + static_cast<long>(at), others.begin() + static_cast<long>(begin),
                 others.begin() + static_cast<long>(end));
    return text_of(lines);
}

}  // namespace longwatch::fuzz
