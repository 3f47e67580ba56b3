#include "kernels/arc_2000/fly_as.hpp"

namespace longwatch::arc_2000 {

Flown fly_plain(FlightTable const& table, std::int64_t first, std::int64_t count,
                Request const& request, Ends& ends)
{
    bool const mixed = request.numbers == Numbers::mixed;
    return mixed ? fly_as<double, float>(table, first, count, request, ends)
                 : fly_as<double, double>(table, first, count, request, ends);
}

}  // namespace longwatch::arc_2000
