// measure: per radar, what its hits tell of the free flight; and what an error of the state at burnout does later on.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/columns/track_columns.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/launch.hpp"
#include "models/track/prediction.hpp"

namespace longwatch {

/// The transition at every minute after burnout, until every lane's flight is over.
template <class Real>
LW_FUNC void find_transitions(Columns const& c, std::int64_t i)
{
    constexpr int steps = 4;
    constexpr double step_s = transition_grid_s / steps;
    Real const t_burnout = c.t_burnout_s.load<Real>(i);
    Real const t_end = end_of_flight_s<Real>(c, i);
    ArcReader<Real> arc(c, i);
    auto transition = transition_at_burnout(arc.position_at(t_burnout));
    double since_s = 0;
    for (int slot = 0; slot < c.transition_slots; ++slot) {
        store_transition(c, i, slot, transition);
        if (!any(t_burnout + Real(since_s) < t_end)) { return; }
        for (int k = 0; k < steps; ++k) {
            since_s += step_s;
            step_transition(transition, Real(step_s), arc.position_at(t_burnout + Real(since_s)));
        }
    }
}

/// Reads transitions at times that do not decrease much: from one minute to the next it loads anew.
template <class Real>
class TransitionReader {
public:
    LW_FUNC TransitionReader(Columns const& columns, std::int64_t i)
        : c_(columns), i_(i), last_(Real(static_cast<double>(columns.transition_slots - 1)))
    {
    }

    /// Since burnout; held inside what is stored.
    LW_FUNC Transition<Real> const& before(Real const& since_s)
    {
        Real const slot = clamp(floor(since_s * Real(1 / transition_grid_s)), Real(0), last_);
        if (!loaded_ || any(slot < slot_ || slot > slot_)) {
            transition_ = load_transition(c_, i_, slot);
            slot_ = slot;
            loaded_ = true;
        }
        return transition_;
    }
    LW_FUNC Real after_s(Real const& since_s) const
    {
        return since_s - slot_ * Real(transition_grid_s);
    }
    LW_FUNC StateRows<Real> position_rows_at(Real const& since_s)
    {
        auto const& transition = before(since_s);
        return position_rows(transition, after_s(since_s));
    }

private:
    Columns const& c_;
    std::int64_t i_;
    Real last_;
    Real slot_ = Real(0);
    bool loaded_ = false;
    Transition<Real> transition_;
};

/// At the way down through 100 km, or at the impact of a flight that never rises so high.
template <class Real>
LW_FUNC void find_impact_map(Columns const& c, std::int64_t i)
{
    Real const t_end = end_of_flight_s<Real>(c, i);
    Real const t = smaller(c.t_descend_100km_s.load<Real>(i), t_end);
    ArcReader<Real> arc(c, i);
    auto const state = arc.state_at(t);
    TransitionReader<Real> transitions(c, i);
    Real const since = larger(t - c.t_burnout_s.load<Real>(i), Real(0));
    auto const& transition = transitions.before(since);
    Real const after = transitions.after_s(since);
    store_impact_map(c, i,
                     impact_map(state.r_m, state.v_mps, position_rows(transition, after),
                                velocity_rows(transition, after)));
}

/// The position that a battery would meet: where the flight passes it.
template <class Real>
LW_FUNC void find_passing_rows(Scenario const& scenario, Launch const& launch, Columns const& c,
                               std::int64_t i)
{
    for (int b = 0; b < scenario.battery_count; ++b) {
        BatteryParams const& battery = scenario.battery[b];
        if (!is_intercept(scenario.network.quality[battery.quality]) ||
            !may_take(battery, launch.threat)) {
            continue;
        }
        TransitionReader<Real> transitions(c, i);
        Real const since = c.t_passes_s.load<Real>(i, b) - c.t_burnout_s.load<Real>(i);
        store_passing_rows(c, i, b, transitions.position_rows_at(larger(since, Real(0))));
    }
}

/// A burning vehicle does not tell where it will come down.
template <class Real>
LW_FUNC void measure_radar_at(Scenario const& scenario, Columns const& c, std::int64_t i, int s)
{
    auto const number = [](int n) { return Real(static_cast<double>(n)); };
    Real const period = Real(scenario.sensor[s].radar.look_period_s);
    Real const count = c.look_count.load<Real>(i, s);
    Real const t_first = c.look_phase_s.load<Real>(i, s) + c.look_first.load<Real>(i, s) * period;
    Real const t_burnout = c.t_burnout_s.load<Real>(i);
    int const first = c.looks[s].first;
    auto sum = nothing_told<Real>();
    TransitionReader<Real> transitions(c, i);
    Real run = number(first), hits = c.cued_hits.load<Real>(i, first), burnout_hits = hits;
    c.info.store(i, run, sum.entry);
    for (int k = 0; any(number(k) < count); ++k) {
        Real const hits_after = c.cued_hits.load<Real>(i, first + k + 1);
        Real const t = t_first + number(k) * period;
        auto const is_hit = number(k) < count && hits_after > hits;
        auto const tells = is_hit && t >= t_burnout;
        burnout_hits = select(is_hit && !tells, hits_after, burnout_hits);
        hits = hits_after;
        if (!any(tells)) { continue; }
        auto const load = [&](Column const& column) { return column.load<Real>(i, first + k); };
        Vec3<Real, Eci> const line{load(c.look_x), load(c.look_y), load(c.look_z)};
        // Other lanes may have kept nothing.
        auto const if_told = [&](Real const& value) { return select(tells, value, Real(0)); };
        add_look(sum, transitions.position_rows_at(t - t_burnout),
                 {if_told(line.x), if_told(line.y), if_told(line.z)},
                 if_told(load(c.look_along_pm2)), if_told(load(c.look_across_pm2)));
        run = run + if_told(Real(1));
        c.info.store(i, run, sum.entry);
    }
    c.burnout_hits.store(i, s, burnout_hits);
}

template <class Real>
LW_FUNC void measure_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                        std::int64_t i)
{
    find_transitions<Real>(c, i);
    find_impact_map<Real>(c, i);
    find_passing_rows<Real>(scenario, launch, c, i);
    for (int s = 0; s < scenario.sensor_count; ++s) {
        if (scenario.sensor[s].kind == SensorKind::radar) {
            measure_radar_at<Real>(scenario, c, i, s);
        }
    }
}

}  // namespace longwatch
