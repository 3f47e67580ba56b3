#include "host/ranks/dealer.hpp"

#include <algorithm>
#include <stdexcept>

namespace longwatch {

namespace {

/// The flights of `spans` that are not in `taken`.
FlightSpans without(FlightSpans const& spans, FlightSpans const& taken)
{
    FlightSpans out;
    for (auto const& span : spans) {
        auto const rest = missing_from(span, taken);
        out.insert(out.end(), rest.begin(), rest.end());
    }
    return out;
}

FlightSpans together(FlightSpans spans, FlightSpans const& more)
{
    spans.insert(spans.end(), more.begin(), more.end());
    return joined(std::move(spans));
}

}  // namespace

Dealer::Dealer(int ranks, int raid_size)
    : raid_size_(raid_size), ranks_(static_cast<std::size_t>(ranks))
{
}

void Dealer::put(FlightSpans const& spans) { table_ = together(table_, spans); }

Dealer::Answer Dealer::ask(int rank, std::int64_t wanted)
{
    auto& asking = ranks_.at(static_cast<std::size_t>(rank));
    asking.latest = 0;
    if (table_.empty() || is_closed_) {
        return {asking.out.empty() ? Says::wait : Says::hand_in, {}};
    }
    constexpr std::int64_t crumb = 16;
    auto const fair = count_of(table_) / (2 * std::max(ranks(), 1));
    auto const flights = std::max({std::min(wanted, fair), wanted / crumb, std::int64_t{1}});
    auto const raids = (flights + raid_size_ - 1) / raid_size_;
    auto& first = table_.front();
    FlightSpan const span{first.first, std::min(raids * raid_size_, first.count)};
    first = {span.end(), first.count - span.count};
    if (first.count == 0) { table_.erase(table_.begin()); }
    asking.out = together(asking.out, {span});
    asking.latest = span.count;
    return {Says::fly, span};
}

void Dealer::handed_in(int rank, FlightSpans const& spans)
{
    auto& of = ranks_.at(static_cast<std::size_t>(rank));
    if (!without(spans, of.out).empty()) {
        throw std::invalid_argument("a rank hands in flights that were not dealt to it");
    }
    of.out = without(of.out, spans);
    of.latest = std::min(of.latest, count_of(of.out));
}

void Dealer::left(int rank)
{
    auto& of = ranks_.at(static_cast<std::size_t>(rank));
    put(of.out);
    of = {{}, 0, true};
}

void Dealer::close() { is_closed_ = true; }

bool Dealer::is_empty() const
{
    return table_.empty() &&
           std::ranges::all_of(ranks_, [](Rank const& rank) { return rank.out.empty(); });
}

int Dealer::ranks() const
{
    return static_cast<int>(
        std::ranges::count_if(ranks_, [](Rank const& rank) { return !rank.has_left; }));
}

std::int64_t Dealer::flown() const
{
    std::int64_t flown = 0;
    for (auto const& rank : ranks_) { flown += count_of(rank.out) - rank.latest; }
    return flown;
}

}  // namespace longwatch
