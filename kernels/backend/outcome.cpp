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
    out.flight = launch.flight_of(i);
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
        double shots = 0;
        for (int b = 0; b < scenario.battery_count; ++b) {
            shots += value(c.battery_shots, arm * scenario.battery_count + b);
        }
        out.shots.push_back(static_cast<int>(shots));
        out.killed.push_back(value(c.killed_by, arm) >= 0 ? 1 : 0);
    }
    return out;
}

void read_outcomes(Scenario const& scenario, RaidLaunch const& raids, Columns const& c,
                   std::int64_t place, FlightRange const& range, std::vector<FlightOutcome>& out)
{
    for (int m = 0; m < scenario.raid.size; ++m) {
        Launch const launch = raids.of_member(scenario, m, c.raid_capacity);
        std::int64_t const i = m * c.raid_capacity + place;
        std::int64_t const at = launch.flight_of(i) - range.first;
        if (at < 0 || at >= range.count) { continue; }
        out[static_cast<std::size_t>(at)] = read_outcome(scenario, launch, c, i);
    }
}

FlownFlight read_flight(Scenario const& scenario, RaidLaunch const& raids, Columns const& c,
                        std::int64_t place, std::int64_t flight)
{
    auto const m = static_cast<int>(flight % scenario.raid.size);
    Launch alone = raids.of_member(scenario, m, c.raid_capacity);
    std::int64_t const i = m * c.raid_capacity + place;
    alone.flight_first = alone.flight_of(i);
    alone.count = 1;
    alone.column_first = 0;
    return {alone, copy_flight(scenario, c, i)};
}

}  // namespace longwatch
