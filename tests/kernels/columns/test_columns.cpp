// The columns of a chunk: each number has a place of its own.
#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <vector>

#include "kernels/columns/arc_columns.hpp"
#include "kernels/columns/input_columns.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"
#include "models/engage/engagement.hpp"
#include "models/warning/delay.hpp"

using namespace longwatch;

namespace {

constexpr std::int64_t capacity = 24;

std::unique_ptr<Scenario> scenario()
{
    auto s = std::make_unique<Scenario>();
    s->threat_count = 2;
    s->threat[0].max_flight_time_s = 500;
    s->threat[1].max_flight_time_s = 900;
    s->sensor_count = 3;
    for (int i : {0, 2}) {
        s->sensor[i].kind = SensorKind::radar;
        s->sensor[i].radar.look_period_s = 7 + 4 * i;
    }
    s->sensor[1].kind = SensorKind::infrared;
    s->battery_count = 2;
    s->battery[1].interceptor.is_simulated = true;
    s->keeps_shots = true;
    s->network.node_count = 4;
    s->network.link_count = 5;
    s->network.arm_count = 3;
    s->network.consumer_count = 2;
    return s;
}

struct Chunk {
    std::vector<double> memory;
    Columns columns;
    explicit Chunk(Scenario const& s)
        : memory(static_cast<std::size_t>(column_doubles(s, capacity)), 0.0),
          columns(lay_out(s, capacity, memory.data()))
    {
    }
};

Knot<double> some_knot(double n)
{
    return {
        n, {n + 0.1, n + 0.2, n + 0.3}, {n + 0.4, n + 0.5, n + 0.6}, {n + 0.7, n + 0.8, n + 0.9}};
}

}  // namespace

