#include "host/command/keys_json.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace longwatch {

namespace {

using Json = nlohmann::ordered_json;

char const* name_of(AskedKind kind)
{
    switch (kind) {
    case AskedKind::number: return "number";
    case AskedKind::integer: return "integer";
    case AskedKind::boolean: return "boolean";
    case AskedKind::text: return "text";
    case AskedKind::texts: return "texts";
    case AskedKind::numbers: return "numbers";
    case AskedKind::rows: return "rows";
    case AskedKind::distribution: return "distribution";
    case AskedKind::table: return "table";
    case AskedKind::tables: return "tables";
    }
    return "";
}

/// A bound as people write it, since conversion leaves digits that mean nothing; but never beyond it.
Json bound(Unit const& unit, double si, bool is_low)
{
    constexpr double largest_exact = 9007199254740992;  // 2^53
    double const exact = from_si(unit, si);
    if (!std::isfinite(exact)) { return nullptr; }
    auto const is_beyond = [&](double value) {
        double const back = to_si(unit, value);
        return is_low ? back < si : back > si;
    };
    double value = std::floor(exact) == exact ? exact : std::stod(fmt::format("{:.10g}", exact));
    if (is_beyond(value)) { value = exact; }
    while (is_beyond(value)) { value = std::nextafter(value, is_low ? HUGE_VAL : -HUGE_VAL); }
    if (std::floor(value) == value && std::fabs(value) <= largest_exact) {
        return static_cast<std::int64_t>(value);
    }
    return value;
}

Json spellings(AskedKey const& key)
{
    auto list = Json::array();
    for (auto const& unit : units_of(key.dimension)) {
        list.push_back({{"key", key.key + unit.suffix},
                        {"unit", unit.name},
                        {"low", bound(unit, key.bounds.low, true)},
                        {"high", bound(unit, key.bounds.high, false)},
                        {"above_low", key.bounds.above_low}});
    }
    return list;
}

Json json_of(AskedKey const& key)
{
    Json json = {{"key", key.key}, {"kind", name_of(key.kind)}, {"required", key.is_required}};
    switch (key.kind) {
    case AskedKind::number:
    case AskedKind::integer:
    case AskedKind::numbers:
    case AskedKind::rows:
    case AskedKind::distribution: json["spellings"] = spellings(key); break;
    default: break;
    }
    if (!key.choices.empty()) { json["choices"] = key.choices; }
    if (key.most > 0) { json["most"] = key.most; }
    if (key.kind == AskedKind::distribution) { json["normals_refused"] = key.normals_refused; }
    return json;
}

}  // namespace

std::string keys_json(std::vector<AskedTable> const& tables)
{
    auto list = Json::array();
    for (auto const& table : tables) {
        auto keys = Json::array();
        for (auto const& key : table.keys) { keys.push_back(json_of(key)); }
        list.push_back({{"table", table.table}, {"keys", keys}});
    }
    return Json({{"tables", list}}).dump() + '\n';
}

}  // namespace longwatch
