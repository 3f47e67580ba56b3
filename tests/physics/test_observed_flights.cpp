// Flights as governments reported them, against the two-body time and the catalogue's vehicles.
// Reported values: KCNA, the Japanese Ministry of Defense, the South Korean Joint Chiefs of Staff, as quoted
// by the press (secondary). Two-body times and speeds: an independent script over a sphere of 6371 km,
// GM = 398600.4418 km3/s2, turning with 7.292115e-5 rad/s. Launch sites are public to 0.1 deg; azimuths,
// which were not published, are assumed: 12 deg more or less change the time by less than 2 s.
#include <catch2/catch.hpp>

#include <cmath>
#include <string>

#include "host/plan/reconstruct.hpp"
#include "models/earth/us_standard_1976.hpp"
#include "models/flight/fly.hpp"
#include "tests/support/notional_threats.hpp"

using namespace longwatch;

namespace {

std::filesystem::path const catalog = std::filesystem::path(LW_SOURCE_DIR) / "models" / "catalog";

struct Row {
    char const* date;
    char const* vehicle;
    double latitude_deg, longitude_deg, azimuth_deg;
    double range_km, apogee_km;
    double reported_s;   ///< 0: none
    double tolerance_s;  ///< of the excess: 60 for times in minutes, 30 in seconds
    double two_body_s, inertial_mps, relative_mps;
};

// Sunan 39.2 N 125.7 E, Kusong 40.0 N 125.2 E, Mupyong-ri 40.6 N 126.4 E, Wonsan 39.4 N 127.5 E.
constexpr Row rows[] = {
    {"2017-05-14", "irbm-liquid", 40.0, 125.2, 65, 787, 2111.5, 1800, 60, 1685, 5650, 5591},
    // 37 min by the US Pacific Command, 39 min by KCNA: 141 and 261 s over the bound.
    {"2017-07-04", "icbm-liquid", 40.0, 125.2, 67, 933, 2802, 2220, 60, 2079, 6245, 6187},
    {"2017-07-04", "icbm-light-liquid", 40.0, 125.2, 67, 933, 2802, 2340, 60, 2079, 6245, 6187},
    // Reported of a liquid vehicle, but quicker than one with a single slow stage can be.
    {"2017-08-29", "mrbm-solid", 39.2, 125.7, 62, 2700, 550, 840, 60, 824, 4861, 4603},
    {"2017-11-29", "icbm-liquid", 39.2, 125.7, 62, 950, 4475, 3180, 60, 3038, 7227, 7174},
    {"2022-01-30", "irbm-liquid", 40.6, 126.4, 80, 800, 2000, 1800, 60, 1623, 5546, 5479},
    {"2022-03-24", "icbm-liquid", 39.2, 125.7, 62, 1090, 6200, 4260, 60, 4079, 7893, 7836},
    {"2022-10-04", "irbm-liquid", 40.6, 126.4, 75, 4600, 1000, 1320, 60, 1253, 5893, 5619},
    {"2022-10-04", "irbm-liquid", 40.6, 126.4, 75, 4500, 970, 1320, 60, 1226, 5849, 5574},
    {"2022-11-18", "icbm-liquid", 39.2, 125.7, 62, 999.2, 6040.9, 4135, 30, 3978, 7839, 7784},
    {"2023-02-18", "icbm-liquid", 39.2, 125.7, 62, 989, 5768.5, 4015, 30, 3811, 7747, 7693},
    {"2023-03-16", "icbm-liquid", 39.2, 125.7, 62, 1000.2, 6045, 4151, 30, 3980, 7841, 7786},
    {"2023-07-12", "icbm-solid", 39.2, 125.7, 62, 1001.2, 6648.4, 4491, 30, 4355, 8027, 7972},
    {"2023-12-18", "icbm-solid", 39.2, 125.7, 62, 1002.3, 6518.2, 4415, 30, 4274, 7989, 7933},
    {"2016-06-22", "irbm-liquid", 39.4, 127.5, 80, 400, 1413.6, 0, 0, 1277, 4821, 4769},
    {"2019-10-02", "mrbm-solid", 39.4, 127.5, 80, 450, 910, 1020, 60, 970, 4047, 3975},
};

Observation observation(Row const& row)
{
    return {{row.latitude_deg * rad_per_deg, row.longitude_deg * rad_per_deg, 0},
            row.azimuth_deg * rad_per_deg,
            row.apogee_km * 1000,
            row.range_km * 1000,
            row.reported_s > 0 ? std::optional<double>(row.reported_s) : std::nullopt,
            120};
}

Reconstruction reconstructed(Observation const& o, char const* vehicle)
{
    return reconstruct(o, read_catalog_threat(catalog, vehicle), {}, {});
}

}  // namespace

