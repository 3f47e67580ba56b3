// How a study's flights are spread, grouped into raids, weighted, and when they are enough.
#pragma once

#include <cstdint>
#include <string>

#include "host/study/study_reader.hpp"

namespace longwatch {

// Each returns its resolved text, "" for what a study leaves out.

/// sampling, randomisations
std::string read_sampling(TableView& root, SamplingParams& sampling);
/// Flights of a run are numbered below this: where inputs are spread evenly, so that samples have 32-bit indices.
std::int64_t most_flights(SamplingParams const& sampling);
/// [raid]
std::string read_raid(TableView& root, Scenario& scenario);
void check_whole_raids(TableView& root, std::int64_t flights, int raid_size);
/// [importance]
std::string read_importance(TableView& root, Importance& importance);
/// [stop], once arms and consumers have been read
std::string read_stop(StudyReader& reader, TableView& root, StopRule& stop);

/// The whole number of raids next to so many flights, in flights; at least one raid.
std::int64_t nearest_whole_raids(std::int64_t flights, int raid_size);

}  // namespace longwatch
