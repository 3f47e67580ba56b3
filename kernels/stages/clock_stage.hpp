// The clocks: when each consumer's time runs out, and when a battery is passed.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/launch.hpp"
#include "models/warning/overflight.hpp"

namespace longwatch {

/// When, and the closeness then.
template <class Real>
struct Overflight {
    Real t_s, closeness;
};

/// The knot nearest to the place; where several are that, one after the other at the same time as phases
/// begin: the first and the last of them.
template <class Real>
struct NearestKnot {
    Real first, last;
};

template <class Real>
LW_FUNC NearestKnot<Real> nearest_knot(Columns const& c, std::int64_t i, SiteFrame const& place,
                                       Real const& knot_last)
{
    auto const direction = in_every_lane<Real>(place.direction);
    NearestKnot<Real> nearest{Real(0), Real(0)};
    Real best = Real(-2);
    for (int k = 0; k < knots_max; ++k) {
        Real const number = Real(static_cast<double>(k));
        auto const is_knot = number <= knot_last;
        if (!any(is_knot)) { break; }
        auto const knot = load_knot(c, i, number);
        Real const here = dot(knot.r_m, eci_from_ecef(earth_turn(knot.t_s), direction)) *
                          inverse_sqrt(length2(knot.r_m));
        nearest.first = select(is_knot && here > best, number, nearest.first);
        auto const as_near = is_knot && here >= best;
        nearest.last = select(as_near, number, nearest.last);
        best = select(as_near, here, best);
    }
    return nearest;
}

/// On the interval before or after the knot nearest to the place, towards which the flight still nears it
/// there or has neared it.
template <class Real>
LW_FUNC Overflight<Real> closest_overflight(Columns const& c, std::int64_t i,
                                            SiteFrame const& place)
{
    Real const knot_last = c.knot_count.load<Real>(i) - Real(1);
    auto const nearest = nearest_knot(c, i, place, knot_last);
    auto const nearing = [&](Knot<Real> const& at) {
        auto const turn = earth_turn(at.t_s);
        return closeness_rate(place, ecef_from_eci(turn, at.r_m),
                              ecef_from_eci(turn, velocity_relative_to_air(at.r_m, at.v_mps)));
    };
    auto const at_nearest = load_knot(c, i, nearest.first);
    auto const before = nearing(at_nearest) > Real(0);
    Real const k =
        larger(smaller(select(before, nearest.last, nearest.first - Real(1)), knot_last - Real(1)),
               Real(0));
    auto const from = load_knot(c, i, k), to = load_knot(c, i, k + Real(1));
    auto const interval = arc_interval(from, to);
    Real const rate_from = nearing(from), rate_to = nearing(to);
    auto const passes = rate_from > Real(0) && rate_to <= Real(0) && interval.step_s > Real(0);
    Real const s = crossing([&](Real const& x) { return nearing(knot_at(interval, x)); }, passes,
                            rate_from, rate_to);
    // The flight may begin or end while it nears the place.
    Real const t = select(passes, interval.t0_s + s * interval.step_s, at_nearest.t_s);
    auto const r = select(passes, position_m(interval, s), at_nearest.r_m);
    return {t, closeness(place, ecef_from_eci(earth_turn(t), r))};
}

template <class Real>
LW_FUNC Vec3<Real, Ecef> impact_m(Columns const& c, std::int64_t i)
{
    return ecef_from_geodetic(GeodeticPoint<Real>{c.impact_latitude_rad.load<Real>(i),
                                                  c.impact_longitude_rad.load<Real>(i), Real(0)});
}

template <class Real>
LW_FUNC void clock_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                      std::int64_t i)
{
    Real const t_impact = end_of_flight_s<Real>(c, i);
    for (int n = 0; n < scenario.network.consumer_count; ++n) {
        ConsumerParams const& consumer = scenario.network.consumer[n];
        bool const concerned = (consumer.threats >> launch.threat & 1U) != 0;
        Real t = t_impact, near = Real(1);
        if (concerned && consumer.clock == Clock::overflight) {
            auto const passes = closest_overflight<Real>(c, i, consumer.frame);
            t = passes.t_s;
            near = passes.closeness;
        } else if (concerned && consumer.concern_radius_m > 0) {
            near = closeness(consumer.frame, impact_m<Real>(c, i));
        }
        // The angle at the Earth's centre.
        double const least = consumer.concern_radius_m > 0
                                 ? cos(consumer.concern_radius_m / earth_mean_radius_m)
                                 : -2;
        c.t_clock_end_s.store(i, n, t);
        c.concerns.store(i, n, select(near >= Real(least), Real(concerned ? 1 : 0), Real(0)));
    }
    for (int b = 0; b < scenario.battery_count; ++b) {
        BatteryParams const& battery = scenario.battery[b];
        bool const asks = (is_intercept(scenario.network.quality[battery.quality]) ||
                           battery.interceptor.is_simulated) &&
                          may_take(battery, launch.threat);
        c.t_passes_s.store(
            i, b, asks ? closest_overflight<Real>(c, i, battery.frame).t_s : Real(never_s));
    }
}

}  // namespace longwatch
