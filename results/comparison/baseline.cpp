#include "results/comparison/baseline.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <sstream>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "results/show/terminal_text.hpp"
#include "results/store/atomic_file.hpp"

namespace longwatch {

namespace {

using Json = nlohmann::ordered_json;
/// What is read: its keys are found quickly, however many there are.
using ReadJson = nlohmann::json;

constexpr char const* file_type = "longwatch baseline";
constexpr int version = 1;

// Several times what the largest study makes: some 12,000 quantities of 600 entries.
constexpr std::int64_t table_mib_max = 32;
constexpr int nesting_max = 8;
constexpr std::size_t entries_max = 10'000, quantities_max = 32'768, machines_max = 64;
constexpr std::size_t numbers_max = 65'536;
// Of any quantity in its unit, and of a rate. Its square, times 2^40 flights, is far from the end of double.
constexpr double number_max = 1e15;
// Watched distributions lie within the histograms of results.
constexpr double watched_last_s = warning_first_s + warning_bins * warning_bin_s;
constexpr auto watched_bins_max =
    static_cast<std::size_t>((watched_last_s - warning_first_s) / watched_bin_s);

Json to_json(Measured const& m)
{
    Json json = {
        {"arm", m.arm}, {"subject", m.subject}, {"quantity", m.quantity}, {"unit", m.unit}};
    switch (m.kind) {
    case Measured::Kind::fraction:
        json["hits"] = m.counted.hits;
        json["trials"] = m.counted.trials;
        break;
    case Measured::Kind::mean:
        json["count"] = m.summary.count;
        json["mean"] = m.summary.mean;
        json["standard_deviation"] = m.summary.standard_deviation;
        break;
    case Measured::Kind::distribution:
        json["first_s"] = m.first_s;
        json["bins"] = m.bins;
        break;
    }
    if (m.is_grouped) { json["of_each_group"] = m.of_each; }
    return json;
}

/// Reads members, and says which is wrong.
class Reader {
public:
    Reader(ReadJson const& json, std::string where) : json_(json), where_(std::move(where)) {}

    bool has(char const* key) const { return json_.contains(key); }
    std::string text(char const* key) const { return text_of(key, at(key)); }
    /// A value somewhere below the key.
    std::string text_of(char const* key, ReadJson const& value) const
    {
        if (!value.is_string()) { wrong(key, "has a value of the wrong kind"); }
        auto const& text = value.get_ref<std::string const&>();
        if (text.size() > plain_text_bytes_max) { wrong(key, "is a text of more than 16 KiB"); }
        if (!is_plain_text(text)) { wrong(key, "holds control characters"); }
        return text;
    }
    double number(char const* key, double least = -number_max, double most = number_max) const
    {
        return number_of(key, at(key), least, most);
    }
    std::int64_t count(char const* key, std::int64_t most = run_flights_max) const
    {
        return count_of(key, at(key), most);
    }
    int small_count(char const* key) const { return static_cast<int>(count(key, 1 << 30)); }
    std::uint64_t seed(char const* key) const
    {
        auto const& value = at(key);
        if (!value.is_number_unsigned()) { wrong(key, "is no whole number of 64 bits"); }
        return value.get<std::uint64_t>();
    }
    std::vector<double> numbers(char const* key, double least = -number_max) const
    {
        std::vector<double> all;
        for (auto const& value : list(key, numbers_max)) {
            all.push_back(number_of(key, value, least, number_max));
        }
        return all;
    }
    std::vector<std::int64_t> counts(char const* key, std::size_t most) const
    {
        std::vector<std::int64_t> all;
        for (auto const& value : list(key, most)) {
            all.push_back(count_of(key, value, run_flights_max));
        }
        return all;
    }
    ReadJson const& list(char const* key, std::size_t most) const
    {
        auto const found = json_.find(key);
        if (found == json_.end() || !found->is_array()) { wrong(key, "is missing, or no list"); }
        if (found->size() > most) {
            wrong(key, fmt::format("holds {} (at most {})", found->size(), most));
        }
        return *found;
    }
    [[noreturn]] void wrong(char const* key, std::string const& what) const
    {
        throw BaselineError(fmt::format("{}: key '{}' {}", where_, key, what));
    }

private:
    ReadJson const& at(char const* key) const
    {
        auto const found = json_.find(key);
        if (found == json_.end()) { wrong(key, "is missing"); }
        return *found;
    }
    double number_of(char const* key, ReadJson const& value, double least, double most) const
    {
        if (!value.is_number()) { wrong(key, "has a value of the wrong kind"); }
        auto const x = value.get<double>();
        if (x >= least && x <= most) { return x; }
        wrong(key, fmt::format("= {:g} (must be a number from {:g} to {:g})", x, least, most));
    }
    std::int64_t count_of(char const* key, ReadJson const& value, std::int64_t most) const
    {
        if (!value.is_number_integer()) { wrong(key, "has a value of the wrong kind"); }
        // The parser has every whole number from 0 on without a sign.
        bool const is_fine = value.is_number_unsigned() &&
                             value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most);
        if (is_fine) { return value.get<std::int64_t>(); }
        wrong(key, fmt::format("= {} (must be a whole number from 0 to {})", value.dump(), most));
    }

