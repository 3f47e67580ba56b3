// The looks of a radar that may stand at many places: what is the same wherever it stands, found once for a flight.
#pragma once

#include <algorithm>

#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/observe_infrared.hpp"

namespace longwatch {

/// One look, whoever takes it where.
template <class Real>
struct LookPoint {
    Knot<Real> state;
    Vec3<Real, Ecef> target_m;
    Real rcs_m2;  ///< from all sides alike
    Real u;       ///< the draw that decides it
};

/// The looks of one flight at a radar's times, and per look what a track at burnout does to the position then.
template <class Real>
struct LookTable {
    static constexpr int block_looks = 4;
    /// Looks that lie together are passed over together where a radar surely sees none of them.
    struct Block {
        Vec3<Real, Ecef> center_m;
        Real reach_m;
    };

    /// Room for what one place makes of the looks: hits before each look, unaided before the cue and cued from it on; cued
    /// hits; weights.
    struct Room {
        Real *hits = nullptr, *cued_hits = nullptr, *weight = nullptr;
    };

    int sensor = 0;  ///< the radar
    int count = 0;   ///< looks before every lane's flight is over

    LookPoint<Real>* point = nullptr;
    StateRows<Real>* rows = nullptr;
    Block* block = nullptr;
    Room room;
    Real phase_s, t_close_s;  ///< no look at or after t_close
    bool needs_velocity = false;

    LW_FUNC int blocks() const { return (count + block_looks - 1) / block_looks; }
};

template <class Real>
LW_FUNC void fill_look_table(Scenario const& scenario, Launch const& launch, Columns const& c,
                             std::int64_t i, LookTable<Real>& table)
{
    SensorParams const& sensor = scenario.sensor[table.sensor];
    auto const draws = launch.draws<Real>(i);
    Real const period = Real(sensor.radar.look_period_s);
    table.phase_s = period * draws.uniform({DrawKind::look_phase, sensor.name_hash}, 0);
    auto const works = sensor_works<Real>(sensor, launch, i);
    Real const over = smaller(end_of_flight_s<Real>(c, i), c.t_track_loss_s.load<Real>(i));
    table.t_close_s = select(works, over, Real(0));
    PhaseRcs<Real> const rcs(scenario.threat[launch.threat].vehicle, c, i);
    table.needs_velocity = rcs.needs_aspect();
    Real const t_burnout = c.t_burnout_s.load<Real>(i);
    LookDraws<Real> look_draws(draws, sensor.name_hash);
    ArcReader<Real> arc(c, i);
    TransitionReader<Real> transitions(c, i);
    table.count = 0;
    for (int k = 0; k < c.looks[table.sensor].capacity; ++k) {
        Real const t = table.phase_s + Real(static_cast<double>(k)) * period;
        if (!any(t < table.t_close_s)) { break; }
        auto const state = table.needs_velocity ? arc.state_at(t) : at_rest(t, arc.position_at(t));
        table.point[k] = {state, ecef_from_eci(t, state.r_m), rcs.at(t), look_draws.of_look(k)};
        table.rows[k] = transitions.position_rows_at(larger(t - t_burnout, Real(0)));
        table.count = k + 1;
    }
    for (int b = 0; b < table.blocks(); ++b) {
        int const first = b * table.block_looks;
        int const end = std::min(first + table.block_looks, table.count);
        auto& block = table.block[b];
        block.center_m = table.point[(first + end) / 2].target_m;
        block.reach_m = Real(0);
        for (int k = first; k < end; ++k) {
            block.reach_m = larger(block.reach_m, norm(table.point[k].target_m - block.center_m));
        }
    }
}

}  // namespace longwatch
