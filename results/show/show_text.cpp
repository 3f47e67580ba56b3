#include "results/show/show_text.hpp"

#include <fmt/format.h>

#include <functional>

#include "results/show/table.hpp"
#include "results/statistics/estimates.hpp"

namespace longwatch {

namespace {

constexpr std::size_t text_width_max = 98;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

// Breaks a text between words; the first line begins with `first`, the others with `indent`.
std::string wrapped(std::string const& text, std::string const& first, std::string const& indent)
{
    std::string result, line = first;
    bool fresh = true;
    std::size_t at = 0;
    while (at < text.size()) {
        auto end = text.find_first_of(" \n", at);
        if (end == std::string::npos) { end = text.size(); }
        auto const word = text.substr(at, end - at);
        at = end + 1;
        if (word.empty()) { continue; }
        if (!fresh && text_width(line) + 1 + text_width(word) > text_width_max) {
            result += line + "\n";
            line = indent + word;
        } else {
            line += (fresh ? "" : " ") + word;
        }
        fresh = false;
    }
    return result + line + "\n";
}

// How many consumers' differences leave zero out of their interval, upward and downward, and where
// the difference is largest.
struct Differences {
    int consumers = 0, more = 0, less = 0;
    std::string most;  ///< consumer, largest difference
    double largest = 0;

