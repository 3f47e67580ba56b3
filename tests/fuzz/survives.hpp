// The HDF5 library crashes on some broken files, which the program leaves to its limited process. A fuzzer of the program's own code must not
// end for that, and must end for a crash of ours.
#pragma once

#include <functional>

namespace longwatch::fuzz {

/// Whether the work, done in a limited process first, ends without a crash or a limit reached. False where the HDF5
/// library crashed, or all its time or memory went; aborts where anything else did.
bool library_survives(std::function<void()> const& work);

}  // namespace longwatch::fuzz
