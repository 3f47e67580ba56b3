// The instant a flight passes closest over a place, against trying every instant.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/flight/arc.hpp"
#include "models/warning/overflight.hpp"

using namespace longwatch;

namespace {

SiteFrame place(double latitude_deg, double longitude_deg)
{
    return site_frame({latitude_deg * rad_per_deg, longitude_deg * rad_per_deg, 0});
}

/// A made-up flight eastward along a slanted track, climbing and coming down, over 1500 s.
Vec3<double, Ecef> track(double t_s)
{
    double const s = t_s / 1500;
    return ecef_from_geodetic(GeodeticPoint<double>{
        (39 + 4 * s - 2 * s * s) * rad_per_deg, (125.7 + 45 * s) * rad_per_deg, 4e6 * s * (1 - s)});
}

double tried_s(SiteFrame const& site, double low, double high)
{
    double best = low;
    for (double t = low; t <= high; t += 0.01) {
        if (ground_angle_rad(site, track(t)) < ground_angle_rad(site, track(best))) { best = t; }
    }
    return best;
}

/// Velocity by differences over 2 ms: good to 1e-6 of itself.
double rate(SiteFrame const& site, double t_s)
{
    return closeness_rate(site, track(t_s), 500.0 * (track(t_s + 1e-3) - track(t_s - 1e-3)));
}

}  // namespace

TEST_CASE("closeness stops growing where trying every instant finds the closest overflight",
          "[warning]")
{
    for (auto const& site : {place(43, 141), place(35.7, 139.7), place(45, 150), place(40, 135)}) {
        double const start = rate(site, 0), end = rate(site, 1500);
        REQUIRE((start > 0 && end < 0));
        double const found_s =
            1500 * crossing([&](double s) { return rate(site, 1500 * s); }, true, start, end);
        // Cosines near their maximum are flat: 1e-16 of closeness is 1e-8 rad of track, some 10 us.
        CHECK(found_s == Approx(tried_s(site, 0, 1500)).epsilon(0).margin(0.02));
    }
}

TEST_CASE("closeness to a place behind the start only falls, to one beyond the end only grows",
          "[warning]")
{
    for (double t = 0; t <= 1500; t += 10) {
        CHECK(rate(place(38, 120), t) < 0);
        CHECK(rate(place(42, 175), t) > 0);
    }
}

TEST_CASE("closeness is the cosine of the ground angle", "[warning]")
{
    auto const site = place(43, 141);
    for (double const t : {100.0, 400.0, 900.0}) {
        CHECK(closeness(site, track(t)) ==
              Approx(std::cos(ground_angle_rad(site, track(t)))).epsilon(1e-14));
    }
}
