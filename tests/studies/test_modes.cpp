// What may befall a flight, and how a network is told to wait, to act in time and to change from arm to arm.
#include <catch2/catch.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "host/plan/prepare.hpp"
#include "kernels/backend/backend.hpp"
#include "kernels/backend/chunks.hpp"
#include "results/statistics/estimates.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;

namespace {

constexpr FlightRange flights{7, 0, 2000};

Study prepared(std::string const& text)
{
    auto study = study_of(text);
    prepare(study);
    return study;
}

Estimates flown(std::string const& text)
{
    auto const study = prepared(text);
    return estimate(fly_on_cpu(*study.scenario, flights, {}, {}).tally);
}

std::vector<FlightOutcome> outcomes(std::string const& text)
{
    return outcomes_on_cpu(*prepared(text).scenario, flights, {});
}

/// That study with its consumer at the centre, which holds tracks within seconds.
std::string at_the_centre(std::string const& more = "")
{
    return changed(
        "node = \"town\"\nthreats = [\"short\"]\nclock = \"impact\"\nimpact_sigma_km = 100",
        "node = \"centre\"\nthreats = [\"short\"]\nclock = \"impact\"\nimpact_sigma_km = 100\n" +
            more,
        seen_from_all_sides());
}

std::string with_mishap(std::string const& mishap, std::string const& text)
{
    return changed("apogee_km = 150", "apogee_km = 150\n" + mishap, text);
}

double mean_message_s(std::vector<FlightOutcome> const& all, std::size_t slot)
{
    double sum = 0;
    int count = 0;
    for (auto const& flight : all) {
        if (flight.t_message_s[slot] >= never_s) { continue; }
        sum += flight.t_message_s[slot];
        ++count;
    }
    return sum / count;
}

}  // namespace

TEST_CASE("flights break up as often as said, and endanger nobody then", "[studies]")
{
    auto const text = with_mishap(
        "break_up = { probability = 0.3, after_stages = { kind = \"uniform\", low = 0.2, high = "
        "0.5 } }",
        at_the_centre());
    auto const e = flown(text);
    auto const broken = e.fates[0][static_cast<std::size_t>(Fate::broke_up)];
    CHECK(broken == Approx(600).margin(4 * std::sqrt(2000 * 0.21)));
    auto const& consumer = e.arms[0].consumers[0];
    CHECK(consumer.flights + broken == 2000);
    // A sensor's alert comes before most break-ups, but this consumer waits for a prediction.
    CHECK(consumer.false_warnings < broken);
    auto const eager = flown(
        changed("impact_sigma_km = 100", "impact_sigma_km = 100\nacts_on = [\"alert\"]", text));
    CHECK(eager.arms[0].consumers[0].false_warnings > broken / 2);
}

TEST_CASE("a track that is lost predicts nothing; who acts in time is warned late", "[studies]")
{
    std::string const lost = "track_loss = { probability = 1, after_s = 45 }";
    auto const seen = flown(at_the_centre());
    CHECK(seen.arms[0].consumers[0].warned > 1900);
    auto const without = flown(with_mishap(lost, at_the_centre()));
    CHECK(without.arms[0].consumers[0].messages == 0);
    auto const careful = flown(with_mishap(lost, at_the_centre("precaution_s = 90")));
    auto const& consumer = careful.arms[0].consumers[0];
    CHECK(consumer.precautions == consumer.messages);
    CHECK(consumer.messages > 1000);
    // The precaution is the decision's part of the delay.
    CHECK(consumer.delay_s[static_cast<int>(DelayPart::decision)]->mean.value == Approx(90));
    // Where the tracks last, the prediction comes long before it.
    auto const both = flown(at_the_centre("precaution_s = 300"));
    CHECK(both.arms[0].consumers[0].precautions == 0);
}

TEST_CASE("lost tracks are lost as often as said", "[studies]")
{
    auto const e =
        flown(with_mishap("track_loss = { probability = 0.4, after_s = 45 }", at_the_centre()));
    auto const whole = flown(at_the_centre());
    auto const expected = 0.6 * static_cast<double>(whole.arms[0].consumers[0].messages);
    CHECK(static_cast<double>(e.arms[0].consumers[0].messages) ==
          Approx(expected).margin(4 * std::sqrt(2000 * 0.24)));
}

