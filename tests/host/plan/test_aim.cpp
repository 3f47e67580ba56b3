// Aiming: the controls found really bring flights from their launch area to their aim area.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "host/plan/aim.hpp"
#include "kernels/backend/backend.hpp"
#include "models/earth/site.hpp"
#include "models/earth/us_standard_1976.hpp"
#include "tests/support/notional_threats.hpp"

using namespace longwatch;

namespace {

Atmosphere const atmosphere = us_standard_1976();

Geodetic place(double latitude_deg, double longitude_deg)
{
    return {latitude_deg * rad_per_deg, longitude_deg * rad_per_deg, 0};
}

/// Single-stage, intermediate range, notional; from a launch area of the peninsula.
ThreatParams intermediate_range(Geodetic const& aim_center, double apogee_m)
{
    VehicleParams v;
    v.stage_count = 1;
    v.stage[0] = {23600, 1500, 470e3, 280, 0.4, disc_area_m2(1.65), 0};
    v.payload_kg = 500;
    v.ballistic_coefficient_kgpm2 = 3000;
    v.vertical_rise_s = 5;
    v.pitch_over_s = 10;
    auto threat = threat_of(v);
    threat.launch = {place(39.2, 125.7), 30e3};
    threat.aim = {aim_center, 100e3};
    threat.apogee_m = apogee_m;
    return threat;
}

/// Two flights reported in public: over northern Japan in October 2022 (4600 km, 1000 km), and lofted
/// into the sea in May 2017 (787 km, 2111 km).
ThreatParams over_japan() { return intermediate_range(place(38.6, 177.5), 1000e3); }
ThreatParams lofted() { return intermediate_range(place(40.8, 134.6), 2000e3); }

struct Ends {
    bool landed;
    double miss_m, apogee_miss_m;
};

/// Flies from a pair of places with the controls of the map.
std::vector<Ends> flown(
    ThreatParams const& threat, AimMap const& map,
    std::vector<std::pair<PlaceInArea<double>, PlaceInArea<double>>> const& pairs)
{
    std::vector<NominalTrial> trials;
    for (auto const& [launch, aim] : pairs) {
        trials.push_back({launch.east,
                          launch.north,
                          {polynomial(map.lean_east_rad, launch, aim),
                           polynomial(map.lean_north_rad, launch, aim),
                           polynomial(map.cutoff_stages, launch, aim)},
                          {}});
    }
    auto threat_to_fly = threat;
    threat_to_fly.max_flight_time_s = 6000;
    auto const flights = fly_nominal(atmosphere, threat_to_fly, trials);
    std::vector<Ends> out;
    for (std::size_t i = 0; i < flights.size(); ++i) {
        auto const& f = flights[i];
        auto const goal = ecef_from_geodetic(place_in_area(threat.aim, pairs[i].second));
        auto const end =
            ecef_from_geodetic(Geodetic{f.impact_latitude_rad, f.impact_longitude_rad, 0});
        out.push_back({f.landed, norm(end - goal), std::fabs(f.apogee_m - threat.apogee_m)});
    }
    return out;
}

}  // namespace

TEST_CASE("a flight between the centres ends at the aim, over its apogee", "[aim]")
{
    for (auto const& threat : {over_japan(), lofted()}) {
        auto const result = aim(atmosphere, threat);
        REQUIRE(result.reached);
        auto const f = flown(threat, result.map, {{{0, 0}, {0, 0}}})[0];
        CHECK(f.landed);
        INFO("miss " << f.miss_m << " m, apogee " << f.apogee_miss_m << " m");
        // Solved to 20 m, apogee and impact together; 0.7 m and 0.1 m measured after the fit.
        CHECK(f.miss_m < 20);
        CHECK(f.apogee_miss_m < 20);
    }
}

