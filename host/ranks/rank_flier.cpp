#include "host/ranks/rank_flier.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "kernels/tally/settle.hpp"

namespace longwatch {

namespace {

using SteadyClock = std::chrono::steady_clock;

SteadyClock::duration seconds(double s)
{
    return std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(s));
}

/// Rank 0 takes 3 ms for a part of half a million cells: with this pause, for each rank, between the parts of one it has time left
/// for larger ones.
constexpr double part_s = 0.04;

class Flier {
public:
    Flier(Desk& desk, RankedWork const& work, std::function<bool()> const& is_interrupted,
          double pause_s)
        : desk_(desk), work_(work), is_interrupted_(is_interrupted), pause_(seconds(pause_s))
    {
    }

    void hand_in()
    {
        next_ = SteadyClock::now() + pause_;
        if (mine_.spans.empty()) { return; }
        desk_.hand_in(std::exchange(mine_, work_.none));
    }

    /// Flies a span, and hands in whenever it is time. False after an interruption.
    bool fly(FlightSpan const& span)
    {
        auto const is_due = [&] { return SteadyClock::now() >= next_ || is_interrupted_(); };
        auto const begin = SteadyClock::now();
        for (std::int64_t at = span.first; at < span.end();) {
            auto const flights = std::min(span.end() - at, settled_above);
            auto const piece = fly_piece(*work_.study.scenario, work_.flying,
                                         {work_.range.seed, at, flights}, is_due, {});
            at += count_of(piece.spans);
            mine_.add(piece);
            if (is_due()) { hand_in(); }
            if (is_interrupted_()) { return false; }
        }
        learn(span.count, SteadyClock::now() - begin);
        return true;
    }

    std::int64_t wanted() const { return wanted_; }

private:
    /// Half a pause's worth of flights, so that what is dealt is not out for long; at most eight times as many as before.
    void learn(std::int64_t flights, SteadyClock::duration took)
    {
        auto const took_s = std::max(std::chrono::duration<double>(took).count(), 1e-6);
        auto const half_s = std::chrono::duration<double>(pause_).count() / 2;
        auto const asked = static_cast<double>(flights) * std::max(half_s, least_s) / took_s;
        wanted_ = std::clamp(static_cast<std::int64_t>(asked), std::int64_t{64}, 8 * flights);
    }

    static constexpr double least_s = 0.05;

    Desk& desk_;
    RankedWork const& work_;
    std::function<bool()> const& is_interrupted_;
    SteadyClock::duration pause_;
    FlownPart mine_ = work_.none;
    SteadyClock::time_point next_ = SteadyClock::now() + pause_;
    std::int64_t wanted_ = work_.flying.device.is_cuda ? 131072 : 1024;
};

void fly_orders(Desk& desk, Flier& flier)
{
    for (;;) {
        auto const order = desk.ask(flier.wanted());
        if (order.kind == Order::Kind::done) { return; }
        if (order.kind == Order::Kind::hand_in) {
            flier.hand_in();
        } else if (!flier.fly(order.span)) {
            flier.hand_in();
            desk.leave("");
            return;
        }
    }
}

}  // namespace

double hand_in_pause_s(RankedWork const& work)
{
    return std::max(work.pause_s, part_s * work.ranks);
}

void fly_from(Desk& desk, RankedWork const& work, std::function<bool()> const& is_interrupted)
{
    Flier flier(desk, work, is_interrupted, hand_in_pause_s(work));
    try {
        fly_orders(desk, flier);
    } catch (std::exception const& problem) {
        flier.hand_in();
        desk.leave(problem.what());
    }
}

}  // namespace longwatch
