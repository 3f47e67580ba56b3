// The same arm under both horizons that bracket the true one.
#pragma once

#include <memory>

#include "kernels/scenario.hpp"

namespace longwatch {

/// Straight rays, and the standard refraction that is good near the ground and overstates bending above.
inline constexpr double horizon_factor[2] = {1.0, 4.0 / 3};

/// A prepared scenario with two arms: `arm` with every radar under straight rays, and with every radar under
/// standard refraction, on the same draws. Its sensors, twice, must not be more than a scenario holds.
std::unique_ptr<Scenario> with_both_horizons(Scenario const& scenario, int arm);

}  // namespace longwatch
