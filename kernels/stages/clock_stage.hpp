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

/// Between the knots on either side of the knot nearest to the place.
template <class Real>
LW_FUNC Overflight<Real> closest_overflight(Columns const& c, std::int64_t i,
                                            SiteFrame const& place)
{
    Real const last = c.knot_count.load<Real>(i) - Real(1);
    auto const closeness_at = [&](Knot<Real> const& knot) {
        return closeness(place, ecef_from_eci(knot.t_s, knot.r_m));
    };
    Real nearest = Real(0), best = Real(-2);
    for (Real k = Real(0); any(k <= last); k = k + Real(1)) {
        Real const here = closeness_at(load_knot(c, i, smaller(k, last)));
        auto const closer = k <= last && here > best;
        best = select(closer, here, best);
        nearest = select(closer, k, nearest);
    }
    // Phases begin with a knot at the time of the last one, so the neighbours may lie one further.
    Real const low = larger(nearest - Real(2), Real(0));
    Real const high = smaller(nearest + Real(2), last);
    auto const closeness_at_time = [&](Real const& t) {
        Real k = low;
        for (int hop = 1; hop < 4; ++hop) {
            auto const beyond = t > c.knot_t_s.load_at(i, k + Real(1)) && k + Real(1) < high;
            k = k + select(beyond, Real(1), Real(0));
        }
        auto const interval = arc_interval(load_knot(c, i, k), load_knot(c, i, k + Real(1)));
        return closeness(place, ecef_from_eci(t, position_m(interval, fraction(interval, t))));
    };
    Real const t =
        time_of_maximum(closeness_at_time, c.knot_t_s.load_at(i, low), c.knot_t_s.load_at(i, high));
    return {t, closeness_at_time(t)};
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
