#include "kernels/tally/placement_tally.hpp"

#include <cstddef>

namespace longwatch {

namespace {

std::size_t product(std::int64_t a, std::int64_t b, std::int64_t c = 1)
{
    return static_cast<std::size_t>(a * b * c);
}

void add(std::vector<std::int64_t>& to, std::vector<std::int64_t> const& from)
{
    for (std::size_t k = 0; k < to.size(); ++k) { to[k] += from[k]; }
}

}  // namespace

PlacementTally::PlacementTally(PlacementShape const& s)
    : shape(s), in_group(product(s.groups, 1)), concerned(product(s.consumers, s.groups)),
      usable_us(concerned.size()), at_least(concerned.size()),
      present_histogram(product(s.consumers, warning_cells)),
      present_warned(product(s.consumers, 1)), tracked(product(s.candidates, s.groups)),
      gain_us(product(s.candidates, s.consumers, s.groups)), more_at_least(gain_us.size()),
      newly_warned(product(s.candidates, s.consumers)), lost_warning(newly_warned.size()),
      histogram_change(product(s.has_histograms ? s.candidates : 0, s.consumers, warning_cells)),
      kept(product(s.kept_flights, s.consumers, s.candidates))
{
}

void PlacementTally::merge_sums(PlacementTally const& other)
{
    flights += other.flights;
    failed += other.failed;
    add(in_group, other.in_group);
    add(concerned, other.concerned);
    add(usable_us, other.usable_us);
    add(at_least, other.at_least);
    for (std::size_t k = 0; k < present_histogram.size(); ++k) {
        present_histogram[k] += other.present_histogram[k];
    }
    add(present_warned, other.present_warned);
    add(tracked, other.tracked);
    add(gain_us, other.gain_us);
    add(more_at_least, other.more_at_least);
    add(newly_warned, other.newly_warned);
    add(lost_warning, other.lost_warning);
}

}  // namespace longwatch
