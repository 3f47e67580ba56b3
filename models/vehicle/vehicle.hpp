// A notional ballistic missile: stages, payload, drag, and how it looks to a sensor.
#pragma once

#include "models/limits.hpp"

namespace longwatch {

/// One stage, burning at constant mass flow thrust_vacuum_n / (g0 specific_impulse_vacuum_s).
struct StageParams {
    double propellant_kg = 0;
    double dry_kg = 0;
    double thrust_vacuum_n = 0;
    double specific_impulse_vacuum_s = 0;
    double nozzle_exit_area_m2 = 0;  ///< thrust falls by ambient pressure times this
    double reference_area_m2 = 0;    ///< cross-section for drag while this stage is attached
    double coast_after_s = 0;        ///< unpowered time between its burnout and the next ignition
};

/// Drag coefficient against Mach number, linear between points and constant outside them.
struct DragTable {
    int count = 0;
    double mach[max_drag_points] = {};
    double coefficient[max_drag_points] = {};
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
    double rcs_reentry_m2 = 0;  ///< below 100 km on the way down
};

}  // namespace longwatch
