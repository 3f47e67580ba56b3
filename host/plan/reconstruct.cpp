#include "host/plan/reconstruct.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/plan/control_solver.hpp"
#include "host/plan/first_sight.hpp"
#include "host/plan/kept_arc.hpp"
#include "models/earth/site.hpp"
#include "models/earth/us_standard_1976.hpp"
#include "models/flight/fly.hpp"
#include "models/flight/inputs.hpp"

namespace longwatch {
namespace {

/// Change of apogee and of range by which the flight time's dependence on them is found: large against
/// what the aiming leaves over, small against what it is changed of.
constexpr double sensitivity_step_m = 5000;
constexpr double track_step_boost_s = 5, track_step_free_s = 30;

Geodetic place_of(Vec3<double, Ecef> const& r)
{
    auto const p = geodetic_from_ecef(r);
    return {p.latitude_rad, p.longitude_rad, p.altitude_m};
}

/// On the sphere of the published ranges, geodetic latitudes taken for its own.
double published_range_m(Geodetic const& a, Geodetic const& b)
{
    double const s = std::sin((b.latitude_rad - a.latitude_rad) / 2);
    double const t = std::sin((b.longitude_rad - a.longitude_rad) / 2);
    double const h = s * s + std::cos(a.latitude_rad) * std::cos(b.latitude_rad) * t * t;
    return 2 * two_body_radius_m * std::asin(std::sqrt(std::fmin(1.0, h)));
}

ThreatParams threat_of(Observation const& o, CatalogThreat const& vehicle)
{
    ThreatParams threat = vehicle.params;
    threat.launch = {o.launch, 0};
    threat.aim = {great_circle_place(o.launch, o.azimuth_rad, o.range_m), 0};
    threat.shape = FlightShape::given_apogee;
    threat.apogee_m = o.apogee_m;
    return threat;
}

struct Found {
    std::optional<Solution> solution;
    std::optional<double> flight_time_s;
    std::string shortfall;
};

Found find(Atmosphere const& atmosphere, ThreatParams const& threat)
{
    ControlSolver const solver(atmosphere, threat);
    Goal const goal{Places::Zero(), threat.apogee_m};
    Found out;
    out.solution = solver.from_afar(goal);
    if (out.solution) {
        auto const trial = ControlSolver::trial(goal, out.solution->controls);
        out.flight_time_s = solver.fly({trial})[0].t_impact_s;
    } else {
        out.shortfall = solver.shortfall(goal);
    }
    return out;
}

/// Flight time from the controls of a flight nearby; empty where there is none.
std::optional<double> time_near(Atmosphere const& atmosphere, Observation const& o,
                                CatalogThreat const& vehicle, ControlVector const& start)
{
    ThreatParams const threat = threat_of(o, vehicle);
    ControlSolver const solver(atmosphere, threat);
    Goal const goal{Places::Zero(), threat.apogee_m};
    auto const solution = solver.newton(goal, start);
    if (!solution) { return std::nullopt; }
    return solver.fly({ControlSolver::trial(goal, solution->controls)})[0].t_impact_s;
}

/// By a central difference, or a one-sided one at the edge of the reach.
std::optional<double> time_slope(Atmosphere const& atmosphere, Observation const& o,
                                 CatalogThreat const& vehicle, Found const& found,
                                 double Observation::*quantity)
{
    auto const at = [&](double change_m) {
        Observation moved = o;
        moved.*quantity += change_m;
        return moved.*quantity > 0 ? time_near(atmosphere, moved, vehicle, found.solution->controls)
                                   : std::nullopt;
    };
    auto const more = at(sensitivity_step_m), less = at(-sensitivity_step_m);
    double const here = *found.flight_time_s;
    if (more && less) { return (*more - *less) / (2 * sensitivity_step_m); }
    if (more) { return (*more - here) / sensitivity_step_m; }
    if (less) { return (here - *less) / sensitivity_step_m; }
    return std::nullopt;
}

FlightInputs<double> inputs_of(Observation const& o, ControlVector const& x)
{
    Controls const c{x[0], x[1], x[2]};
    return {{o.launch.latitude_rad, o.launch.longitude_rad, o.launch.altitude_m},
            c.lean_east_rad,
            c.lean_north_rad,
            c.cutoff_stages,
            1,
            1,
            1,
            1,
            1};
}

TrackPoint track_point(KeptArc const& arc, double t_s)
{
    auto const knot = arc.at(t_s);
    return {t_s, place_of(ecef_from_eci(t_s, knot.r_m)),
            norm(velocity_relative_to_air(knot.r_m, knot.v_mps))};
}

/// Evenly while burning and after, and at burnout, apogee and impact.
std::vector<TrackPoint> ground_track(KeptArc const& arc, FlightSummary<double> const& end)
{
    std::vector<double> times{end.t_burnout_s, end.t_apogee_s, end.t_impact_s};
    for (double t = 0; t < end.t_burnout_s; t += track_step_boost_s) { times.push_back(t); }
    double const first = std::ceil(end.t_burnout_s / track_step_free_s + 1e-9) * track_step_free_s;
    for (double t = first; t < end.t_impact_s; t += track_step_free_s) { times.push_back(t); }
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    std::vector<TrackPoint> track;
    for (double const t : times) { track.push_back(track_point(arc, t)); }
    return track;
}

std::vector<SpentStage> spent_stages(Atmosphere const& atmosphere, VehicleParams const& vehicle,
                                     FlightInputs<double> const& in, KeptArc const& arc,
                                     FlightSummary<double> const& end)
{
    std::vector<SpentStage> out;
    Geodetic const launch{in.launch.latitude_rad, in.launch.longitude_rad, 0};
    for (int i = 0; i < vehicle.stage_count && end.t_stage_end_s[i] < never_s; ++i) {
        KeptArc fall;
        double const t = end.t_stage_end_s[i];
        auto const landed = fly_spent_stage(atmosphere, vehicle.stage[i], in, arc.at(t), fall);
        if (!landed.landed) { continue; }
        Geodetic const place = place_of(landed.impact_m);
        out.push_back({i + 1, t, landed.t_impact_s, place, published_range_m(launch, place)});
    }
    return out;
}

ReconstructedFlight flown(Atmosphere const& atmosphere, Observation const& o,
                          CatalogThreat const& vehicle, Found const& found,
                          std::vector<SensorSite> const& sites)
{
    ThreatParams threat = threat_of(o, vehicle);
    threat.max_flight_time_s = *found.flight_time_s + 60;
    auto const& x = found.solution->controls;
    auto const in = inputs_of(o, x);
    KeptArc arc;
    auto const end = fly(atmosphere, threat, in, arc);
    auto const burnout = arc.at(end.t_burnout_s);
    ReconstructedFlight f;
    f.flight_time_s = end.t_impact_s;
    f.burnout_time_s = end.t_burnout_s;
    f.burnout_altitude_m = geodetic_altitude_m(burnout.r_m);
    f.burnout_speed_inertial_mps = norm(burnout.v_mps);
    f.burnout_speed_relative_mps = norm(velocity_relative_to_air(burnout.r_m, burnout.v_mps));
    f.apogee_m = end.apogee_m;
    f.apogee_time_s = end.t_apogee_s;
    f.impact = place_of(end.impact_m);
    f.range_m = published_range_m(o.launch, f.impact);
    f.pitch_rad = x.head<2>().norm();
    f.cutoff_stages = x[2];
    f.time_per_apogee_spm = time_slope(atmosphere, o, vehicle, found, &Observation::apogee_m);
    f.time_per_range_spm = time_slope(atmosphere, o, vehicle, found, &Observation::range_m);
    f.ground_track = ground_track(arc, end);
    f.spent_stages = spent_stages(atmosphere, threat.vehicle, in, arc, end);
    for (SensorSite const& site : sites) {
        f.first_seen.push_back(first_sight(site, threat.vehicle, end, arc));
    }
    return f;
}

std::string who_can(std::vector<OtherVehicle> const& others)
{
    std::string names;
    for (OtherVehicle const& other : others) {
        if (other.flight_time_s) { names += (names.empty() ? "" : ", ") + other.name; }
    }
    return names.empty() ? "no vehicle of the catalogue can"
                         : "of the catalogue these can: " + names;
}

/// The observation's first contradiction, the one of physics before those of the vehicle.
std::string contradiction(Observation const& o, CatalogThreat const& vehicle,
                          Reconstruction const& r, Found const& found)
{
    double const bound_s = r.two_body.arc.time_s;
    if (o.flight_time_s && *o.flight_time_s < bound_s) {
        int const digits = bound_s - *o.flight_time_s < 1 ? 2 : 0;
        return fmt::format(
            "the reported flight time of {:.0f} s is {:.{}f} s shorter than the {:.{}f} s that the "
            "arc over an apogee of {:.1f} km and a range of {:.1f} km takes with all speed given "
            "at once and no air: no flight of any vehicle matches it",
            *o.flight_time_s, bound_s - *o.flight_time_s, digits, bound_s, digits,
            o.apogee_m / 1000, o.range_m / 1000);
    }
    if (!r.flight) {
        return fmt::format(
            "{} cannot reach an apogee of {:.1f} km at a range of {:.1f} km ({}); {}", vehicle.name,
            o.apogee_m / 1000, o.range_m / 1000, found.shortfall, who_can(r.others));
    }
    if (!o.flight_time_s) { return ""; }
    double const off_s = *o.flight_time_s - r.flight->flight_time_s;
    if (std::fabs(off_s) <= o.time_tolerance_s) { return ""; }
    std::string nearer;
    for (OtherVehicle const& other : r.others) {
        if (other.flight_time_s &&
            std::fabs(*o.flight_time_s - *other.flight_time_s) <= o.time_tolerance_s) {
            nearer += (nearer.empty() ? "; within it: " : ", ") + other.name;
        }
    }
    return fmt::format(
        "the reported flight time of {:.0f} s is {:.0f} s {} than the {:.0f} s of {}: more than "
        "the {:.0f} s allowed{}",
        *o.flight_time_s, std::fabs(off_s), off_s > 0 ? "longer" : "shorter",
        r.flight->flight_time_s, vehicle.name, o.time_tolerance_s, nearer);
}

}  // namespace

Reconstruction reconstruct(Observation const& observation, CatalogThreat const& vehicle,
                           std::vector<CatalogThreat> const& catalog,
                           std::vector<SensorSite> const& sites)
{
    Atmosphere const atmosphere = us_standard_1976();
    Reconstruction out;
    ThreatParams const threat = threat_of(observation, vehicle);
    out.aim = threat.aim.center;
    out.two_body = two_body_flight(observation.launch, out.aim, observation.apogee_m);
    auto const found = find(atmosphere, threat);
    if (found.solution) { out.flight = flown(atmosphere, observation, vehicle, found, sites); }
    for (CatalogThreat const& other : catalog) {
        if (other.name == vehicle.name) { continue; }
        out.others.push_back(
            {other.name, find(atmosphere, threat_of(observation, other)).flight_time_s});
    }
    out.reason = contradiction(observation, vehicle, out, found);
    out.matches = out.reason.empty();
    return out;
}

}  // namespace longwatch
