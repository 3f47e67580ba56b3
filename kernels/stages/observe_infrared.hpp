// observe, for a space infrared sensor: its report, and what its scans tell of the launch.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/columns/input_columns.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/launch.hpp"
#include "models/sensing/infrared.hpp"
#include "models/track/launch_estimate.hpp"

namespace longwatch {

/// Not out during this flight: one draw per flight and sensor.
template <class Real>
LW_FUNC Mask<Real> sensor_works(SensorParams const& sensor, Launch const& launch, std::int64_t i)
{
    if (sensor.availability >= 1) { return Real(0) < Real(1); }
    Real const u =
        launch.draws<Real>(i).uniform({DrawKind::sensor_availability, sensor.name_hash}, 0);
    return u < Real(sensor.availability);
}

/// The scans of one sensor, added up to what they tell of the launch.
template <class Real>
class LaunchScans {
public:
    LW_FUNC LaunchScans(InfraredParams const& p, Columns const& c, std::int64_t i)
        : p_(p), told_(no_scans<Real>())
    {
        auto const place = load_inputs<Real>(c, i).inputs.launch;
        launch_m_ = ecef_from_geodetic(place);
        enu_from_ecef_ = enu_from_ecef(place.latitude_rad, place.longitude_rad);
    }

    LW_FUNC bool are_told() const { return p_.line_of_sight_sigma_rad > 0; }

    LW_FUNC void add(Mask<Real> const& hit, Real const& t, Knot<Real> const& state,
                     Vec3<Real, Ecef> const& satellite_m)
    {
        auto const place = ecef_from_eci(t, state.r_m);
        auto const velocity = ecef_from_eci(t, velocity_relative_to_air(state.r_m, state.v_mps));
        auto const line = place - satellite_m;
        Real const range = norm(line);
        Real const sigma_m = Real(p_.line_of_sight_sigma_rad) * range;
        add_scan(told_, enu_from_ecef_ * (place - launch_m_), enu_from_ecef_ * velocity,
                 enu_from_ecef_ * ((Real(1) / range) * line),
                 select(hit, Real(1) / square(sigma_m), Real(0)));
    }

    LW_FUNC LaunchAccuracy<Real> accuracy() const { return launch_accuracy(told_); }

private:
    InfraredParams const& p_;
    Information<Real, launch_unknowns> told_;
    Vec3<Real, Ecef> launch_m_;
    Rotation<Real, Enu, Ecef> enu_from_ecef_;
};

/// The first report: m hits among n scans of the burning plume. Where the sensor's direction has an error,
/// its scans go on until the last burn ends, for what they tell of the launch.
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
    auto const works = sensor_works<Real>(sensor, launch, i);
    VehicleParams const& vehicle = scenario.threat[launch.threat].vehicle;
    auto const t_stage_end = [&](int stage) { return c.t_stage_end_s.load<Real>(i, stage); };
    auto const satellite = satellite_position_m(
        infrared,
        infrared.elliptical ? draws.uniform({DrawKind::orbit, sensor.name_hash}, 0) : Real(0.5));
    ArcReader<Real> arc(c, i);
    LaunchScans<Real> scans(infrared, c, i);
    LaunchAccuracy<Real> at_report{Real(0), Real(0)};

    Real window[max_initiation_looks];
    for (Real& hit : window) { hit = Real(0); }
    Real t_report = Real(never_s), t_visible = Real(never_s), t_hit = Real(never_s);
    for (int scan = 0;; ++scan) {
        Real const t = phase + Real(static_cast<double>(scan)) * revisit;
        auto const unreported = t_report >= Real(never_s);
        auto burning = works && t < t_end;
        if (!scans.are_told()) { burning = burning && unreported; }
        if (!any(burning)) { break; }
        auto const state = arc.state_at(t);
        auto const target = ecef_from_eci(t, state.r_m);
        auto const visible =
            burning && plume_visible(infrared, satellite, target, geodetic_altitude_m(target),
                                     cloud_top, plume_at(vehicle, t_stage_end, t));
        Real const u =
            draws.uniform({DrawKind::look, sensor.name_hash}, static_cast<std::uint32_t>(scan));
        auto const hit = visible && u < Real(infrared.probability_of_detection);
        t_visible = smaller(t_visible, select(visible, t, Real(never_s)));
        t_hit = smaller(t_hit, select(hit, t, Real(never_s)));
        window[scan % infrared.looks_considered] = select(hit, Real(1), Real(0));
        Real hits = Real(0);
        for (int k = 0; k < infrared.looks_considered; ++k) { hits = hits + window[k]; }
        auto const enough = hits > Real(static_cast<double>(infrared.hits_required) - 0.5);
        auto const reports = burning && enough && unreported;
        t_report = select(reports, t, t_report);
        if (!scans.are_told()) { continue; }
        scans.add(hit, t, state, satellite);
        if (!any(reports)) { continue; }
        auto const now = scans.accuracy();
        at_report.half_axis_m = select(reports, now.half_axis_m, at_report.half_axis_m);
        at_report.azimuth_rad = select(reports, now.azimuth_rad, at_report.azimuth_rad);
    }
    c.t_report_s.store(i, s, t_report);
    c.t_visible_s.store(i, s, t_visible);
    c.t_search_hit_s.store(i, s, t_hit);
    auto const at_burnout = scans.accuracy();
    c.launch_half_axis_m.store(i, 2 * s, at_report.half_axis_m);
    c.launch_half_axis_m.store(i, 2 * s + 1, at_burnout.half_axis_m);
    c.launch_azimuth_rad.store(i, 2 * s, at_report.azimuth_rad);
    c.launch_azimuth_rad.store(i, 2 * s + 1, at_burnout.azimuth_rad);
}

}  // namespace longwatch
