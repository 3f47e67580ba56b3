// ARC-2000 by Boost.odeint: controlled steppers of order 5(4) and 7(8), one flight after the other.
#include <boost/numeric/odeint.hpp>

#include "tests/bench/peers/peer.hpp"

namespace odeint = boost::numeric::odeint;
using peer::State;

namespace {

double distance(State const& s) { return std::sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2]); }

/// To the instant.
template <class Stepper>
void to_instant(Stepper stepper, peer::Force const& force, State& s)
{
    odeint::integrate_adaptive(stepper, force, s, 0.0, 2000.0, 20.0);
}

/// To the ground by dense output: the step that passes it is searched by bisection. For c also the steps in which a radar
/// is passed.
template <class Dense>
void to_ground(Dense stepper, peer::Force const& force, bool over_radars, peer::End& end)
{
    State s = end.s;
    stepper.initialize(s, 0.0, 20.0);
    auto const passed = [&](auto const& g, double low, double high, double g_low) {
        State at;
        while (high - low > 1e-9) {
            double const middle = 0.5 * (low + high);
            stepper.calc_state(middle, at);
            ((g(middle, at) > 0) == (g_low > 0) ? low : high) = middle;
        }
        return 0.5 * (low + high);
    };
    double height[2];
    for (int k = 0; k < 2; ++k) {
        height[k] = peer::height(peer::radars[k], 0, s.data());
        if (height[k] > 0) { end.over[2 * k] = 0; }
    }
    // A step that is too long flies through the Earth and away.
    while (stepper.current_time() < 1e4) {
        auto const [from, to] = stepper.do_step(force);
        State const now = stepper.current_state();
        bool const lands = distance(now) < peer::radius;
        double last = to;
        if (lands) {
            auto const above = [](double, State const& at) { return distance(at) - peer::radius; };
            last = passed(above, from, to, 1);
        }
        State at = now;
        stepper.calc_state(last, at);
        for (int k = 0; over_radars && k < 2; ++k) {
            auto const g = [&](double t, State const& where) {
                return peer::height(peer::radars[k], t, where.data());
            };
            double const after = g(last, at);
            if ((after > 0) != (height[k] > 0)) {
                double const t = passed(g, from, last, height[k]);
                double& event = end.over[2 * k + (after > 0 ? 0 : 1)];
                event = after > 0 ? std::min(event, t) : t;
            }
            height[k] = after;
            if (lands && after > 0) { end.over[2 * k + 1] = last; }
        }
        if (lands) {
            end.t = last;
            end.s = at;
            return;
        }
    }
}

void fly(peer::Table const& table, char variant, std::size_t setting, std::vector<peer::End>& ends)
{
    using Fifth = odeint::runge_kutta_dopri5<State>;
    using Eighth = odeint::runge_kutta_fehlberg78<State>;
    double const tolerance = std::pow(10.0, -1.0 - static_cast<double>(setting % 8));
    bool const eighth = setting >= 8;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        auto& end = ends[i];
        peer::Force const force{table.at(6, i)};
        end.s = table.start(i);
        end.t = 2000;
        if (variant != 'a') {
            to_ground(odeint::make_dense_output(tolerance, 0.0, Fifth()), force, variant == 'c',
                      end);
        } else if (eighth) {
            to_instant(odeint::make_controlled(tolerance, 0.0, Eighth()), force, end.s);
        } else {
            to_instant(odeint::make_controlled(tolerance, 0.0, Fifth()), force, end.s);
        }
    }
}

}  // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> settings;
    for (char const* order : {"5(4)", "7(8)"}) {
        for (int k = 1; k < 9; ++k) {
            settings.push_back(std::string(order) + " 1e-" + std::to_string(k));
        }
    }
    return peer::serve(argc, argv, settings, fly);
}