TEST_CASE("no two columns share a number, and none lies outside the memory", "[columns]")
{
    auto const s = scenario();
    Chunk chunk(*s);
    std::vector<int> claims(chunk.memory.size(), 0);
    int outside = 0;
    auto const claim = [&](Column const& column, std::int64_t slots) {
        for (std::int64_t slot = 0; slot < slots; ++slot) {
            for (std::int64_t i = 0; i < capacity; ++i) {
                auto const at = column.data + slot * column.stride + i - chunk.memory.data();
                if (at < 0 || at >= static_cast<std::ptrdiff_t>(chunk.memory.size())) {
                    ++outside;
                } else {
                    ++claims[static_cast<std::size_t>(at)];
                }
            }
        }
    };
    Columns const& c = chunk.columns;
    claim(c.knot_t_s, knots_max);
    claim(Column{c.knots.data, capacity}, std::int64_t{c.knots.size} * (knots_max + 1));
    for (auto const* one :
         {&c.knot_count, &c.t_burnout_s, &c.t_apogee_s, &c.apogee_m, &c.t_descend_100km_s,
          &c.t_impact_s, &c.impact_latitude_rad, &c.impact_longitude_rad, &c.rcs_factor, &c.fate}) {
        claim(*one, 1);
    }
    claim(c.inputs, input_count);
    claim(c.t_stage_end_s, max_stages);
    claim(c.t_ascend_100km_s, 1);
    // As many looks as fit the longest flight, and one slot more each.
    int looks = 0;
    for (int r : {0, 2}) {
        CHECK(c.looks[r].first == looks);
        CHECK(c.looks[r].capacity * s->sensor[r].radar.look_period_s >= 900);
        looks += c.looks[r].capacity + 1;
    }
    for (auto const* per_look :
         {&c.look_firm_s, &c.hit_weight, &c.search_hits, &c.cued_hits, &c.look_x, &c.look_y,
          &c.look_z, &c.look_along_pm2, &c.look_across_pm2}) {
        claim(*per_look, looks);
    }
    // Runs lie flight after flight, in as many numbers.
    CHECK(c.info.runs == looks);
    CHECK(c.transition.runs == c.transition_slots);
    claim(Column{c.info.data, capacity}, std::int64_t{c.info.size} * looks);
    claim(Column{c.transition.data, capacity},
          std::int64_t{c.transition.size} * c.transition_slots);
    claim(c.impact_map, 3 * state_size);
    claim(c.passing_rows, 3 * state_size * s->battery_count);
    claim(c.t_passes_s, s->battery_count);
    for (auto const* per_sensor :
         {&c.window_first_s, &c.window_last_s, &c.window_knot, &c.look_phase_s, &c.look_first,
          &c.look_count, &c.burnout_hits, &c.t_report_s, &c.t_visible_s, &c.t_search_hit_s,
          &c.processing_s}) {
        claim(*per_sensor, s->sensor_count);
    }
    NetworkParams const& n = s->network;
    for (auto const* per_launch : {&c.launch_half_axis_m, &c.launch_azimuth_rad}) {
        claim(*per_launch, 2 * s->sensor_count);
    }
    for (auto const* per_ship : {&c.patrol_east, &c.patrol_north}) {
        claim(*per_ship, s->sensor_count);
    }
    claim(c.t_track_loss_s, 1);
    claim(c.top_speed_mps, 1);
    for (auto const* per_consumer :
         {&c.concerns, &c.t_clock_end_s, &c.decision_s, &c.precaution_s}) {
        claim(*per_consumer, n.consumer_count);
    }
    for (auto const* per_node : {&c.relay_s, &c.node_release_s, &c.fusion_s, &c.fusion_wait_s}) {
        claim(*per_node, n.node_count + n.node_changes);
    }
    for (auto const* per_link : {&c.link_latency_s, &c.link_release_s}) {
        claim(*per_link, n.link_count);
    }
    claim(c.commit_s, s->battery_count);
    CHECK(c.battlespace_slots * battlespace_step_s >= 900);
    claim(c.latest_launch_s, std::int64_t{s->battery_count} * c.battlespace_slots);
    for (auto const* per_pair : {&c.alert_delay_s, &c.track_delay_s, &c.track_as_made_s,
                                 &c.track_restamped_s, &c.alert_link_s, &c.track_link_s}) {
        claim(*per_pair, std::int64_t{s->sensor_count} * n.node_count);
    }
    for (auto const* per_message : {&c.t_message_s, &c.message_kind, &c.all_clear_s}) {
        claim(*per_message, std::int64_t{n.arm_count} * n.consumer_count);
    }
    claim(c.delay_s, std::int64_t{n.arm_count} * n.consumer_count * delay_part_count);
    for (auto const* per_track : {&c.t_cue_s, &c.t_firm_s}) {
        claim(*per_track, std::int64_t{n.arm_count} * s->sensor_count);
    }
    for (auto const* per_battery :
         {&c.t_commit_s, &c.t_quality_s, &c.is_remote, &c.known_step_s, &c.battery_shots,
          &c.t_first_intercept_s, &c.t_last_intercept_s, &c.opportunities, &c.battery_left,
          &c.shots_wasted, &c.shots_acquired, &c.shots_close, &c.shots_hit}) {
        claim(*per_battery, std::int64_t{n.arm_count} * s->battery_count);
    }
    claim(c.ignition_s, 1);
    CHECK(c.known.runs == n.arm_count * s->battery_count * known_instants);
    claim(Column{c.known.data, capacity}, c.known.size * c.known.runs);
    claim(c.of_pair, std::int64_t{of_pair_count} * s->battery_count);
    claim(c.shot_log, std::int64_t{n.arm_count} * shots_kept * of_shot_count);
    for (auto const* per_arm :
         {&c.killed_by, &c.raid_weight, &c.t_kill_s, &c.shot_count, &c.is_aimed_at}) {
        claim(*per_arm, n.arm_count);
    }

    CHECK(outside == 0);
    CHECK(*std::max_element(claims.begin(), claims.end()) == 1);
    // Nothing is left over: a column the test does not know would show.
    CHECK(std::count(claims.begin(), claims.end(), 0) == 0);
}

TEST_CASE("a flight copied out of its chunk has its own numbers, column by column", "[columns]")
{
    auto const s = scenario();
    Chunk chunk(*s);
    for (std::size_t k = 0; k < chunk.memory.size(); ++k) {
        chunk.memory[k] = static_cast<double>(k);
    }
    std::int64_t const flight = 7;
    auto memory = copy_flight(*s, chunk.columns, flight);
    Columns const alone = lay_out(*s, 1, memory.data());
    auto const same = [&](Column const& ours, Column const& theirs, int slot) {
        return ours.load<double>(0, slot) == theirs.load<double>(flight, slot);
    };
    // The first, the last, and some between.
    CHECK(same(alone.knot_t_s, chunk.columns.knot_t_s, 0));
    CHECK(load_knot(alone, 0, 767.0).v_mps.y == load_knot(chunk.columns, flight, 767.0).v_mps.y);
    CHECK(same(alone.inputs, chunk.columns.inputs, 3));
    CHECK(same(alone.cued_hits, chunk.columns.cued_hits, alone.looks[2].first + 5));
    CHECK(same(alone.t_message_s, chunk.columns.t_message_s, 4));
    CHECK(same(alone.battery_shots, chunk.columns.battery_shots, 5));
}

