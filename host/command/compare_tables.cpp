#include "host/command/compare_tables.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "results/show/estimate_json.hpp"
#include "results/show/spans_text.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

namespace {

constexpr std::size_t keys_shown_max = 10;
constexpr std::size_t table_width_max = 108;  ///< so that the effect stands beside its difference

/// How a quantity is called in a table, and shown.
struct Shown {
    char const* label;
    std::string (*value)(MaybeEstimate const&);
    std::string (*difference)(MaybeEstimate const&);
};

Shown shown_as(std::string const& quantity)
{
    static std::map<std::string, Shown> const known = {
        {"p_warned", {"warned, %", percent, percent_gain}},
        {"p_at_least_180_s", {"≥ 3 min, %", percent, percent_gain}},
        {"p_at_least_300_s", {"≥ 5 min, %", percent, percent_gain}},
        {"p_at_least_600_s", {"≥ 10 min, %", percent, percent_gain}},
        {"warning_time_mean_s", {"mean warning", minutes, minutes_gain}},
        {"warning_time_p05_s", {"5th percentile", minutes, minutes_gain}},
        {"warning_time_p50_s", {"median warning", minutes, minutes_gain}},
        {"usable_warning_mean_s", {"mean usable", minutes, minutes_gain}},
        {"delay_total_mean_s", {"mean delay", minutes, minutes_gain}},
        {"pk", {"killed, %", percent, percent_gain}},
        {"p_no_leaker", {"no leaker, %", percent, percent_gain}},
        {"leakers_per_raid", {"leakers a raid", plain, plain_gain}},
        {"shots_per_raid", {"shots a raid", plain, plain_gain}},
    };
    auto const found = known.find(quantity);
    return found != known.end() ? found->second : Shown{quantity.c_str(), plain, plain_gain};
}

std::string effect_text(std::optional<EffectSize> const& effect)
{
    if (!effect) { return "-"; }
    char const* const sign = effect->name == "cohen_h"   ? "h"
                             : effect->name == "cohen_d" ? "d"
                                                         : "dz";
    auto const number = fmt::format("{:+.3f}", effect->value);
    bool const nought = number.find_first_of("123456789") == std::string::npos;
    return fmt::format("{} {}", sign, nought ? (effect->value == 0 ? "0" : "~0") : number);
}

/// Quantities that could not be done as well as the comparison are marked with a star.
std::string table_of(std::vector<ComparedQuantity> const& quantities, Pairing pairing)
{
    Table table{{"", "arm", "against", "difference", "effect"}, {}};
    for (auto const& q : quantities) {
        if (!q.difference && !q.one && !q.other) { continue; }
        auto const as = shown_as(q.quantity);
        bool const exactly_nothing = q.difference && q.difference->value == 0 &&
                                     q.difference->low == 0 && q.difference->high == 0 &&
                                     q.difference->is_bounded();
        table.rows.push_back({as.label + std::string(q.pairing == pairing ? "" : " *"),
                              as.value(q.one), as.value(q.other),
                              exactly_nothing ? "0" : as.difference(q.difference),
                              effect_text(q.effect)});
    }
    return lay_out(table, table_width_max);
}

bool has_other(Comparison const& c)
{
    auto const is_other = [&](ComparedQuantity const& q) { return q.pairing != c.pairing; };
    return std::any_of(c.engagement.begin(), c.engagement.end(), is_other) ||
           std::any_of(c.consumers.begin(), c.consumers.end(), [&](ComparedConsumer const& one) {
               return std::any_of(one.quantities.begin(), one.quantities.end(), is_other);
           });
}

std::string of_one(ArmComparison const& one)
{
    auto const& c = one.comparison;
    std::string text =
        fmt::format("\n{} against {}\n", terminal_text(one.arm), terminal_text(one.against));
    text += wrapped(fmt::format("{}: {}.", pairing_name(c.pairing), c.why), "  ", "  ");
    for (auto const& consumer : c.consumers) {
        auto const name = terminal_text(consumer.name);
        auto const flights = consumer.flights_one == consumer.flights_other
                                 ? counted(consumer.flights_one, "flight")
                                 : fmt::format("{} and {}", grouped(consumer.flights_one),
                                               counted(consumer.flights_other, "flight"));
        text += fmt::format("\n  {}, {} that concern it\n", name, flights);
        text += table_of(consumer.quantities, c.pairing);
    }
    if (!c.engagement.empty()) { text += "\n  engagement\n" + table_of(c.engagement, c.pairing); }
    if (has_other(c)) {
        text += "\n" + wrapped(
                           "* Joint outcomes of these are not counted; their intervals hold "
                           "whatever the correlation.",
                           "  ", "    ");
    }
    if (!c.left_out.empty()) {
        text += wrapped(fmt::format("Left out, in one file only: {}.", fmt::join(c.left_out, ", ")),
                        "  ", "  ");
    }
    return text;
}

std::string study_text(ComparedFiles const& compared)
{
    auto const& keys = compared.study_differences;
    if (keys.empty()) { return "The studies are the same.\n"; }
    std::string text = fmt::format("The studies differ in {}",
                                   counted(static_cast<std::int64_t>(keys.size()), "key"));
    text += keys.size() > keys_shown_max ? fmt::format("; the first {}:\n", keys_shown_max) : ":\n";
    for (std::size_t i = 0; i < keys.size() && i < keys_shown_max; ++i) {
        auto const or_none = [](std::string const& value) {
            return value.empty() ? std::string("(none)") : value;
        };
        text += wrapped(
            fmt::format("{}: {} -> {}", keys[i].key, or_none(keys[i].b), or_none(keys[i].a)), "  ",
            "    ");
    }
    return text;
}

Json quantities_json(std::vector<ComparedQuantity> const& quantities)
{
    Json list = Json::array();
    for (auto const& q : quantities) {
        Json effect = nullptr;
        if (q.effect) { effect = {{"name", q.effect->name}, {"value", q.effect->value}}; }
        list.push_back({{"quantity", q.quantity},
                        {"unit", q.unit},
                        {"arm", to_json(q.one)},
                        {"against", to_json(q.other)},
                        {"difference", to_json(q.difference)},
                        {"effect", std::move(effect)},
                        {"pairing", pairing_name(q.pairing)}});
    }
    return list;
}

Json file_json(NamedResult const& named)
{
    auto const& r = named.result;
    return {{"file", named.file},
            {"study", r.study.name},
            {"study_hash", r.study.hash},
            {"flights", r.flight_count},
            {"first_flight", r.first_flight},
            {"seed", r.seed},
            {"sampling", r.sampling},
            {"device", r.provenance.device},
            {"code_version", r.provenance.code_version},
            {"git_hash", r.provenance.git_hash}};
}

std::string file_text(NamedResult const& named)
{
    auto const& r = named.result;
    auto const lacks = r.gaps.empty() ? "" : fmt::format(" ({} are missing)", spans_text(r.gaps));
    return fmt::format("{}: {}, {}{}, seed {}", terminal_text(named.file),
                       terminal_text(r.study.name), counted(r.flight_count, "flight"), lacks,
                       r.seed);
}

}  // namespace

