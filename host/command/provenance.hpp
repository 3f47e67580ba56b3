// The program and the machine, as files record them.
#pragma once

#include "host/command/flying.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

/// This instant, as files record it.
std::string created_now();

Provenance provenance_of(Flying const& flying);

}  // namespace longwatch
