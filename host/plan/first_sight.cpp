#include "host/plan/first_sight.hpp"

#include <cmath>

#include "models/sensing/detection.hpp"
#include "models/sensing/infrared.hpp"
#include "models/sensing/radar.hpp"

namespace longwatch {
namespace {

constexpr double coarse_step_s = 1.0, fine_step_s = 0.01;
constexpr double seen_probability = 0.5;

double rcs_m2(VehicleParams const& vehicle, FlightSummary<double> const& end, double t_s)
{
    if (t_s < end.t_burnout_s) { return vehicle.rcs_boost_m2; }
    return t_s < end.t_descend_100km_s ? vehicle.rcs_midcourse_m2 : vehicle.rcs_reentry_m2;
}

}  // namespace

FirstSight first_sight(SensorSite const& site, VehicleParams const& vehicle,
                       FlightSummary<double> const& end, KeptArc const& arc)
{
    SensorParams const& sensor = site.sensor;
    RadarParams const& radar = sensor.radar;
    RadarSector const sector = radar_sector(radar);
    double const cloud_top_m =
        sensor.kind == SensorKind::infrared ? quantile(sensor.infrared.cloud_top_m, 0.5) : 0;
    auto const satellite = satellite_position_m(sensor.infrared, 0.5);
    auto const place = [&](double t) { return ecef_from_eci(t, arc.at(t).r_m); };
    auto const sees = [&](double t) {
        auto const target = place(t);
        if (sensor.kind == SensorKind::infrared) {
            auto const t_end = [&](int i) { return end.t_stage_end_s[i]; };
            return plume_visible(sensor.infrared, satellite, target, geodetic_altitude_m(target),
                                 cloud_top_m, plume_at(vehicle, t_end, t));
        }
        auto const g = radar_geometry(sensor.frame, radar.earth_radius_factor, target);
        if (!in_coverage(radar, sector, g)) { return false; }
        double const snr = scan_factor(radar, sector, g) *
                           signal_to_noise(radar, g.slant_range_m, rcs_m2(vehicle, end, t));
        return probability_of_detection(radar.detection, snr) >= seen_probability;
    };
    FirstSight out{site.name, site.model, std::nullopt, 0, 0};
    double const last = end.t_impact_s;
    double t = 0;
    while (t < last && !sees(t)) { t += coarse_step_s; }
    if (t >= last) { return out; }
    for (double early = std::fmax(t - coarse_step_s, 0.0); t - early > fine_step_s;) {
        double const middle = (early + t) / 2;
        (sees(middle) ? t : early) = middle;
    }
    auto const target = place(t);
    out.t_s = t;
    out.altitude_m = geodetic_altitude_m(target);
    if (sensor.kind == SensorKind::radar) {
        out.slant_range_m = norm(target - sensor.frame.position_m);
    }
    return out;
}

}  // namespace longwatch
