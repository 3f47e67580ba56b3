// The last sensor of a scenario, a radar, taken out or put elsewhere when all other sensors have taken their looks.
#pragma once

#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/observe_stage.hpp"
#include "kernels/stages/share_stage.hpp"

namespace longwatch {

/// As if the last sensor, a radar, took no look.
template <class Real>
void silence_last_sensor(Scenario const& scenario, Columns const& c, std::int64_t i)
{
    int const s = scenario.sensor_count - 1;
    int const first = c.looks[s].first;
    for (Column const* column : {&c.look_count, &c.look_first, &c.look_phase_s}) {
        column->store(i, s, Real(0));
    }
    for (Column const* column : {&c.t_visible_s, &c.t_search_hit_s}) {
        column->store(i, s, Real(never_s));
    }
    c.look_firm_s.store(i, first, Real(never_s));
    for (Column const* column : {&c.hit_weight, &c.search_hits, &c.cued_hits}) {
        column->store(i, first, Real(0));
    }
}

/// The looks of the last sensor, by the stages of a run, when all other sensors have taken theirs; and what arm 0 makes of them.
template <class Real>
void add_last_sensor_in_full(Scenario const& scenario, Launch const& launch, Columns const& c,
                             std::int64_t i)
{
    int const s = scenario.sensor_count - 1;
    auto const works = sensor_works<Real>(scenario.sensor[s], launch, i);
    c.window_first_s.store(i, s, select(works, Real(-never_s), Real(never_s)));
    c.window_last_s.store(i, s, c.t_track_loss_s.load<Real>(i));
    c.window_knot.store(i, s, Real(0));
    observe_radar_at<Real>(scenario, launch, c, i, s);
    measure_radar_at<Real>(scenario, c, i, s);
    PredictionHints<Real> hints(scenario.network);
    ArmShare<Real>(scenario, launch.threat, c, i, 0).run(hints);
}

}  // namespace longwatch