TEST_CASE("the two-body time of an observed flight is that of its apogee and range",
          "[physics][flight]")
{
    for (Row const& row : rows) {
        INFO(row.date << ' ' << row.apogee_km << " km");
        auto const o = observation(row);
        auto const f = two_body_flight(
            o.launch, great_circle_place(o.launch, o.azimuth_rad, o.range_m), o.apogee_m);
        // Half a second of rounding, and a second for an azimuth that is a guess.
        CHECK(f.arc.time_s == Approx(row.two_body_s).epsilon(0).margin(1.5));
        CHECK(f.arc.speed_mps == Approx(row.inertial_mps).epsilon(0).margin(5));
        CHECK(f.relative_speed_mps == Approx(row.relative_mps).epsilon(0).margin(5));
    }
}

TEST_CASE("a two-body arc over the apogee of least energy has the least energy's speed and time",
          "[physics][flight]")
{
    // Range km, apogee km, speed km/s, elevation deg, time s of least energy over a sphere at rest: the
    // hit equation (Bate, Mueller and White, chapter 6) evaluated by an independent script. Apogees are
    // printed to 10 m, which is worth 0.02 s.
    constexpr double least[][5] = {
        {300, 74.11, 1.69648, 44.3255, 251.03},      {1000, 239.94, 3.01612, 42.7517, 474.36},
        {3000, 655.21, 4.86500, 38.2551, 895.04},    {5500, 1040.52, 6.07524, 32.6343, 1315.79},
        {8000, 1263.68, 6.80463, 27.0136, 1679.48},  {10000, 1319.48, 7.19808, 22.5170, 1930.96},
        {13000, 1195.81, 7.58773, 15.7720, 2233.13}, {15000, 978.09, 7.75099, 11.2754, 2378.58}};
    for (auto const& [range_km, apogee_km, speed_kmps, elevation_deg, time_s] : least) {
        INFO(range_km << " km");
        auto const arc = two_body_arc(apogee_km * 1000, range_km / 6371.0);
        CHECK(arc.time_s == Approx(time_s).epsilon(0).margin(0.05));
        CHECK(arc.speed_mps / 1000 == Approx(speed_kmps).epsilon(0).margin(1e-4));
        CHECK(arc.elevation_rad / rad_per_deg == Approx(elevation_deg).epsilon(0).margin(2e-3));
    }
}

TEST_CASE("every observed flight is flown by a vehicle of its class, in its time",
          "[physics][flight]")
{
    for (Row const& row : rows) {
        INFO(row.date << ' ' << row.vehicle << ' ' << row.apogee_km << " km");
        auto const r = reconstructed(observation(row), row.vehicle);
        INFO(r.reason);
        REQUIRE(r.flight);
        CHECK(r.matches);
        double const excess_s = r.flight->flight_time_s - r.two_body.arc.time_s;
        CHECK(excess_s > 0);
        CHECK(r.flight->apogee_m / 1000 == Approx(row.apogee_km).epsilon(0).margin(0.1));
        CHECK(r.flight->range_m / 1000 == Approx(row.range_km).epsilon(0).margin(0.1));
        if (row.reported_s > 0) {
            double const reported_s = row.reported_s - r.two_body.arc.time_s;
            CHECK(excess_s == Approx(reported_s).epsilon(0).margin(row.tolerance_s));
        }
    }
}

TEST_CASE("the claim of 24 March 2022 is found to be impossible, and the measured flight not",
          "[physics][flight]")
{
    // KCNA: 6248.5 km, 1090 km, 4052 s. The bound is 4109 s (independent script); Japan measured 71 min.
    Observation const claim{{39.2 * rad_per_deg, 125.7 * rad_per_deg, 0},
                            62 * rad_per_deg,
                            6248.5e3,
                            1090e3,
                            4052,
                            120};
    auto const claimed = reconstructed(claim, "icbm-liquid");
    CHECK_FALSE(claimed.matches);
    CHECK(claimed.two_body.arc.time_s == Approx(4109).epsilon(0).margin(1.5));
    CHECK_THAT(claimed.reason,
               Catch::Contains("57 s shorter") && Catch::Contains("no flight of any vehicle"));
    // Only the time is impossible: the vehicle flies the shape.
    CHECK(claimed.flight);
    auto measured = claim;
    measured.flight_time_s = 71 * 60;
    CHECK(reconstructed(measured, "icbm-liquid").matches);
}

