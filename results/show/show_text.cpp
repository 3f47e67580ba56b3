#include "results/show/show_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>

#include "results/show/show_engagement.hpp"
#include "results/show/spans_text.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"
#include "results/statistics/estimates.hpp"

namespace longwatch {

namespace {

// How a difference between two arms is told of one consumer and of several.
struct DifferenceWords {
    char const *none, *one_more, *many_more, *one_less, *many_less;
    char const *also_less, *unit;
};
constexpr DifferenceWords time_words{.none = "no difference in warning time",
                                     .one_more = "gains warning time",
                                     .many_more = "gain warning time",
                                     .one_less = "loses warning time",
                                     .many_less = "lose warning time",
                                     .also_less = "less for",
                                     .unit = "min"};
constexpr DifferenceWords warned_words{.none = "no difference in the flights warned of",
                                       .one_more = "is warned of more flights",
                                       .many_more = "are warned of more flights",
                                       .one_less = "is warned of fewer flights",
                                       .many_less = "are warned of fewer flights",
                                       .also_less = "fewer for",
                                       .unit = "% points"};

// How many consumers' differences leave zero out of their interval, upward and downward, and where
// the difference is largest.
struct Differences {
    int consumers = 0, more = 0, less = 0;
    int unknown = 0;   ///< whose flights bound nothing
    std::string most;  ///< consumer, largest difference
    double largest = 0;

