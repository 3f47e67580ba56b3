#include "results/show/show_engagement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

namespace {

std::string arm_engagements(Estimates const& e, ResultNames const& names, bool raids)
{
    Table table{{"arm", "flights", "killed, %", "leaked, %", "shots per flight"}, {}};
    if (raids) { table.header = {"arm", "raids", "killed, %", "no leaker, %", "leakers", "shots"}; }
    auto const arm_names = shortened(names.arms, name_width_max);
    for (std::size_t i = 0; i < names.arms.size(); ++i) {
        if (!e.arms[i].engagement) { continue; }
        auto const& of = *e.arms[i].engagement;
        if (!raids) {
            table.rows.push_back({arm_names[i], grouped(of.flights), percent(of.pk.estimate),
                                  percent(of.p_leak.estimate), plain(of.shots_mean)});
            continue;
        }
        auto const per_raid = static_cast<double>(of.flights) / static_cast<double>(of.raids);
        table.rows.push_back({arm_names[i], grouped(of.raids), percent(of.pk.estimate),
                              percent(of.p_no_leaker.estimate), plain(of.leakers_mean),
                              plain(*scaled(of.shots_mean, per_raid))});
    }
    return lay_out(table);
}

std::string battery_engagements(Estimates const& e, ResultNames const& names)
{
    Table engaged{{"arm, battery", "fired at", "on remote", "acquired", "hit", "killed, %"}, {}};
    Table spent{{"arm, battery", "shots", "wasted", "left"}, {}};
    Table space{{"arm, battery", "can meet, %", "tries", "first, min:s"}, {}};
    auto const arms = shortened(names.arms, half_name_width_max);
    auto const batteries = shortened(names.batteries, half_name_width_max);
    for (std::size_t i = 0; i < names.arms.size(); ++i) {
        for (std::size_t k = 0; k < names.batteries.size(); ++k) {
            auto const& b = e.arms[i].batteries[k];
            auto const name = arms[i] + ", " + batteries[k];
            engaged.rows.push_back({name, grouped(b.engaged), grouped(b.remote),
                                    grouped(b.acquired), grouped(b.hit), percent(b.pk)});
            spent.rows.push_back({name, grouped(b.shots), grouped(b.wasted), plain(b.left_mean)});
            space.rows.push_back({name, percent(b.p_reached), plain(b.opportunities_mean),
                                  minutes(b.first_intercept_s)});
        }
    }
    return wrapped(
               "Flights fired at while they lived, of these on a track that came through the "
               "network; shots at them whose seekers acquired, hits; killed, of the flights "
               "fired at",
               "", "  ") +
           lay_out(engaged) + "\n" +
           "Shots, of these wasted on flights that were dead already; interceptors left after a "
           "raid\n" +
           lay_out(spent) + "\n" +
           wrapped(
               "Battlespace: flights that can be met, tries that time allows at a flight, mean "
               "first intercept since ignition",
               "", "  ") +
           lay_out(space) + "\n";
}

/// The rows whose other ends are zero throughout are left out.
std::string leakage_table(Estimates const& e, ResultNames const& names)
{
    Table table{{"leakers, of raids %"}, {}};
    for (auto const& name : shortened(names.arms, half_name_width_max)) {
        table.header.push_back(name);
    }
    std::size_t most = 0;
    for (auto const& arm : e.arms) {
        for (std::size_t k = 0; arm.engagement && k < arm.engagement->p_leakers.size(); ++k) {
            if (arm.engagement->p_leakers[k].value > 0) { most = std::max(most, k); }
        }
    }
    for (std::size_t k = 0; k <= most; ++k) {
        auto& row = table.rows.emplace_back(std::vector<std::string>{std::to_string(k)});
        for (auto const& arm : e.arms) {
            row.push_back(arm.engagement ? percent(arm.engagement->p_leakers[k])
                                         : percent(MaybeEstimate()));
        }
    }
    return lay_out(table);
}

std::string engagement_gains(Estimates const& e, ResultNames const& names, bool raids)
{
    Table table{{"arm against arm", "killed, % points", "shots saved"}, {}};
    if (raids) {
        table.header = {"arm against arm", "no leaker, % points", "fewer leakers", "shots saved"};
    }
    auto const arms = shortened(names.arms, half_name_width_max);
    for (auto const& pair : e.pairs) {
        auto const& g = pair.engagement;
        if (!g.pk) { continue; }
        std::vector<std::string> row = {arms[pair.arm] + " against " + arms[pair.versus]};
        if (raids) {
            row.insert(row.end(), {percent_gain(g.p_no_leaker), plain(g.leakers)});
        } else {
            row.push_back(percent_gain(g.pk));
        }
        row.push_back(plain(g.shots_saved));
        table.rows.push_back(row);
    }
    return table.rows.empty() ? "" : lay_out(table) + "\n";
}

}  // namespace

std::string engagement_tables(Estimates const& e, ResultNames const& names, int raid_size)
{
    EngagementEstimates const* first = nullptr;
    for (auto const& arm : e.arms) {
        if (arm.engagement && first == nullptr) { first = &*arm.engagement; }
    }
    if (first == nullptr) { return ""; }
    std::string text = fmt::format("Engagement of the flights some battery may take{}\n",
                                   raid_size > 1 ? "; leakers and shots per raid" : "");
    text += arm_engagements(e, names, raid_size > 1) + "\n";
    if (first->is_weighted) {
        text +=
            "Importance sampling: weighted; raids and shots below are as drawn, more of which "
            "fail. Worth, by\n  their weights, per arm:";
        for (std::size_t i = 0; i < names.arms.size(); ++i) {
            if (!e.arms[i].engagement) { continue; }
            auto const worth = std::llround(e.arms[i].engagement->effective_raids);
            text += fmt::format(" {} {} raids;", names.arms[i], grouped(worth));
        }
        text.back() = '\n';
        text += "\n";
    }
    if (raid_size > 1) {
        text +=
            fmt::format("Leakers of a raid of {}\n", raid_size) + leakage_table(e, names) + "\n";
    }
    text += battery_engagements(e, names);
    if (names.arms.size() > 1) {
        text += fmt::format("Engagement, paired{}\n",
                            raid_size > 1 ? "; leakers and shots per raid" : "") +
                engagement_gains(e, names, raid_size > 1);
    }
    return text;
}

}  // namespace longwatch
