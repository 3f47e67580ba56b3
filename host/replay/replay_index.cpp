// The file that introduces a replay: what was replayed, by what, and what each file has.
#include <nlohmann/json.hpp>

#include "host/replay/replay_files.hpp"

namespace longwatch {

namespace {

std::string meaning(std::string const& file)
{
    struct Entry {
        char const *file, *meaning;
    };
    constexpr Entry entries[] = {
        {"inputs.csv", "what was drawn: places, controls, deviations"},
        {"history.csv", "the arc: every knot, and samples evenly spaced in time"},
        {"events.csv", "ignition, stages, burnout, 100 km, apogee, impact"},
        {"outcome.csv", "fate, instants and impact as the run has them"},
        {"sensors.csv", "per sensor: window, looks, hits, firm track or report"},
        {"looks.csv", "every look of a radar in its window"},
        {"scans.csv", "every scan of a space infrared sensor"},
        {"delays.csv", "the delays drawn; an empty one is a link that does not work"},
        {"tracks.csv", "per arm and radar: first cue, firm track"},
        {"estimates.csv",
         "per arm and fusing node: what it knows of state and impact as time goes on"},
        {"messages.csv", "per arm and consumer: message, clock, warning time"},
        {"engagement.csv", "per arm and battery: track, commit, battlespace, shots, kill"},
        {"shots.csv", "per arm: every shot at the flight"},
        {"battlespace.csv", "per battery: latest launch for an intercept at an instant"},
        {"flight.kml", "for globes that read KML"},
        {"flight.czml", "for Cesium"}};
    for (Entry const& entry : entries) {
        if (file == entry.file) { return entry.meaning; }
    }
    return "";
}

}  // namespace

std::string index_text(Study const& study, FlightReplay const& replay, ReplayOrigin const& origin,
                       std::vector<ReplayFile> const& files)
{
    using Json = nlohmann::ordered_json;
    Json arms = Json::array();
    for (int const arm : replay.arms) { arms.push_back(study.arms[static_cast<std::size_t>(arm)]); }
    Json list = Json::object();
    for (ReplayFile const& file : files) { list[file.name] = meaning(file.name); }
    Json const index = {{"file_type", replay_file_type},
                        {"format_version", replay_format_version},
                        {"study", study.name},
                        {"study_hash", study.hash},
                        {"seed", replay.seed},
                        {"flight", replay.flight},
                        {"threat", study.threats[static_cast<std::size_t>(replay.outcome.threat)]},
                        {"fate", fate_names[static_cast<int>(replay.outcome.fate)]},
                        {"arms", arms},
                        {"code_version", origin.code_version},
                        {"git_hash", origin.git_hash},
                        {"device", origin.device},
                        {"instructions", origin.instructions},
                        {"files", list}};
    return index.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<ReplayFile> replay_files(Study const& study, FlightReplay const& replay,
                                     ReplayOrigin const& origin)
{
    auto files = csv_files(study, replay);
    files.push_back({"flight.kml", kml_text(study, replay)});
    files.push_back({"flight.czml", czml_text(study, replay)});
    files.push_back({replay_index_name, index_text(study, replay, origin, files)});
    return files;
}

}  // namespace longwatch
