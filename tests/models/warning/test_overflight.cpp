// The instant a flight passes closest over a place, against trying every instant.
#include <catch2/catch.hpp>

#include <cmath>

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

double found_s(SiteFrame const& site, double low, double high)
{
    return time_of_maximum([&](double t) { return closeness(site, track(t)); }, low, high);
}

}  // namespace

TEST_CASE("the closest overflight is where trying every instant finds it", "[warning]")
{
    for (auto const& site : {place(43, 141), place(35.7, 139.7), place(45, 150), place(40, 135)}) {
        // Cosines near their maximum are flat: 1e-16 of closeness is 1e-8 rad of track, some 10 us.
        CHECK(found_s(site, 0, 1500) == Approx(tried_s(site, 0, 1500)).epsilon(0).margin(0.02));
    }
}

TEST_CASE("a place behind the start or beyond the end is closest at that end", "[warning]")
{
    CHECK(found_s(place(38, 120), 0, 1500) == Approx(0).margin(0.01));
    CHECK(found_s(place(42, 175), 0, 1500) == Approx(1500).epsilon(0).margin(0.01));
}

TEST_CASE("closeness is the cosine of the ground angle", "[warning]")
{
    auto const site = place(43, 141);
    for (double const t : {100.0, 400.0, 900.0}) {
        CHECK(closeness(site, track(t)) ==
              Approx(std::cos(ground_angle_rad(site, track(t)))).epsilon(1e-14));
    }
}
