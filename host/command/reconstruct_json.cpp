#include <cmath>

#include <nlohmann/json.hpp>

#include "host/command/reconstruct_text.hpp"

namespace longwatch {

namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(std::optional<double> const& x) { return x ? Json(*x) : Json(nullptr); }

double deg(double angle_rad) { return angle_rad / rad_per_deg; }

Json place(Geodetic const& p)
{
    return {{"latitude_deg", deg(p.latitude_rad)}, {"longitude_deg", deg(p.longitude_rad)}};
}

Json place(Geodetic const& p, double range_m)
{
    auto json = place(p);
    json["range_km"] = range_m / 1000;
    return json;
}

void add_flight(Json& json, ReconstructedFlight const& f)
{
    json["flight_time_s"] = f.flight_time_s;
    json["burnout_time_s"] = f.burnout_time_s;
    json["burnout_speed_inertial_mps"] = f.burnout_speed_inertial_mps;
    json["burnout_speed_relative_mps"] = f.burnout_speed_relative_mps;
    json["burnout_altitude_km"] = f.burnout_altitude_m / 1000;
    json["apogee_km"] = f.apogee_m / 1000;
    json["apogee_time_s"] = f.apogee_time_s;
    json["impact"] = place(f.impact, f.range_m);
    auto const per_km = [](std::optional<double> const& spm) {
        return spm ? Json(*spm * 1000) : Json(nullptr);
    };
    json["flight_time_per_apogee_spkm"] = per_km(f.time_per_apogee_spm);
    json["flight_time_per_range_spkm"] = per_km(f.time_per_range_spm);
    json["first_seen"] = Json::object();
    json["first_seen_detail"] = Json::object();
    for (FirstSight const& s : f.first_seen) {
        json["first_seen"][s.sensor] = number_or_null(s.t_s);
        Json detail = {{"model", s.model}};
        if (s.t_s) {
            detail["altitude_km"] = s.altitude_m / 1000;
            if (s.slant_range_m > 0) { detail["slant_range_km"] = s.slant_range_m / 1000; }
        }
        json["first_seen_detail"][s.sensor] = detail;
    }
    json["spent_stages"] = Json::array();
    for (SpentStage const& s : f.spent_stages) {
        Json stage = {{"stage", s.stage},
                      {"separation_time_s", s.t_separation_s},
                      {"impact_time_s", s.t_impact_s},
                      {"impact", place(s.impact, s.range_m)}};
        json["spent_stages"].push_back(stage);
    }
    json["ground_track"] = Json::array();
    for (TrackPoint const& p : f.ground_track) {
        Json point = {{"time_s", p.t_s}};
        point.update(place(p.place));
        point["altitude_km"] = p.place.altitude_m / 1000;
        point["speed_relative_mps"] = p.relative_speed_mps;
        json["ground_track"].push_back(point);
    }
}

void add_no_flight(Json& json)
{
    for (auto const* key :
         {"flight_time_s", "burnout_time_s", "burnout_speed_inertial_mps",
          "burnout_speed_relative_mps", "burnout_altitude_km", "apogee_km", "apogee_time_s",
          "impact", "flight_time_per_apogee_spkm", "flight_time_per_range_spkm"}) {
        json[key] = nullptr;
    }
    for (auto const* key : {"first_seen", "first_seen_detail"}) { json[key] = Json::object(); }
    for (auto const* key : {"spent_stages", "ground_track"}) { json[key] = Json::array(); }
}

}  // namespace

std::string reconstruct_json(Observation const& o, CatalogThreat const& vehicle,
                             Reconstruction const& r)
{
    Json json;
    json["vehicle"] = vehicle.name;
    json["matches"] = r.matches;
    json["reason"] = r.matches ? Json(nullptr) : Json(r.reason);
    json["observation"] = {{"launch", place(o.launch)},
                           {"azimuth_deg", deg(o.azimuth_rad)},
                           {"apogee_km", o.apogee_m / 1000},
                           {"range_km", o.range_m / 1000},
                           {"flight_time_s", number_or_null(o.flight_time_s)},
                           {"time_tolerance_s", o.time_tolerance_s}};
    double const bound_s = r.two_body.arc.time_s;
    json["two_body_time_s"] = bound_s;
    json["two_body_speed_inertial_mps"] = r.two_body.arc.speed_mps;
    json["two_body_speed_relative_mps"] = r.two_body.relative_speed_mps;
    json["excess_s"] = r.flight ? Json(r.flight->flight_time_s - bound_s) : Json(nullptr);
    json["reported_excess_s"] = o.flight_time_s ? Json(*o.flight_time_s - bound_s) : Json(nullptr);
    if (r.flight) {
        add_flight(json, *r.flight);
    } else {
        add_no_flight(json);
    }
    json["other_vehicles_flight_time_s"] = Json::object();
    for (OtherVehicle const& other : r.others) {
        json["other_vehicles_flight_time_s"][other.name] = number_or_null(other.flight_time_s);
    }
    return json.dump(2) + "\n";
}

}  // namespace longwatch