TEST_CASE("flights between any two places of the areas end near their aim", "[aim]")
{
    std::mt19937_64 random(2);
    std::uniform_real_distribution<double> uniform(1e-9, 1);
    auto const any_place = [&]() -> PlaceInArea<double> {
        double const d = std::sqrt(uniform(random)), bearing = 2 * pi * uniform(random);
        return {d * std::sin(bearing), d * std::cos(bearing)};
    };
    for (auto const& threat : {over_japan(), lofted()}) {
        auto const result = aim(atmosphere, threat);
        REQUIRE(result.reached);
        std::vector<std::pair<PlaceInArea<double>, PlaceInArea<double>>> pairs;
        for (int i = 0; i < 400; ++i) { pairs.emplace_back(any_place(), any_place()); }
        auto ends = flown(threat, result.map, pairs);
        CHECK(std::all_of(ends.begin(), ends.end(), [](Ends const& e) { return e.landed; }));
        std::sort(ends.begin(), ends.end(),
                  [](Ends const& a, Ends const& b) { return a.miss_m < b.miss_m; });
        INFO("99 % within " << ends[396].miss_m << " m, worst " << ends.back().miss_m);
        // What the polynomial leaves out over areas of 30 and 100 km: some 20 m measured, of which
        // each solution's own tolerance is most. Five kilometres is what the program promises.
        CHECK(ends[396].miss_m < 200);
        CHECK(ends.back().miss_m < 5000);
        CHECK(result.miss_99_m < 200);
    }
}

TEST_CASE("lofted flights are aimed west, where the vertical lies among the leans", "[aim]")
{
    for (double const longitude_deg : {125.7 - 1.5, 125.7 - 4, 125.7 - 10}) {
        auto threat = intermediate_range(place(39.2, longitude_deg), 2000e3);
        threat.aim.radius_m = 60e3;
        auto const result = aim(atmosphere, threat);
        INFO(longitude_deg << " E: " << result.shortfall);
        REQUIRE(result.reached);
        CHECK(result.miss_99_m < 1000);
    }
}

TEST_CASE("guidance undoes what a deviation in boost would do to a flight", "[aim]")
{
    int guided_flights = 0;
    for (auto const& threat : {over_japan(), lofted()}) {
        auto const map = aim(atmosphere, threat).map;
        auto threat_to_fly = threat;
        threat_to_fly.max_flight_time_s = 6000;
        auto const goal = ecef_from_geodetic(threat.aim.center);
        for (int k = 0; k < guided_deviations; ++k) {
            // Two standard deviations of the catalogue's vehicles.
            double const deviation[guided_deviations] = {0.02, 0.006, 0.16, 0.1};
            NominalTrial unguided{
                0, 0, {map.lean_east_rad[0], map.lean_north_rad[0], map.cutoff_stages[0]}, {}};
            unguided.deviation[k] = -deviation[k];
            NominalTrial guided = unguided;
            guided.controls.lean_east_rad -= map.lean_east_response_rad[k] * deviation[k];
            guided.controls.lean_north_rad -= map.lean_north_response_rad[k] * deviation[k];
            guided.controls.cutoff_stages -= map.cutoff_response_stages[k] * deviation[k];
            auto const flights = fly_nominal(atmosphere, threat_to_fly, {unguided, guided});
            auto const miss_m = [&](NominalFlight const& f) {
                return norm(
                    ecef_from_geodetic(Geodetic{f.impact_latitude_rad, f.impact_longitude_rad, 0}) -
                    goal);
            };
            INFO("deviation " << k << ": " << miss_m(flights[0]) << " m without guidance, "
                              << miss_m(flights[1]) << " m with it");
            // Engines short of impulse may burn out of propellant first; all others are guided to a fifth (10 % measured).
            bool const propellant_left = guided.controls.cutoff_stages < threat.vehicle.stage_count;
            if (!propellant_left) { continue; }
            ++guided_flights;
            CHECK(miss_m(flights[1]) < 0.2 * miss_m(flights[0]) + 20);
        }
    }
    CHECK(guided_flights >= 6);  // of 8
}

TEST_CASE("the longest flight found bounds the flight between the centres", "[aim]")
{
    auto const result = aim(atmosphere, over_japan());
    REQUIRE(result.reached);
    // Two-body time for this range and apogee: 1253 s (impulsive); the reported one about 1320 s.
    CHECK(result.longest_flight_s > 1253);
    CHECK(result.longest_flight_s < 1500);
}

