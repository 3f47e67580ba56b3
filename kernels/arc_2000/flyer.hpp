// A block of flights of ARC-2000 in lanes: the stride outside the atmosphere, then the descent.
#pragma once

#include <algorithm>
#include <array>

#include "kernels/arc_2000/arc_2000.hpp"
#include "kernels/arc_2000/radars.hpp"
#include "kernels/arc_2000/stride.hpp"

namespace longwatch::arc_2000 {

/// n: nodes of the stride; 0: none, the pair steps all the way.
template <int n, class State, class Work>
class Flyer {
public:
    Flyer(FlightTable const& table, Setting const& setting, Ends& ends)
        : table_(table), setting_(setting), ends_(ends)
    {
    }

    /// A: strides first, then descends in the order of the time left, so that lanes come to rest together.
    void to_instant(std::int64_t first, int count)
    {
        first_ = first;
        std::array<int, block> order;
        for (int i = 0; i < count; ++i) { order[i] = i; }
        for (int i = 0; i < count; i += width) {
            NoKnots none;
            auto const start = strided(picked(&order[i], std::min(width, count - i)), none);
            store(i, start);
        }
        sort_by_time_left(order, count);
        for (int i = 0; i < count; i += width) {
            auto const pick = picked(&order[i], std::min(width, count - i));
            NoKnots none;
            Descent<pair_5, State, Work, NoKnots> descent(loaded(pick), column(6, pick),
                                                          setting_.descent, none);
            auto const rests = descent.template fly<false>(pick.real, State(end_s), steps_);
            finish(pick, rests, descent.now());
        }
    }

    /// B.
    void to_ground(std::int64_t first, int count)
    {
        NoKnots none;
        first_ = first;
        for (int i = 0; i < count; i += width) { to_ground(i, count, none); }
    }

    /// C.
    void with_radars(std::int64_t first, int count)
    {
        first_ = first;
        for (int i = 0; i < count; i += width) {
            OverRadars<State> over;
            auto const pick = to_ground(i, count, over);
            over.end();
            for (int k = 0; k < radar_count; ++k) {
                put(pick, over.rise_s[k], ends_.rise_s[k]);
                put(pick, over.set_s[k], ends_.set_s[k]);
            }
        }
    }

    Flown flown() const { return {failed_, steps_.useful, steps_.computed}; }

    static constexpr int block = 1024;

private:
    static constexpr int width = Lane<State>::width;

    /// The flights of a pack, as numbers in the block; the last one is repeated to fill it.
    struct Pick {
        std::array<int, width> flight;
        int count;
        Mask<State> real;
    };

    static Pick picked(int const* order, int count)
    {
        Pick out;
        for (int lane = 0; lane < width; ++lane) {
            out.flight[lane] = order[std::min(lane, count - 1)];
        }
        out.count = count;
        out.real = Lane<State>::generate([](int lane) { return lane; }) < State(count);
        return out;
    }

    State column(int c, Pick const& pick) const
    {
        double const* p = table_.column[static_cast<std::size_t>(c)].data() + first_;
        return Lane<State>::generate([&](int lane) { return p[pick.flight[lane]]; });
    }

    template <class Knots>
    Pick to_ground(int i, int count, Knots& knots)
    {
        std::array<int, width> order;
        for (int lane = 0; lane < width; ++lane) { order[lane] = i + lane; }
        auto const pick = picked(order.data(), std::min(width, count - i));
        Knot<State> const start = strided(pick, knots);
        Descent<pair_5, State, Work, Knots> descent(start, column(6, pick), setting_.descent,
                                                    knots);
        auto const rests = descent.template fly<true>(pick.real, State(longest_s), steps_);
        finish(pick, rests && descent.lands(), descent.now());
        return pick;
    }

    template <class Knots>
    Knot<State> strided(Pick const& pick, Knots& knots)
    {
        State const zero(0.0);
        Knot<State> const start{zero,
                                {column(0, pick), column(1, pick), column(2, pick)},
                                {column(3, pick), column(4, pick), column(5, pick)},
                                {zero, zero, zero}};
        if constexpr (n > 0) {
            return arc_2000::strided<Work>(rule_, setting_, start, column(6, pick), knots);
        }
        if constexpr (Knots::follows) { knots.begin(with_gravity(start)); }
        return start;
    }

    void store(int i, Knot<State> const& k)
    {
        State const all[] = {k.t_s, k.r_m.x, k.r_m.y, k.r_m.z, k.v_mps.x, k.v_mps.y, k.v_mps.z};
        for (std::size_t c = 0; c < 7; ++c) { Lane<State>::store(&kept_[c][i], all[c]); }
    }

    Knot<State> loaded(Pick const& pick) const
    {
        auto const at = [&](std::size_t c) {
            return Lane<State>::generate([&](int lane) { return kept_[c][pick.flight[lane]]; });
        };
        return {at(0), {at(1), at(2), at(3)}, {at(4), at(5), at(6)}, {}};
    }

    /// By eighths of a second, the last for all that are longer.
    void sort_by_time_left(std::array<int, block>& order, int count) const
    {
        constexpr int bins = 256;
        std::array<int, bins + 1> place{};
        std::array<int, block> bin;
        for (int i = 0; i < count; ++i) {
            bin[i] = static_cast<int>(std::min(8 * std::fabs(end_s - kept_[0][i]), bins - 1.0));
            ++place[bin[i] + 1];
        }
        for (int k = 0; k < bins; ++k) { place[k + 1] += place[k]; }
        for (int i = 0; i < count; ++i) { order[place[bin[i]]++] = i; }
    }

    void put(Pick const& pick, State const& value, std::vector<double>& column) const
    {
        for (int lane = 0; lane < pick.count; ++lane) {
            column[static_cast<std::size_t>(first_ + pick.flight[lane])] =
                Lane<State>::at(value, lane);
        }
    }

    void finish(Pick const& pick, Mask<State> const& rests, Knot<State> const& end)
    {
        put(pick, end.t_s, ends_.t_s);
        put(pick, end.r_m.x, ends_.x_m);
        put(pick, end.r_m.y, ends_.y_m);
        put(pick, end.r_m.z, ends_.z_m);
        for (int lane = 0; lane < pick.count; ++lane) {
            failed_ += Lane<State>::at(rests, lane) ? 0 : 1;
        }
    }

    FlightTable const& table_;
    Setting const& setting_;
    Ends& ends_;
    GaussRule<n == 0 ? 1 : n> rule_;
    std::int64_t first_ = 0, failed_ = 0;
    LaneSteps steps_;
    alignas(64) std::array<std::array<double, block>, 7> kept_;
};

}  // namespace longwatch::arc_2000
