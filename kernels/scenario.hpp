// Everything a flight needs to know that is the same for all flights of a run: one plain struct,
// copied to a device in one piece. The host fills it from the study.
#pragma once

#include <type_traits>

#include "kernels/draw/sampling.hpp"
#include "models/earth/atmosphere.hpp"
#include "models/engage/battery.hpp"
#include "models/engage/flyout_surface.hpp"
#include "models/engage/importance.hpp"
#include "models/flight/raid.hpp"
#include "models/flight/threat.hpp"
#include "models/limits.hpp"
#include "models/sensing/sensor.hpp"
#include "models/warning/network.hpp"

namespace longwatch {

struct Scenario {
    Atmosphere atmosphere;
    SamplingParams sampling;
    int threat_count = 0, sensor_count = 0, battery_count = 0;
    ThreatParams threat[max_threats];
    SensorParams sensor[max_sensors];
    BatteryParams battery[max_batteries];  ///< in the order of engagement: upper tier first
    FlyoutSurface surface[max_batteries];  ///< one per distinct interceptor
    NetworkParams network;
    Importance importance;
    /// Flights take threats in turn: flight f flies threat mix[f % mix_count].
    int mix_count = 0;
    int mix[max_threats * 8] = {};
    RaidParams raid;
    bool keeps_shots = false;  ///< shot by shot, for replay
};
static_assert(std::is_trivially_copyable_v<Scenario>);

/// Some battery may take this threat.
LW_FUNC bool is_defended(Scenario const& scenario, int threat)
{
    for (int b = 0; b < scenario.battery_count; ++b) {
        if (may_take(scenario.battery[b], threat)) { return true; }
    }
    return false;
}

}  // namespace longwatch