TEST_CASE("an aim beyond reach is refused with how the best flight misses", "[aim]")
{
    auto const result = aim(atmosphere, intermediate_range(place(30, -120), 1500e3));
    CHECK_FALSE(result.reached);
    INFO(result.shortfall);
    CHECK(result.shortfall.find("km") != std::string::npos);
}

TEST_CASE("an apogee beyond reach is refused too", "[aim]")
{
    auto const result = aim(atmosphere, intermediate_range(place(40.8, 134.6), 20000e3));
    CHECK_FALSE(result.reached);
    INFO(result.shortfall);
    CHECK(result.shortfall.find("km") != std::string::npos);
}

TEST_CASE("areas of hundreds of kilometres are still aimed across", "[aim]")
{
    auto threat = intermediate_range(place(41.5, 171), 800e3);
    threat.launch.radius_m = 150e3;
    threat.aim.radius_m = 300e3;
    auto const result = aim(atmosphere, threat);
    INFO(result.shortfall);
    REQUIRE(result.reached);
    INFO("99 % within " << result.miss_99_m << " m");
    CHECK(result.miss_99_m < aim_miss_99_max_m);
}

TEST_CASE(
    "a flight of minimum energy burns less than its neighbours, and goes about as high as an arc "
    "of least energy",
    "[aim]")
{
    auto threat = intermediate_range(place(38.6, 177.5), 0);
    threat.aim.radius_m = 30e3;
    threat.shape = FlightShape::minimum_energy;
    auto const least = aim(atmosphere, threat);
    INFO(least.shortfall);
    REQUIRE(least.reached);
    // 4450 km: an arc from the ground has 896 km (Bate, Mueller and White). One from burnout, farther
    // along and with gravity to lose less by a flatter climb, stays below: by 15 % at most.
    CHECK(least.apogee_m < 896e3);
    CHECK(least.apogee_m > 0.85 * 896e3);
    threat.shape = FlightShape::given_apogee;
    for (double const factor : {0.85, 1.15}) {
        threat.apogee_m = factor * least.apogee_m;
        auto const other = aim(atmosphere, threat);
        REQUIRE(other.reached);
        CHECK(other.map.cutoff_stages[0] > least.map.cutoff_stages[0]);
    }
}

TEST_CASE("a depressed flight goes lower than the cheapest one, a lofted one higher", "[aim]")
{
    auto threat = intermediate_range(place(40, 160), 400e3);
    threat.shape = FlightShape::depressed;
    auto const depressed = aim(atmosphere, threat);
    INFO(depressed.shortfall);
    REQUIRE(depressed.reached);
    CHECK(depressed.least_propellant_apogee_m > 400e3);
    threat.shape = FlightShape::lofted;
    auto const refused = aim(atmosphere, threat);
    CHECK_FALSE(refused.reached);
    CHECK(refused.shortfall.find("lofted one must go higher") != std::string::npos);
    threat.apogee_m = 1500e3;
    CHECK(aim(atmosphere, threat).reached);
    threat.shape = FlightShape::depressed;
    CHECK_FALSE(aim(atmosphere, threat).reached);
}

TEST_CASE("what is too far is told with how far short it falls", "[aim]")
{
    // 10 600 km by a vehicle of some 6000 km.
    auto const far = aim(atmosphere, intermediate_range(place(30, -120), 1500e3));
    INFO(far.shortfall);
    CHECK(far.shortfall.find("km short") != std::string::npos);
}

TEST_CASE("an apogee out of reach is told with how far too low it stays", "[aim]")
{
    auto const high = aim(atmosphere, intermediate_range(place(40.8, 134.6), 20000e3));
    INFO(high.shortfall);
    CHECK(high.shortfall.find("km too low") != std::string::npos);
}

TEST_CASE("an area whose far edge alone is out of reach is told so", "[aim]")
{
    auto threat = intermediate_range(place(37, 188), 900e3);
    threat.aim.radius_m = 800e3;
    auto const edge = aim(atmosphere, threat);
    CHECK_FALSE(edge.reached);
    INFO(edge.shortfall);
    CHECK(edge.shortfall.find("between the centres it can") != std::string::npos);
}
