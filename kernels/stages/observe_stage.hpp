// observe: per sensor, what each look would see, unaided and cued, and what it would tell.
// It does not decide when a sensor detects: that depends on cues, and cues on the network.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/fate.hpp"
#include "kernels/stages/launch.hpp"
#include "models/sensing/infrared.hpp"
#include "models/sensing/look.hpp"
#include "models/track/information.hpp"
#include "models/track/initiation.hpp"

namespace longwatch {

/// The instant a flight ends for the later stages: impact, or ignition for one that failed, so that
/// nothing is seen of it.
template <class Real>
LW_FUNC Real end_of_flight_s(Columns const& c, std::int64_t i)
{
    auto const failed = c.fate.load<Real>(i) > Real(static_cast<double>(Fate::impact));
    return select(failed, Real(0), c.t_impact_s.load<Real>(i));
}

/// Radar cross-section by phase of flight.
template <class Real>
class PhaseRcs {
public:
    LW_FUNC PhaseRcs(VehicleParams const& vehicle, Columns const& c, std::int64_t i)
        : vehicle_(vehicle), t_burnout_s_(c.t_burnout_s.load<Real>(i)),
          t_entry_s_(c.t_descend_100km_s.load<Real>(i)), factor_(c.rcs_factor.load<Real>(i))
    {
    }
    LW_FUNC Real at(Real const& t_s) const
    {
        Real const free = select(t_s < t_entry_s_, Real(vehicle_.rcs_midcourse_m2),
                                 Real(vehicle_.rcs_reentry_m2));
        return factor_ * select(t_s < t_burnout_s_, Real(vehicle_.rcs_boost_m2), free);
    }

private:
    VehicleParams const& vehicle_;
    Real t_burnout_s_, t_entry_s_, factor_;
};

/// Takes the looks of a radar in turn and keeps them from the first in coverage to the last.
/// Returns the longest number of looks kept in any lane.
template <class Real>
LW_FUNC int take_looks(Scenario const& scenario, Launch const& launch, Columns const& c,
                       std::int64_t i, int s)
{
    SensorParams const& sensor = scenario.sensor[s];
    RadarParams const& radar = sensor.radar;
    int const slots = c.looks[s].first;
    auto const draws = launch.draws<Real>(i);
    Real const t_end = end_of_flight_s<Real>(c, i);
    Real const t_burnout = c.t_burnout_s.load<Real>(i);
    PhaseRcs<Real> const rcs(scenario.threat[launch.threat].vehicle, c, i);
    ArcReader<Real> arc(c, i);
    Real const period = Real(radar.look_period_s);
    Real const phase = period * draws.uniform({DrawKind::look_phase, sensor.name_hash}, 0);

    Real slot = Real(-1), count = Real(0), t_first = Real(0);
    Real search_hits = Real(0), cued_hits = Real(0);
    TrackInformation<Real> sum{Real(0), Real(0), Real(0)};
    auto const store_sums = [&](Mask<Real> const& mask, Real const& at) {
        c.search_hits.store_at(mask, i, at, search_hits, slots);
        c.cued_hits.store_at(mask, i, at, cued_hits, slots);
        c.info.store_at(mask, i, at, sum.W, slots);
        c.info_t_s.store_at(mask, i, at, sum.S, slots);
        c.info_t2_s2.store_at(mask, i, at, sum.Q, slots);
    };
    auto const add_if = [](Mask<Real> const& mask, Real const& value) {
        return select(mask, value, Real(0));
    };
    for (int look = 0;; ++look) {
        Real const t = phase + Real(static_cast<double>(look)) * period;
        auto const in_flight = t < t_end;
        if (!any(in_flight)) { break; }
        auto const target = ecef_from_eci(t, arc.position_at(t));
        auto const line = target - in_every_lane<Real>(sensor.frame.position_m);
        auto const in_range = in_flight && dot(line, line) < Real(square(radar.instrumented_range_m));
        auto seen = in_range;
        Real u = Real(1);
        RadarGeometry<Real> geometry{Real(1), Real(0), Real(0)};
        if (any(in_range)) {
            geometry = radar_geometry(sensor.frame, radar.earth_radius_factor, target,
                                      geodetic_altitude_m(target));
            seen = in_range && in_coverage(radar, geometry);
            if (any(seen)) {
                u = draws.uniform({DrawKind::look, sensor.name_hash}, static_cast<std::uint32_t>(look));
            }
        }
        auto const begins = seen && slot < Real(0);
        t_first = select(begins, t, t_first);
        auto const kept = in_flight && (slot >= Real(0) || begins);
        if (!any(kept)) { continue; }
        slot = slot + add_if(kept, Real(1));
        store_sums(kept, slot);
        if (any(seen)) {
            auto const result = take_look(radar, geometry, seen, rcs.at(t), u);
            count = select(seen, slot + Real(1), count);
            search_hits = search_hits + add_if(result.hit_searching, Real(1));
            cued_hits = cued_hits + add_if(result.hit_cued, Real(1));
            // A burning vehicle does not tell where it will come down.
            auto const tells = result.hit_cued && t >= t_burnout;
            Real const w = add_if(tells, result.information_pm2);
            Real const since_burnout = t - t_burnout;
            sum = sum + TrackInformation<Real>{w, w * since_burnout, w * since_burnout * since_burnout};
        }
    }
    store_sums(slot >= Real(0), slot + Real(1));
    c.look_first_s.store(i, s, t_first);
    c.look_count.store(i, s, count);

    int longest = 0;
    while (any(count > Real(static_cast<double>(longest)))) { ++longest; }
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
    Real const t_first = c.look_first_s.load<Real>(i, s);
    auto const search = [&](int k) { return c.search_hits.load<Real>(i, slots + k); };
    auto const cued = [&](int k) { return c.cued_hits.load<Real>(i, slots + k); };
    auto const firm = [&](int k, Real const& look) {
        Real const t = select(look < Real(0), Real(never_s),
                              t_first + look * Real(radar.look_period_s));
        c.look_firm_s.store(i, slots + k, t);
    };
    firm_looks({radar.hits_required, radar.looks_considered}, count, longest, search, cued, firm);
}

/// The first report of a space infrared sensor: m hits among n scans of the burning plume.
template <class Real>
LW_FUNC void observe_infrared_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                                 std::int64_t i, int s)
{
    SensorParams const& sensor = scenario.sensor[s];
    InfraredParams const& infrared = sensor.infrared;
    auto const draws = launch.draws<Real>(i);
    Real const cloud_top =
        quantile(infrared.cloud_top_m, draws.uniform({DrawKind::cloud_top, sensor.name_hash}, 0));
    Real const revisit = Real(infrared.revisit_s);
    Real const phase = revisit * draws.uniform({DrawKind::look_phase, sensor.name_hash}, 0);
    Real const t_end = smaller(c.t_burnout_s.load<Real>(i), end_of_flight_s<Real>(c, i));
    ArcReader<Real> arc(c, i);

    constexpr int window_max = 8;
    Real window[window_max];
    for (Real& hit : window) { hit = Real(0); }
    Real t_report = Real(never_s);
    for (int scan = 0;; ++scan) {
        Real const t = phase + Real(static_cast<double>(scan)) * revisit;
        auto const burning = t < t_end && t_report >= Real(never_s);
        if (!any(burning)) { break; }
        auto const target = ecef_from_eci(t, arc.position_at(t));
        auto const visible =
            burning && plume_visible(infrared, target, geodetic_altitude_m(target), cloud_top);
        Real const u =
            draws.uniform({DrawKind::look, sensor.name_hash}, static_cast<std::uint32_t>(scan));
        auto const hit = visible && u < Real(infrared.probability_of_detection);
        window[scan % infrared.looks_considered] = select(hit, Real(1), Real(0));
        Real hits = Real(0);
        for (int k = 0; k < infrared.looks_considered; ++k) { hits = hits + window[k]; }
        auto const enough = hits > Real(static_cast<double>(infrared.hits_required) - 0.5);
        t_report = select(burning && enough, t, t_report);
    }
    c.t_report_s.store(i, s, t_report);
}

template <class Real>
LW_FUNC void observe_at(Scenario const& scenario, Launch const& launch, Columns const& c,
                        std::int64_t i)
{
    for (int s = 0; s < scenario.sensor_count; ++s) {
        if (scenario.sensor[s].kind == SensorKind::radar) {
            observe_radar_at<Real>(scenario, launch, c, i, s);
        }
        else {
            observe_infrared_at<Real>(scenario, launch, c, i, s);
        }
    }
}

}  // namespace longwatch
