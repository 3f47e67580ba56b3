// The beginning of a flight of ARC-2000, outside the atmosphere, in one stride; and settings of the whole.
#pragma once

#include "kernels/arc_2000/descent.hpp"
#include "kernels/arc_2000/free_fall.hpp"

namespace longwatch::arc_2000 {

/// How a flight is computed: by the error allowed (docs/benchmarks.md has what each costs and leaves).
struct Setting {
    int rounds;           ///< of the stride
    double stride_end_m;  ///< altitude
    StepControl descent;
};

/// In the order of Accuracy.
inline constexpr Setting setting_of[] = {
    {1, 55e3, {1.0, 5}}, {1, 65e3, {0.3, 5}}, {2, 90e3, {0.01, 5}}, {3, 118e3, {2e-3, 5}}};

/// The descent's time limit, s; a flight of variant B or C is down long before.
inline constexpr double longest_s = 20000;

/// A knot with the acceleration of gravity.
template <class State>
LW_FUNC Knot<State> with_gravity(Knot<State> const& k)
{
    State const zero(0.0);
    Vec<State> const none{zero, zero, zero};
    return {k.t_s, k.r_m, k.v_mps, Force<State, State>(k.r_m, k.v_mps, zero)(none, none)};
}

/// The flight where it has come down to the stride's end, or as it started where it does not in one stride.
template <class Work, int n, class State, class Knots>
LW_FUNC Knot<State> strided(GaussRule<n> const& rule, Setting const& setting, Knot<State> start,
                            State const& drag_area, Knots& knots)
{
    if constexpr (Knots::follows) { knots.begin(with_gravity(start)); }
    State const end_m(radius_m + setting.stride_end_m);
    FreeFall<n, State, Work> fall(rule, start.r_m, start.v_mps, end_m);
    auto end = fall.fly(setting.rounds);
    if constexpr (Knots::follows) {
        for (int i = 0; i < n; ++i) {
            auto const node = fall.node(i);
            knots.add(node.holds, with_gravity<State>({node.t_s, node.r_m, node.v_mps, {}}));
        }
    }
    // What drag did higher up, where density grows by e in tau: tau times its end in velocity, tau^2 in place.
    Force<State, State> const air(end.r_m, end.v_mps, drag_area);
    Vec<State> const drag = air.drag();
    State const tau = State(-scale_height_m) * (end_m * quick_inverse(inner(end.r_m, end.v_mps)));
    start.t_s = select(end.holds, end.t_s, State(0.0));
    start.r_m = select(end.holds, plus(end.r_m, tau * tau, drag), start.r_m);
    start.v_mps = select(end.holds, plus(end.v_mps, tau, drag), start.v_mps);
    if constexpr (Knots::follows) { knots.add(end.holds, with_gravity(start)); }
    return start;
}

}  // namespace longwatch::arc_2000
