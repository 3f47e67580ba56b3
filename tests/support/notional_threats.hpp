// Notional vehicles of published classes, and what a test needs to fly them.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "models/flight/inputs.hpp"

namespace longwatch {

/// Drag of the V-2 over its cross-section, as straight lines (Sutton, Rocket Propulsion Elements).
inline DragTable v2_drag()
{
    double const mach[] = {0.0, 0.8, 1.2, 1.8, 5.0}, coefficient[] = {0.15, 0.15, 0.40, 0.25, 0.15};
    return {mach, coefficient};
}

inline double disc_area_m2(double diameter_m) { return pi / 4 * diameter_m * diameter_m; }

/// A cut-off after the last stage of any vehicle.
inline constexpr double all_stages = max_stages;

inline ThreatParams threat_of(VehicleParams const& vehicle)
{
    ThreatParams threat;
    threat.vehicle = vehicle;
    threat.vehicle.drag = v2_drag();
    threat.vehicle.rcs_boost_m2 = threat.vehicle.rcs_midcourse_m2 = 1;
    threat.vehicle.rcs_reentry_m2 = 1;
    threat.launch.center = {0.68, 2.2, 0};
    threat.max_flight_time_s = 6000;
    return threat;
}

/// V-2, historic: 12.75 t at launch (12.8 as rounded), 8.75 t of it propellant, 1 t payload; thrust 245 kN at sea level, 294 kN in
/// vacuum, impulse 239 s in vacuum (NASA histories, rounded). It came down in one piece.
inline ThreatParams v2_class()
{
    VehicleParams v;
    v.stage_count = 1;
    v.stage[0] = {8750, 3000, 294e3, 239, (294e3 - 245e3) / 101325, disc_area_m2(1.65), 0};
    v.payload_kg = 1000;
    v.ballistic_coefficient_kgpm2 = 4000 / (0.2 * disc_area_m2(1.65));
    v.vertical_rise_s = 4;
    v.pitch_over_s = 30;
    return threat_of(v);
}

/// Two-stage liquid, Titan II class, rounded.
inline ThreatParams two_stage_liquid()
{
    VehicleParams v;
    v.stage_count = 2;
    v.stage[0] = {111000, 6700, 2170e3, 296, (2170e3 - 1900e3) / 101325, disc_area_m2(3.05), 0};
    v.stage[1] = {26500, 2400, 445e3, 316, 0.5, disc_area_m2(3.05), 0};
    v.payload_kg = 3700;
    v.ballistic_coefficient_kgpm2 = 8000;
    v.vertical_rise_s = 10;
    v.pitch_over_s = 10;
    return threat_of(v);
}

/// Three-stage solid of 88 t, from rounded public motor data.
inline ThreatParams three_stage_solid()
{
    VehicleParams v;
    v.stage_count = 3;
    v.stage[0] = {45400, 3600, 2500e3, 284, 1.5, disc_area_m2(2.34), 0};
    v.stage[1] = {24500, 3200, 1330e3, 304, 1.0, disc_area_m2(2.34), 0};
    v.stage[2] = {7100, 650, 290e3, 300, 0.5, disc_area_m2(2.34), 0};
    v.payload_kg = 3900;
    v.ballistic_coefficient_kgpm2 = 8000;
    v.vertical_rise_s = 4;
    v.pitch_over_s = 10;
    return threat_of(v);
}

/// A pitch-over by its azimuth and pitch.
struct Steered {
    double azimuth_rad, pitch_rad, cutoff_stages;
    Controls controls() const
    {
        return {pitch_rad * std::sin(azimuth_rad), pitch_rad * std::cos(azimuth_rad),
                cutoff_stages};
    }
};

/// Inputs without deviations, from the centre of the launch area.
template <class Real>
FlightInputs<Real> nominal_inputs(ThreatParams const& threat, Steered const& steered)
{
    Controls const controls = steered.controls();
    Real const one(1);
    return {place_in_area(threat.launch, PlaceInArea<Real>{Real(0), Real(0)}),
            Real(controls.lean_east_rad),
            Real(controls.lean_north_rad),
            Real(controls.cutoff_stages),
            one,
            one,
            one,
            one,
            one};
}

/// An arc kept whole.
struct KeptKnots {
    std::vector<Knot<double>> knots;
    void add(bool mask, Knot<double> const& knot)
    {
        if (mask) { knots.push_back(knot); }
    }
};

/// No arc at all.
template <class Real>
struct NoArc {
    void add(Mask<Real> const&, Knot<Real> const&) {}
};

/// Draws as a test says: 0.5 unless told otherwise.
struct ScriptedDraws {
    std::map<std::pair<DrawKind, std::uint32_t>, double> said;
    double uniform(Purpose const& purpose, std::uint32_t counter) const
    {
        auto const found = said.find({purpose.kind, counter});
        return found == said.end() ? 0.5 : found->second;
    }
};

}  // namespace longwatch