TEST_CASE("a node that waits predicts no sooner; one that wants two sensors may never", "[studies]")
{
    auto const base = at_the_centre();
    auto const waiting = changed("fuses = true", "fuses = true\nwait_s = 60", base);
    auto const at_once = outcomes(base), later = outcomes(waiting);
    int delayed = 0;
    for (std::size_t i = 0; i < at_once.size(); ++i) {
        CHECK(later[i].t_message_s[0] >= at_once[i].t_message_s[0]);
        delayed += later[i].t_message_s[0] > at_once[i].t_message_s[0] ? 1 : 0;
    }
    CHECK(delayed > 1000);
    // There is one radar.
    auto const two = flown(changed("fuses = true", "fuses = true\ntracks_required = 2", base));
    CHECK(two.arms[0].consumers[0].messages == 0);
}

TEST_CASE("people at a node let go of what leaves it", "[studies]")
{
    auto const held =
        changed("fuses = true", "fuses = true\nrelease_s = 25", seen_from_all_sides());
    auto const base = outcomes(seen_from_all_sides());
    auto const slow = outcomes(held);
    // The town is a link away from the centre; the second arm has it.
    CHECK(mean_message_s(slow, 1) == Approx(mean_message_s(base, 1) + 25).margin(0.01));
    auto const e = flown(held);
    auto const& part = e.arms[1].consumers[0].delay_s;
    CHECK(part[static_cast<int>(DelayPart::release)]->mean.value == Approx(25).margin(0.01));
}

TEST_CASE("an arm changes the values of links and nodes, on the same draws", "[studies]")
{
    std::string const faster = R"([[arm]]
name = "faster"
extends = "shared"
change = [{ link = "warn", latency_s = 1 }, { node = "centre", fusion_s = 0 }]
)";
    auto const study = prepared(seen_from_all_sides() + faster);
    auto const& network = study.scenario->network;
    CHECK(network.link_count == 3);
    CHECK(network.node_changes == 1);
    CHECK(network.link[2].name_hash == network.link[1].name_hash);
    CHECK(network.link[2].availability == network.link[1].availability);
    CHECK_FALSE(network.arm[2].link[1].present);
    CHECK(network.arm[2].link[2].present);
    CHECK(network.arm[2].link[2].release[0] == network.arm[1].link[1].release[0]);
    int earlier = 0, reached = 0;
    for (auto const& flight : outcomes_on_cpu(*study.scenario, flights, {})) {
        // Out in the one, out in the other: the same draw decides.
        CHECK((flight.t_message_s[1] < never_s) == (flight.t_message_s[2] < never_s));
        reached += flight.t_message_s[1] < never_s ? 1 : 0;
        earlier += flight.t_message_s[2] < flight.t_message_s[1] ? 1 : 0;
    }
    CHECK(earlier == reached);
    CHECK(reached > 1900);
    // The resolved text says the same study.
    auto const again = study_of(study.resolved);
    CHECK(again.hash == study.hash);
    CHECK(again.scenario->network.link_count == 3);
}

TEST_CASE("a relay that re-stamps passes on as its own what its link would not carry", "[studies]")
{
    // The centre is of "here"; the infrared sensor's alerts are of "there", which the link "warn" does not carry alone.
    auto const alerts = changed(
        "release = [{ link = \"warn\", kinds = [\"alert\"], origins = [\"here\", \"there\"] }]", "",
        changed("impact_sigma_km = 100", "impact_sigma_km = 100\nacts_on = [\"alert\"]",
                small_study));
    auto const stamped = changed("fuses = true", "fuses = true\nrestamps = true", alerts);
    CHECK(flown(alerts).arms[1].consumers[0].messages == 0);
    auto const e = flown(stamped);
    CHECK(e.arms[1].consumers[0].messages > 1500);
    // As early as by a link that carries both.
    auto const open =
        flown(changed("origins = [\"here\"]", "origins = [\"here\", \"there\"]", alerts));
    CHECK(open.arms[1].consumers[0].warning_time_s->mean.value ==
          e.arms[1].consumers[0].warning_time_s->mean.value);
    // Tracks too: a second centre in town predicts from what the first passes on.
    auto const town = changed(
        "relay_min = 0.5", "fuses = true\nfusion_s = 3",
        changed("origin = \"here\"\nfuses = true",
                "origin = \"here\"\nfuses = false\nrestamps = true", seen_from_all_sides()));
    auto const predicted =
        flown(changed("node = \"radars\"\nlatitude_deg = 11",
                      "node = \"radars\"\norigin = \"there\"\nlatitude_deg = 11", town));
    CHECK(predicted.arms[1].consumers[0].messages > 1500);
    auto const& parts = predicted.arms[1].consumers[0].delay_s;
    double sum = 0;
    for (int part = 0; part < delay_part_count; ++part) { sum += parts[part]->mean.value; }
    CHECK(sum == Approx(parts[delay_total]->mean.value).epsilon(1e-9));
}

