// Poisoned flights: whatever is wrong with a flight, it has a fate, nothing else of the run is lost, and no NaN comes out.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "host/plan/prepare.hpp"
#include "kernels/backend/backend.hpp"
#include "results/statistics/tally_checks.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;

namespace {

constexpr FlightRange some{7, 0, 64};

Study prepared(std::string const& text)
{
    Study study = study_of(text);
    prepare(study);
    return study;
}

/// Of each fate how many of the flights.
using Fates = std::array<int, fate_count>;

/// Flies them; their tally holds together, every flight has its fate and tells numbers only.
Fates fates(Scenario const& scenario, std::vector<FlightOutcome>* told = nullptr)
{
    auto const flown = fly_on_cpu(scenario, some, {}, {});
    CHECK(tally_problems(flown.tally).empty());
    auto const outcomes = outcomes_on_cpu(scenario, some, {});
    Fates out{};
    for (FlightOutcome const& flight : outcomes) {
        ++out[static_cast<std::size_t>(flight.fate)];
        bool is_number = !std::isnan(flight.t_burnout_s + flight.t_entry_s);
        for (auto const* numbers :
             {&flight.t_clock_end_s, &flight.t_message_s, &flight.delay_s, &flight.t_commit_s}) {
            for (double const x : *numbers) { is_number = is_number && !std::isnan(x); }
        }
        // Where it fails, its own trajectory may be anything; what is told of it may not.
        if (!is_failure(flight.fate)) {
            is_number = is_number &&
                        std::isfinite(flight.apogee_m + flight.t_apogee_s + flight.t_impact_s +
                                      flight.impact_latitude_rad + flight.impact_longitude_rad);
        }
        CHECK(is_number);
    }
    std::size_t const failed = std::accumulate(out.begin() + 2, out.end(), std::size_t{0});
    CHECK(flown.failures.size() == failed);
    CHECK(std::accumulate(out.begin(), out.end(), 0) == some.count);
    if (told != nullptr) { *told = outcomes; }
    return out;
}

int count_of(Fates const& fates, Fate fate) { return fates[static_cast<std::size_t>(fate)]; }

/// All land, and of most the second arm's message comes before.
void check_most_are_warned(Scenario const& scenario)
{
    std::vector<FlightOutcome> told;
    REQUIRE(count_of(fates(scenario, &told), Fate::impact) == some.count);
    auto const warned = std::count_if(told.begin(), told.end(), [](FlightOutcome const& flight) {
        return flight.t_message_s[1] < flight.t_impact_s;
    });
    CHECK(warned > some.count / 2);
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Something that no study can say (test_broken_studies.cpp), done to a threat after the reader, and what all its flights come to. What
/// is a number flies as it stands: a vehicle that pushes itself into the ground has landed.
struct Poison {
    char const* name;
    Fate fate;
    void (*put)(ThreatParams&);
};

}  // namespace

TEST_CASE("a poisoned threat's flights have a fate each, and none tells a NaN", "[faults]")
{
    auto const poison = GENERATE(
        Poison{"thrust NaN", Fate::non_finite,
               [](ThreatParams& t) { t.dispersions.thrust = constant(not_a_number); }},
        Poison{"thrust nil", Fate::impact,
               [](ThreatParams& t) { t.dispersions.thrust = constant(0); }},
        Poison{"thrust backward", Fate::impact,
               [](ThreatParams& t) { t.dispersions.thrust = constant(-1); }},
        Poison{"specific impulse nil", Fate::impact,
               [](ThreatParams& t) { t.dispersions.specific_impulse = constant(0); }},
        Poison{"specific impulse infinite", Fate::non_finite,
               [](ThreatParams& t) { t.dispersions.specific_impulse = constant(infinity); }},
        Poison{"drag infinite", Fate::non_finite,
               [](ThreatParams& t) { t.dispersions.drag = constant(infinity); }},
        Poison{"drag NaN", Fate::non_finite,
               [](ThreatParams& t) { t.dispersions.drag = constant(not_a_number); }},
        Poison{"air without end", Fate::non_finite,
               [](ThreatParams& t) { t.dispersions.air_density = constant(1e300); }},
        Poison{"ballistic coefficient nil", Fate::non_finite,
               [](ThreatParams& t) { t.dispersions.ballistic_coefficient = constant(0); }},
        Poison{"cross-section NaN", Fate::non_finite,
               [](ThreatParams& t) { t.dispersions.rcs = constant(not_a_number); }},
        Poison{"cross-section nil", Fate::impact,
               [](ThreatParams& t) { t.dispersions.rcs = constant(0); }},
        Poison{"mass negative", Fate::impact,
               [](ThreatParams& t) { t.vehicle.payload_kg = -6000; }},
        Poison{"mass nil at burnout", Fate::timed_out,
               [](ThreatParams& t) { t.vehicle.payload_kg = -600; }},
        Poison{"no propellant", Fate::impact,
               [](ThreatParams& t) { t.vehicle.stage[0].propellant_kg = 0; }},
        Poison{"launch place NaN", Fate::non_finite,
               [](ThreatParams& t) { t.launch.center.latitude_rad = not_a_number; }},
        Poison{"launch at the Earth's centre", Fate::non_finite,
               [](ThreatParams& t) { t.launch.center.altitude_m = -6371e3; }},
        Poison{"launch far above", Fate::timed_out,
               [](ThreatParams& t) { t.launch.center.altitude_m = 1e12; }},
        Poison{"upside down", Fate::impact,
               [](ThreatParams& t) { t.aim_map.lean_north_rad[0] = pi; }},
        Poison{"controls NaN", Fate::non_finite,
               [](ThreatParams& t) { t.aim_map.cutoff_stages[0] = not_a_number; }},
        Poison{"never burns", Fate::impact,
               [](ThreatParams& t) { t.aim_map.cutoff_stages[0] = -100; }});
    CAPTURE(poison.name);
    auto const study = prepared(seen_from_all_sides());
    auto scenario = *study.scenario;
    poison.put(scenario.threat[0]);
    CHECK(count_of(fates(scenario), poison.fate) == some.count);
}

TEST_CASE("what is not a number fails as not finite, wherever it comes from", "[faults]")
{
    auto const study = prepared(seen_from_all_sides());
    auto const with = [&](auto const& put) {
        auto scenario = *study.scenario;
        put(scenario.threat[0]);
        return count_of(fates(scenario), Fate::non_finite);
    };
    CHECK(with([](ThreatParams& t) { t.dispersions.thrust = constant(not_a_number); }) ==
          some.count);
    CHECK(with([](ThreatParams& t) { t.dispersions.drag = constant(not_a_number); }) == some.count);
    CHECK(with([](ThreatParams& t) { t.launch.center.latitude_rad = not_a_number; }) == some.count);
    CHECK(with([](ThreatParams& t) { t.aim_map.cutoff_stages[0] = not_a_number; }) == some.count);
    CHECK(with([](ThreatParams& t) { t.dispersions.rcs = constant(not_a_number); }) == some.count);
}

TEST_CASE("flights that never land have timed out, and their neighbours fly as if alone",
          "[faults]")
{
    auto const study = prepared(seen_from_all_sides());
    auto scenario = *study.scenario;
    std::vector<FlightOutcome> all;
    REQUIRE(count_of(fates(scenario, &all), Fate::impact) == some.count);

    std::vector<double> t_impact_s;
    for (auto const& flight : all) { t_impact_s.push_back(flight.t_impact_s); }
    std::nth_element(t_impact_s.begin(), t_impact_s.begin() + some.count / 2, t_impact_s.end());
    scenario.threat[0].max_flight_time_s = t_impact_s[some.count / 2];
    std::vector<FlightOutcome> half;
    auto const told = fates(scenario, &half);
    CHECK(count_of(told, Fate::timed_out) == some.count / 2 - 1);
    for (std::size_t k = 0; k < half.size(); ++k) {
        if (is_failure(half[k].fate)) { continue; }
        // The last step is cut at the longest time, then at the ground.
        CHECK(std::fabs(half[k].t_impact_s - all[k].t_impact_s) < 1e-6);
        CHECK(half[k].t_message_s == all[k].t_message_s);
        CHECK(half[k].t_commit_s == all[k].t_commit_s);
    }

    // Faster than escape: it is aloft for ever.
    scenario = *study.scenario;
    scenario.threat[0].dispersions.specific_impulse = constant(12);
    scenario.threat[0].aim_map = {};
    scenario.threat[0].aim_map.cutoff_stages[0] = 1;
    CHECK(count_of(fates(scenario), Fate::timed_out) == some.count);
}

namespace {

/// The small study with every longitude turned by so many degrees: on a round Earth, the same flights.
std::string turned(std::string text, double by_deg)
{
    std::string const key = "longitude_deg = ";
    for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
        at += key.size();
        std::size_t length = 0;
        double longitude = std::stod(text.substr(at), &length) + by_deg;
        if (longitude > 180) { longitude -= 360; }
        text.replace(at, length, std::to_string(longitude));
    }
    return text;
}

}  // namespace

