// Results made up for tests of the results room: tallies filled flight by flight, by plain
// arithmetic that is independent of the kernels.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "results/store/result_file.hpp"

namespace longwatch::test {

/// Adds one value to a moment, limb by limb.
void add_value(Tally& tally, MomentCells const& at, std::int64_t value);

/// What one flight came to.
struct MadeFlight {
    int threat = 0;
    Fate fate = Fate::impact;
    /// [arm][consumer] warning time in microseconds; absent: no message.
    std::vector<std::vector<std::optional<std::int64_t>>> warning_us;
    std::vector<bool> concerns;  ///< [consumer]
    bool may_be_engaged = false;
    std::vector<std::vector<int>> shots;  ///< [arm][battery]
    std::vector<int> killed_by;           ///< [arm] battery, or -1: leaked
};
void add_flight(Tally& tally, MadeFlight const& flight);

struct MadeStudy {
    int threats = 2, arms = 4, consumers = 3, batteries = 2;
    std::int64_t flights = 1000;
    std::uint64_t seed = 1;
};

/// A result with plausible warning times: later arms warn more flights, and earlier. The last
/// consumer is concerned by no flight where `unconcerned_last` is set.
ResultFile made_result(MadeStudy const& study = {}, bool unconcerned_last = false);

}  // namespace longwatch::test
