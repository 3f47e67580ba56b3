#include "kernels/columns/columns.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/columns/input_columns.hpp"
#include "models/engage/engagement.hpp"
#include "models/warning/delay.hpp"

namespace longwatch {

namespace {

/// Hands out columns from a piece of memory, or only counts them where there is none.
class Divider {
public:
    Divider(std::int64_t stride, double* memory) : stride_(stride), memory_(memory) {}

    Column take(std::int64_t slots)
    {
        Column const column{memory_ == nullptr ? nullptr : memory_ + taken_, stride_};
        taken_ += std::max<std::int64_t>(slots, 1) * stride_;
        return column;
    }
    template <int count>
    RunColumn<count> take_runs(std::int64_t runs)
    {
        runs = std::max<std::int64_t>(runs, 1);
        return {take(runs * RunColumn<count>::size).data, runs};
    }
    std::int64_t taken() const { return taken_; }

private:
    std::int64_t stride_;
    double* memory_;
    std::int64_t taken_ = 0;
};

/// Some battery flies its shots.
bool simulates(Scenario const& scenario)
{
    bool any = false;
    for (int b = 0; b < scenario.battery_count; ++b) {
        any = any || scenario.battery[b].interceptor.is_simulated;
    }
    return any;
}

double longest_flight_s(Scenario const& scenario)
{
    double longest = 0;
    for (int i = 0; i < scenario.threat_count; ++i) {
        longest = std::max(longest, scenario.threat[i].max_flight_time_s);
    }
    return longest;
}

Columns divide(Scenario const& scenario, std::int64_t capacity, double* memory, std::int64_t& taken)
{
    NetworkParams const& network = scenario.network;
    double const longest_s = longest_flight_s(scenario);
    Divider divider(capacity, memory);
    Columns c;
    c.capacity = capacity;
    c.raid_capacity = std::max<std::int64_t>(capacity / scenario.raid.size, 1);

    c.knot_t_s = divider.take(knots_max);
    // One more, to which lanes without a knot of their own write.
    c.knots = divider.take_runs<knot_size>(knots_max + 1);
    for (Column* column : {&c.knot_count, &c.t_burnout_s, &c.t_apogee_s, &c.apogee_m,
                           &c.t_descend_100km_s, &c.t_impact_s, &c.impact_latitude_rad,
                           &c.impact_longitude_rad, &c.rcs_factor, &c.fate, &c.t_track_loss_s}) {
        *column = divider.take(1);
    }
    c.inputs = divider.take(input_count);
    c.t_stage_end_s = divider.take(max_stages);
    c.t_ascend_100km_s = divider.take(1);

    int look_slots = 0;
    for (int s = 0; s < scenario.sensor_count; ++s) {
        SensorParams const& sensor = scenario.sensor[s];
        if (sensor.kind != SensorKind::radar) { continue; }
        int const looks = static_cast<int>(std::ceil(longest_s / sensor.radar.look_period_s)) + 1;
        c.looks[s] = {look_slots, looks};
        look_slots += looks + 1;
    }
    c.window_first_s = divider.take(scenario.sensor_count);
    c.window_last_s = divider.take(scenario.sensor_count);
    c.window_knot = divider.take(scenario.sensor_count);
    c.top_speed_mps = divider.take(1);
    c.look_phase_s = divider.take(scenario.sensor_count);
    c.look_first = divider.take(scenario.sensor_count);
    c.look_count = divider.take(scenario.sensor_count);
    for (Column* column : {&c.look_firm_s, &c.hit_weight, &c.search_hits, &c.cued_hits, &c.look_x,
                           &c.look_y, &c.look_z, &c.look_along_pm2, &c.look_across_pm2}) {
        *column = divider.take(look_slots);
    }
    c.t_report_s = divider.take(scenario.sensor_count);
    c.launch_half_axis_m = divider.take(2 * scenario.sensor_count);
    c.launch_azimuth_rad = divider.take(2 * scenario.sensor_count);
    c.patrol_east = divider.take(scenario.sensor_count);
    c.patrol_north = divider.take(scenario.sensor_count);
    c.t_visible_s = divider.take(scenario.sensor_count);
    c.t_search_hit_s = divider.take(scenario.sensor_count);
    c.concerns = divider.take(network.consumer_count);
    c.t_clock_end_s = divider.take(network.consumer_count);
    c.t_passes_s = divider.take(scenario.battery_count);

    c.transition_slots = static_cast<int>(std::ceil(longest_s / transition_grid_s)) + 1;
    c.transition = divider.take_runs<transition_size>(c.transition_slots);
    c.impact_map = divider.take(3 * state_size);
    c.passing_rows = divider.take(std::int64_t{3 * state_size} * scenario.battery_count);
    c.info = divider.take_runs<information_size>(look_slots);
    c.burnout_hits = divider.take(scenario.sensor_count);

    c.battlespace_slots = static_cast<int>(std::ceil(longest_s / battlespace_step_s)) + 1;
    c.latest_launch_s = divider.take(std::int64_t{scenario.battery_count} * c.battlespace_slots);

    c.link_latency_s = divider.take(network.link_count);
    c.link_release_s = divider.take(network.link_count);
    for (Column* column : {&c.relay_s, &c.node_release_s, &c.fusion_s, &c.fusion_wait_s}) {
        *column = divider.take(network.node_count + network.node_changes);
    }
    c.processing_s = divider.take(scenario.sensor_count);
    c.decision_s = divider.take(network.consumer_count);
    c.precaution_s = divider.take(network.consumer_count);
    c.commit_s = divider.take(scenario.battery_count);
    std::int64_t const pairs = std::int64_t{scenario.sensor_count} * network.node_count;
    c.alert_delay_s = divider.take(pairs);
    c.track_delay_s = divider.take(pairs);
    c.track_as_made_s = divider.take(pairs);
    c.track_restamped_s = divider.take(pairs);
    c.alert_link_s = divider.take(pairs);
    c.track_link_s = divider.take(pairs);
    c.t_message_s = divider.take(std::int64_t{network.arm_count} * network.consumer_count);
    c.delay_s =
        divider.take(std::int64_t{network.arm_count} * network.consumer_count * delay_part_count);
    std::int64_t const batteries = std::int64_t{network.arm_count} * scenario.battery_count;
    c.t_commit_s = divider.take(batteries);
    c.message_kind = divider.take(std::int64_t{network.arm_count} * network.consumer_count);
    c.all_clear_s = divider.take(std::int64_t{network.arm_count} * network.consumer_count);
    c.t_cue_s = divider.take(std::int64_t{network.arm_count} * scenario.sensor_count);
    c.t_firm_s = divider.take(std::int64_t{network.arm_count} * scenario.sensor_count);
    c.t_quality_s = divider.take(batteries);
    c.is_remote = divider.take(batteries);
    c.ignition_s = divider.take(1);
    c.known =
        divider.take_runs<information_size>(simulates(scenario) ? batteries * known_instants : 0);
    c.known_step_s = divider.take(batteries);
    c.killed_by = divider.take(network.arm_count);
    c.t_kill_s = divider.take(network.arm_count);
    for (Column* column :
         {&c.battery_shots, &c.t_first_intercept_s, &c.t_last_intercept_s, &c.opportunities,
          &c.battery_left, &c.shots_wasted, &c.shots_acquired, &c.shots_close, &c.shots_hit}) {
        *column = divider.take(batteries);
    }
    c.of_pair = divider.take(std::int64_t{of_pair_count} * scenario.battery_count);
    c.raid_weight = divider.take(network.arm_count);
    c.shot_count = divider.take(network.arm_count);
    c.is_aimed_at = divider.take(network.arm_count);
    c.shot_log = divider.take(
        scenario.keeps_shots ? std::int64_t{network.arm_count} * shots_kept * of_shot_count : 0);
    taken = divider.taken();
    return c;
}

}  // namespace

std::int64_t column_doubles(Scenario const& scenario, std::int64_t capacity)
{
    std::int64_t taken = 0;
    divide(scenario, capacity, nullptr, taken);
    return taken;
}

Columns lay_out(Scenario const& scenario, std::int64_t capacity, double* memory)
{
    std::int64_t taken = 0;
    return divide(scenario, capacity, memory, taken);
}

namespace {

/// Where a flight's runs went that were copied as if they were slots.
template <int count>
void copy_runs(RunColumn<count> const& from, std::int64_t i, double* to)
{
    std::copy_n(from.data + i * from.runs * from.size, from.runs * from.size, to);
}

}  // namespace

std::vector<double> copy_flight(Scenario const& scenario, Columns const& columns, std::int64_t i)
{
    // lay_out gives every slot a row of `capacity` numbers, the first column's first, without gaps.
    std::vector<double> out(static_cast<std::size_t>(column_doubles(scenario, 1)));
    double const* place = columns.knot_t_s.data + i;
    for (double& number : out) {
        number = *place;
        place += columns.capacity;
    }
    Columns const alone = lay_out(scenario, 1, out.data());
    copy_runs(columns.knots, i, alone.knots.data);
    copy_runs(columns.transition, i, alone.transition.data);
    copy_runs(columns.info, i, alone.info.data);
    copy_runs(columns.known, i, alone.known.data);
    return out;
}

}  // namespace longwatch
