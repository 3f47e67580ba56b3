#include "kernels/backend/chunks.hpp"
#include "models/warning/delay.hpp"

namespace longwatch {

FlightOutcome read_outcome(Scenario const& scenario, Launch const& launch, Columns const& c,
                           std::int64_t i)
{
    auto const value = [i](Column const& column, int slot = 0) {
        return column.load<double>(i, slot);
    };
    auto const values = [&](Column const& column, int slots) {
        std::vector<double> out;
        for (int slot = 0; slot < slots; ++slot) { out.push_back(value(column, slot)); }
        return out;
    };
    int const arms = scenario.network.arm_count;
    int const consumers = scenario.network.consumer_count;

    FlightOutcome out;
    out.flight = launch.flight_first + (i - launch.column_first) * launch.flight_step;
    out.threat = launch.threat;
    out.fate = static_cast<Fate>(static_cast<int>(value(c.fate)));
    out.t_burnout_s = value(c.t_burnout_s);
    out.t_apogee_s = value(c.t_apogee_s);
    out.t_entry_s = value(c.t_descend_100km_s);
    out.t_impact_s = value(c.t_impact_s);
    out.apogee_m = value(c.apogee_m);
    out.impact_latitude_rad = value(c.impact_latitude_rad);
    out.impact_longitude_rad = value(c.impact_longitude_rad);
    out.t_clock_end_s = values(c.t_clock_end_s, consumers);
    out.t_message_s = values(c.t_message_s, arms * consumers);
    out.delay_s = values(c.delay_s, arms * consumers * delay_part_count);
    out.t_commit_s = values(c.t_commit_s, arms * scenario.battery_count);
    for (int arm = 0; arm < arms; ++arm) {
        out.shots.push_back(static_cast<int>(value(c.shots, arm)));
        out.killed.push_back(value(c.killed_by, arm) >= 0 ? 1 : 0);
    }
    return out;
}

}  // namespace longwatch
