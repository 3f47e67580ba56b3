// The part of a rank that flies.
#pragma once

#include "host/ranks/dealer.hpp"
#include "host/ranks/ranked_run.hpp"

namespace longwatch {

/// What a rank is to do.
struct Order {
    enum class Kind { fly, hand_in, done };
    Kind kind = Kind::done;
    FlightSpan span;  ///< to fly
};

/// Where a rank gets its flights, and hands them in.
class Desk {
public:
    virtual ~Desk() = default;
    Desk() = default;
    Desk(Desk const&) = delete;
    Desk& operator=(Desk const&) = delete;

    /// All it was dealt is flown; it would have so many flights. Waits for the answer.
    virtual Order ask(std::int64_t wanted) = 0;
    virtual void hand_in(FlownPart const& part) = 0;
    /// It flies no more: "" after an interruption, or what went wrong.
    virtual void leave(std::string const& why) = 0;
};

/// Seconds that a rank flies before it hands in.
double hand_in_pause_s(RankedWork const& work);

/// Flies what the desk deals until that is done. What goes wrong while flying is said to the desk.
void fly_from(Desk& desk, RankedWork const& work, std::function<bool()> const& is_interrupted);

}  // namespace longwatch
