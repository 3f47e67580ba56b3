// The program and the machine, as files record them.
#pragma once

#include "host/command/flying.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

Provenance provenance_of(Flying const& flying);

}  // namespace longwatch
