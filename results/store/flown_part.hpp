// Part of a run: some of its flights, counted. What a checkpoint holds, what a result starts from when more flights are
// added, and what results of several machines are as shards of one run.
#pragma once

#include "results/store/flight_spans.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

struct FlownPart {
    Provenance provenance;
    StudyRecord study;
    std::uint64_t seed = 0;
    FlightSpans spans;
    Tally tally{TallyLayout{}};           ///< with a part for each randomisation
    std::vector<ListedFailure> failures;  ///< the first failures_kept by flight index

    /// Adds flights of the same run that are not in it. Throws std::invalid_argument where the tallies have other shapes
    /// or flights are in both.
    void add(FlownPart const& other);
};

/// What a result holds. Throws std::invalid_argument where its flights go beyond run_flights_max.
FlownPart part_of(ResultFile const& result);

/// Puts spans, tally and failures into a result, in place of its own.
void put_into(ResultFile& result, FlownPart const& part);

/// How many failures are listed, the first ones by flight index.
inline constexpr std::size_t failures_kept = 1000;

}  // namespace longwatch
