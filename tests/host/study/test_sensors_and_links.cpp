// What a study may say of radars, infrared sensors and links beyond the simplest.
#include <catch2/catch.hpp>

#include <cmath>
#include <string>

#include "models/sensing/radar.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;
using Catch::Contains;

namespace {

std::string const published = "reference_range_km = 800\nreference_snr_db = 20\n";

/// The small study's radar, sized by its power and aperture: 80 kW, 9.2 m2, 31.6 mm, 0.1 s.
std::string with_equation(std::string const& extra = "", std::string const& beside = "")
{
    return changed(
        published,
        beside +
            "radar_equation = { average_power_kw = 80, aperture_m2 = 9.2, efficiency = 0.8, "
            "wavelength_m = 0.0316, dwell_s = 0.1, noise_temperature_k = 500, losses_db = 7" +
            extra + " }\n");
}

std::string with_radar(std::string const& lines)
{
    return changed("look_period_s = 5\n", "look_period_s = 5\n" + lines + "\n");
}

RadarParams radar_of(std::string const& text) { return study_of(text).scenario->sensor[0].radar; }

}  // namespace

TEST_CASE("a radar sized by its power and aperture is the one sized by the range that gives",
          "[study]")
{
    auto const p = radar_of(with_equation());
    // Worked out independently: 1 m2 gives a ratio of 20 at 2657.9 km.
    CHECK(p.reference_range_m == Approx(2657.9e3).epsilon(0).margin(100));
    CHECK(p.reference_rcs_m2 == 1);
    CHECK(p.reference_snr == 20);
    auto const same = radar_of(changed(
        published, "reference_range_km = 2657.9\nreference_rcs_m2 = 1\nreference_snr = 20\n"));
    for (double const range_m : {500e3, 1494.7e3, 3000e3}) {
        CHECK(signal_to_noise(p, range_m, 0.1) ==
              Approx(signal_to_noise(same, range_m, 0.1)).epsilon(2e-4));
    }
    auto const study = study_of(with_equation());
    CHECK_THAT(study.resolved, Contains("[sensor.radar_equation]"));
    CHECK(study_of(study.resolved).resolved == study.resolved);
}

TEST_CASE("a radar is sized one way, and wholly", "[study]")
{
    CHECK_THAT(only_message(with_equation("", "reference_range_km = 800\n")),
               Contains("say it one way"));
    CHECK_THAT(only_message(with_equation(", aperture = 3")), Contains("'aperture'"));
    // A search has no wavelength and no dwell.
    auto const problems =
        problems_of(with_equation(", search_time_s = 2, search_azimuth_deg = 120, "
                                  "search_elevation_min_deg = 3, search_elevation_max_deg = 5"));
    REQUIRE(problems.size() == 2);
    CHECK_THAT(problems[0].message, Contains("'wavelength_m'"));
    CHECK_THAT(problems[1].message, Contains("'dwell_s'"));
}

TEST_CASE("pulses of a look multiply its ratio, and are added before or after detection", "[study]")
{
    auto const one = radar_of(small_study);
    auto const coherent = radar_of(with_radar("pulses = 16"));
    CHECK(coherent.reference_snr == Approx(16 * one.reference_snr));
    CHECK(detection_rule(coherent).pulses == 1);
    auto const after = radar_of(with_radar("pulses = 16\nintegration = \"noncoherent\""));
    CHECK(after.reference_snr == Approx(16 * one.reference_snr));
    CHECK(detection_rule(after).pulses == 16);
    CHECK(radar_of(with_radar("swerling = 4")).swerling == 4);
    CHECK(radar_of(with_radar("cfar_loss_db = 3")).cfar_loss == Approx(std::pow(10, 0.3)));
    CHECK_THAT(only_message(with_radar("swerling = 5")), Contains("swerling"));
    CHECK_THAT(only_message(with_radar("integration = \"noncoherrent\"")),
               Contains("did you mean 'noncoherent'"));
}

TEST_CASE("a link's waits reach the scenario in SI", "[study]")
{
    auto const study = study_of(
        changed("latency_s = 2\n",
                "latency_s = 2\nrelease_min = 0.5\nslot_period_s = 12\nrepair_mean_min = 10\n"
                "loss = 0.1\nretransmit_s = 3\n"));
    bool found = false;
    for (int l = 0; l < study.scenario->network.link_count; ++l) {
        LinkParams const& link = study.scenario->network.link[l];
        if (link.loss == 0) { continue; }
        found = true;
        CHECK(link.release_s.a == 30);
        CHECK(link.slot_period_s == 12);
        CHECK(link.repair_mean_s == 600);
        CHECK(link.retransmit_s == 3);
    }
    CHECK(found);
    CHECK(study_of(study.resolved).resolved == study.resolved);
}

TEST_CASE("loss without a time to send again is refused", "[study]")
{
    CHECK_THAT(only_message(changed("latency_s = 2\n", "latency_s = 2\nloss = 0.1\n")),
               Contains("retransmit"));
}

TEST_CASE("an infrared sensor with a threshold asks every stage how bright it burns", "[study]")
{
    auto const with = [](std::string const& sensor, std::string const& stage) {
        auto const text = changed("probability_of_detection = 0.9\n",
                                  "probability_of_detection = 0.9\n" + sensor + "\n");
        return changed("diameter_m = 1.2 }", "diameter_m = 1.2" + stage + " }", text);
    };
    std::string const dip =
        "threshold_kwpsr = 50\nbrightness = { altitude_km = [0, 80, 100], factor = [1, 0.1, 0.5] }";
    CHECK_THAT(only_message(with(dip, "")), Contains("plume_intensity"));
    auto const study = study_of(with(dip, ", plume_intensity_kwpsr = 400"));
    auto const& infrared = study.scenario->sensor[1].infrared;
    CHECK(infrared.threshold_wpsr == 50e3);
    CHECK(infrared.brightness.count == 3);
    CHECK(infrared.brightness.altitude_m[1] == 80e3);
    CHECK(study.scenario->threat[0].vehicle.stage[0].plume_intensity_wpsr == 400e3);
    CHECK(study_of(study.resolved).resolved == study.resolved);
    CHECK_THAT(
        only_message(with("brightness = { altitude_km = [0, 80, 70], factor = [1, 2, 3] }", "")),
        Contains("must rise"));
    auto const high = study_of(with("orbit = \"elliptical\"\napogee_side_min = 200", ""));
    CHECK(high.scenario->sensor[1].infrared.elliptical);
    CHECK(high.scenario->sensor[1].infrared.apogee_side_s == 12000);
}
