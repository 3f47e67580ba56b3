// The last part of a flight, through the air, each flight by steps of its own: to an instant or to the ground.
#pragma once

#include <type_traits>

#include "kernels/arc_2000/pair.hpp"
#include "models/flight/arc.hpp"

namespace longwatch::arc_2000 {

struct StepControl {
    double error_m;  ///< allowed in a step
    double first_s;  ///< length of the first one
};

/// Steps counted by lanes: those of flights under way, and all that were computed.
struct LaneSteps {
    std::int64_t useful = 0, computed = 0;
};

struct NoKnots {
    static constexpr bool follows = false;
    template <class Real>
    LW_FUNC void add(Mask<Real> const&, Knot<Real> const&)
    {
    }
};

/// State: the number type of place and velocity; Work: that of the forces.
template <auto const& pair, class State, class Work, class Knots>
class Descent {
public:
    LW_FUNC Descent(Knot<State> const& start, State const& drag_area, StepControl const& control,
                    Knots& knots)
        : now_(start), landing_(start), drag_area_(drag_area), control_(control),
          step_s_(control.first_s), landing_step_s_(1.0), knots_(knots)
    {
        Vec<Work> const none{Work(0.0), Work(0.0), Work(0.0)};
        now_.a_mps2 =
            cast_vec<State>(Force<State, Work>(now_.r_m, now_.v_mps, drag_area)(none, none));
    }

    /// The lanes of `moves` on to t_end, or back to it; with `grounded` to the ground if that comes first. Returns those that
    /// have come to rest.
    template <bool grounded>
    LW_FUNC Mask<State> fly(Mask<State> moves, State const& t_end, LaneSteps& steps)
    {
        Mask<State> const asked = moves;
        lands_ = State(1.0) < State(0.0);
        for (int attempt = 0; attempt < attempts_max && any(moves); ++attempt) {
            State const left = t_end - now_.t_s, size = abs(left);
            auto const is_last = step_s_ >= size;
            State const h = select(is_last, left, select(left < State(0.0), -step_s_, step_s_));
            count(moves, steps);
            Knot<State> next;
            State const error = try_step(now_, h, next);
            auto const accept = moves && error <= State(1.0);
            auto lands = State(1.0) < State(0.0);
            if constexpr (grounded) {
                lands = accept && inner(next.r_m, next.r_m) < State(radius_m * radius_m);
                lands_ = lands_ || lands;
                landing_ = select(lands, next, landing_);
                landing_step_s_ = select(lands, h, landing_step_s_);
            }
            auto const on = accept && !lands;
            next.t_s = select(is_last, t_end, next.t_s);
            knots_.add(on, next);
            now_ = select(on, next, now_);
            step_s_ = select(moves, abs(h) * factor(error), step_s_);
            moves = moves && !(lands || (accept && is_last));
        }
        if (any(lands_)) { land(); }
        return asked && !moves;
    }

    LW_FUNC Knot<State> const& now() const { return now_; }
    LW_FUNC Mask<State> const& lands() const { return lands_; }

private:
    static constexpr int attempts_max = 20000;
    static constexpr int stages = std::remove_cvref_t<decltype(pair)>::stages;

    LW_FUNC State try_step(Knot<State> const& from, State const& h, Knot<State>& to) const
    {
        Force<State, Work> const force(from.r_m, from.v_mps, drag_area_);
        Vec<Work> k[stages];
        k[0] = cast_vec<Work>(from.a_mps2);
        auto const next = step<pair>(force, from.r_m, from.v_mps, h, k, control_.error_m);
        to = {from.t_s + h, next.r_m, next.v_mps, cast_vec<State>(k[stages - 1])};
        return next.error;
    }

    LW_FUNC static void count(Mask<State> const& moves, LaneSteps& steps)
    {
        steps.computed += Lane<State>::width;
        for (int lane = 0; lane < Lane<State>::width; ++lane) {
            steps.useful += Lane<State>::at(moves, lane) ? 1 : 0;
        }
    }

    /// On the step, from the square of its error: 0.9 error^(-1/order), 0.2 to 4 times.
    LW_FUNC static State factor(State const& error)
    {
        using Narrow = NarrowOf<State>;
        auto const safe = clamp(cast<Narrow>(error), Narrow(1e-12F), Narrow(1e12F));
        constexpr auto power_of_error = static_cast<float>(-0.5 / pair.error_order);
        auto const power = Narrow(power_of_error);
        return cast<State>(
            clamp(Narrow(0.9F) * quick_exp(power * quick_log(safe)), Narrow(0.2F), Narrow(4.0F)));
    }

    /// Makes the knot that the lanes landing go to that of the impact: a guess on the arc of the step, then steps to the guess,
    /// each of which corrects it, until what is left is less than a second-order correction in time.
    LW_FUNC void land()
    {
        auto const height = [](Vec<State> const& r) {
            State const d2 = inner(r, r);
            return d2 * quick_inverse_root(d2) - State(radius_m);
        };
        auto const arc = arc_interval(now_, landing_);
        State const above = height(now_.r_m), below = height(landing_.r_m);
        State const s = crossing([&](State const& x) { return height(position_m(arc, x)); }, lands_,
                                 above, below);
        State h = select(lands_, s * landing_step_s_, State(1e-3));
        for (int round = 0; round < 5; ++round) {
            try_step(now_, h, landing_);
            State const d2 = inner(landing_.r_m, landing_.r_m), inverse = quick_inverse_root(d2);
            State const late = fused(d2, inverse, State(-radius_m)) /
                               (inner(landing_.r_m, landing_.v_mps) * inverse);
            if (!any(lands_ && abs(late) > State(1e-3)) || round == 4) {
                landing_.t_s = landing_.t_s - late;
                State const half = State(0.5) * late;
                landing_.r_m =
                    plus(landing_.r_m, -late, plus(landing_.v_mps, -half, landing_.a_mps2));
                landing_.v_mps = plus(landing_.v_mps, -late, landing_.a_mps2);
                break;
            }
            h = select(lands_, h - late, h);
        }
        knots_.add(lands_, landing_);
        now_ = select(lands_, landing_, now_);
    }

    Knot<State> now_, landing_;
    State drag_area_;
    StepControl control_;
    State step_s_, landing_step_s_;
    Mask<State> lands_ = State(1.0) < State(0.0);
    Knots& knots_;
};

}  // namespace longwatch::arc_2000
