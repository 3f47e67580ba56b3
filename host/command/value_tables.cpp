#include "host/command/value_tables.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "host/command/code_version.hpp"
#include "results/show/estimate_json.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

namespace {

constexpr std::size_t own_name_width_max = 24;

bool loses_nothing(WorthOfThing const& thing)
{
    auto const is_nothing = [](MaybeEstimate const& e) { return !e || e->value == 0; };
    return is_nothing(thing.loss.pk) &&
           std::all_of(thing.loss.consumers.begin(), thing.loss.consumers.end(),
                       [&](ConsumerLoss const& c) { return is_nothing(c.usable_s); });
}

/// Exactly nothing in every flight is told as such.
std::string loss_text(MaybeEstimate const& e)
{
    bool const nothing = e && e->value == 0 && e->low == 0 && e->high == 0;
    return nothing ? "0" : plain(e);
}

std::string ranking(WorthOfArm const& worth, std::vector<std::string> const& consumers)
{
    Table table{{"without", "", "loses most", "usable warning, s", "killed, % points"}, {}};
    std::vector<std::string> names;
    for (auto const& thing : worth.things) { names.push_back(terminal_text(thing.name)); }
    names = shortened(names, own_name_width_max);
    for (std::size_t i = 0; i < worth.things.size(); ++i) {
        auto const& thing = worth.things[i];
        if (loses_nothing(thing) || thing.loss.most < 0) { continue; }
        auto const most = static_cast<std::size_t>(thing.loss.most);
        auto const& usable = thing.loss.consumers[most].usable_s;
        table.rows.push_back({names[i], thing.kind, usable->value == 0 ? "-" : consumers[most],
                              loss_text(usable), percent(thing.loss.pk)});
    }
    return table.rows.empty() ? "  nothing is worth anything here\n" : lay_out(table);
}

std::string by_consumer(WorthOfArm const& worth, std::vector<std::string> const& consumers)
{
    Table table{{"without"}, {}};
    table.header.insert(table.header.end(), consumers.begin(), consumers.end());
    std::vector<std::string> names;
    for (auto const& thing : worth.things) { names.push_back(terminal_text(thing.name)); }
    names = shortened(names, own_name_width_max);
    for (std::size_t i = 0; i < worth.things.size(); ++i) {
        if (loses_nothing(worth.things[i])) { continue; }
        auto& row = table.rows.emplace_back(std::vector<std::string>{names[i]});
        for (auto const& loss : worth.things[i].loss.consumers) {
            row.push_back(loss_text(loss.usable_s));
        }
    }
    return table.rows.empty() ? "" : lay_out(table);
}

}  // namespace

double largest_loss_s(WorthOfThing const& thing)
{
    if (thing.loss.most < 0) { return 0; }
    return thing.loss.consumers[static_cast<std::size_t>(thing.loss.most)].usable_s->value;
}

void rank(WorthOfArm& worth)
{
    std::stable_sort(worth.things.begin(), worth.things.end(), [](auto const& a, auto const& b) {
        return largest_loss_s(a) > largest_loss_s(b);
    });
}

std::string worth_text(WorthOfArm const& worth)
{
    Study const& study = *worth.study;
    std::vector<std::string> consumers;
    for (auto const& name : study.consumers) { consumers.push_back(terminal_text(name)); }
    consumers = shortened(consumers, own_name_width_max);
    std::string text = fmt::format(
        "{}: what each link and sensor of the arm {} is worth\n{}, seed {}, {}; brackets hold 95 % "
        "intervals, losses are paired\n\n"
        "Lost without it, largest first; usable warning counts what comes too late or never as 0 "
        "s\n",
        terminal_text(study.name), terminal_text(worth.arm), counted(worth.flights, "flight"),
        worth.seed, worth.device);
    text += ranking(worth, consumers);
    auto const all = by_consumer(worth, consumers);
    if (!all.empty()) { text += "\nUsable warning lost by each consumer, s\n" + all; }
    std::string idle;
    for (auto const& thing : worth.things) {
        if (loses_nothing(thing)) {
            idle += fmt::format("{}{}", idle.empty() ? "" : ", ", terminal_text(thing.name));
        }
    }
    if (!idle.empty()) { text += "\nNothing is lost without: " + idle + "\n"; }
    return text;
}

std::string worth_json(WorthOfArm const& worth)
{
    Study const& study = *worth.study;
    Json json = {{"study", study.name},    {"study_hash", study.hash},
                 {"arm", worth.arm},       {"flights", worth.flights},
                 {"seed", worth.seed},     {"failed", worth.failed},
                 {"device", worth.device}, {"code_version", code_version}};
    json["ranking"] = Json::array();
    for (auto const& thing : worth.things) {
        Json consumers = Json::array();
        for (std::size_t n = 0; n < thing.loss.consumers.size(); ++n) {
            auto const& loss = thing.loss.consumers[n];
            Json at_least = nullptr;
            for (int k = 0; k < gain_threshold_count; ++k) {
                if (loss.p_at_least[k]) {
                    at_least[threshold_key(k)] = to_json(loss.p_at_least[k]);
                }
            }
            consumers.push_back({{"name", study.consumers[n]},
                                 {"usable_loss_s", to_json(loss.usable_s)},
                                 {"warning_loss_s", to_json(loss.warning_s)},
                                 {"p_warned_loss", to_json(loss.p_warned)},
                                 {"p_at_least_loss_s", std::move(at_least)}});
        }
        Json most = nullptr;
        if (thing.loss.most >= 0) {
            most = study.consumers[static_cast<std::size_t>(thing.loss.most)];
        }
        json["ranking"].push_back({{"kind", thing.kind},
                                   {"name", thing.name},
                                   {"loses_most", std::move(most)},
                                   {"pk_loss", to_json(thing.loss.pk)},
                                   {"consumers", std::move(consumers)}});
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace longwatch
