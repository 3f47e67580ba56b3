// What makes one place better than another.
#pragma once

#include <vector>

namespace longwatch {

/// Per flight that concerns a consumer, but for kills.
enum class PlacementObjective : int {
    expected_warning,        ///< mean usable warning, averaged over the consumers
    worst_consumer,          ///< the least of the consumers' mean usable warnings
    probability_of_warning,  ///< of at least so much, averaged over the consumers
    kill_probability,        ///< flights killed, of those some battery may take
};
inline constexpr char const* placement_objective_names[] = {
    "expected-warning", "worst-consumer", "probability-of-warning", "kill-probability"};
/// It is a fraction, not a time.
inline bool is_probability(PlacementObjective objective)
{
    return objective == PlacementObjective::probability_of_warning ||
           objective == PlacementObjective::kill_probability;
}

/// Who counts: consumers by number; for kills the last one of the tally, which stands for the batteries.
struct PlacementAim {
    PlacementObjective objective = PlacementObjective::expected_warning;
    std::vector<int> consumers;
};

}  // namespace longwatch
