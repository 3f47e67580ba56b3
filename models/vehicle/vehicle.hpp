// A notional ballistic missile: stages, payload, drag, and how it looks to a sensor.
#pragma once

#include <algorithm>
#include <span>

#include "models/limits.hpp"
#include "models/math/real.hpp"

namespace longwatch {

/// Thrust against time within a burn, both as fractions: of the burn time, and of the mean thrust.
/// Linear between points; from 0 to 1 and of mean 1. Mass flow follows thrust.
struct ThrustCurve {
    int count = 2;
    double burn_frac[max_thrust_points] = {0, 1};
    double thrust_frac[max_thrust_points] = {1, 1};
    bool operator==(ThrustCurve const&) const = default;
};

/// One stage. Its mean mass flow is thrust_vacuum_n / (g0 specific_impulse_vacuum_s).
struct StageParams {
    double propellant_kg = 0;
    double dry_kg = 0;
    double thrust_vacuum_n = 0;  ///< mean over the burn
    double specific_impulse_vacuum_s = 0;
    double nozzle_exit_area_m2 = 0;  ///< thrust falls by ambient pressure times this
    double reference_area_m2 = 0;    ///< cross-section for drag while this stage is attached
    double coast_after_s = 0;        ///< unpowered time between its burnout and the next ignition
    ThrustCurve thrust = {};
    double spent_ballistic_coefficient_kgpm2 = 150;  ///< m / (Cd A), falling empty
    double plume_intensity_wpsr =
        0;              ///< as an infrared sensor sees it low in the air; 0: not known
    double rcs_m2 = 0;  ///< radar cross-section while it burns; 0: the vehicle's
    bool operator==(StageParams const&) const = default;
};

/// Radar cross-section against the angle from the nose at which a radar sees the vehicle, as a factor; linear between
/// rows, constant beyond them.
struct AspectTable {
    int count = 0;  ///< 0: the same from all sides
    double angle_rad[max_aspect_rows] = {};
    double factor[max_aspect_rows] = {};
};

template <class Real>
LW_FUNC Real aspect_factor(AspectTable const& table, Real const& angle_rad)
{
    Real factor = Real(table.factor[0]);
    for (int k = 1; k < table.count; ++k) {
        double const width = table.angle_rad[k] - table.angle_rad[k - 1];
        Real const part =
            clamp((angle_rad - Real(table.angle_rad[k - 1])) * Real(1 / width), Real(0), Real(1));
        factor = factor + part * Real(table.factor[k] - table.factor[k - 1]);
    }
    return factor;
}

/// What an infrared sensor may see of a vehicle at an instant.
template <class Real>
struct Plume {
    Real intensity_wpsr;
    Mask<Real> burns;
};

/// Drag coefficient against Mach number, linear between points and constant outside them.
struct DragTable {
    int count = 0;
    double mach[max_drag_points] = {};
    double coefficient[max_drag_points] = {};
    double slope[max_drag_points] = {};  ///< from the point before

    DragTable() = default;
    /// As many of one as of the other, at most max_drag_points; Mach numbers rise.
    DragTable(std::span<double const> mach_numbers, std::span<double const> coefficients)
        : count(static_cast<int>(mach_numbers.size()))
    {
        std::copy(mach_numbers.begin(), mach_numbers.end(), mach);
        std::copy(coefficients.begin(), coefficients.end(), coefficient);
        for (int i = 1; i < count; ++i) {
            slope[i] = (coefficient[i] - coefficient[i - 1]) / (mach[i] - mach[i - 1]);
        }
    }
    bool operator==(DragTable const&) const = default;
};

struct VehicleParams {
    int stage_count = 0;
    StageParams stage[max_stages];
    double payload_kg = 0;
    double ballistic_coefficient_kgpm2 = 0;  ///< payload after burnout, m / (Cd A)
    DragTable drag;
    double vertical_rise_s = 0;  ///< straight up from ignition
    double pitch_over_s = 0;     ///< then turned by the aimed pitch angle over this time
    double rcs_boost_m2 = 0;     ///< radar cross-section until burnout
    double rcs_midcourse_m2 = 0;
    double rcs_reentry_m2 = 0;              ///< below 100 km on the way down
    AspectTable aspect_boost, aspect_free;  ///< until burnout; after it
    double shroud_kg = 0;                   ///< carried from ignition
    double shroud_release_s = 0;            ///< since ignition; at burnout if that comes first
};

/// The plume of the stage that burns, if any does. t_end_s(i) is when stage i's burn ended, never_s if it did not
/// burn; between stages, while nothing burns, there is no plume.
template <class Real, class StageEnd>
LW_FUNC Plume<Real> plume_at(VehicleParams const& vehicle, StageEnd const& t_end_s, Real const& t_s)
{
    Plume<Real> plume{Real(0), Real(0) > Real(1)};
    Real ignition = Real(0);
    for (int i = 0; i < vehicle.stage_count; ++i) {
        Real const end = t_end_s(i);
        auto const burns = t_s >= ignition && t_s < end && end < Real(never_s);
        plume.intensity_wpsr =
            select(burns, Real(vehicle.stage[i].plume_intensity_wpsr), plume.intensity_wpsr);
        plume.burns = plume.burns || burns;
        ignition = end + Real(vehicle.stage[i].coast_after_s);
    }
    return plume;
}

}  // namespace longwatch