    void add(MaybeEstimate const& e, std::string const& consumer,
             std::string (*number)(MaybeEstimate const&))
    {
        if (!e) { return; }
        ++consumers;
        if (!e->is_bounded()) { ++unknown; }
        if (e->is_below_zero()) { ++less; }
        if (!e->is_above_zero()) { return; }
        ++more;
        if (more == 1 || e->value > largest) {
            largest = e->value;
            most = fmt::format("{} {}", consumer, number(e));
        }
    }
    std::string say(DifferenceWords const& words) const
    {
        if (unknown == consumers) {
            return fmt::format("too few flights to tell who {}", words.one_more);
        }
        auto text = fmt::format("{} that these flights tell", words.none);
        if (consumers == 1 && more + less > 0) {
            text = fmt::format("the one consumer {}", more > 0 ? words.one_more : words.one_less);
        } else if (more > 0) {
            text = fmt::format("{} of {} consumers {}", more, consumers,
                               more == 1 ? words.one_more : words.many_more);
        } else if (less > 0) {
            text = fmt::format("{} of {} consumers {}", less, consumers,
                               less == 1 ? words.one_less : words.many_less);
        }
        if (more > 0) { text += fmt::format(", most {} {}", most, words.unit); }
        if (more > 0 && less > 0) { text += fmt::format("; {} {}", words.also_less, less); }
        if (unknown > 0) { text += fmt::format("; too few flights to tell for {}", unknown); }
        return text;
    }
};

// What an arm adds to another, in one sentence.
std::string headline(PairEstimates const& pair, ResultNames const& names, bool raids)
{
    Differences times, warned;
    for (std::size_t i = 0; i < pair.consumers.size(); ++i) {
        times.add(pair.consumers[i].gain_s, names.consumers[i], minutes_gain);
        warned.add(pair.consumers[i].p_warned_gain, names.consumers[i], percent_gain);
    }
    std::vector<std::string> parts;
    if (times.consumers > 0) { parts.push_back(times.say(time_words)); }
    if (warned.consumers > 0) { parts.push_back(warned.say(warned_words)); }
    if (pair.engagement.pk) {
        parts.push_back(fmt::format("killed {} % points", percent_gain(pair.engagement.pk)));
        if (raids) {
            parts.push_back(fmt::format("raids without a leaker {} % points",
                                        percent_gain(pair.engagement.p_no_leaker)));
            parts.push_back(
                fmt::format("shots saved per raid {}", plain(pair.engagement.shots_saved)));
        }
    }
    auto text = fmt::format("{} against {}:", names.arms[pair.arm], names.arms[pair.versus]);
    if (parts.empty()) { text += " no flights to compare"; }
    for (std::size_t i = 0; i < parts.size(); ++i) { text += (i == 0 ? " " : "; ") + parts[i]; }
    return wrapped(text, "  ", "    ");
}

using Cell = std::function<std::string(ConsumerEstimates const&)>;

std::string consumer_table(Estimates const& e, ResultNames const& names, Cell const& cell)
{
    auto const arms = shortened(names.arms, name_width_max);
    auto const consumers = shortened(names.consumers, name_width_max);
    Table table{{"consumer"}, {}};
    table.header.insert(table.header.end(), arms.begin(), arms.end());
    for (std::size_t i = 0; i < consumers.size(); ++i) {
        auto& row = table.rows.emplace_back(std::vector<std::string>{consumers[i]});
        for (auto const& arm : e.arms) { row.push_back(cell(arm.consumers[i])); }
    }
    return lay_out(table);
}

// How many flights concern each consumer; the same in every arm.
std::string concern_line(Estimates const& e, ResultNames const& names, std::int64_t failed)
{
    std::string text =
        failed > 0 ? "Flights that concern, those that failed left out:" : "Flights that concern:";
    for (std::size_t i = 0; i < names.consumers.size() && !e.arms.empty(); ++i) {
        text += fmt::format("{} {} {}", i == 0 ? "" : ",", names.consumers[i],
                            grouped(e.arms[0].consumers[i].flights));
    }
    return wrapped(text, "  ", "    ");
}

// Where the time from ignition to an actionable message goes.
std::string delay_table(Estimates const& e, ResultNames const& names)
{
    Table table{{"consumer, arm"}, {}};
    table.header.insert(table.header.end(), {"geometry", "detect", "confirm", "process", "link",
                                             "release", "decide", "total"});
    auto const arms = shortened(names.arms, half_name_width_max);
    auto const consumers = shortened(names.consumers, half_name_width_max);
    for (std::size_t i = 0; i < consumers.size(); ++i) {
        for (std::size_t a = 0; a < arms.size(); ++a) {
            auto const& delays = e.arms[a].consumers[i].delay_s;
            if (!delays[delay_total]) { continue; }
            auto& row =
                table.rows.emplace_back(std::vector<std::string>{consumers[i] + ", " + arms[a]});
            for (auto const& delay : delays) {
                row.push_back(fmt::format("{:.1f}", delay->mean.value));
            }
        }
    }
    if (table.rows.empty()) { return ""; }
    double widest = 0;
    bool is_some_open = false;
    for (auto const& arm : e.arms) {
        for (auto const& consumer : arm.consumers) {
            for (auto const& delay : consumer.delay_s) {
                if (!delay) { continue; }
                widest = std::max(widest, (delay->mean.high - delay->mean.low) / 2);
                is_some_open = is_some_open || !delay->mean.is_bounded();
            }
        }
    }
    auto const title = fmt::format(
        "Where the time goes from ignition to acting on the message, means in s ({}in --json)",
        is_some_open ? "too few flights to bound all of them; intervals are "
                     : fmt::format("95 % intervals: within {:.1f} s of these, and ",
                                   std::ceil(widest * 10) / 10));
    return wrapped(title, "", "  ") + lay_out(table) + "\n";
}

// How well infrared sensors tell where a flight came from.
std::string launch_table(Estimates const& e, ResultNames const& names)
{
    Table table{{"sensor", "flights", "place at report, km", "azimuth at report, deg",
                 "place at burnout, km", "azimuth at burnout, deg"},
                {}};
    auto const sensors = shortened(names.sensors, name_width_max);
    for (std::size_t s = 0; s < sensors.size(); ++s) {
        auto const& launches = e.launches[s];
        if (launches.flights == 0) { continue; }
        auto& row = table.rows.emplace_back(
            std::vector<std::string>{sensors[s], grouped(launches.flights)});
        for (auto const& at : launches.at) {
            row.push_back(plain(*scaled(at.half_axis_m, 1e-3)));
            row.push_back(plain(*scaled(at.azimuth_rad, 1 / rad_per_deg)));
        }
    }
    if (table.rows.empty()) { return ""; }
    return wrapped(
               "Where a flight came from, as infrared sensors tell it: means of one standard "
               "deviation (of the place, its ellipse's longer half axis)",
               "", "  ") +
           lay_out(table) + "\n";
}

// What is beside the messages themselves: precautions and false warnings, where there are any, and all-clears.
std::string further_tables(Estimates const& e, ResultNames const& names)
{
    Table table{{"consumer, arm", "precautions", "% of messages", "in vain", "after, min:s"}, {}};
    bool all_clear = false;
    auto const arms = shortened(names.arms, half_name_width_max);
    auto const consumers = shortened(names.consumers, half_name_width_max);
    for (std::size_t i = 0; i < consumers.size(); ++i) {
        for (std::size_t a = 0; a < arms.size(); ++a) {
            auto const& c = e.arms[a].consumers[i];
            all_clear = all_clear || c.all_clears > 0;
            if (c.precautions == 0 && c.false_warnings == 0) { continue; }
            table.rows.push_back({consumers[i] + ", " + arms[a], grouped(c.precautions),
                                  percent(c.p_precaution), grouped(c.false_warnings),
                                  minutes(c.false_warning_s)});
        }
    }
    std::string text;
    if (!table.rows.empty()) {
        text += wrapped(
                    "Warned as a precaution only; and in vain, of flights that broke up or came "
                    "nowhere near, "
                    "mean time from ignition",
                    "", "  ") +
                lay_out(table) + "\n";
    }
    if (all_clear) {
        text += "All-clear, mean after the end of the clock, min:s\n";
        text += consumer_table(e, names,
                               [](ConsumerEstimates const& c) { return minutes(c.all_clear_s); }) +
                "\n";
    }
    return text;
}

std::string gain_table(PairEstimates const& pair, ResultNames const& names)
{
    Table table{{"consumer", "gain, min:s", "in both", "warned, % points", "newly warned", "lost"},
                {}};
    auto const consumers = shortened(names.consumers, name_width_max);
    for (std::size_t i = 0; i < consumers.size(); ++i) {
        auto const& p = pair.consumers[i];
        table.rows.push_back({consumers[i], minutes_gain(p.gain_s), grouped(p.flights),
                              percent_gain(p.p_warned_gain), grouped(p.newly_warned),
                              grouped(p.lost_warning)});
    }
    auto const title = fmt::format("{} against {}", names.arms[pair.arm], names.arms[pair.versus]);
    return wrapped(title, "", "  ") + lay_out(table);
}

std::string fate_table(Estimates const& e, ResultNames const& names)
{
    Table table{{"threat"}, {}};
    for (auto const* fate : fate_names) { table.header.emplace_back(fate); }
    auto const threats = shortened(names.threats, name_width_max);
    for (std::size_t i = 0; i < threats.size(); ++i) {
        auto& row = table.rows.emplace_back(std::vector<std::string>{threats[i]});
        for (auto const count : e.fates[i]) { row.push_back(grouped(count)); }
    }
    return lay_out(table);
}

std::string provenance(ResultFile const& result)
{
    auto const& p = result.provenance;
    constexpr std::size_t hash_shown = 40;  // a commit's twelve, and of a changed tree the digest
    auto const lacks =
        result.gaps.empty() ? "" : fmt::format(" ({} are missing)", spans_text(result.gaps));
    auto const text = fmt::format(
        "Study {}, hash {}, seed {}, {}{}; longwatch {} ({}), {}, {} with {}, {}; made {}",
        result.study.name, result.study.hash.substr(0, 12), result.seed,
        spans_text(spans_of(result)), lacks, p.code_version, p.git_hash.substr(0, hash_shown),
        p.device, p.instructions, counted(p.lanes, "lane"), p.precision, p.created_utc);
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

std::int64_t failed_flights(Estimates const& e)
{
    std::int64_t failed = 0;
    for (auto const& threat : e.fates) {
        for (int fate = 0; fate < fate_count; ++fate) {
            if (is_failure(static_cast<Fate>(fate))) { failed += threat[fate]; }
        }
    }
    return failed;
}

std::string flights_line(ResultFile const& result, std::int64_t failed)
{
    auto text = counted(result.flight_count, "flight");
    if (failed > 0) {
        text += fmt::format(
            ", {} of them failed and left out of all that follows but how the "
            "flights ended",
            grouped(failed));
    }
    text += "; brackets hold 95 % intervals, differences are paired";
    if (result.tally.layout.raid_size > 1) {
        text += fmt::format("; in raids of {}, which the intervals take as clusters",
                            result.tally.layout.raid_size);
    } else if (!result.randomisations.empty()) {
        text += fmt::format("; intervals are Student's t over {} randomisations ({} sampling)",
                            result.randomisations.size(), result.sampling);
    }
    return wrapped(text, "", "  ");
}

// What the marks mean that the numbers of a text carry.
std::string marks_line(std::string const& text)
{
    std::vector<std::string> marks;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        bool const is_mark = text[i] == '<' || text[i] == '>';
        if (is_mark &&
            std::string_view("-+0123456789").find(text[i + 1]) != std::string_view::npos) {
            marks.emplace_back("< and >: below and above, how far is not known");
            break;
        }
    }
    if (text.find(fmt::format("({})", no_bounds)) != std::string::npos) {
        marks.push_back(fmt::format("{}: too few flights for an interval", no_bounds));
    }
    if (marks.empty()) { return ""; }
    return wrapped(fmt::format("{}", fmt::join(marks, "; ")), "", "  ");
}

std::string warning_tables(Estimates const& e, ResultNames const& names, std::int64_t failed)
{
    std::string text = "Warning time, median over the flights with a message, min:s\n";
    text += consumer_table(e, names, [](ConsumerEstimates const& c) {
        return minutes(c.warning_time_s ? MaybeEstimate(c.warning_time_s->p50) : std::nullopt);
    });
    text += concern_line(e, names, failed);
    text += "\nWarned in time, % of the flights that concern the consumer\n";
    text +=
        consumer_table(e, names, [](ConsumerEstimates const& c) { return percent(c.p_warned); });
    text += "\nWarned too late, %\n";
    text +=
        consumer_table(e, names, [](ConsumerEstimates const& c) { return percent(c.p_too_late); });
    text += "\nNo message, %\n";
    text += consumer_table(e, names, [](ConsumerEstimates const& c) { return percent(c.p_none); });
    return text + "\n";
}

// All that is counted, from the headline to how the flights ended.
std::string findings(Estimates const& e, ResultNames const& names, std::int64_t failed,
                     int raid_size)
{
    std::string text;
    if (names.arms.size() > 1) {
        text += "What each arm adds to the one before\n";
        for (auto const& pair : e.pairs) {
            if (pair.versus == pair.arm - 1) { text += headline(pair, names, raid_size > 1); }
        }
        text += "\n";
    }
    if (!names.consumers.empty()) {
        text += warning_tables(e, names, failed);
        text += delay_table(e, names);
        text += further_tables(e, names);
        if (names.arms.size() > 1) { text += all_gains(e, names); }
    }
    text += launch_table(e, names);
    return text + engagement_tables(e, names, raid_size) + "How the flights ended\n" +
           fate_table(e, names) + "\n";
}

// Those of the names that are shown.
ResultNames printable_names(ResultNames names)
{
    for (auto* list :
         {&names.threats, &names.arms, &names.consumers, &names.batteries, &names.sensors}) {
        for (auto& name : *list) { name = terminal_text(name); }
    }
    return names;
}

}  // namespace

std::string show_text(ResultFile const& result)
{
    auto const e = estimate(result.tally, result.randomisations);
    auto const failed = failed_flights(e);
    auto const found =
        findings(e, printable_names(result.names), failed, result.tally.layout.raid_size);
    auto text = wrapped(fmt::format("{}: {}", result.study.name, result.study.question), "", "  ");
    text += flights_line(result, failed);
    if (!result.stopped.empty()) { text += wrapped("Stopped " + result.stopped, "", "  "); }
    text += marks_line(found) + "\n" + found;
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
