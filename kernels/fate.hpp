// How a flight ended. Every flight has one; none is dropped.
#pragma once

#include "models/math/real.hpp"

namespace longwatch {

enum class Fate : int {
    impact,      ///< outcome: reached the ground
    broke_up,    ///< outcome: broke up under thrust, and fell
    timed_out,   ///< failure: aloft beyond the threat's longest flight time, or out of steps
    arc_full,    ///< failure: more knots than the arc holds
    non_finite,  ///< failure: a number of the flight is not finite
};
inline constexpr int fate_count = 5;
inline constexpr char const* fate_names[fate_count] = {"impact", "broke_up", "timed_out",
                                                       "arc_full", "non_finite"};
LW_FUNC constexpr bool is_failure(Fate fate) { return fate > Fate::broke_up; }

}  // namespace longwatch