TEST_CASE("a change lies over that of the arm extended, and is gone with what it changes",
          "[studies]")
{
    std::string const parent =
        "[[arm]]\nname = \"slow\"\nextends = \"shared\"\n"
        "change = [{ link = \"warn\", latency_s = 100 }]\n";
    auto const child = study_of(std::string(small_study) + parent +
                                "[[arm]]\nname = \"slower\"\nextends = \"slow\"\n"
                                "change = [{ link = \"warn\", release_s = 50 }]\n");
    auto const& network = child.scenario->network;
    CHECK(quantile(network.link[3].latency_s, 0.5) == 100);
    CHECK(quantile(network.link[3].release_s, 0.5) == 50);
    CHECK(quantile(network.link[2].release_s, 0.5) == 0);
    CHECK(study_of(child.resolved).hash == child.hash);

    auto const without = study_of(std::string(small_study) + parent +
                                  "[[arm]]\nname = \"mute\"\nextends = \"slow\"\n"
                                  "without_links = [\"warn\"]\n");
    CHECK(without.scenario->network.link_count == 3);
    CHECK(study_of(without.resolved).hash == without.hash);

    CHECK_THAT(only_message(std::string(small_study) +
                            "[[arm]]\nname = \"twice\"\nextends = \"shared\"\nchange = ["
                            "{ link = \"warn\", latency_s = 1 }, { link = \"warn\", loss = 0 }]\n"),
               Catch::Contains("a second time"));

    // A node that is gone stays away.
    auto const back =
        study_of(std::string(small_study) +
                 "[[arm]]\nname = \"none\"\nextends = \"shared\"\nwithout_nodes = [\"radars\"]\n"
                 "[[arm]]\nname = \"back\"\nextends = \"none\"\nwithout_sensors = [\"second\"]\n");
    CHECK(back.scenario->network.arm[3].sensors == 0);
}

TEST_CASE("an arm that takes a node away takes its links and sensors", "[studies]")
{
    auto const study = study_of(std::string(small_study) +
                                "[[arm]]\nname = \"blind\"\nextends = \"shared\"\n"
                                "without_nodes = [\"radars\"]\n"
                                "[[arm]]\nname = \"mute\"\nextends = \"shared\"\n"
                                "without_links = [\"warn\"]\n");
    auto const& blind = study.scenario->network.arm[2];
    CHECK(blind.sensors == 0);
    CHECK_FALSE(blind.link[0].present);
    CHECK(blind.link[1].present);
    auto const& mute = study.scenario->network.arm[3];
    CHECK(mute.link[0].present);
    CHECK_FALSE(mute.link[1].present);
}

TEST_CASE("changes that make no sense are told", "[studies]")
{
    auto const arm = [](std::string const& change) {
        return std::string(small_study) +
               "[[arm]]\nname = \"odd\"\nextends = \"alone\"\nchange = [" + change + "]\n";
    };
    CHECK_THAT(only_message(arm("{ link = \"warn\", latency_s = 1 }")),
               Catch::Contains("changes link 'warn', which it does not have"));
    CHECK_THAT(only_message(arm("{ latency_s = 1 }")),
               Catch::Contains("'node' or 'link' is wanted"));
    CHECK_THAT(only_message(arm("{ link = \"report\", to = \"town\" }")),
               Catch::Contains("an arm changes values"));
    CHECK_THAT(only_message(arm("{ link = \"report\", latncy_s = 1 }")),
               Catch::Contains("latency_s"));
    CHECK_THAT(only_message(arm("{ node = \"centr\", relay_s = 1 }")), Catch::Contains("'centre'"));
}

TEST_CASE("the all-clear follows the end of the clock by fusion and its way", "[studies]")
{
    auto const e = flown(changed("{ kind = \"lognormal\", median_s = 5, sigma_log = 0.3 }",
                                 "{ kind = \"constant\", value_s = 5 }", at_the_centre()));
    auto const& consumer = e.arms[0].consumers[0];
    CHECK(consumer.all_clears == consumer.messages);
    CHECK(consumer.all_clear_s->value == Approx(5));
}

TEST_CASE("a firm track that must be accurate comes later, and never where it never is",
          "[studies]")
{
    auto const tracks =
        changed("clock = \"impact\"", "clock = \"impact\"\nacts_on = [\"track\"]", at_the_centre());
    auto const wanting = [&](std::string const& sigma) {
        return outcomes(changed(
            "beamwidth_deg = 1.5",
            "beamwidth_deg = 1.5\nangle_floor_deg = 0.02\nfirm_sigma_m = " + sigma, tracks));
    };
    auto const any = wanting("0"), rough = wanting("1e6"), good = wanting("25"),
               never = wanting("1");
    int later = 0;
    for (std::size_t i = 0; i < any.size(); ++i) {
        CHECK(rough[i].t_message_s[0] == any[i].t_message_s[0]);
        CHECK(good[i].t_message_s[0] >= any[i].t_message_s[0]);
        later += good[i].t_message_s[0] > any[i].t_message_s[0] ? 1 : 0;
        CHECK(never[i].t_message_s[0] >= never_s);
    }
    CHECK(later > 1000);
}

