// What a study may say of interceptors, doctrines, raids, and of how a run is weighted and ended.
#include <catch2/catch.hpp>

#include <string>

#include "host/plan/prepare.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;
using Catch::Contains;

namespace {

std::string const boost = "burnout_speed_kmps = 2\nboost_s = 15\n";
std::string const staged =
    "payload_kg = 80\nballistic_coefficient_kgpm2 = 4000\n"
    "stage = [{ propellant_kg = 200, dry_kg = 60, thrust_vacuum_kn = 50, "
    "specific_impulse_vacuum_s = 260, diameter_m = 0.3, coast_after_s = 1 }, "
    "{ propellant_kg = 50, dry_kg = 20, thrust_vacuum_kn = 10, specific_impulse_vacuum_s = 270, "
    "diameter_m = 0.3 }]\n"
    "drag = { mach = [0, 5], coefficient = [0.2, 0.2] }\n";
std::string const kill_vehicle =
    "reliability = 0.9\nkill_vehicle = { acquisition_range_km = 50, half_view_deg = 1, "
    "navigation_constant = 4, lag_s = 0.1, seeker_lag_s = 0.05, acceleration_max_mps2 = 100, "
    "noise_rad = 1e-4, noise_sample_s = 0.01, kill_radius_m = 0.5, uplink_s = 1 }\n";

std::string with_battery(std::string const& lines)
{
    return changed("kill_probability = 0.8\n", "kill_probability = 0.8\n" + lines);
}
std::string simulated(std::string const& table = kill_vehicle)
{
    return changed("kill_probability = 0.8\n", table);
}
std::string on_top(std::string const& lines) { return lines + "\n" + small_study; }

BatteryParams const& battery_of(Study const& study) { return study.scenario->battery[0]; }

void resolves_to_itself(std::string const& text)
{
    auto const study = study_of(text);
    CHECK(study_of(study.resolved).resolved == study.resolved);
}

}  // namespace

TEST_CASE("an interceptor is boosted by stages, or at a constant acceleration", "[study]")
{
    auto const study = study_of(changed(boost, staged));
    auto const& p = battery_of(study).interceptor.booster;
    CHECK(p.stage_count == 2);
    CHECK(p.stage[0].thrust_vacuum_n == 50000);
    CHECK(p.payload_kg == 80);
    CHECK(p.ballistic_coefficient_kgpm2 == 4000);
    // 200 kg at 50 kN / (9.80665 x 260 s), a second, 50 kg at 10 kN / (9.80665 x 270 s).
    CHECK(boost_duration_s(p) == Approx(200 / 19.6100 + 1 + 50 / 3.77675).epsilon(1e-4));
    resolves_to_itself(changed(boost, staged));
    CHECK_THAT(problems_of(changed(boost, boost + staged)).front().message,
               Contains("one or the other"));
    std::string told;
    for (auto const& problem : problems_of(changed(boost, "stage = []\n"))) {
        told += problem.message;
    }
    CHECK_THAT(told, Contains("has no stage in 'stage'"));
    CHECK_THAT(only_message(changed("boost_s = 15", "boost_s = 300")), Contains("lifts off"));
    CHECK_THAT(only_message(changed("thrust_vacuum_kn = 50", "thrust_vacuum_kn = 2",
                                    changed(boost, staged))),
               Contains("lifts off"));
}

TEST_CASE("a shot is one number, or a flight of the kill vehicle", "[study]")
{
    CHECK_FALSE(battery_of(study_of(small_study)).interceptor.is_simulated);
    auto const study = study_of(simulated());
    auto const& p = battery_of(study).interceptor;
    CHECK(p.is_simulated);
    CHECK(p.reliability == 0.9);
    CHECK(p.kill_vehicle.noise_density_rad2s == Approx(1e-10));
    CHECK(p.kill_vehicle.divert_max_mps == 0);
    CHECK_FALSE(p.kill_vehicle.augmented);
    resolves_to_itself(simulated());
    // A number of the study's own is meant, unless it says otherwise.
    CHECK_FALSE(battery_of(study_of(with_battery(kill_vehicle))).interceptor.is_simulated);
    auto const both = with_battery("shots = \"simulated\"\n" + kill_vehicle);
    CHECK(battery_of(study_of(both)).interceptor.is_simulated);
    CHECK_THAT(only_message(with_battery("shots = \"simulated\"\nreliability = 1\n")),
               Contains("no 'kill_vehicle'"));
    CHECK_THAT(only_message(changed("seeker_lag_s = 0.05", "seeker_lag_s = 0", simulated())),
               Contains("noise and no seeker_lag"));
    CHECK_THAT(problems_of(changed("kill_radius_m", "kill_radius", simulated())).back().message,
               Contains("did you mean 'kill_radius_m'"));
}

