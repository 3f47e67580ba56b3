// How a flight ended. Every flight has one; none is dropped.
#pragma once

#include "models/math/real.hpp"

namespace longwatch {

enum class Fate : int {
    impact,      ///< outcome: reached the ground
    timed_out,   ///< failure: aloft beyond the threat's longest flight time, or out of steps
    arc_full,    ///< failure: more knots than the arc holds
    non_finite,  ///< failure: a number of the flight is not finite
};
inline constexpr int fate_count = 4;
inline constexpr char const* fate_names[fate_count] = {"impact", "timed_out", "arc_full",
                                                       "non_finite"};
LW_FUNC constexpr bool is_failure(Fate fate) { return fate != Fate::impact; }

}  // namespace longwatch