TEST_CASE("a study without sensors, batteries or consumers has columns too", "[columns]")
{
    auto s = scenario();
    s->sensor_count = s->battery_count = 0;
    s->network.consumer_count = s->network.link_count = 0;
    Chunk chunk(*s);
    CHECK(chunk.columns.killed_by.data < chunk.memory.data() + chunk.memory.size());
    CHECK(chunk.columns.t_report_s.data != nullptr);
}

TEST_CASE("an arc written to columns is read back, each flight its own", "[columns]")
{
    auto const s = scenario();
    Chunk chunk(*s);
    for (std::int64_t i : {3, 4}) {
        KnotWriter<double> writer(chunk.columns, i);
        for (int k = 0; k < 5; ++k) { writer.add(k != 2 || i == 4, some_knot(100.0 * k + i)); }
        CHECK(writer.count() == (i == 3 ? 4 : 5));
        CHECK_FALSE(writer.overflowed());
        chunk.columns.knot_count.store(i, 0, writer.count());
    }
    auto const third = load_knot(chunk.columns, 3, 2.0);  // the third knot was masked out
    CHECK(third.t_s == 303);
    CHECK(third.r_m.z == 303.3);
    CHECK(third.v_mps.y == 303.5);
    CHECK(third.a_mps2.x == 303.7);
    CHECK(load_knot(chunk.columns, 4, 2.0).v_mps.x == 204.4);
}

TEST_CASE("lanes write their knots to slots of their own", "[columns]")
{
    constexpr int width = Lane<Lanes>::width;
    auto const s = scenario();
    Chunk chunk(*s);
    KnotWriter<Lanes> writer(chunk.columns, 8);
    auto const number = Lane<Lanes>::generate([](int lane) { return lane; });
    for (int k = 0; k < 6; ++k) {
        Lanes const t = Lanes(10.0 * k) + number;
        // The first lane takes every knot, the others every other one.
        auto const taken = number < Lanes(k % 2 == 0 ? 99.0 : 0.5);
        Vec3<Lanes, Eci> const v{t, t, t};
        writer.add(taken, {t, v, v, v});
    }
    for (int lane = 0; lane < width; ++lane) {
        double const count = Lane<Lanes>::at(writer.count(), lane);
        CHECK(count == (lane == 0 ? 6 : 3));
        for (int k = 0; k < count; ++k) {
            auto const knot = load_knot(chunk.columns, 8 + lane, static_cast<double>(k));
            CHECK(knot.t_s == (lane == 0 ? 10.0 * k : 20.0 * k + lane));
            CHECK(knot.r_m.y == knot.t_s);
        }
    }
}

TEST_CASE("an arc too long for its columns says so and keeps what fits", "[columns]")
{
    auto const s = scenario();
    Chunk chunk(*s);
    KnotWriter<double> writer(chunk.columns, 0);
    for (int k = 0; k < knots_max; ++k) { writer.add(true, some_knot(k)); }
    CHECK_FALSE(writer.overflowed());
    writer.add(false, some_knot(9999));
    CHECK_FALSE(writer.overflowed());
    writer.add(true, some_knot(9999));
    CHECK(writer.overflowed());
    CHECK(writer.count() == knots_max);
    CHECK(load_knot(chunk.columns, 0, knots_max - 1.0).t_s == knots_max - 1);
}

TEST_CASE("an arc is read at instants that grow, held at its ends", "[columns]")
{
    auto const s = scenario();
    Chunk chunk(*s);
    // x = t^2 / 2: a quintic holds it exactly. Two knots at one instant, as at a change of phase.
    KnotWriter<double> writer(chunk.columns, 5);
    for (double const t : {0.0, 10.0, 10.0, 25.0, 40.0}) {
        writer.add(true, {t, {t * t / 2, 0, 0}, {t, 0, 0}, {1, 0, 0}});
    }
    chunk.columns.knot_count.store(5, 0, writer.count());
    ArcReader<double> reader(chunk.columns, 5);
    for (double const t : {-5.0, 0.0, 3.0, 10.0, 10.5, 24.0, 25.0, 39.9, 40.0, 60.0}) {
        double const held = clamp(t, 0.0, 40.0);
        CHECK(reader.position_at(t).x == Approx(held * held / 2).epsilon(1e-13).margin(1e-13));
    }
}