    ReadJson const& json_;
    std::string where_;
};

void read_distribution(Measured& m, Reader const& read)
{
    m.kind = Measured::Kind::distribution;
    m.first_s = read.number("first_s", warning_first_s, watched_last_s);
    m.bins = read.counts("bins", watched_bins_max);
    double const last_s = m.first_s + watched_bin_s * static_cast<double>(m.bins.size());
    if (last_s > watched_last_s) {
        read.wrong("bins",
                   fmt::format("reach {:g} s (at most {:g}), in bins of {:g} s from 'first_s' on",
                               last_s, watched_last_s, watched_bin_s));
    }
    auto const sum = std::accumulate(m.bins.begin(), m.bins.end(), std::int64_t{0});
    if (sum < 1) { read.wrong("bins", "holds nothing"); }
}

Measured measured_from(ReadJson const& json, std::string const& where)
{
    Reader const read(json, where);
    Measured m;
    m.arm = read.text("arm");
    m.subject = read.text("subject");
    m.quantity = read.text("quantity");
    m.unit = read.text("unit");
    if (read.has("hits")) {
        m.kind = Measured::Kind::fraction;
        m.counted = {read.count("hits"), read.count("trials")};
        if (m.counted.trials < 1 || m.counted.hits > m.counted.trials) {
            read.wrong("hits", "is more than 'trials', or there are none");
        }
    } else if (read.has("bins")) {
        read_distribution(m, read);
    } else {
        m.kind = Measured::Kind::mean;
        m.summary = {read.count("count"), read.number("mean"),
                     read.number("standard_deviation", 0)};
        if (m.summary.count < 1) { read.wrong("count", "is none"); }
    }
    m.is_grouped = read.has("of_each_group");
    if (m.is_grouped) { m.of_each = read.numbers("of_each_group"); }
    return m;
}

Json to_json(Throughput const& t)
{
    return {{"device", t.device},
            {"processor", t.processor},
            {"instructions", t.instructions},
            {"threads", t.threads},
            {"flights_per_s", t.flights_per_s}};
}

Throughput throughput_from(ReadJson const& json, std::string const& where)
{
    constexpr double slowest_per_s = 1e-9;
    Reader const read(json, where);
    return {read.text("device"), read.text("processor"), read.text("instructions"),
            read.small_count("threads"), read.numbers("flights_per_s", slowest_per_s)};
}

std::string read_table_text(std::filesystem::path const& path)
{
    try {
        return load_file(path, table_mib_max << 20);
    } catch (std::system_error const& error) {
        auto const code = error.code();
        auto const why = code == std::errc::invalid_argument ? "it is not a plain file"
                         : code == std::errc::is_a_directory ? "it is a folder"
                         : code == std::errc::file_too_large
                             ? fmt::format("it is larger than {} MiB", table_mib_max)
                             : code.message();
        throw BaselineError(fmt::format("cannot read {} ({})", path.string(), why));
    }
}

/// Told beforehand: the parser has no bound, and a callback of it costs the square of what a list holds.
bool is_nested_too_deeply(std::string_view json)
{
    int depth = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        char const c = json[i];
        if (c == '"') { in_text = !in_text; }
        if (in_text && c == '\\') { ++i; }
        if (in_text) { continue; }
        if ((c == '[' || c == '{') && ++depth > nesting_max) { return true; }
        if (c == ']' || c == '}') { --depth; }
    }
    return false;
}

ReadJson parsed(std::string const& text, std::string const& where)
{
    if (is_nested_too_deeply(text)) {
        throw BaselineError(
            fmt::format("{} is no baseline and no result (its values are nested more than {} deep)",
                        where, nesting_max));
    }
    auto json = ReadJson::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) {
        throw BaselineError(
            fmt::format("{} is no baseline and no result (it is no JSON object)", where));
    }
    return json;
}

std::string one_line(Json const& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class List, class Line>
std::string lines_of(List const& list, Line const& line)
{
    std::string text = "[";
    for (std::size_t i = 0; i < list.size(); ++i) {
        text += fmt::format("{}\n  {}", i == 0 ? "" : ",", one_line(line(list[i])));
    }
    return text + (list.empty() ? "]" : "\n ]");
}

/// Where its result comes from.
void read_origin(Baseline& b, Reader const& read)
{
    b.study = read.text("study");
    b.study_hash = read.text("study_hash");
    b.code_version = read.text("code_version");
    b.git_hash = read.text("git_hash");
    b.created_utc = read.text("created_utc");
    b.device = read.text("device");
    b.precision = read.text("precision");
    b.instructions = read.text("instructions");
    b.lanes = read.small_count("lanes");
    b.seed = read.seed("seed");
    b.first_flight = read.count("first_flight");
    b.flight_count = read.count("flights");
    b.sampling = read.text("sampling");
    b.raid_size = read.small_count("raid_size");
    b.tally_hash = read.text("tally_sha256");
}

}  // namespace

