// When each radar could see a flight at all.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/launch.hpp"
#include "kernels/stages/observe_infrared.hpp"
#include "models/sensing/window.hpp"

namespace longwatch {

/// A knot, and how far from there the target may get in the halves of the intervals on either side.
template <class Real>
struct Surroundings {
    Real t_s, half_s, speed_mps;
    Vec3<Real, Eci> r_m;
};

/// Goes through a flight's knots in turn.
template <class Real>
class KnotWalk {
public:
    LW_FUNC KnotWalk(Columns const& c, std::int64_t i)
        : c_(c), i_(i), last_(c.knot_count.load<Real>(i) - Real(1)),
          knot_(load_knot(c, i, Real(0))), next_(knot_)
    {
    }
    LW_FUNC Real const& last() const { return last_; }

    LW_FUNC Surroundings<Real> step(Real const& k)
    {
        Real const t_before = knot_.t_s;
        knot_ = next_;
        next_ = load_knot(c_, i_, smaller(k + Real(1), last_));
        Real const half = Real(0.5) * larger(knot_.t_s - t_before, next_.t_s - knot_.t_s);
        // Half an interval away speed differs by the acceleration at the knot, of which twice is allowed.
        Real const speed = root(length2(knot_.v_mps)) +
                           Real(earth_rotation_radps) * root(length2(knot_.r_m)) +
                           Real(2) * root(length2(knot_.a_mps2)) * half;
        return {knot_.t_s, half, speed, knot_.r_m};
    }

private:
    Columns const& c_;
    std::int64_t i_;
    Real last_;
    Knot<Real> knot_, next_;
};

template <class Real>
LW_FUNC Real top_speed_mps(Columns const& c, std::int64_t i)
{
    KnotWalk<Real> walk(c, i);
    Real top = Real(1);
    for (Real k = Real(0); any(k <= walk.last()); k = k + Real(1)) {
        top = larger(top, walk.step(k).speed_mps);
    }
    return top;
}

/// Per radar, the stretch of the arc outside which it surely sees nothing. Each knot stands for the
/// halves of the intervals on either side of it, in which the target moves no farther than its
/// greatest speed over the ground takes it. Nobody looks again before the flight could have come into view.
template <class Real>
LW_FUNC void find_windows(Scenario const& scenario, Launch const& launch, Columns const& c,
                          std::int64_t i)
{
    for (int s = 0; s < scenario.sensor_count; ++s) {
        c.window_first_s.store(i, s, Real(never_s));
        c.window_last_s.store(i, s, Real(-never_s));
        c.window_knot.store(i, s, Real(0));
    }
    Real const top_speed = top_speed_mps<Real>(c, i), per_speed = inverse(top_speed);
    c.top_speed_mps.store(i, 0, top_speed);
    auto const in_flight = end_of_flight_s<Real>(c, i) > Real(0);
    Real t_due[max_sensors];
    for (int s = 0; s < scenario.sensor_count; ++s) { t_due[s] = Real(-never_s); }
    KnotWalk<Real> walk(c, i);
    for (Real k = Real(0); any(k <= walk.last() && in_flight); k = k + Real(1)) {
        auto const here = walk.step(k);
        auto const counts = k <= walk.last() && in_flight;
        auto const point = ecef_from_eci(earth_turn(here.t_s), here.r_m);
        Real const end_s = here.t_s + here.half_s;
        for (int s = 0; s < scenario.sensor_count; ++s) {
            SensorParams const& sensor = scenario.sensor[s];
            if (sensor.kind != SensorKind::radar || !any(counts && end_s >= t_due[s])) { continue; }
            Real const out_m = out_of_view_m(sensor.radar, straight_geometry(sensor.frame, point)) -
                               Real(sensor.patrol_radius_m);
            t_due[s] = here.t_s + out_m * per_speed;
            auto const may = counts && out_m <= here.speed_mps * here.half_s;
            if (!any(may)) { continue; }
            Real const first = c.window_first_s.load<Real>(i, s);
            auto const opens = may && first >= Real(never_s);
            c.window_first_s.store(i, s, select(opens, here.t_s - here.half_s, first));
            c.window_knot.store(
                i, s, select(opens, larger(k - Real(2), Real(0)), c.window_knot.load<Real>(i, s)));
            c.window_last_s.store(i, s, select(may, end_s, c.window_last_s.load<Real>(i, s)));
        }
    }
    Real const t_lost = c.t_track_loss_s.load<Real>(i);
    for (int s = 0; s < scenario.sensor_count; ++s) {
        c.window_last_s.store(i, s, smaller(c.window_last_s.load<Real>(i, s), t_lost));
        if (scenario.sensor[s].availability >= 1) { continue; }
        auto const works = sensor_works<Real>(scenario.sensor[s], launch, i);
        Real const first = c.window_first_s.load<Real>(i, s);
        c.window_first_s.store(i, s, select(works, first, Real(never_s)));
    }
}

}  // namespace longwatch
