#include "host/command/exercise_tables.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "host/command/output.hpp"
#include "results/show/table.hpp"

namespace longwatch {

namespace {

struct Milliseconds {
    double median = 0, p99 = 0, most = 0;
};
Milliseconds in_milliseconds(std::vector<double> seconds)
{
    if (seconds.empty()) { return {}; }
    std::sort(seconds.begin(), seconds.end());
    auto const share = [&](double p) {
        auto const at = std::ceil(p * static_cast<double>(seconds.size())) - 1;
        return seconds[static_cast<std::size_t>(std::max(at, 0.0))] * 1e3;
    };
    return {share(0.5), share(0.99), share(1)};
}

std::string who_of(Study const& study, NodeEvent const& event)
{
    auto const at = static_cast<std::size_t>(event.who);
    switch (event.kind) {
    case NodeEventKind::firm_track: return study.sensors[at];
    case NodeEventKind::warned: return study.consumers[at];
    default: return study.batteries[at];
    }
}

char const* event_words(NodeEventKind kind)
{
    switch (kind) {
    case NodeEventKind::firm_track: return "firm track";
    case NodeEventKind::warned: return "warned";
    case NodeEventKind::quality_held: return "prediction held";
    default: return "may launch";
    }
}

std::string instant(std::optional<double> const& t_s)
{
    return t_s ? fmt::format("{:.3f}", *t_s) : std::string("never");
}

}  // namespace

void print_comparison(Study const& study, std::vector<ComparedEvent> const& events)
{
    print(fmt::format("{:>7}  {:<16} {:<24} {:>12} {:>12} {:>10}\n", "flight", "", "", "model, s",
                      "live, s", "apart, ms"));
    for (auto const& e : events) {
        auto const between = e.t_model_s && e.t_live_s
                                 ? fmt::format("{:.3f}", (*e.t_live_s - *e.t_model_s) * 1e3)
                                 : std::string("-");
        print(fmt::format("{:>7}  {:<16} {:<24} {:>12} {:>12} {:>10}\n", e.event.flight,
                          event_words(e.event.kind), who_of(study, e.event), instant(e.t_model_s),
                          instant(e.t_live_s), between));
    }
}

bool print_verdict(std::vector<ComparedEvent> const& events, double speed)
{
    std::vector<double> late_s;
    int apart = 0, lost = 0, added = 0;
    for (auto const& e : events) {
        apart += e.is_apart() ? 1 : 0;
        lost += e.t_live_s ? 0 : 1;
        added += e.t_model_s ? 0 : 1;
        if (e.t_model_s && e.t_live_s) { late_s.push_back(*e.t_live_s - *e.t_model_s); }
    }
    if (lost + added > 0) {
        print(fmt::format("{} events of the model did not happen, {} happened that it has not\n",
                          lost, added));
        return false;
    }
    if (!(speed > 0)) {
        print(apart == 0 ? std::string("everything happened when the model says\n")
                         : fmt::format("{} events are apart from the model\n", apart));
        return apart == 0;
    }
    auto const late = in_milliseconds(std::move(late_s));
    print(
        fmt::format("everything happened that the model says; later by {:.2f} ms (median), {:.2f} "
                    "ms (99 of 100), {:.2f} ms (most) of the exercise\n",
                    late.median, late.p99, late.most));
    return true;
}

void print_knowledge(Study const& study, Conductor const& conductor)
{
    auto const& nodes = conductor.nodes();
    Table table{{"node", "flight", "tracks", "age, s", "launch", "impact within, km"}, {}};
    for (auto const& name : study.nodes) {
        auto const at = nodes.find(name);
        if (at == nodes.end()) { continue; }
        if (at->second.is_dead) { table.rows.push_back({name, "dead", "", "", "", ""}); }
        for (auto const& k : at->second.knows) {
            table.rows.push_back(
                {name, std::to_string(k.flight), std::to_string(k.tracks),
                 fmt::format("{:.1f}", conductor.now_s() - k.t_newest_s), k.launch ? "yes" : "-",
                 k.impact ? fmt::format("{:.1f}", k.impact->half_axis_major_m / 1e3) : "-"});
        }
    }
    print(
        "\nWhat nodes know at the end, and how old the newest of it is (impact: longer half axis "
        "of one standard "
        "deviation)\n\n" +
        lay_out(table));
}

void print_transport(std::vector<MessageRow> const& rows, double speed)
{
    std::map<std::pair<std::string, std::uint64_t>, double> sent_s;
    std::vector<double> took_s;
    for (auto const& row : rows) {
        std::pair const what(row.link, row.sequence_number);
        if (row.what == "sent") {
            sent_s.try_emplace(what, row.t_s);
        } else if (auto const at = sent_s.find(what); row.what == "heard" && at != sent_s.end()) {
            took_s.push_back((row.t_s - at->second) / speed);
        }
    }
    if (took_s.empty()) { return; }
    auto const count = took_s.size();
    auto const took = in_milliseconds(std::move(took_s));
    print(
        fmt::format("the transport took {:.2f} ms (median), {:.2f} ms (99 of 100), {:.2f} ms "
                    "(most) a message, of {} on links\n",
                    took.median, took.p99, took.most, count));
}

}  // namespace longwatch
