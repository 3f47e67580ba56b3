// Who flies which flights of a run: spans are dealt out to ranks as they ask, and remembered until they are handed in.
#pragma once

#include <cstdint>
#include <vector>

#include "results/store/flight_spans.hpp"

namespace longwatch {

class Dealer {
public:
    enum class Says { fly, hand_in, wait };
    struct Answer {
        Says says = Says::wait;
        FlightSpan span;  ///< to fly
    };

    /// raid_size: spans are whole raids, where the flights given are.
    Dealer(int ranks, int raid_size);

    /// Puts flights on the table.
    void put(FlightSpans const& spans);

    /// What a rank does next, that has flown all it was dealt. It is given what it would have, less when little is left: of
    /// that a half is dealt to as many as there are, so that all end at about the same time, but no crumbs.
    Answer ask(int rank, std::int64_t wanted);

    /// A rank has handed these in. Throws std::invalid_argument for flights that were not dealt to it.
    void handed_in(int rank, FlightSpans const& spans);

    /// A rank flies no more: what it was dealt and did not hand in goes back on the table.
    void left(int rank);

    /// Nothing is dealt any more.
    void close();

    /// Nothing is on the table, and nothing is out.
    bool is_empty() const;
    bool has_left(int rank) const { return ranks_[static_cast<std::size_t>(rank)].has_left; }
    /// Ranks that did not leave.
    int ranks() const;
    /// Flights that ranks have flown and not handed in yet, as far as is known.
    std::int64_t flown() const;

private:
    struct Rank {
        FlightSpans out;          ///< dealt to it and not handed in
        std::int64_t latest = 0;  ///< flights of `out` that it may still be flying
        bool has_left = false;
    };

    std::int64_t raid_size_;
    bool is_closed_ = false;
    FlightSpans table_;
    std::vector<Rank> ranks_;
};

}  // namespace longwatch
