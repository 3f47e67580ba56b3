#include "host/plan/horizons.hpp"

namespace longwatch {

std::unique_ptr<Scenario> with_both_horizons(Scenario const& scenario, int arm)
{
    auto made = std::make_unique<Scenario>(scenario);
    Scenario& out = *made;
    int const count = scenario.sensor_count;
    for (int s = 0; s < count; ++s) {
        out.sensor[s].radar.earth_radius_factor = horizon_factor[0];
        out.sensor[count + s] = out.sensor[s];
        out.sensor[count + s].radar.earth_radius_factor = horizon_factor[1];
    }
    out.sensor_count = 2 * count;
    ArmParams const whole = scenario.network.arm[arm];
    out.network.arm_count = 2;
    out.network.arm[0] = out.network.arm[1] = whole;
    out.network.arm[1].sensors = whole.sensors << count;
    return made;
}

}  // namespace longwatch