TEST_CASE("each catalogue vehicle reproduces what it was sized to", "[physics][flight]")
{
    for (auto const& name : catalog_names(catalog, "threats")) {
        INFO(name);
        auto const threat = read_catalog_threat(catalog, name);
        auto const& v = threat.params.vehicle;
        double stack_kg = v.payload_kg, speed_mps = 0, burn_s = 0;
        for (int i = v.stage_count - 1; i >= 0; --i) {
            StageParams const& s = v.stage[i];
            double const burnt_kg = stack_kg + s.dry_kg;
            stack_kg = burnt_kg + s.propellant_kg;
            double const exhaust_mps = 9.80665 * s.specific_impulse_vacuum_s;
            speed_mps += exhaust_mps * std::log(stack_kg / burnt_kg);
            burn_s += s.propellant_kg * exhaust_mps / s.thrust_vacuum_n;
        }
        auto const& published = threat.published;
        // Flown where there is no air and gravity is 4e-6 m/s2: the program's own vehicle.
        NoArc<double> no_arc;
        using Run = FlightRun<double, NoArc<double>>;
        Run run(no_arc, {1.0, 0, 1e10}, {0, 0, 0});
        Atmosphere const air = us_standard_1976();
        auto const in = nominal_inputs<double>(threat.params, {0, 0, all_stages});
        Boost<double, Run>(air, v, in, flight_tolerance().boost, run).fly();
        CHECK(run.summary().burnout_speed_mps == Approx(published.ideal_delta_v_mps).epsilon(1e-3));
        CHECK(speed_mps == Approx(published.ideal_delta_v_mps).epsilon(1e-3));
        CHECK(burn_s ==
              Approx(published.burn_time_s).epsilon(0).margin(published.burn_time_tolerance_s));
        REQUIRE_FALSE(published.flights.empty());
        for (PublishedFlight const& p : published.flights) {
            INFO(p.date << ' ' << p.apogee_m / 1000 << " km");
            auto const r = reconstruct(
                {p.launch, p.azimuth_rad, p.apogee_m, p.range_m, std::nullopt, 0}, threat, {}, {});
            REQUIRE(r.flight);
            double const excess_s = r.flight->flight_time_s - r.two_body.arc.time_s;
            CHECK(excess_s == Approx(p.excess_s).epsilon(0).margin(p.tolerance_s));
        }
    }
}

TEST_CASE("steep flights are found in every direction, also where they must lean away from the aim",
          "[physics][flight]")
{
    // The turning Earth carries the fall of a 4475 km high flight 3 deg of longitude west at 39 N.
    for (auto const& [latitude_deg, longitude_deg] :
         {std::pair{39.2, 125.7}, std::pair{0.0, 0.0}}) {
        for (double const range_km : {20.0, 950.0}) {
            for (int azimuth_deg = 0; azimuth_deg < 360; azimuth_deg += 90) {
                INFO(latitude_deg << " N, " << azimuth_deg << " deg, " << range_km << " km");
                Observation const o{{latitude_deg * rad_per_deg, longitude_deg * rad_per_deg, 0},
                                    azimuth_deg * rad_per_deg,
                                    4475e3,
                                    range_km * 1000,
                                    std::nullopt,
                                    120};
                auto const r = reconstructed(o, "icbm-liquid");
                INFO(r.reason);
                REQUIRE(r.flight);
                double const excess_s = r.flight->flight_time_s - r.two_body.arc.time_s;
                CHECK(excess_s == Approx(173).epsilon(0).margin(5));
            }
        }
    }
}

TEST_CASE("no flight by the long way round the Earth answers for the short one",
          "[physics][flight]")
{
    // By the pole and 25,000 km on, the same place would be reached 1500 s later.
    Observation const o{{59.1 * rad_per_deg, -158.4 * rad_per_deg, 0},
                        163.4 * rad_per_deg,
                        367.9e3,
                        14738.4e3,
                        std::nullopt,
                        120};
    auto const r = reconstructed(o, "icbm-solid");
    REQUIRE(r.flight);
    CHECK(r.flight->flight_time_s - r.two_body.arc.time_s < 400);
}

TEST_CASE("an apogee too low for the range is told with the lowest that is not",
          "[physics][flight]")
{
    Observation o{{39.2 * rad_per_deg, 125.7 * rad_per_deg, 0},
                  75 * rad_per_deg,
                  100e3,
                  4600e3,
                  std::nullopt,
                  120};
    auto const low = reconstructed(o, "irbm-liquid");
    CHECK_FALSE(low.flight);
    CHECK_THAT(low.reason, Catch::Contains("the lowest path found to the aim"));
    // What it says is flown, but for the grid's coarseness.
    o.apogee_m = 400e3;
    CHECK(reconstructed(o, "irbm-liquid").flight);
}

TEST_CASE("sensors first see a lofted flight in the order of its rise", "[physics][sensing]")
{
    auto const r = reconstruct(observation(rows[4]), read_catalog_threat(catalog, "icbm-liquid"),
                               {}, read_sensor_sites(catalog));
    REQUIRE(r.flight);
    auto const seen = [&](std::string const& name) {
        for (FirstSight const& s : r.flight->first_seen) {
            if (s.sensor == name) { return s; }
        }
        throw std::runtime_error(name);
    };
    // Space infrared above clouds at 7 km, 30 to 65 s after launch (published, typical).
    CHECK(*seen("geo-west-pacific").t_s > 30);
    CHECK(*seen("geo-west-pacific").t_s < 65);
    // Horizon over Sunan, published as a check: Shariki sees it above 126 km (1 deg of mask and more here),
    // Sado above 97 km, Kyogamisaki above 67 km. The flight leaves Sunan by less than 1 deg meanwhile.
    CHECK(seen("tpy2-shariki").altitude_m > 125.7e3);
    CHECK(seen("fps5-sado").altitude_m > 97.4e3);
    CHECK(seen("tpy2-kyogamisaki").altitude_m > 66.8e3);
    CHECK(*seen("tpy2-kyogamisaki").t_s < *seen("tpy2-shariki").t_s);
    // Beyond the horizon of California and England throughout.
    CHECK_FALSE(seen("uewr-fylingdales").t_s);
}