    void add(MaybeEstimate const& e, std::string const& consumer,
             std::string (*number)(MaybeEstimate const&))
    {
        if (!e) { return; }
        ++consumers;
        if (e->high < 0) { ++less; }
        if (e->low <= 0) { return; }
        ++more;
        if (more == 1 || e->value > largest) {
            largest = e->value;
            most = fmt::format("{} {}", consumer, number(e));
        }
    }
    std::string say(std::string const& upward, std::string const& downward,
                    std::string const& unit) const
    {
        if (more + less == 0) { return fmt::format("none of {} {}", consumers, upward); }
        auto text = fmt::format("{} of {} {}", more, consumers, upward);
        if (more > 0) { text += fmt::format(", most {} {}", most, unit); }
        if (less > 0) { text += fmt::format("; {} {}", less, downward); }
        return text;
    }
};

// What an arm adds to another, in one sentence.
std::string headline(PairEstimates const& pair, ResultNames const& names)
{
    Differences times, warned;
    for (std::size_t i = 0; i < pair.consumers.size(); ++i) {
        times.add(pair.consumers[i].gain_s, names.consumers[i], minutes_gain);
        warned.add(pair.consumers[i].p_warned_gain, names.consumers[i], percent_gain);
    }
    std::vector<std::string> parts;
    if (times.consumers > 0) {
        parts.push_back(times.say("consumers gain warning time", "lose some", "min"));
    }
    if (warned.consumers > 0) {
        parts.push_back(warned.say("are warned of more flights", "of fewer", "% points"));
    }
    if (pair.pk_gain) {
        parts.push_back(fmt::format("killed {} % points", percent_gain(pair.pk_gain)));
    }
    auto text =
        fmt::format("{} against {}:", names.arms[index(pair.arm)], names.arms[index(pair.versus)]);
    if (parts.empty()) { text += " no flights to compare"; }
    for (std::size_t i = 0; i < parts.size(); ++i) { text += (i == 0 ? " " : "; ") + parts[i]; }
    return wrapped(text, "  ", "    ");
}

using Cell = std::function<std::string(ConsumerEstimates const&)>;

std::string consumer_table(Estimates const& e, ResultNames const& names, Cell const& cell)
{
    Table table{{"consumer"}, {}};
    table.header.insert(table.header.end(), names.arms.begin(), names.arms.end());
    for (std::size_t i = 0; i < names.consumers.size(); ++i) {
        auto& row = table.rows.emplace_back(std::vector<std::string>{names.consumers[i]});
        for (auto const& arm : e.arms) { row.push_back(cell(arm.consumers[i])); }
    }
    return lay_out(table);
}

// How many flights concern each consumer; the same in every arm.
std::string concern_line(Estimates const& e, ResultNames const& names)
{
    std::string text = "Flights that concern:";
    for (std::size_t i = 0; i < names.consumers.size() && !e.arms.empty(); ++i) {
        text += fmt::format("{} {} {}", i == 0 ? "" : ",", names.consumers[i],
                            grouped(e.arms[0].consumers[i].flights));
    }
    return wrapped(text, "  ", "    ");
}

std::string gain_table(PairEstimates const& pair, ResultNames const& names)
{
    Table table{{"consumer", "gain, min:s", "in both", "warned, % points", "newly warned", "lost"},
                {}};
    for (std::size_t i = 0; i < names.consumers.size(); ++i) {
        auto const& p = pair.consumers[i];
        table.rows.push_back({names.consumers[i], minutes_gain(p.gain_s), grouped(p.flights),
                              percent_gain(p.p_warned_gain), grouped(p.newly_warned),
                              grouped(p.lost_warning)});
    }
    return fmt::format("{} against {}\n{}", names.arms[index(pair.arm)],
                       names.arms[index(pair.versus)], lay_out(table));
}

std::string engagement_tables(Estimates const& e, ResultNames const& names)
{
    Table arms{{"arm", "flights", "killed, %", "leaked, %", "shots per flight"}, {}};
    Table batteries{{"arm, battery", "fired at", "shots", "killed", "killed, % of fired at"}, {}};
    for (std::size_t i = 0; i < names.arms.size(); ++i) {
        auto const& arm = e.arms[i];
        if (!arm.engagement) { continue; }
        arms.rows.push_back({names.arms[i], grouped(arm.engagement_flights),
                             percent(arm.engagement->pk), percent(arm.engagement->p_leak),
                             plain(arm.engagement->shots_mean)});
        for (std::size_t b = 0; b < names.batteries.size(); ++b) {
            auto const& battery = arm.batteries[b];
            batteries.rows.push_back({names.arms[i] + ", " + names.batteries[b],
                                      grouped(battery.engaged), grouped(battery.shots),
                                      grouped(battery.killed), percent(battery.pk)});
        }
    }
    if (arms.rows.empty()) { return ""; }
    return fmt::format("Engagement of the flights some battery may take\n{}\n{}\n", lay_out(arms),
                       lay_out(batteries));
}

std::string fate_table(Estimates const& e, ResultNames const& names)
{
    Table table{{"threat"}, {}};
    for (auto const* fate : fate_names) { table.header.emplace_back(fate); }
    for (std::size_t i = 0; i < names.threats.size(); ++i) {
        auto& row = table.rows.emplace_back(std::vector<std::string>{names.threats[i]});
        for (auto const count : e.fates[i]) { row.push_back(grouped(count)); }
    }
    return lay_out(table);
}

std::string provenance(ResultFile const& result)
{
    auto const& p = result.provenance;
    auto const last = result.first_flight + result.flight_count - 1;
    auto const text = fmt::format(
        "Study {}, hash {}, seed {}, flights {} to {}; longwatch {} ({}), {}, {} with {} lanes, "
        "{}; "
        "made {}",
        result.study.name, result.study.hash.substr(0, 12), result.seed,
        grouped(result.first_flight), grouped(last), p.code_version, p.git_hash.substr(0, 12),
        p.device, p.instructions, p.lanes, p.precision, p.created_utc);
    return wrapped(text, "", "  ");
}

std::string all_gains(Estimates const& e, ResultNames const& names)
{
    std::string text = "What each arm gains on the one before, on the same flights\n\n";
    for (auto const& pair : e.pairs) {
        if (pair.versus == pair.arm - 1) { text += gain_table(pair, names) + "\n"; }
    }
    return text;
}

}  // namespace

std::string show_text(ResultFile const& result)
{
    auto const e = estimate(result.tally);
    auto const& names = result.names;
    auto text = wrapped(fmt::format("{}: {}", result.study.name, result.study.question), "", "  ");
    text += fmt::format("{} flights; brackets hold 95 % intervals, differences are paired\n\n",
                        grouped(result.flight_count));

    if (names.arms.size() > 1) {
        text += "What each arm adds to the one before\n";
        for (auto const& pair : e.pairs) {
            if (pair.versus == pair.arm - 1) { text += headline(pair, names); }
        }
        text += "\n";
    }
    if (!names.consumers.empty()) {
        text += "Warning time, median over the flights with a message, min:s\n";
        text += consumer_table(e, names, [](ConsumerEstimates const& c) {
            return minutes(c.warning_time_s ? MaybeEstimate(c.warning_time_s->p50) : std::nullopt);
        });
        text += concern_line(e, names);
        text += "\nWarned in time, % of the flights that concern the consumer\n";
        text += consumer_table(e, names,
                               [](ConsumerEstimates const& c) { return percent(c.p_warned); });
        text += "\nWarned too late, %\n";
        text += consumer_table(e, names,
                               [](ConsumerEstimates const& c) { return percent(c.p_too_late); });
        text += "\n";
        if (names.arms.size() > 1) { text += all_gains(e, names); }
    }
    text += engagement_tables(e, names);
    text += "How the flights ended\n" + fate_table(e, names) + "\n";
    if (!result.failures.empty()) {
        auto const& first = result.failures.front();
        text += fmt::format("First flight that failed: {} ({})\n\n", first.flight,
                            fate_names[static_cast<int>(first.fate)]);
    }
    if (!result.assumptions.empty()) {
        text += "Assumptions\n";
        for (auto const& assumption : result.assumptions) {
            text += wrapped("- " + assumption, "  ", "    ");
        }
        text += "\n";
    }
    return text + provenance(result);
}

}  // namespace longwatch