Baseline baseline_of(ResultFile const& result)
{
    Baseline b;
    b.study = result.study.name;
    b.study_hash = result.study.hash;
    auto const& from = result.provenance;
    b.code_version = from.code_version;
    b.git_hash = from.git_hash;
    b.created_utc = from.created_utc;
    b.device = from.device;
    b.precision = from.precision;
    b.instructions = from.instructions;
    b.lanes = from.lanes;
    b.seed = result.seed;
    b.first_flight = result.first_flight;
    b.flight_count = result.flight_count;
    b.sampling = result.sampling;
    b.raid_size = result.tally.layout.raid_size;
    b.quantities = measure(result);
    return b;
}

std::string baseline_text(Baseline const& b)
{
    Json const head = {{"file_type", file_type},
                       {"version", version},
                       {"study", b.study},
                       {"study_hash", b.study_hash},
                       {"code_version", b.code_version},
                       {"git_hash", b.git_hash},
                       {"created_utc", b.created_utc},
                       {"device", b.device},
                       {"precision", b.precision},
                       {"instructions", b.instructions},
                       {"lanes", b.lanes},
                       {"seed", b.seed},
                       {"first_flight", b.first_flight},
                       {"flights", b.flight_count},
                       {"sampling", b.sampling},
                       {"raid_size", b.raid_size},
                       {"tally_sha256", b.tally_hash}};
    std::string text = "{\n";
    for (auto const& [key, value] : head.items()) {
        text += fmt::format(" {}: {},\n", one_line(Json(key)), one_line(value));
    }
    text += " \"entries\": " + lines_of(b.entries, [](auto const& e) {
                return Json::array({e.first, e.second});
            });
    auto const json = [](auto const& x) { return to_json(x); };
    text += ",\n \"throughput\": " + lines_of(b.throughput, json);
    text += ",\n \"quantities\": " + lines_of(b.quantities, json);
    return text + "\n}\n";
}

Baseline read_baseline(std::filesystem::path const& path)
{
    auto const where = path.string();
    auto const json = parsed(read_table_text(path), where);
    Reader const read(json, where);
    if (!read.has("file_type") || read.text("file_type") != file_type) {
        throw BaselineError(
            fmt::format("{} is no baseline (its file_type is not '{}')", where, file_type));
    }
    if (read.count("version") != version) {
        throw BaselineError(fmt::format("{} has version {} (this program reads {}) renew it", where,
                                        read.count("version"), version));
    }
    Baseline b;
    read_origin(b, read);
    for (auto const& entry : read.list("entries", entries_max)) {
        if (!entry.is_array() || entry.size() != 2) {
            read.wrong("entries", "holds what is no pair of texts");
        }
        b.entries.emplace_back(read.text_of("entries", entry[0]),
                               read.text_of("entries", entry[1]));
    }
    for (auto const& one : read.list("throughput", machines_max)) {
        b.throughput.push_back(throughput_from(one, where + ", throughput"));
    }
    std::size_t line = 0;
    for (auto const& one : read.list("quantities", quantities_max)) {
        b.quantities.push_back(measured_from(one, fmt::format("{}, quantity {}", where, ++line)));
    }
    return b;
}

std::string timing_line(std::string const& study, Throughput const& one)
{
    Json json = {{"study", study}};
    json.update(to_json(one));
    return one_line(json) + "\n";
}

bool begins_as_timing(std::string_view head)
{
    auto const line = head.substr(0, head.find('\n'));
    auto const json = ReadJson::parse(line, nullptr, false);
    return json.is_object() && json.contains("study") && json.contains("flights_per_s");
}

std::vector<Throughput> read_timing(std::filesystem::path const& path, std::string const& study)
{
    std::vector<Throughput> all;
    std::istringstream lines(read_table_text(path));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.empty()) { continue; }
        auto const where = fmt::format("{}, line {}", path.string(), number);
        auto const json = parsed(line, where);
        if (Reader(json, where).text("study") != study) { continue; }
        auto const one = throughput_from(json, where);
        auto const found = std::find_if(
            all.begin(), all.end(), [&](Throughput const& t) { return t.is_of_same_machine(one); });
        if (found == all.end()) {
            if (all.size() == machines_max) {
                throw BaselineError(
                    fmt::format("{}: another machine (at most {})", where, machines_max));
            }
            all.push_back(one);
        } else {
            found->flights_per_s.insert(found->flights_per_s.end(), one.flights_per_s.begin(),
                                        one.flights_per_s.end());
        }
    }
    return all;
}

}  // namespace longwatch
