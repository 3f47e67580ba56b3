// When a battery must launch.
#include <catch2/catch.hpp>

#include <memory>

#include "models/earth/us_standard_1976.hpp"
#include "models/engage/battlespace.hpp"

using namespace longwatch;

namespace {

Geodetic place(double latitude_deg, double longitude_deg, double altitude_m = 0)
{
    return {latitude_deg * rad_per_deg, longitude_deg * rad_per_deg, altitude_m};
}

struct UpperTier {
    BatteryParams battery;
    std::unique_ptr<FlyoutSurface> surface;
};
UpperTier upper_tier_battery()
{
    UpperTier p;
    p.battery.site = place(36.1, 128.3);
    p.battery.frame = site_frame(p.battery.site);
    p.battery.interceptor.booster.burnout_speed_mps = 2800;
    p.battery.interceptor.booster.boost_s = 18;
    p.battery.interceptor.range_max_m = 200e3;
    p.battery.interceptor.altitude_min_m = 40e3;
    p.battery.interceptor.altitude_max_m = 150e3;
    p.surface =
        std::make_unique<FlyoutSurface>(flyout_surface(p.battery.interceptor, us_standard_1976()));
    return p;
}

double latest(UpperTier const& p, double t_s, Geodetic const& threat)
{
    return latest_launch_s(p.battery, *p.surface, t_s, ecef_from_geodetic(threat),
                           threat.altitude_m);
}

}  // namespace

TEST_CASE("the latest launch precedes the intercept by the time of flight", "[engage]")
{
    auto const p = upper_tier_battery();
    auto const threat = place(37.1, 128.3, 80e3);  // about 111 km north
    double const flight_s = flyout_time_s(*p.surface, 111e3, 80e3);
    CHECK(flight_s > 40);
    // The place is 111 km away to 0.25 %.
    CHECK(latest(p, 500, threat) == Approx(500 - flight_s).epsilon(0).margin(0.3));
    CHECK(latest(p, 510, threat) - latest(p, 500, threat) == Approx(10));
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
    CHECK(latest(p, 500, place(36.1, 128.3, 39e3)) == -never_s);
    CHECK(latest(p, 500, place(36.1, 128.3, 41e3)) > 400);
    CHECK(latest(p, 500, place(36.1, 128.3, 149e3)) > 400);
    CHECK(latest(p, 500, place(36.1, 128.3, 151e3)) == -never_s);
    CHECK(latest(p, 500, place(38.0, 128.3, 80e3)) == -never_s);  // 211 km
    CHECK(latest(p, 500, place(37.8, 128.3, 80e3)) > 400);        // 189 km
}

TEST_CASE("a battery meets nothing below its keep-out altitude", "[engage]")
{
    auto p = upper_tier_battery();
    p.battery.keep_out_m = 70e3;
    CHECK(latest(p, 500, place(36.1, 128.3, 69e3)) == -never_s);
    CHECK(latest(p, 500, place(36.1, 128.3, 71e3)) > 400);
}

TEST_CASE("an interceptor arrives outward along the great circle, and up", "[engage][physics]")
{
    auto const p = upper_tier_battery();
    // Due north of the battery, so north (over the sphere) and up.
    auto const threat = ecef_from_geodetic(place(37.1, 128.3, 80e3));
    auto const v = interceptor_velocity(p.battery.frame, threat, Arrival<double>{60, 1500, 1200});
    auto const enu = enu_from_ecef(37.1 * rad_per_deg, 128.3 * rad_per_deg) * v;
    CHECK(enu.x == Approx(0).margin(1e-6));
    // The sphere's up is off the ellipsoid's by up to 0.2 deg, 7 m/s of 1900.
    CHECK(enu.y == Approx(1500).margin(7));
    CHECK(enu.z == Approx(1200).margin(7));
    auto const above = ecef_from_geodetic(place(36.1, 128.3, 80e3));
    auto const straight =
        interceptor_velocity(p.battery.frame, above, Arrival<double>{60, 0, 1900});
    CHECK(norm(straight) == Approx(1900));
}

TEST_CASE("a crossing angle is counted from head-on", "[engage]")
{
    InterceptorParams p;
    Vec3<double, Ecef> const up{0, 0, 1000};
    auto const from = [](double off_head_on_deg) {
        double const a = off_head_on_deg * rad_per_deg;
        return Vec3<double, Ecef>{5000 * std::sin(a), 0, -5000 * std::cos(a)};
    };
    p.crossing_angle_max_rad = 60 * rad_per_deg;
    CHECK(crosses_within(p, up, from(0)));
    CHECK(crosses_within(p, up, from(59.9)));
    CHECK_FALSE(crosses_within(p, up, from(60.1)));
    CHECK_FALSE(crosses_within(p, up, from(180)));
    p.crossing_angle_max_rad = pi;
    CHECK(crosses_within(p, up, from(180)));
}

TEST_CASE("nothing is met before the interceptor's boost is over", "[engage]")
{
    // 2800 m/s after 18 s: 25 km up takes it about that long; with a kill vehicle to home, two seconds more.
    auto p = upper_tier_battery();
    p.battery.interceptor.altitude_min_m = 0;
    auto const least_m = [&] {
        for (double h_m = 5e3;; h_m += 500) {
            if (latest(p, 500, place(36.1, 128.3, h_m)) > 0) { return h_m; }
        }
    };
    double const boosted_m = least_m();
    CHECK(500 - latest(p, 500, place(36.1, 128.3, boosted_m)) == Approx(18).margin(0.5));
    p.battery.interceptor.is_simulated = true;
    CHECK(500 - latest(p, 500, place(36.1, 128.3, least_m())) == Approx(20).margin(0.5));
    CHECK(least_m() > boosted_m + 4000);
}
