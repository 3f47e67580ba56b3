// When a run knows enough: the half-width of one of its intervals.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernels/tally/tally.hpp"

namespace longwatch {

/// What a run may stop on, by name.
std::vector<std::string> const& stop_quantities();
bool is_of_consumer(std::string const& quantity);

/// Half of the width of the quantity's interval in an arm (and of a consumer, where it is of one); absent where there is
/// no interval with two ends. Randomisations as for estimate().
std::optional<double> half_width_of(std::string const& quantity, Tally const& tally,
                                    std::vector<Tally> const& randomisations, int arm, int consumer,
                                    double confidence);

}  // namespace longwatch