TEST_CASE("a study across the date line is the study elsewhere", "[faults]")
{
    auto const home = prepared(seen_from_all_sides());
    // The launch area, 20 degrees east, comes to lie east of the line, the aim west of it.
    auto const there = prepared(turned(seen_from_all_sides(), 158));
    // Aiming anew ends some metres elsewhere.
    there.scenario->threat[0].aim_map = home.scenario->threat[0].aim_map;
    std::vector<FlightOutcome> a, b;
    fates(*home.scenario, &a);
    fates(*there.scenario, &b);
    for (std::size_t k = 0; k < a.size(); ++k) {
        // Places at other longitudes round otherwise, and steps of the flight with them: twice what a flight may be wrong.
        constexpr double time_s = 2e-3, angle_rad = 20 / earth_mean_radius_m;
        CHECK(std::fabs(b[k].t_impact_s - a[k].t_impact_s) < time_s);
        CHECK(std::fabs(b[k].impact_latitude_rad - a[k].impact_latitude_rad) < angle_rad);
        double const moved_rad = b[k].impact_longitude_rad - a[k].impact_longitude_rad;
        CHECK(std::fabs(std::remainder(moved_rad - 158 * rad_per_deg, 2 * pi)) < angle_rad);
        CHECK(std::fabs(b[k].impact_longitude_rad) <= pi);
        for (std::size_t arm = 0; arm < a[k].t_message_s.size(); ++arm) {
            CHECK(b[k].t_message_s[arm] == Approx(a[k].t_message_s[arm]).margin(2e-3));
        }
    }
}

