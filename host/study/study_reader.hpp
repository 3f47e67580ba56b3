// The work of reading one study: what has been read so far, and a function per kind of entity, each
// of which fills the scenario, the names and the resolved text.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/study/catalog.hpp"
#include "host/study/name_list.hpp"
#include "host/study/problems.hpp"
#include "host/study/study.hpp"
#include "host/study/table_view.hpp"

namespace longwatch {

struct StudyReader {
    Problems& problems;
    Catalog& catalog;
    Study& study;
    std::string resolved = {};                           ///< the entities so far
    std::map<std::string, SourceCount> provenance = {};  ///< by kind of entity
    /// Each entry over a catalogue model, and the keys in which it differs from the model.
    std::vector<std::pair<std::string, std::vector<std::string>>> replaced = {};

    NameList threats{"threat"}, origins{"origin"}, nodes{"node"}, sensors{"sensor"}, links{"link"},
        consumers{"consumer"}, batteries{"battery"}, arms{"arm"};
    std::vector<std::string> link_group = {};                 ///< of each link; "" for none
    std::vector<TableView> node_views = {}, link_views = {};  ///< for arms that change them
    std::vector<ArmLink> link_default = {};    ///< each link as it is unless an arm says otherwise
    std::vector<TrackQuality> qualities = {};  ///< distinct ones, in order of appearance
    std::vector<TrackQuality> consumer_quality = {},  ///< as asked by each; sigma 0 for none
        battery_quality = {};
};

/// The study's entries of one kind, at least and at most so many, called by their names.
std::vector<TableView> entries(StudyReader& reader, TableView& root, NameList& names, int least,
                               int most);

/// The entry laid over the catalogue model it names.
TableView overlaid(StudyReader& reader, TableView const& entry, std::string const& kind);
/// Notes the model an entry is based on.
void read_model_name(TableView& entry);

/// [environment]: wind and density profiles, if any.
void read_environment(StudyReader& reader, TableView& root);
void read_threats(StudyReader& reader, TableView& root);
void read_origins(StudyReader& reader, TableView& root);
void read_nodes(StudyReader& reader, TableView& root);
void read_sensors(StudyReader& reader, TableView& root);
void read_links(StudyReader& reader, TableView& root);
void read_consumers(StudyReader& reader, TableView& root);
void read_batteries(StudyReader& reader, TableView& root);
void read_arms(StudyReader& reader, TableView& root);
/// [placement], if any.
void read_placement(StudyReader& reader, TableView& root);

/// Kind, place and abilities of a sensor; false if its kind is none.
/// `below` receives the text of its inner tables.
/// A radar's place stands in its own entry, or is no matter of the entry.
enum class PlaceOf { entry, others };
bool read_sensor_itself(TableView& sensor, SensorParams& p, std::string& below,
                        SourceCount& provenance, PlaceOf place = PlaceOf::entry);

/// latitude, longitude and altitude of a place on the Earth's surface.
Geodetic read_place(TableView& entry, double latitude_max_rad = 90 * rad_per_deg);

/// Reads "impact_sigma" and remembers it as a quality somebody asks for.
TrackQuality read_impact_sigma(StudyReader& reader, TableView& entry);
/// "impact_sigma", or "intercept_sigma" of a battery.
TrackQuality read_battery_quality(StudyReader& reader, TableView& entry, int battery);

inline constexpr double longest_delay_s = 86400;

/// A delay: never negative, at most a day.
Distribution read_delay(TableView& entry, std::string const& base, std::optional<double> fallback);

/// What a node or link is like, whatever it is called: what an arm may change.
void read_node_values(TableView& node, NodeParams& p);
void read_link_values(TableView& link, LinkParams& p);

std::vector<std::string> const& message_kind_names();

/// A bit per kind of message in the entry's list.
unsigned read_kinds(StudyReader& reader, TableView& entry, std::string const& key,
                    std::vector<std::string> const& fallback,
                    std::vector<std::string> const& known = message_kind_names());
/// Those a consumer may act on.
std::vector<std::string> const& actionable_kind_names();

/// Sentences a reader of the result must know, from what was read.
std::vector<std::string> assumptions_of(StudyReader const& reader);

}  // namespace longwatch
