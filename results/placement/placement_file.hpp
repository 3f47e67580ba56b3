// What longwatch place finds: all that its file, its tables and its JSON tell.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/placement/choose.hpp"
#include "results/placement/ranking.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

struct PlacedSite {
    std::string name;
    double latitude_deg = 0, longitude_deg = 0;
    bool on_land = false;
};

/// A set of radars, flown through the whole chain beside the present layout.
struct CheckedSet {
    std::vector<int> members;                  ///< indices of sites
    std::vector<MaybeEstimate> usable_gain_s;  ///< [consumer] against the present layout, paired
    std::vector<MaybeEstimate> p_warned_gain;  ///< [consumer]
    MaybeEstimate pk_gain;                     ///< absent without batteries
};

struct PlacementFile {
    Provenance provenance;
    StudyRecord study;
    std::uint64_t seed = 0;
    std::int64_t first_flight = 0, flight_count = 0, failed = 0;
    std::vector<std::string> assumptions;
    std::string arm, sensor;
    std::vector<std::string> consumers;
    PlacementAim aim;
    double at_least_s = 0;
    std::vector<PlacedSite> sites;
    PlacementEstimates estimates;
    int choose = 1;
    Choice greedy, exact;
    std::int64_t kept_flights = 0;  ///< that sets were chosen by
    std::vector<CheckedSet> checked;
};

}  // namespace longwatch
