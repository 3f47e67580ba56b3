// The catalogue on its own, without a study: a threat with what it was sized to, and the sensors at
// their published places.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/study/table_view.hpp"
#include "models/flight/threat.hpp"
#include "models/sensing/sensor.hpp"

namespace longwatch {

/// A flight that governments reported, and how near its time a vehicle of the class must come.
struct PublishedFlight {
    std::string date;
    Geodetic launch;
    double azimuth_rad = 0;  ///< of the great circle, clockwise from north
    double apogee_m = 0, range_m = 0;
    double excess_s = 0;     ///< of the reported time over the two-body time
    double tolerance_s = 0;  ///< of the excess
};

/// What a catalogue vehicle must reproduce. Tests fly it against this; a run has no use for it.
struct Published {
    double ideal_delta_v_mps = 0;  ///< rocket equation, all stages
    double burn_time_s = 0, burn_time_tolerance_s = 0;
    std::vector<PublishedFlight> flights;
};

struct CatalogThreat {
    std::string name, description;
    ThreatParams params;  ///< vehicle and dispersions; its areas are empty
    Published published;
};

/// A sensor of the catalogue where one stands, in public.
struct SensorSite {
    std::string name, model, description;
    SensorParams sensor;  ///< ready to look: frame and detection curve filled
};

/// Names of the models of a kind ("threats", "sensors", ...), in alphabetical order. Throws StudyErrors where a link leads out
/// of the catalogue.
std::vector<std::string> catalog_names(std::filesystem::path const& catalog,
                                       std::string const& kind);

/// Throws StudyErrors with every problem of the file.
CatalogThreat read_catalog_threat(std::filesystem::path const& catalog, std::string const& name);

/// Those of sites.toml. Throws StudyErrors with every problem of the file.
std::vector<SensorSite> read_sensor_sites(std::filesystem::path const& catalog);

/// The table [published] of a threat, which only a catalogue model may have: a problem where a study
/// gives one.
enum class PublishedIn { model, study };
Published read_published(TableView& threat, PublishedIn where);

}  // namespace longwatch
