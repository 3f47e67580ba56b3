#include "results/store/flown_part.hpp"

#include <algorithm>
#include <stdexcept>

#include "kernels/tally/settle.hpp"
#include "results/statistics/tally_checks.hpp"

namespace longwatch {

void FlownPart::add(FlownPart const& other)
{
    if (first_overlap(spans, other.spans)) {
        throw std::invalid_argument("flights are in both parts of a run");
    }
    merge_checked(tally, other.tally);
    auto all = spans;
    all.insert(all.end(), other.spans.begin(), other.spans.end());
    spans = joined(std::move(all));
    failures.insert(failures.end(), other.failures.begin(), other.failures.end());
    std::ranges::sort(failures, {}, &ListedFailure::flight);
    if (failures.size() > failures_kept) { failures.resize(failures_kept); }
}

FlownPart part_of(ResultFile const& result)
{
    if (result.first_flight < 0 || result.first_flight > run_flights_max ||
        result.flight_count > run_flights_max - result.first_flight) {
        throw std::invalid_argument("its flights have numbers that no run flies");
    }
    FlownPart part{result.provenance, result.study, result.seed,
                   spans_of(result),  result.tally, result.failures};
    if (!result.randomisations.empty()) {
        auto layout = result.tally.layout;
        layout.randomisation_count = static_cast<int>(result.randomisations.size());
        part.tally.layout = layout;
        part.tally.cells.clear();
        for (auto const& one : result.randomisations) {
            part.tally.cells.insert(part.tally.cells.end(), one.cells.begin(), one.cells.end());
        }
    }
    return part;
}

void put_into(ResultFile& result, FlownPart const& part)
{
    result.first_flight = part.spans.empty() ? 0 : part.spans.front().first;
    result.flight_count = count_of(part.spans);
    result.gaps.clear();
    if (!part.spans.empty()) {
        auto const first = result.first_flight;
        result.gaps = missing_from({first, part.spans.back().end() - first}, part.spans);
    }
    result.tally = part.tally.pooled();
    result.randomisations.clear();
    int const count = part.tally.layout.randomisation_count;
    for (int r = 0; count > 1 && r < count; ++r) {
        result.randomisations.push_back(part.tally.part(r));
    }
    result.failures = part.failures;
}

}  // namespace longwatch
