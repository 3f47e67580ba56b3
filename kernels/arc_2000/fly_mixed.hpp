#pragma once

#include "kernels/arc_2000/arc_2000.hpp"

namespace longwatch::arc_2000 {

/// `fly` with the forces in float. In a file of its own, since each takes long to compile.
Flown fly_mixed(FlightTable const& table, std::int64_t first, std::int64_t count,
                Request const& request, Ends& ends);

}  // namespace longwatch::arc_2000
