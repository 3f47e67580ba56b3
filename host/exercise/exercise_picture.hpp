// What an exercise shows of itself: the snapshot that its page draws (page/README.md is the contract).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/exercise/conductor.hpp"
#include "host/exercise/exercise_folder.hpp"
#include "host/replay/flight_replay.hpp"

namespace longwatch {

/// What does not change while an exercise runs.
struct PictureOf {
    Study const& study;
    ExercisePlan const& plan;
    ExerciseFlights const& flights;
    std::vector<FlightReplay> replays;  ///< of the same flights
    bool may_control = false;           ///< it runs by the clock
};
PictureOf picture_of(Study const& study, ExercisePlan const& plan, ExerciseFlights const& flights,
                     bool may_control);

/// JSON in one line.
std::string exercise_picture(PictureOf const& of, Conductor const& conductor);

/// Where there is land, by the catalogue, as the page takes it: JSON; of a catalogue without a map, water.
std::string land_json(std::filesystem::path const& catalog);

}  // namespace longwatch