TEST_CASE("flights over a pole are flown, and seen from it", "[faults]")
{
    auto const pole = GENERATE(90, -90);
    auto text = seen_from_all_sides();
    std::string const sign = pole > 0 ? "" : "-";
    text = changed("launch = { latitude_deg = 10, longitude_deg = 20",
                   "launch = { latitude_deg = " + sign + "88.5, longitude_deg = 20", text);
    text = changed("aim = { latitude_deg = 12, longitude_deg = 24",
                   "aim = { latitude_deg = " + sign + "87.5, longitude_deg = -150", text);
    text = changed("latitude_deg = 11\n", "latitude_deg = " + std::to_string(pole) + "\n", text);
    text = changed("latitude_deg = 12\nlongitude_deg = 24",
                   "latitude_deg = " + sign + "87.5\nlongitude_deg = -150", text);
    auto const study = prepared(text);
    check_most_are_warned(*study.scenario);
}

TEST_CASE("flights are seen by a radar at their very launch point", "[faults]")
{
    auto text = seen_from_all_sides();
    text = changed("radius_km = 5", "radius_km = 0.001", text);
    text = changed("latitude_deg = 11\nlongitude_deg = 21", "latitude_deg = 10\nlongitude_deg = 20",
                   text);
    auto const study = prepared(text);
    check_most_are_warned(*study.scenario);

    // On the spot, to the last bit.
    auto scenario = *study.scenario;
    scenario.threat[0].launch.radius_m = 0;
    fates(scenario);
}

TEST_CASE("sensors at the antipodes see nothing, and the flight is nearest to there at its end",
          "[faults]")
{
    auto text = changed("latitude_deg = 11\nlongitude_deg = 21",
                        "latitude_deg = -10\nlongitude_deg = -160", seen_from_all_sides());
    text = changed("satellite_longitude_deg = 30", "satellite_longitude_deg = -160", text);
    text = changed("clock = \"impact\"",
                   "clock = \"overflight\"\nlatitude_deg = -10\nlongitude_deg = -160", text);
    auto const study = prepared(text);
    std::vector<FlightOutcome> told;
    REQUIRE(count_of(fates(*study.scenario, &told), Fate::impact) == some.count);
    for (auto const& flight : told) {
        CHECK(flight.t_clock_end_s[0] == flight.t_impact_s);
        for (double const t_s : flight.t_message_s) { CHECK(t_s >= never_s); }
    }
}

TEST_CASE("a flight of no length and one to the antipodes are errors of the study", "[faults]")
{
    auto const said = [](std::string const& text) {
        try {
            prepared(text);
        } catch (std::exception const& problem) {
            return std::string(problem.what());
        }
        return std::string("flown");
    };
    using Catch::Contains;
    CHECK_THAT(said(changed("latitude_deg = 12, longitude_deg = 24",
                            "latitude_deg = 10, longitude_deg = 20")),
               Contains("overlap"));
    auto const antipodes = changed("latitude_deg = 12, longitude_deg = 24",
                                   "latitude_deg = -10, longitude_deg = -160");
    CHECK_THAT(said(antipodes), Contains("18775 km short"));
    CHECK_THAT(said(changed("apogee_km = 150", "apogee_km = 5", seen_from_all_sides())),
               !Contains("flown"));
}
