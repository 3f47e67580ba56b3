// When each radar could see a flight at all.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/launch.hpp"
#include "kernels/stages/observe_infrared.hpp"
#include "models/sensing/window.hpp"

namespace longwatch {

/// A bound of the target's speed over the ground. Half an interval away from a knot speed differs by the acceleration
/// there, of which twice is allowed.
template <class Real>
LW_FUNC Real top_speed_mps(Columns const& c, std::int64_t i)
{
    Real const last = c.knot_count.load<Real>(i) - Real(1);
    Real top = Real(1), t_before = Real(0);
    auto next = load_knot(c, i, Real(0));
    for (Real k = Real(0); any(k <= last); k = k + Real(1)) {
        auto const knot = next;
        next = load_knot(c, i, smaller(k + Real(1), last));
        Real const half = Real(0.5) * larger(knot.t_s - t_before, next.t_s - knot.t_s);
        Real const speed = root(length2(knot.v_mps)) +
                           Real(earth_rotation_radps) * root(length2(knot.r_m)) +
                           Real(2) * root(length2(knot.a_mps2)) * half;
        top = larger(top, speed);
        t_before = knot.t_s;
    }
    return top;
}

/// Windows are found from the flight's place every so often.
inline constexpr double window_step_s = 15;

/// Per radar, the stretch of the arc outside which it surely sees nothing. Each place stands for half a step before and
/// after it, in which the target moves no farther than its top speed takes it. Nobody looks again before the flight could
/// have come into view.
template <class Real>
LW_FUNC void find_windows(Scenario const& scenario, Launch const& launch, Columns const& c,
                          std::int64_t i)
{
    Real const top_speed = top_speed_mps<Real>(c, i), per_speed = inverse(top_speed);
    c.top_speed_mps.store(i, 0, top_speed);
    Real t_due[max_sensors];
    for (int s = 0; s < scenario.sensor_count; ++s) {
        t_due[s] = Real(-never_s);
        c.window_first_s.store(i, s, Real(never_s));
        c.window_last_s.store(i, s, Real(-never_s));
        c.window_knot.store(i, s, Real(0));
    }
    Real const half = Real(0.5 * window_step_s), reach_m = top_speed * half;
    Real const t_end = end_of_flight_s<Real>(c, i);
    SparseArcReader<Real> arc(c, i);
    Real t = Real(0), knot_before = Real(0);
    for (; any(t - half < t_end); t = t + Real(window_step_s)) {
        auto const point = ecef_from_eci(earth_turn(t), arc.position_at(t));
        for (int s = 0; s < scenario.sensor_count; ++s) {
            SensorParams const& sensor = scenario.sensor[s];
            auto const asked = t - half < t_end && t + half >= t_due[s];
            if (sensor.kind != SensorKind::radar || !any(asked)) { continue; }
            Real const out_m = out_of_view_m(sensor.radar, straight_geometry(sensor.frame, point)) -
                               Real(sensor.patrol_radius_m);
            t_due[s] = t + out_m * per_speed;
            auto const may = asked && out_m <= reach_m;
            if (!any(may)) { continue; }
            Real const first = c.window_first_s.load<Real>(i, s);
            auto const opens = may && first >= Real(never_s);
            auto const keep = [&](Column const& column, Mask<Real> const& mask, Real const& value) {
                column.store(i, s, select(mask, value, column.load<Real>(i, s)));
            };
            keep(c.window_first_s, opens, larger(t - half, Real(0)));
            keep(c.window_knot, opens, knot_before);
            keep(c.window_last_s, may, t + half);
        }
        knot_before = arc.knot();
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
