// observe: per sensor, what each look would see, unaided and cued.
// It does not decide when a sensor detects: that depends on cues, and cues on the network.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/launch.hpp"
#include "kernels/stages/observe_infrared.hpp"
#include "kernels/stages/observe_windows.hpp"
#include "kernels/stages/radar_view.hpp"
#include "models/sensing/look.hpp"
#include "models/sensing/window.hpp"
#include "models/track/initiation.hpp"

namespace longwatch {

/// Where each ship stands in this flight.
template <class Real>
LW_FUNC void draw_patrols(Scenario const& scenario, Launch const& launch, Columns const& c,
                          std::int64_t i)
{
    for (int s = 0; s < scenario.sensor_count; ++s) {
        SensorParams const& sensor = scenario.sensor[s];
        if (!(sensor.patrol_radius_m > 0)) { continue; }
        auto const draws = launch.draws<Real>(i);
        Purpose const purpose{DrawKind::patrol, sensor.name_hash};
        Real const distance = sqrt(draws.uniform(purpose, 0));
        Real const bearing = Real(2 * pi) * draws.uniform(purpose, 1);
        c.patrol_east.store(i, s, distance * sin(bearing));
        c.patrol_north.store(i, s, distance * cos(bearing));
    }
}

/// Whole periods that lie within a time of every lane.
template <class Real>
LW_FUNC int periods_within(Real const& time_s, double period_s)
{
    int periods = 0;
    while (all(time_s > Real((periods + 1) * period_s))) { ++periods; }
    return periods;
}

/// For measure.
template <class Real>
LW_FUNC void keep_look(Columns const& c, std::int64_t i, int slot, Vec3<Real, Eci> const& line,
                       LookInformation<Real> const& told)
{
    c.look_x.store(i, slot, line.x);
    c.look_y.store(i, slot, line.y);
    c.look_z.store(i, slot, line.z);
    c.look_along_pm2.store(i, slot, told.along_pm2);
    c.look_across_pm2.store(i, slot, told.across_pm2);
}

/// Takes the looks of a radar in turn, from the first in any lane's window to the last.
/// Returns the longest number of slots used in any lane.
template <class Real>
LW_FUNC int take_looks(Scenario const& scenario, Launch const& launch, Columns const& c,
                       std::int64_t i, int s)
{
    SensorParams const& sensor = scenario.sensor[s];
    RadarParams const& radar = sensor.radar;
    auto const number = [](int n) { return Real(static_cast<double>(n)); };
    auto const draws = launch.draws<Real>(i);
    Real const period = Real(radar.look_period_s);
    Real const phase = period * draws.uniform({DrawKind::look_phase, sensor.name_hash}, 0);
    Real const t_open = c.window_first_s.load<Real>(i, s);
    Real const t_last = smaller(c.window_last_s.load<Real>(i, s), end_of_flight_s<Real>(c, i));
    Real const t_close = select(t_open < t_last, t_last, Real(-never_s));
    Real const per_speed = inverse(c.top_speed_mps.load<Real>(i));
    Real const t_burnout = c.t_burnout_s.load<Real>(i);
    RadarView<Real> const view(scenario, launch, c, i, s);
    c.look_phase_s.store(i, s, phase);

    Real count = Real(0), search_hits = Real(0), cued_hits = Real(0), weight = Real(0);
    Real t_visible = Real(never_s), t_search_hit = Real(never_s);
    auto const store_sums = [&](int slot) {
        int const at = c.looks[s].first + slot;
        c.search_hits.store(i, at, search_hits);
        c.cued_hits.store(i, at, cued_hits);
        if (radar.firm_sigma_m > 0) { c.hit_weight.store(i, at, weight); }
    };
    auto const add_if = [](Mask<Real> const& mask, Real const& value) {
        return select(mask, value, Real(0));
    };
    LookDraws<Real> look_draws(draws, sensor.name_hash);
    int const first =
        any(t_open < t_close) ? periods_within(t_open - phase, radar.look_period_s) : 0;
    int slot = 0;
    SparseArcReader<Real> arc(c, i, c.window_knot.load<Real>(i, s));
    for (;; ++slot) {
        store_sums(slot);
        Real const t = phase + number(first + slot) * period;
        if (!any(t < t_close)) { break; }
        auto const in_window = t >= t_open && t < t_close;
        auto const turn = earth_turn(t);
        auto const state = view.needs_velocity() ? arc.state_at(t) : at_rest(t, arc.position_at(t));
        auto const place = ecef_from_eci(turn, state.r_m);
        auto const target = view.seen_from_station(place);
        Real const out_m = out_of_view_m(radar, straight_geometry(sensor.frame, target));
        auto const may = in_window && out_m <= Real(0);
        if (!any(may)) {
            Real const out_s = larger(out_m * per_speed, t_open - t);
            Real const passed_s = select(t < t_close, smaller(out_s, t_close - t), Real(never_s));
            for (int passed = periods_within(passed_s, radar.look_period_s); passed > 0; --passed) {
                store_sums(++slot);
            }
            continue;
        }
        auto const geometry = view.geometry(target);
        bool const is_bent = radar.earth_radius_factor != 1;
        auto const seen = is_bent ? may && in_coverage(radar, view.sector(), geometry) : may;
        if (!any(seen)) { continue; }
        Real const u = look_draws.of_look(first + slot);
        Real const snr = view.signal_to_noise_in(geometry, view.cross_section_m2(t, state));
        auto const result = take_look(radar, seen, in_sector(radar.fence, geometry), snr, u);
        count = select(seen, number(slot + 1), count);
        t_visible = smaller(t_visible, select(seen, t, Real(never_s)));
        t_search_hit = smaller(t_search_hit, select(result.hit_searching, t, Real(never_s)));
        search_hits = search_hits + add_if(result.hit_searching, Real(1));
        cued_hits = cued_hits + add_if(result.hit_cued, Real(1));
        if (!any(result.hit_cued)) { continue; }
        auto const told =
            look_information(radar, Real(Real(radar.cue_gain) * snr), geometry.slant_range_m);
        weight = weight + add_if(result.hit_cued, told.across_pm2);
        if (any(result.hit_cued && t >= t_burnout)) {
            auto const from_site = place - view.site_m();
            keep_look(c, i, c.looks[s].first + slot,
                      inverse(geometry.slant_range_m) * eci_from_ecef(turn, from_site), told);
        }
    }
    c.look_first.store(i, s, number(first));
    c.look_count.store(i, s, count);
    c.t_visible_s.store(i, s, t_visible);
    c.t_search_hit_s.store(i, s, t_search_hit);

    int longest = slot;
    while (longest > 0 && !any(count >= number(longest))) { --longest; }
    return longest;
}

template <class Real>
LW_FUNC void observe_radar_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                              std::int64_t i, int s)
{
    RadarParams const& radar = scenario.sensor[s].radar;
    int const longest = take_looks<Real>(scenario, launch, c, i, s);
    int const slots = c.looks[s].first;
    Real const count = c.look_count.load<Real>(i, s);
    Real const phase = c.look_phase_s.load<Real>(i, s);
    Real const first = c.look_first.load<Real>(i, s);
    auto const search = [&](int k) { return c.search_hits.load<Real>(i, slots + k); };
    auto const cued = [&](int k) { return c.cued_hits.load<Real>(i, slots + k); };
    auto const firm = [&](int k, Real const& look) {
        Real const t = phase + (first + look) * Real(radar.look_period_s);
        c.look_firm_s.store(i, slots + k, select(look < Real(0), Real(never_s), t));
    };
    firm_looks({radar.hits_required, radar.looks_considered}, count, longest, search, cued, firm);
}

template <class Real>
LW_FUNC void observe_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                        std::int64_t i)
{
    draw_patrols<Real>(scenario, launch, c, i);
    find_windows<Real>(scenario, launch, c, i);
    for (int s = 0; s < scenario.sensor_count; ++s) {
        if (scenario.sensor[s].kind == SensorKind::radar) {
            observe_radar_at<Real>(scenario, launch, c, i, s);
        } else {
            observe_infrared_at<Real>(scenario, launch, c, i, s);
        }
    }
}

}  // namespace longwatch
