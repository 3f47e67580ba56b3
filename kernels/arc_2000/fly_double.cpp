#include "kernels/arc_2000/fly_as.hpp"
#include "kernels/arc_2000/fly_mixed.hpp"

namespace longwatch::arc_2000 {

Flown fly(FlightTable const& table, std::int64_t first, std::int64_t count, Request const& request,
          Ends& ends)
{
    bool const mixed = request.numbers == Numbers::mixed && request.accuracy < Accuracy::millimetre;
    return mixed ? fly_mixed(table, first, count, request, ends)
                 : fly_as<TwinLanes, TwinLanes>(table, first, count, request, ends);
}

}  // namespace longwatch::arc_2000
