// A told flight as files.
#pragma once

#include <string>
#include <vector>

#include "host/replay/flight_replay.hpp"
#include "host/study/study.hpp"

namespace longwatch {

struct ReplayFile {
    std::string name;
    std::string bytes;
};

/// Where a replay comes from, for the file that introduces the others.
struct ReplayOrigin {
    std::string code_version, git_hash, device, instructions;
};

inline constexpr char const* replay_index_name = "replay.json";
inline constexpr char const* replay_file_type = "longwatch replay";
inline constexpr char const* replay_format_version = "1.0";

inline constexpr double deg_per_rad = 1 / rad_per_deg;

inline std::string const& name_at(std::vector<std::string> const& names, int index)
{
    return names[static_cast<std::size_t>(index)];
}

/// Ignition in globes, which want a date; flights have none.
inline constexpr char const* notional_epoch = "2000-01-01T00:00:00Z";
/// An instant of the flight as that date, to the millisecond.
std::string notional_utc(double t_s);

/// A sentence on where a flight was when a message came, an event happened.
struct GlobeMark {
    std::string name, description;
    ArcPoint at;
};
/// Messages that arrived, each where the flight was then.
std::vector<GlobeMark> message_marks(Study const& study, FlightReplay const& replay);

/// A sensor, consumer or battery that stands somewhere.
struct GlobeSite {
    std::string kind, name;
    GeodeticPoint<double> place;
};
std::vector<GlobeSite> globe_sites(Study const& study);

/// History points at instants that grow, each once: knots that repeat an instant are left out.
std::vector<ArcPoint> globe_points(FlightReplay const& replay);

std::vector<ReplayFile> csv_files(Study const& study, FlightReplay const& replay);
std::string kml_text(Study const& study, FlightReplay const& replay);
std::string czml_text(Study const& study, FlightReplay const& replay);
/// The index: what was replayed, by what, and every file of the folder.
std::string index_text(Study const& study, FlightReplay const& replay, ReplayOrigin const& origin,
                       std::vector<ReplayFile> const& files);

/// All files, the index last.
std::vector<ReplayFile> replay_files(Study const& study, FlightReplay const& replay,
                                     ReplayOrigin const& origin);

}  // namespace longwatch
