// What result files and checkpoints have in common.
#pragma once

#include "results/store/hdf5_file.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

void write_provenance(hid_t file, Provenance const& provenance);
Provenance read_provenance(hid_t file);

/// An attribute that is a whole number from 0 to the largest int.
int read_small(hid_t file, char const* name);

/// Throws an Hdf5Failure where a tally of so many things, at most labels_max of each, is more than is read.
void check_cells(TallyLayout const& layout);

}  // namespace longwatch
