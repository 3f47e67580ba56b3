#include "host/plan/ground_tracks.hpp"

#include "host/plan/kept_arc.hpp"
#include "models/earth/wgs84.hpp"
#include "models/flight/fly.hpp"
#include "models/flight/inputs.hpp"

namespace longwatch {

namespace {

/// From centre to centre, every factor 1 and the weather as expected.
FlightInputs<double> nominal_inputs(ThreatParams const& threat)
{
    PlaceInArea<double> const center{0, 0};
    AimMap const& map = threat.aim_map;
    return {place_in_area(threat.launch, center),
            polynomial(map.lean_east_rad, center, center),
            polynomial(map.lean_north_rad, center, center),
            polynomial(map.cutoff_stages, center, center),
            1,
            1,
            1,
            1,
            1};
}

GroundTrack ground_track(Atmosphere const& atmosphere, ThreatParams const& threat)
{
    KeptArc arc;
    auto const end = fly(atmosphere, threat, nominal_inputs(threat), arc);
    GroundTrack track;
    for (std::size_t i = 0; i < GroundTrack::points; ++i) {
        double const part = static_cast<double>(i) / static_cast<double>(GroundTrack::points - 1);
        double const t_s = part * end.t_impact_s;
        auto const place = geodetic_from_ecef(ecef_from_eci(t_s, arc.at(t_s).r_m));
        track.t_s.push_back(t_s);
        track.latitude_deg.push_back(place.latitude_rad / rad_per_deg);
        track.longitude_deg.push_back(place.longitude_rad / rad_per_deg);
        track.altitude_km.push_back(place.altitude_m / 1000);
    }
    return track;
}

}  // namespace

std::vector<GroundTrack> ground_tracks(Scenario const& scenario)
{
    std::vector<GroundTrack> tracks;
    for (int i = 0; i < scenario.threat_count; ++i) {
        tracks.push_back(ground_track(scenario.atmosphere, scenario.threat[i]));
    }
    return tracks;
}

}  // namespace longwatch
