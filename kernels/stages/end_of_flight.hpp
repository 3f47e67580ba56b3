// When a flight is over for the stages after fly.
#pragma once

#include "kernels/columns/columns.hpp"
#include "kernels/fate.hpp"

namespace longwatch {

/// The instant a flight ends for the later stages: impact, or ignition for one that failed, so that
/// nothing is seen of it.
template <class Real>
LW_FUNC Real end_of_flight_s(Columns const& c, std::int64_t i)
{
    auto const failed = c.fate.load<Real>(i) > Real(static_cast<double>(Fate::broke_up));
    return select(failed, Real(0), c.t_impact_s.load<Real>(i));
}

}  // namespace longwatch
