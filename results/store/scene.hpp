// The group /scene of a result file: the ground track of each threat's nominal flight.
#pragma once

#include <string>
#include <vector>

#include "results/store/hdf5_file.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

/// Writes nothing where there are no tracks.
void write_scene(hid_t file, std::vector<std::string> const& threats,
                 std::vector<GroundTrack> const& tracks);

/// None where the file, being of schema 4.0, has no such group. Throws Hdf5Failure.
std::vector<GroundTrack> read_scene(hid_t file, std::size_t threat_count);

}  // namespace longwatch