std::string comparison_text(ComparedFiles const& compared)
{
    std::string text;
    if (compared.of == compared.against) {
        text = file_text(*compared.of) + "\n";
    } else {
        text =
            fmt::format("{}\nagainst {}\n", file_text(*compared.of), file_text(*compared.against));
        text += study_text(compared);
    }
    text += wrapped(
        "Differences are the arm less what it is compared with; brackets hold 95 % intervals; "
        "times in min:s. Warning and delay are of flights with a message; usable warning counts "
        "too late or none as 0 s. Effect sizes: h of proportions, d of means in standard "
        "deviations of single flights or raids, dz in those of the flights' own gains.",
        "", "");
    for (auto const& one : compared.arms) { text += of_one(one); }
    return text;
}

std::string comparison_json(ComparedFiles const& compared)
{
    Json json = {{"of", file_json(*compared.of)}, {"against", file_json(*compared.against)}};
    json["study_differences"] = Json::array();
    for (auto const& d : compared.study_differences) {
        json["study_differences"].push_back({{"key", d.key}, {"of", d.a}, {"against", d.b}});
    }
    json["comparisons"] = Json::array();
    for (auto const& one : compared.arms) {
        Json consumers = Json::array();
        for (auto const& consumer : one.comparison.consumers) {
            consumers.push_back({{"name", consumer.name},
                                 {"flights", consumer.flights_one},
                                 {"flights_against", consumer.flights_other},
                                 {"quantities", quantities_json(consumer.quantities)}});
        }
        json["comparisons"].push_back({{"arm", one.arm},
                                       {"against", one.against},
                                       {"pairing", pairing_name(one.comparison.pairing)},
                                       {"why", one.comparison.why},
                                       {"consumers", std::move(consumers)},
                                       {"engagement", quantities_json(one.comparison.engagement)},
                                       {"left_out", one.comparison.left_out}});
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace longwatch
