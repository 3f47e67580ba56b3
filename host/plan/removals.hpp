// What an arm would be without one of its links or sensors.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "host/study/study.hpp"

namespace longwatch {

struct Removal {
    enum class Kind { link, sensor };
    Kind kind = Kind::link;
    int index = 0;  ///< of the link or sensor in the scenario
};

/// Everything an arm has that can be taken away: links that release something, sensors that take part.
std::vector<Removal> removals_from(Scenario const& scenario, int arm);

/// Removals that one scenario holds beside the arm as it is.
inline constexpr int removals_at_once = max_arms - 1;

/// A prepared scenario whose first arm is the given one, and whose others lack one thing each.
std::unique_ptr<Scenario> without_each(Scenario const& scenario, int arm,
                                       std::span<Removal const> removals);

}  // namespace longwatch
