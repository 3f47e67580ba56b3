#include "kernels/arc_2000/fly_mixed.hpp"

#include "kernels/arc_2000/fly_as.hpp"

namespace longwatch::arc_2000 {

Flown fly_mixed(FlightTable const& table, std::int64_t first, std::int64_t count,
                Request const& request, Ends& ends)
{
    return fly_as<TwinLanes, FloatLanes>(table, first, count, request, ends);
}

}  // namespace longwatch::arc_2000
