#include "host/study/read_sampling.hpp"

#include <algorithm>

#include "kernels/tally/settle.hpp"
#include "results/statistics/stopping.hpp"

namespace longwatch {

std::string read_sampling(TableView& root, SamplingParams& sampling)
{
    auto const kind =
        root.choice("sampling", {"monte-carlo", "latin-hypercube", "sobol"}, "monte-carlo");
    constexpr std::int64_t least = 16, most = 64;
    if (kind == "monte-carlo") {
        root.know("randomisations", Whose::study);
        if (root.has("randomisations")) {
            root.problem_at_key("randomisations",
                                "'randomisations' has no meaning under 'monte-carlo' (only with "
                                "'sampling' = \"latin-hypercube\" or \"sobol\")");
        }
        return "";
    }
    sampling.kind = kind == "sobol" ? Sampling::sobol : Sampling::latin_hypercube;
    sampling.randomisations = static_cast<int>(root.integer("randomisations", least, most, least));
    return "sampling = " + toml_text(kind) +
           "\nrandomisations = " + std::to_string(sampling.randomisations) + '\n';
}

namespace {

/// Groups of raids, dealt in turn, whose spread the intervals of warnings come from.
constexpr int raid_groups = 16;

void read_ignitions(TableView& table, RaidParams& raid)
{
    int const before = table.problem_count();
    raid.has_interval = !table.has(table.spelling_used("ignition", Dimension::time));
    if (raid.has_interval) {
        raid.interval_s = read_delay(table, "interval", 0.0);
        return;
    }
    auto const listed =
        table.numbers("ignition", between(0, 86400), max_raid_size, Dimension::time);
    if (table.problem_count() != before) { return; }
    auto const key = table.spelling_used("ignition", Dimension::time);
    if (static_cast<int>(listed.size()) != raid.size) {
        table.problem_at_key(key, table.what() + " has " + std::to_string(listed.size()) +
                                      " ignitions (must be one for each of " +
                                      std::to_string(raid.size) + " flights)");
        return;
    }
    if (!std::is_sorted(listed.begin(), listed.end())) {
        table.problem_at_key(key, table.what() + ": ignitions must not fall");
    }
    std::copy(listed.begin(), listed.end(), raid.ignition_s);
}

}  // namespace

std::int64_t most_flights(SamplingParams const& sampling)
{
    return sampling.kind == Sampling::monte_carlo ? run_flights_max : tally_flights_max;
}

std::string read_raid(TableView& root, Scenario& scenario)
{
    auto table = root.table("raid", false, Whose::study);
    if (!table) { return ""; }
    auto& raid = scenario.raid;
    raid.size = static_cast<int>(table->integer("size", 1, max_raid_size));
    read_ignitions(*table, raid);
    SourceCount unused;
    table->read_provenance(unused);
    table->report_unknown_keys();
    if (raid.size > 1) {
        if (scenario.sampling.kind != Sampling::monte_carlo) {
            root.problem_at_key("sampling",
                                "'sampling' spreads flights, and a raid is drawn whole "
                                "(must be \"monte-carlo\" where 'raid' has a size)");
        }
        scenario.sampling.randomisations = raid_groups;
    }
    return "raid = " + table->as_inline() + '\n';
}

std::int64_t nearest_whole_raids(std::int64_t flights, int raid_size)
{
    return std::max<std::int64_t>((flights + raid_size / 2) / raid_size, 1) * raid_size;
}

void check_whole_raids(TableView& root, std::int64_t flights, int raid_size)
{
    if (flights % raid_size == 0) { return; }
    root.problem_at_key("flights", "key 'flights' = " + std::to_string(flights) +
                                       " (must be a multiple of the raid's size, " +
                                       std::to_string(raid_size) + "; the nearest is " +
                                       std::to_string(nearest_whole_raids(flights, raid_size)) +
                                       ")");
}

std::string read_importance(TableView& root, Importance& importance)
{
    auto table = root.table("importance", false, Whose::study);
    if (!table) { return ""; }
    importance.failure = table->number("failure", Dimension::none, between(0.001, 0.9));
    importance.handover_scale =
        table->number("handover_scale", Dimension::none, between(1, 10), 1.0);
    importance.plain = table->number("plain", Dimension::none, between(least_plain, 0.9), 0.5);
    SourceCount unused;
    table->read_provenance(unused);
    table->report_unknown_keys();
    return "importance = " + table->as_inline() + '\n';
}

std::string read_stop(StudyReader& reader, TableView& root, StopRule& stop)
{
    auto table = root.table("stop", false, Whose::study);
    if (!table) { return ""; }
    stop.on = table->choice("on", stop_quantities());
    stop.half_width = table->number("half_width", Dimension::none, positive(1e6));
    stop.confidence = table->number("confidence", Dimension::none, between(0.5, 0.9999), 0.95);
    if (table->has("arm")) { stop.arm = reader.arms.index_of_key(*table, "arm", reader.problems); }
    if (table->has("consumer")) {
        stop.consumer = reader.consumers.index_of_key(*table, "consumer", reader.problems);
        if (!is_of_consumer(stop.on)) {
            table->problem_at_key("consumer", "'" + stop.on +
                                                  "' is not of a consumer (leave "
                                                  "'consumer' out)");
        }
    }
    auto const batteries = reader.study.scenario->battery_count;
    if (!stop.on.empty() && !is_of_consumer(stop.on) && batteries == 0) {
        table->problem_at_key("on", "'" + stop.on + "' is of batteries (the study has none)");
    }
    table->report_unknown_keys();
    return "stop = " + table->as_inline() + '\n';
}

}  // namespace longwatch
