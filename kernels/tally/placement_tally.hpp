// What candidate places of one more radar come to, counted in whole numbers: sums over flights add up in any order.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/tally/tally_bins.hpp"

namespace longwatch {

/// Flights are dealt to so many groups; what differs from group to group says how sure the sums are. Under latin-hypercube and
/// sobol sampling a group is a randomisation.
inline constexpr int placement_groups = 64;

/// Gains of single flights are kept for choosing several candidates together, in these; capped at 4095 s.
inline constexpr double kept_gain_s = 1.0 / 16;
inline constexpr double kept_gain_max = 65535;

/// Fixed by the study and what is asked.
struct PlacementShape {
    int candidates = 0, consumers = 0, groups = placement_groups;
    std::int64_t kept_flights = 0;  ///< the first so many, of which gains are kept one by one
    double at_least_s = 0;          ///< a warning of at least so much is counted too
    /// The last consumer is none: it stands for the batteries, flights some of them may take concern it, and at_least counts
    /// those killed.
    bool counts_kills = false;
    /// What is kept: gains in usable warning; or 1 where the candidate gives at least_s (or a kill) and the present does not.
    bool keeps_at_least = false;
    bool has_histograms = true;
};

/// Sums over groups lie at (thing * consumers + consumer) * groups + group; thing is a candidate, or 0 for the present.
struct PlacementTally {
    explicit PlacementTally(PlacementShape const& s);

    std::size_t of_group(int candidate, int consumer, int group) const
    {
        return of_consumer(candidate, consumer) * static_cast<std::size_t>(shape.groups) +
               static_cast<std::size_t>(group);
    }
    std::size_t of_consumer(int candidate, int consumer) const
    {
        return static_cast<std::size_t>(candidate) * static_cast<std::size_t>(shape.consumers) +
               static_cast<std::size_t>(consumer);
    }
    /// Of kept gains: all candidates of one flight and consumer lie side by side.
    std::size_t of_kept(std::int64_t flight, int consumer, int candidate) const
    {
        return (static_cast<std::size_t>(flight) * static_cast<std::size_t>(shape.consumers) +
                static_cast<std::size_t>(consumer)) *
                   static_cast<std::size_t>(shape.candidates) +
               static_cast<std::size_t>(candidate);
    }

    /// Adds the sums of another, but neither its histogram changes nor its kept gains.
    void merge_sums(PlacementTally const& other);

    PlacementShape shape;
    std::int64_t flights = 0, failed = 0;
    std::vector<std::int64_t> in_group;  ///< [group] flights that did not fail

    // at present
    std::vector<std::int64_t> concerned;           ///< flights that concern the consumer
    std::vector<std::int64_t> usable_us;           ///< sums of usable warning
    std::vector<std::int64_t> at_least;            ///< flights with at least that much warning
    std::vector<std::uint64_t> present_histogram;  ///< [consumer][cell]
    std::vector<std::int64_t> present_warned;      ///< [consumer]

    // with a candidate
    std::vector<std::int64_t> tracked;  ///< [candidate] flights of which it makes a firm track
    std::vector<std::int64_t> gain_us;  ///< sums of gains in usable warning
    std::vector<std::int64_t>
        more_at_least;  ///< flights with at least that much, less those at present
    std::vector<std::int64_t> newly_warned, lost_warning;  ///< [candidate][consumer]
    /// [candidate][consumer][cell] what the histogram has more than the present one.
    std::vector<std::int32_t> histogram_change;
    std::vector<std::uint16_t> kept;  ///< see of_kept()
};

}  // namespace longwatch