TEST_CASE("a doctrine has defaults that let a battery do what it can", "[study]")
{
    auto const plain = study_of(small_study);
    auto const& p = battery_of(plain);
    CHECK(p.tier == 1);
    CHECK(p.shots_max == 1);
    CHECK(p.fire_channels == 0);
    CHECK(p.availability == 1);
    CHECK(p.discrimination == 1);
    CHECK(p.common_failure == 0);
    auto const lines = std::string(
        "tier = 2\nsalvo = 2\nsalvos_max = 3\nshots_max = 5\nassessment_s = 9\nfalse_kill = 0.1\n"
        "missed_kill = 0.2\nlaunch_interval_s = 3\nfire_channels = 4\navailability = 0.9\n"
        "discrimination = 0.8\ncommon_failure = 0.05\nkeep_out_altitude_km = 20\n"
        "crossing_angle_max_deg = 70\n");
    auto const study = study_of(with_battery(lines));
    auto const& q = battery_of(study);
    CHECK(q.tier == 2);
    CHECK(q.shots_max == 5);
    CHECK(q.fire_channels == 4);
    CHECK(q.keep_out_m == 20000);
    CHECK(q.interceptor.crossing_angle_max_rad == Approx(70 * rad_per_deg));
    resolves_to_itself(with_battery(lines));
    CHECK_THAT(only_message(with_battery("keep_out_altitude_km = 80\n")),
               Contains("not below altitude_max"));
    CHECK_THAT(only_message(with_battery("salvo = 9\n")), Contains("from 1 to 8"));
    CHECK_THAT(only_message(with_battery("salvo = 5\n")), Contains("at least one salvo of 5"));
    CHECK_THAT(only_message(with_battery("salvos_max = 2\n")), Contains("assessment"));
    CHECK_THAT(only_message(with_battery("discriminaton = 0.5\n")),
               Contains("did you mean 'discrimination'"));
}

TEST_CASE("batteries of one interceptor share its fly-out surface", "[study]")
{
    std::string const second =
        "\n[[battery]]\nname = \"second\"\nnode = \"town\"\nlatitude_deg = 13\nlongitude_deg = 24\n"
        "threats = [\"short\"]\nimpact_sigma_km = 30\nburnout_speed_kmps = 2\nboost_s = 15\n"
        "range_max_km = 100\naltitude_min_km = 10\naltitude_max_km = 80\nkill_probability = 0.5\n"
        "commit_s = 10\ninventory = 4\n";
    auto same = study_of(changed("\n[[arm]]", second + "\n[[arm]]"));
    prepare(same);
    CHECK(same.scenario->battery[1].surface == same.scenario->battery[0].surface);
    auto other = study_of(
        changed("\n[[arm]]", changed("boost_s = 15", "boost_s = 14", second) + "\n[[arm]]"));
    prepare(other);
    CHECK(other.scenario->battery[1].surface == 1);
}

TEST_CASE("a raid is so many flights, igniting by a list or by intervals", "[study]")
{
    auto const listed = study_of(on_top("raid = { size = 4, ignition_s = [0, 0, 10, 25.5] }"));
    CHECK(listed.scenario->raid.size == 4);
    CHECK_FALSE(listed.scenario->raid.has_interval);
    CHECK(listed.scenario->raid.ignition_s[3] == 25.5);
    CHECK(listed.scenario->sampling.randomisations == 16);
    auto const drawn =
        on_top("raid = { size = 4, interval = { kind = \"uniform\", low_s = 1, high_s = 9 } }");
    CHECK(study_of(drawn).scenario->raid.has_interval);
    resolves_to_itself(drawn);
    resolves_to_itself(on_top("raid = { size = 4, ignition_s = [0, 0, 10, 25.5] }"));
    CHECK(study_of(small_study).scenario->raid.size == 1);

    CHECK_THAT(
        only_message(on_top("raid = { size = 3 }")),
        Contains("'flights' = 1000 (must be a multiple of the raid's size, 3; the nearest is "
                 "999)"));
    CHECK_THAT(only_message(on_top("raid = { size = 2, ignition_s = [0, 1, 2] }")),
               Contains("one for each of 2 flights"));
    CHECK_THAT(only_message(on_top("raid = { size = 2, ignition_s = [5, 1] }")),
               Contains("must not fall"));
    CHECK_THAT(only_message(on_top("raid = { size = 200 }")), Contains("from 1 to 100"));
    CHECK_THAT(only_message(on_top("sampling = \"sobol\"\nraid = { size = 2 }")),
               Contains("a raid is drawn whole"));
    CHECK_THAT(only_message(on_top("raid_size = 2")), Contains("'raid_size' = 2 is unknown"));
}

TEST_CASE("importance sampling has bounds that keep weights and fractions sound", "[study]")
{
    auto const study = study_of(on_top("importance = { failure = 0.4 }"));
    CHECK(study.scenario->importance.failure == 0.4);
    CHECK(study.scenario->importance.plain == 0.5);
    resolves_to_itself(on_top("importance = { failure = 0.4, handover_scale = 2, plain = 0.25 }"));
    CHECK_THAT(only_message(on_top("importance = { failure = 0.4, plain = 0.1 }")),
               Contains("at least 0.2"));
    CHECK_THAT(only_message(on_top("importance = { failure = 1 }")), Contains("at most 0.9"));
    CHECK_FALSE(study_of(small_study).scenario->importance.is_used());
}

TEST_CASE("a rule to stop by names a quantity, and what it is of", "[study]")
{
    auto const study = study_of(on_top(
        "stop = { on = \"p_warned\", half_width = 0.01, arm = \"shared\", consumer = \"mayor\" }"));
    CHECK(study.stop.on == "p_warned");
    CHECK(study.stop.confidence == 0.95);
    CHECK(study.stop.arm == 1);
    CHECK(study.stop.consumer == 0);
    // It changes how many flights are flown, not what a flight is.
    CHECK(study.hash == study_of(small_study).hash);
    resolves_to_itself(on_top("stop = { on = \"pk\", half_width = 0.01, confidence = 0.9 }"));
}
