#include "results/comparison/baseline.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <sstream>
#include <system_error>
#include <type_traits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "results/show/terminal_text.hpp"
#include "results/store/atomic_file.hpp"

namespace longwatch {

namespace {

using Json = nlohmann::ordered_json;

constexpr char const* file_type = "longwatch baseline";
constexpr int version = 1;
constexpr std::size_t bins_max = 100000;

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
    Reader(Json const& json, std::string where) : json_(json), where_(std::move(where)) {}

    template <class T>
    T get(char const* key) const
    {
        auto const found = json_.find(key);
        if (found == json_.end()) { wrong(key, "is missing"); }
        try {
            auto value = found->get<T>();
            if constexpr (std::is_same_v<T, std::string>) {
                if (!is_plain_text(value)) { wrong(key, "holds control characters"); }
            }
            return value;
        } catch (Json::exception const&) {
            wrong(key, "has a value of the wrong kind");
        }
    }
    double number(char const* key) const
    {
        auto const x = get<double>(key);
        if (!std::isfinite(x)) { wrong(key, "is not finite"); }
        return x;
    }
    std::int64_t count(char const* key) const
    {
        auto const n = get<std::int64_t>(key);
        if (n < 0) { wrong(key, "is negative"); }
        return n;
    }
    Json const& list(char const* key) const
    {
        auto const found = json_.find(key);
        if (found == json_.end() || !found->is_array()) { wrong(key, "is missing, or no list"); }
        return *found;
    }
    bool has(char const* key) const { return json_.contains(key); }
    [[noreturn]] void wrong(char const* key, char const* what) const
    {
        throw BaselineError(fmt::format("{}: key '{}' {}", where_, key, what));
    }

private:
    Json const& json_;
    std::string where_;
};

void check_counts(Measured const& m, Reader const& read)
{
    if (m.kind == Measured::Kind::fraction &&
        (m.counted.trials < 1 || m.counted.hits > m.counted.trials)) {
        read.wrong("hits", "is more than 'trials', or there are none");
    }
    if (m.kind == Measured::Kind::mean &&
        (m.summary.count < 1 || m.summary.standard_deviation < 0)) {
        read.wrong("count", "is none, or the standard deviation is negative");
    }
    if (m.kind != Measured::Kind::distribution) { return; }
    if (m.bins.size() > bins_max) { read.wrong("bins", "holds too many"); }
    std::int64_t sum = 0;
    for (auto const n : m.bins) {
        if (n < 0 || n > run_flights_max) { read.wrong("bins", "has an impossible count"); }
        sum += n;
    }
    if (sum < 1) { read.wrong("bins", "holds nothing"); }
}

Measured measured_from(Json const& json, std::string const& where)
{
    Reader const read(json, where);
    Measured m;
    m.arm = read.get<std::string>("arm");
    m.subject = read.get<std::string>("subject");
    m.quantity = read.get<std::string>("quantity");
    m.unit = read.get<std::string>("unit");
    if (read.has("hits")) {
        m.kind = Measured::Kind::fraction;
        m.counted = {read.count("hits"), read.count("trials")};
    } else if (read.has("bins")) {
        m.kind = Measured::Kind::distribution;
        m.first_s = read.number("first_s");
        m.bins = read.get<std::vector<std::int64_t>>("bins");
    } else {
        m.kind = Measured::Kind::mean;
        m.summary = {read.count("count"), read.number("mean"), read.number("standard_deviation")};
    }
    m.is_grouped = read.has("of_each_group");
    if (m.is_grouped) { m.of_each = read.get<std::vector<double>>("of_each_group"); }
    check_counts(m, read);
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

Throughput throughput_from(Json const& json, std::string const& where)
{
    Reader const read(json, where);
    Throughput t{read.get<std::string>("device"), read.get<std::string>("processor"),
                 read.get<std::string>("instructions"), static_cast<int>(read.count("threads")),
                 read.get<std::vector<double>>("flights_per_s")};
    for (double const rate : t.flights_per_s) {
        if (!(rate > 0)) { read.wrong("flights_per_s", "is not positive"); }
    }
    return t;
}

std::string read_text(std::filesystem::path const& path)
{
    constexpr std::int64_t size_max = std::int64_t{1} << 28;
    try {
        return load_file(path, size_max);
    } catch (std::system_error const& error) {
        throw BaselineError(
            fmt::format("cannot read {} ({})", path.string(), error.code().message()));
    }
}

Json parsed(std::string const& text, std::string const& where)
{
    auto json = Json::parse(text, nullptr, false);
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
    auto const json = parsed(read_text(path), where);
    Reader const read(json, where);
    if (!read.has("file_type") || read.get<std::string>("file_type") != file_type) {
        throw BaselineError(
            fmt::format("{} is no baseline (its file_type is not '{}')", where, file_type));
    }
    if (read.count("version") != version) {
        throw BaselineError(fmt::format("{} has version {} (this program reads {}) renew it", where,
                                        read.count("version"), version));
    }
    Baseline b;
    b.study = read.get<std::string>("study");
    b.study_hash = read.get<std::string>("study_hash");
    b.code_version = read.get<std::string>("code_version");
    b.git_hash = read.get<std::string>("git_hash");
    b.created_utc = read.get<std::string>("created_utc");
    b.device = read.get<std::string>("device");
    b.precision = read.get<std::string>("precision");
    b.instructions = read.get<std::string>("instructions");
    b.lanes = static_cast<int>(read.count("lanes"));
    b.seed = read.get<std::uint64_t>("seed");
    b.first_flight = read.count("first_flight");
    b.flight_count = read.count("flights");
    b.sampling = read.get<std::string>("sampling");
    b.raid_size = static_cast<int>(read.count("raid_size"));
    b.tally_hash = read.get<std::string>("tally_sha256");
    b.entries = read.get<std::vector<std::pair<std::string, std::string>>>("entries");
    for (auto const& [entry, number] : b.entries) {
        if (!is_plain_text(entry)) { read.wrong("entries", "holds control characters"); }
    }
    for (auto const& one : read.list("throughput")) {
        b.throughput.push_back(throughput_from(one, where + ", throughput"));
    }
    std::size_t line = 0;
    for (auto const& one : read.list("quantities")) {
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

std::vector<Throughput> read_timing(std::filesystem::path const& path, std::string const& study)
{
    std::vector<Throughput> all;
    std::istringstream lines(read_text(path));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.empty()) { continue; }
        auto const where = fmt::format("{}, line {}", path.string(), number);
        auto const json = parsed(line, where);
        if (Reader(json, where).get<std::string>("study") != study) { continue; }
        auto const one = throughput_from(json, where);
        auto const found = std::find_if(
            all.begin(), all.end(), [&](Throughput const& t) { return t.is_of_same_machine(one); });
        if (found == all.end()) {
            all.push_back(one);
        } else {
            found->flights_per_s.insert(found->flights_per_s.end(), one.flights_per_s.begin(),
                                        one.flights_per_s.end());
        }
    }
    return all;
}

}  // namespace longwatch
