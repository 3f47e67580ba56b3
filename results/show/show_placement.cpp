#include "results/show/show_placement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "results/show/estimate_json.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

namespace {

constexpr std::size_t candidates_shown = 10;

std::string objective_words(PlacementFile const& p)
{
    switch (p.aim.objective) {
    case PlacementObjective::expected_warning:
        return "usable warning, s, averaged over the consumers";
    case PlacementObjective::worst_consumer: return "usable warning, s, of the consumer with least";
    case PlacementObjective::probability_of_warning:
        return fmt::format("fraction warned at least {:g} min ahead, % points", p.at_least_s / 60);
    case PlacementObjective::kill_probability: return "flights killed, % points";
    }
    return "";
}

/// Exactly nothing in every flight is told as such.
std::string gain_text(PlacementFile const& p, MaybeEstimate const& e)
{
    if (e && e->value == 0 && e->low == 0 && e->high == 0) { return "0"; }
    return is_probability(p.aim.objective) ? percent_gain(e) : plain(e);
}

std::string seconds_text(MaybeEstimate const& e)
{
    return e && e->value == 0 && e->low == 0 && e->high == 0 ? "0" : plain(e);
}

std::string place_text(PlacedSite const& site)
{
    return fmt::format("{:.2f} {} {:.2f} {}", std::abs(site.latitude_deg),
                       site.latitude_deg < 0 ? "S" : "N", std::abs(site.longitude_deg),
                       site.longitude_deg < 0 ? "W" : "E");
}

std::string chance_text(double p)
{
    return p <= 0 ? "0" : p < 0.001 ? "<0.1 %" : fmt::format("{:.1f} %", 100 * p);
}

std::vector<int> shown(PlacementFile const& p)
{
    auto order = p.estimates.order;
    order.resize(std::min(order.size(), candidates_shown));
    return order;
}

PlacedSite const& site_of(PlacementFile const& p, int k)
{
    return p.sites[static_cast<std::size_t>(k)];
}

std::string ranking(PlacementFile const& p)
{
    Table table{{"candidate", "place", "", "gain", "best, with", "coverage, %"}, {}};
    for (int const k : shown(p)) {
        auto const& e = p.estimates.candidates[static_cast<std::size_t>(k)];
        auto const& site = site_of(p, k);
        table.rows.push_back({terminal_text(site.name), place_text(site),
                              site.on_land ? "land" : "water", gain_text(p, e.objective_gain),
                              chance_text(e.p_best), percent(e.coverage)});
    }
    return lay_out(table);
}

std::string by_consumer(PlacementFile const& p)
{
    std::string out;
    for (std::size_t n = 0; n < p.consumers.size(); ++n) {
        Table table{{terminal_text(p.consumers[n]), "median, min:s", "5 % have less, min:s",
                     "gain in usable warning, s"},
                    {}};
        auto const& now = p.estimates.present[n];
        table.rows.push_back({"present layout", minutes(now.p50_s), minutes(now.p05_s), "-"});
        for (int const k : shown(p)) {
            auto const& at = p.estimates.candidates[static_cast<std::size_t>(k)].consumers[n];
            table.rows.push_back({terminal_text(site_of(p, k).name), minutes(at.p50_s),
                                  minutes(at.p05_s), seconds_text(at.gain_s)});
        }
        out += lay_out(table) + "\n";
    }
    return out;
}

std::string names_of(PlacementFile const& p, std::vector<int> const& members)
{
    std::string out;
    for (int const k : members) {
        out += (out.empty() ? "" : ", ") + terminal_text(site_of(p, k).name);
    }
    return out;
}

std::string choice_line(PlacementFile const& p, char const* how, Choice const& choice)
{
    bool const fraction = is_probability(p.aim.objective);
    double const unit = fraction ? 100 : 1;
    return wrapped(
        fmt::format(
            "{}: {}; gain {:.4g}{}, {}", how, names_of(p, choice.members), unit * choice.gain,
            fraction ? " % points" : " s",
            choice.is_optimal
                ? std::string("and by that count no other set of so many gains more")
                : fmt::format(
                      "by that count no set of so many gains more than {:.4g} (gap {:.2g} %)",
                      unit * choice.bound, 100 * choice.gap())),
        "  ", "    ");
}

std::string sets(PlacementFile const& p)
{
    std::string out =
        wrapped(fmt::format("{} together, each flight counted with the best of them alone, by {}",
                            p.choose, counted(p.kept_flights, "flight")),
                "", "  ");
    out += choice_line(p, "one after another", p.greedy);
    return out + choice_line(p, "by integer programme", p.exact);
}

std::string checked(PlacementFile const& p)
{
    Table table{{"with"}, {}};
    for (auto const& name : p.consumers) { table.header.push_back(terminal_text(name)); }
    bool const has_kills = std::any_of(p.checked.begin(), p.checked.end(),
                                       [](auto const& set) { return set.pk_gain.has_value(); });
    if (has_kills) { table.header.emplace_back("killed, % points"); }
    for (auto const& set : p.checked) {
        auto& row = table.rows.emplace_back(
            std::vector<std::string>{fmt::format("{}", names_of(p, set.members))});
        for (auto const& gain : set.usable_gain_s) { row.push_back(seconds_text(gain)); }
        if (has_kills) { row.push_back(percent_gain(set.pk_gain)); }
    }
    return wrapped(
               "The best flown in full, by as many further flights, with what radars tell "
               "together: gain in usable warning, s",
               "", "  ") +
           lay_out(table);
}

Json to_json(PlacementFile const& p, Choice const& choice)
{
    Json sites = Json::array();
    for (int const k : choice.members) { sites.push_back(site_of(p, k).name); }
    return {{"sites", std::move(sites)},
            {"gain", choice.gain},
            {"bound", choice.bound},
            {"gap", choice.gap()},
            {"optimal", choice.is_optimal}};
}

Json consumer_json(PlacementFile const& p, ConsumerAtPlace const& at, std::size_t n)
{
    return {{"name", p.consumers[n]},
            {"p50_s", to_json(at.p50_s)},
            {"p05_s", to_json(at.p05_s)},
            {"gain_s", to_json(at.gain_s)},
            {"p_at_least_gain", to_json(at.p_at_least_gain)},
            {"newly_warned", at.newly_warned},
            {"lost_warning", at.lost_warning}};
}

Json candidates_json(PlacementFile const& p)
{
    Json out = Json::array();
    for (int const k : p.estimates.order) {
        auto const& e = p.estimates.candidates[static_cast<std::size_t>(k)];
        auto const& site = site_of(p, k);
        Json consumers = Json::array();
        for (std::size_t n = 0; n < p.consumers.size(); ++n) {
            consumers.push_back(consumer_json(p, e.consumers[n], n));
        }
        out.push_back({{"name", site.name},
                       {"latitude_deg", site.latitude_deg},
                       {"longitude_deg", site.longitude_deg},
                       {"surface", site.on_land ? "land" : "water"},
                       {"coverage", to_json(e.coverage)},
                       {"objective_gain", to_json(e.objective_gain)},
                       {"p_best", e.p_best},
                       {"consumers", std::move(consumers)}});
    }
    return out;
}

}  // namespace