TEST_CASE("a stage and an aspect have cross-sections of their own", "[studies]")
{
    // A weak radar. As many decibels as a stage or an aspect adds, the whole vehicle would have to add.
    auto const weak =
        changed("reference_range_km = 800", "reference_range_km = 90", seen_from_all_sides());
    auto const whole = outcomes(changed("rcs_boost_dbsm = 10", "rcs_boost_dbsm = 3", weak));
    auto const stage =
        outcomes(changed("diameter_m = 1.2 }", "diameter_m = 1.2, rcs_dbsm = 3 }", weak));
    auto const aspect = outcomes(changed(
        "rcs_reentry_m2 = 0.1",
        "rcs_reentry_m2 = 0.1\naspect_boost = { angle_deg = [0, 180], factor_db = [-7, -7] }",
        weak));
    auto const plain = outcomes(weak);
    int differs = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        CHECK(stage[i].t_message_s == whole[i].t_message_s);
        CHECK(aspect[i].t_message_s[1] == Approx(whole[i].t_message_s[1]).margin(1e-6));
        differs += plain[i].t_message_s != whole[i].t_message_s ? 1 : 0;
    }
    CHECK(differs > 20);
}

TEST_CASE("nobody says that it is over who never heard of it, or warns of what is over",
          "[studies]")
{
    auto const late = changed(
        "{ kind = \"triangular\", low_s = 1, mode_s = 2, high_s = 4 }", "86400",
        changed("processing = {", "processing_s = {", at_the_centre("acts_on = [\"alert\"]")));
    auto const text = changed("processing_s = 86400", "processing_s = 86400", late);
    auto const e = flown(text);
    CHECK(e.arms[0].consumers[0].messages > 1500);
    CHECK(e.arms[0].consumers[0].all_clears == 0);

    auto const patient = flown(changed("fuses = true", "fuses = true\ntracks_required = 2",
                                       at_the_centre("precaution_s = 600")));
    CHECK(patient.arms[0].consumers[0].messages == 0);
}

TEST_CASE("an uncued radar gets nothing of the gain of a cue before its track is firm", "[studies]")
{
    auto const weak = [](std::string const& gain_db) {
        auto text = changed("reference_range_km = 800",
                            "reference_range_km = 130\nfirm_sigma_m = 80\ncue_gain_db = " + gain_db,
                            at_the_centre("acts_on = [\"track\"]"));
        return outcomes(
            changed("probability_of_detection = 0.9", "probability_of_detection = 0", text));
    };
    auto const plain = weak("0"), gaining = weak("20");
    int earlier_than_a_look_after = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        // It may not be firm before m of n are hit by the search alone, in both.
        earlier_than_a_look_after += gaining[i].t_message_s[0] < plain[i].t_message_s[0] ? 1 : 0;
    }
    auto const rough = [&](std::string const& gain_db) {
        auto text = changed("reference_range_km = 800",
                            "reference_range_km = 130\ncue_gain_db = " + gain_db,
                            at_the_centre("acts_on = [\"track\"]"));
        return outcomes(
            changed("probability_of_detection = 0.9", "probability_of_detection = 0", text));
    };
    auto const by_hits = rough("0");
    for (std::size_t i = 0; i < plain.size(); ++i) {
        CHECK(gaining[i].t_message_s[0] >= by_hits[i].t_message_s[0]);
    }
    CHECK(earlier_than_a_look_after > 0);  // it follows its own track with the gain
}

TEST_CASE("infrared sensors tell where flights came from, better as the boost goes on", "[studies]")
{
    auto const e = flown(
        changed("revisit_s = 10", "revisit_s = 10\nline_of_sight_sigma_rad = 3e-5", small_study));
    CHECK(e.launches[0].flights == 0);
    auto const& launches = e.launches[1];
    CHECK(launches.flights > 1000);
    double const place_m = launches.at[0].half_axis_m->value;
    // 30 urad from 36,000 to 40,000 km away are 1.1 to 1.2 km a scan.
    CHECK(place_m > 300);
    CHECK(place_m < 50e3);
    CHECK(launches.at[1].half_axis_m->value < place_m);
    CHECK(launches.at[1].azimuth_rad->value < launches.at[0].azimuth_rad->value);
}
