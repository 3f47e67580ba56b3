#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <utility>

#include "host/study/catalog_place.hpp"
#include "host/study/read_sampling.hpp"
#include "host/study/study.hpp"
#include "host/study/study_hash.hpp"
#include "host/study/study_reader.hpp"
#include "kernels/backend/chunks.hpp"
#include "kernels/tally/settle.hpp"
#include "results/show/terminal_text.hpp"
#include "results/store/schema.hpp"

namespace longwatch {
namespace {

constexpr std::int64_t default_flights = 200000;

/// Consumers and batteries ask for qualities of tracks; they get the index of theirs, loosest first.
void index_qualities(StudyReader& reader)
{
    auto& scenario = *reader.study.scenario;
    auto& network = scenario.network;
    auto& asked = reader.qualities;
    if (static_cast<int>(asked.size()) > max_qualities) { return; }
    std::sort(asked.begin(), asked.end(), [](TrackQuality const& a, TrackQuality const& b) {
        return a.battery != b.battery ? a.battery < b.battery : a.sigma_m > b.sigma_m;
    });
    network.quality_count = static_cast<int>(asked.size());
    std::copy(asked.begin(), asked.end(), network.quality);
    auto const index = [&](TrackQuality const& wanted) {
        int found = 0;
        for (int q = 0; q < network.quality_count; ++q) {
            auto const& one = network.quality[q];
            if (one.battery == wanted.battery && one.sigma_m == wanted.sigma_m) { found = q; }
        }
        return found;
    };
    for (int i = 0; i < network.consumer_count; ++i) {
        network.consumer[i].quality = index(reader.consumer_quality[static_cast<std::size_t>(i)]);
    }
    for (int i = 0; i < scenario.battery_count; ++i) {
        scenario.battery[i].quality = index(reader.battery_quality[static_cast<std::size_t>(i)]);
    }
}

void read_entities(StudyReader& reader, TableView& root)
{
    read_environment(reader, root);
    read_threats(reader, root);
    read_origins(reader, root);
    read_nodes(reader, root);
    read_sensors(reader, root);
    read_links(reader, root);
    read_consumers(reader, root);
    read_batteries(reader, root);
    read_arms(reader, root);
    read_placement(reader, root);
    index_qualities(reader);
}

void take_names(StudyReader const& reader, Study& study)
{
    study.threats = reader.threats.names();
    study.sensors = reader.sensors.names();
    study.origins = reader.origins.names();
    study.nodes = reader.nodes.names();
    study.links = reader.links.names();
    study.arms = reader.arms.names();
    study.consumers = reader.consumers.names();
    study.batteries = reader.batteries.names();
}

/// The study that the file's table describes.
Study resolved_study(TomlFile&& file, std::filesystem::path const& path, StudyReading const& with,
                     Problems& problems)
{
    auto const shown_path = path.generic_string();
    Study study;
    study.path = path;
    study.name = terminal_text(path.stem().string());
    study.text = std::move(file.text);
    study.scenario = std::make_unique<Scenario>();

    TableView root(problems, {{&file.table, "the study"}});
    root.call_table("");
    study.question = root.text("question");
    auto const flights = root.integer("flights", 1, run_flights_max, default_flights);
    auto const seed = root.integer("seed", 0, std::numeric_limits<std::int64_t>::max(), 1);
    study.flights = flights;
    study.seed = static_cast<std::uint64_t>(seed);
    auto const sampling = read_sampling(root, study.scenario->sampling);
    if (auto const most = most_flights(study.scenario->sampling); flights > most) {
        root.problem_at_key("flights", "key 'flights' = " + std::to_string(flights) +
                                           " (must be at most " + std::to_string(most) +
                                           " where 'sampling' spreads them)");
    }
    auto const raid = read_raid(root, *study.scenario);
    check_whole_raids(root, flights, study.scenario->raid.size);
    auto const importance = read_importance(root, study.scenario->importance);
    root.know("catalog", Whose::study);
    root.note({"catalog"});
    auto const folder =
        TableView(problems, {{&file.table, "the study"}}).text("catalog", "../models/catalog");
    for (auto const& sentence : root.texts("assumptions", std::vector<std::string>())) {
        study.assumptions.push_back(sentence.first);
    }

    auto const study_folder = path.parent_path();
    auto const named = (study_folder / folder).lexically_normal();
    if (!with.catalog && !may_be_named(named, study_folder)) {
        root.problem_at_key("catalog",
                            "key 'catalog' = \"" + shown(folder) +
                                "\" (it leads out of the folder of the study, and is not "
                                "the program's own catalogue); copy it beside the "
                                "study, or give it with --catalog");
        problems.throw_if_any(shown_path);
    }
    Catalog catalog(with.catalog.value_or(named), problems, with.kept);
    StudyReader reader{problems, catalog, study};
    read_entities(reader, root);
    auto const stop = read_stop(reader, root, study.stop);
    root.report_unknown_keys();
    problems.throw_if_any(shown_path);

    auto const too_much = too_large(tally_layout(*study.scenario));
    if (!too_much.empty()) {
        root.problem_at_key("sampling", too_much + "; ask for fewer");
        problems.throw_if_any(shown_path);
    }

    auto const body = sampling + raid + importance +
                      "assumptions = " + toml_list(study.assumptions) + '\n' + reader.resolved;
    auto const question = "question = " + toml_text(study.question) + '\n';
    study.hash = sha256(question + body);
    study.resolved = question + "flights = " + std::to_string(flights) +
                     "\nseed = " + std::to_string(seed) + '\n' + stop + body;
    study.assumptions = assumptions_of(reader);
    take_names(reader, study);
    return study;
}

}  // namespace

Study read_study(std::filesystem::path const& path, StudyReading const& with)
{
    Problems problems;
    auto const shown_path = path.generic_string();
    auto file = read_toml_file(path, {shown_path, 0, 0}, problems);
    problems.throw_if_any(shown_path);
    problems.write_down_keys(with.asked);
    return resolved_study(std::move(*file), path, with, problems);
}

Study read_study_text(std::string text, std::filesystem::path const& path, StudyReading const& with)
{
    Problems problems;
    auto const shown_path = path.generic_string();
    auto table = parse_toml(text, shown_path, problems);
    problems.throw_if_any(shown_path);
    problems.write_down_keys(with.asked);
    return resolved_study({std::move(text), std::move(*table)}, path, with, problems);
}

}  // namespace longwatch