std::string placement_text(PlacementFile const& p)
{
    std::string text =
        wrapped(fmt::format("{}: {}", terminal_text(p.study.name), terminal_text(p.study.question)),
                "", "  ");
    text += fmt::format(
        "{} places for {} in the arm {}; {}, seed {}, {}; brackets hold 95 % intervals, gains are "
        "paired\n\n",
        grouped(static_cast<std::int64_t>(p.sites.size())), terminal_text(p.sensor),
        terminal_text(p.arm), counted(p.flight_count, "flight"), p.seed, p.provenance.device);
    text += fmt::format("The best places by {}\n", objective_words(p)) + ranking(p) + '\n';
    text += by_consumer(p);
    if (p.choose > 1) { text += sets(p) + '\n'; }
    return text + checked(p);
}

std::string placement_json(PlacementFile const& p)
{
    Json present = Json::array();
    for (std::size_t n = 0; n < p.consumers.size(); ++n) {
        present.push_back({{"name", p.consumers[n]},
                           {"flights", p.estimates.concerned[n]},
                           {"p50_s", to_json(p.estimates.present[n].p50_s)},
                           {"p05_s", to_json(p.estimates.present[n].p05_s)}});
    }
    Json sets = Json::array();
    for (auto const& set : p.checked) {
        Json sites = Json::array(), consumers = Json::array();
        for (int const k : set.members) { sites.push_back(site_of(p, k).name); }
        for (std::size_t n = 0; n < p.consumers.size(); ++n) {
            consumers.push_back({{"name", p.consumers[n]},
                                 {"usable_gain_s", to_json(set.usable_gain_s[n])},
                                 {"p_warned_gain", to_json(set.p_warned_gain[n])}});
        }
        sets.push_back({{"sites", std::move(sites)},
                        {"consumers", std::move(consumers)},
                        {"pk_gain", to_json(set.pk_gain)}});
    }
    Json const json = {
        {"study", p.study.name},
        {"study_hash", p.study.hash},
        {"arm", p.arm},
        {"sensor", p.sensor},
        {"flights", p.flight_count},
        {"failed", p.failed},
        {"seed", p.seed},
        {"device", p.provenance.device},
        {"code_version", p.provenance.code_version},
        {"objective", placement_objective_names[static_cast<int>(p.aim.objective)]},
        {"present",
         {{"objective", to_json(p.estimates.present_objective)}, {"consumers", present}}},
        {"candidates", candidates_json(p)},
        {"choose", p.choose},
        {"kept_flights", p.kept_flights},
        {"greedy", to_json(p, p.greedy)},
        {"exact", to_json(p, p.exact)},
        {"checked", std::move(sets)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace longwatch
