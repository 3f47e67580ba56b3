// When a battery must launch.
#include <catch2/catch.hpp>

#include <memory>

#include "models/engage/battlespace.hpp"

using namespace longwatch;

namespace {

Geodetic place(double latitude_deg, double longitude_deg, double altitude_m = 0)
{
    return {latitude_deg * rad_per_deg, longitude_deg * rad_per_deg, altitude_m};
}

std::unique_ptr<BatteryParams> upper_tier_battery()
{
    auto p = std::make_unique<BatteryParams>();
    p->site = place(36.1, 128.3);
    p->frame = site_frame(p->site);
    p->interceptor.burnout_speed_mps = 2800;
    p->interceptor.boost_s = 18;
    p->interceptor.range_max_m = 200e3;
    p->interceptor.altitude_min_m = 40e3;
    p->interceptor.altitude_max_m = 150e3;
    p->flyout = flyout_table(p->interceptor);
    return p;
}

double latest(BatteryParams const& p, double t_s, Geodetic const& threat)
{
    return latest_launch_s(p, t_s, ecef_from_geodetic(threat), threat.altitude_m);
}

}  // namespace

TEST_CASE("the latest launch precedes the intercept by the time of flight", "[engage]")
{
    auto const p = upper_tier_battery();
    auto const threat = place(37.1, 128.3, 80e3);  // about 111 km north
    double const flight_s = flyout_time_s(p->flyout, 111e3, 80e3);
    CHECK(flight_s > 40);
    // The place is 111 km away to 0.25 %.
    CHECK(latest(*p, 500, threat) == Approx(500 - flight_s).epsilon(0).margin(0.3));
    CHECK(latest(*p, 510, threat) - latest(*p, 500, threat) == Approx(10));
}

TEST_CASE("ground range is the angle at the centre times the mean radius", "[engage][physics]")
{
    auto const range_km = [](Geodetic const& from, Geodetic const& to) {
        return earth_mean_radius_m * ground_angle_rad(site_frame(from), ecef_from_geodetic(to)) /
               1e3;
    };
    // A quarter of a meridian is 10001.966 km, a degree of the equator 111.3195 km (WGS 84).
    CHECK(range_km(place(0, 20), place(90, 0)) == Approx(10001.966).epsilon(0.0025));
    CHECK(range_km(place(0, 20), place(0, 21, 300e3)) == Approx(111.3195).epsilon(0.0025));
    CHECK(range_km(place(0, 20), place(0, 20, 300e3)) == Approx(0).margin(1e-6));
}

TEST_CASE("a battery meets nothing outside its altitudes or range", "[engage]")
{
    auto const p = upper_tier_battery();
    CHECK(latest(*p, 500, place(36.1, 128.3, 39e3)) == -never_s);
    CHECK(latest(*p, 500, place(36.1, 128.3, 41e3)) > 400);
    CHECK(latest(*p, 500, place(36.1, 128.3, 149e3)) > 400);
    CHECK(latest(*p, 500, place(36.1, 128.3, 151e3)) == -never_s);
    CHECK(latest(*p, 500, place(38.0, 128.3, 80e3)) == -never_s);  // 211 km
    CHECK(latest(*p, 500, place(37.8, 128.3, 80e3)) > 400);        // 189 km
}
