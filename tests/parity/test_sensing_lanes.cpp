// Sensing and engagement geometry in lanes against the same code on plain numbers.
#include <catch2/catch.hpp>

#include <cmath>
#include <memory>
#include <random>

#include "kernels/lanes/xsimd_lanes.hpp"
#include "models/earth/us_standard_1976.hpp"
#include "models/engage/battlespace.hpp"
#include "models/sensing/infrared.hpp"
#include "models/sensing/look.hpp"

using namespace longwatch;

namespace {

constexpr int width = Lane<Lanes>::width;

/// One Real per flight, read as lanes and as numbers.
struct Values {
    alignas(64) double at[width];

    Lanes lanes() const { return Lanes::load_aligned(at); }
};

struct Targets {
    Values x, y, z, altitude;

    Vec3<Lanes, Ecef> lanes() const { return {x.lanes(), y.lanes(), z.lanes()}; }
    Vec3<double, Ecef> scalar(int lane) const { return {x.at[lane], y.at[lane], z.at[lane]}; }
};

/// Targets around 37 N, 130 E, some of them far over the horizon.
Targets random_targets(std::mt19937_64& random)
{
    std::uniform_real_distribution<double> latitude(20, 55), longitude(100, 160),
        altitude(0, 1500e3);
    Targets t;
    for (int lane = 0; lane < width; ++lane) {
        t.altitude.at[lane] = altitude(random);
        auto const r = ecef_from_geodetic(Geodetic{
            latitude(random) * rad_per_deg, longitude(random) * rad_per_deg, t.altitude.at[lane]});
        t.x.at[lane] = r.x;
        t.y.at[lane] = r.y;
        t.z.at[lane] = r.z;
    }
    return t;
}

Geodetic site() { return {36.1 * rad_per_deg, 128.3 * rad_per_deg, 200}; }

double lane_of(Lanes const& x, int lane) { return Lane<Lanes>::at(x, lane); }

}  // namespace

TEST_CASE("radar geometry in lanes is the scalar one", "[parity]")
{
    std::mt19937_64 random(3);
    auto const frame = site_frame(site());
    RadarParams p;
    p.instrumented_range_m = 2500e3;
    p.azimuth_center_rad = -1.2;
    p.azimuth_half_width_rad = 1.0;
    p.elevation_max_rad = 1.4;
    for (double const k : {1.0, 4.0 / 3}) {
        double worst = 0;
        int different = 0, inside = 0;
        for (int n = 0; n < 500; ++n) {
            auto const targets = random_targets(random);
            auto const g = radar_geometry(frame, k, targets.lanes());
            auto const in = in_coverage(p, radar_sector(p), g);
            for (int lane = 0; lane < width; ++lane) {
                auto const s = radar_geometry(frame, k, targets.scalar(lane));
                worst =
                    std::fmax(worst, std::fabs(lane_of(elevation_rad(g), lane) - elevation_rad(s)));
                worst = std::fmax(worst, std::fabs(lane_of(azimuth_rad(g), lane) - azimuth_rad(s)));
                worst = std::fmax(worst,
                                  std::fabs(lane_of(g.slant_range_m, lane) / s.slant_range_m - 1));
                different +=
                    Lane<Lanes>::at(in, lane) != in_coverage(p, radar_sector(p), s) ? 1 : 0;
                inside += in_coverage(p, radar_sector(p), s) ? 1 : 0;
            }
        }
        CHECK(worst < 1e-13);  // the last places of two libraries' sines and arc tangents
        CHECK(different == 0);
        CHECK(inside > 10);
    }
}

TEST_CASE("a detection probability in lanes is the scalar one", "[parity]")
{
    std::mt19937_64 random(5);
    std::uniform_real_distribution<double> db(-30, 60);
    for (int const swerling : {0, 1}) {
        auto const curve = detection_curve({.swerling = swerling});
        double worst = 0;
        for (int n = 0; n < 500; ++n) {
            Values snr;
            for (double& value : snr.at) { value = std::pow(10.0, db(random) / 10); }
            snr.at[0] = n % 7 == 0 ? 0 : snr.at[0];
            auto const p = probability_of_detection(curve, snr.lanes());
            for (int lane = 0; lane < width; ++lane) {
                worst = std::fmax(worst, std::fabs(lane_of(p, lane) -
                                                   probability_of_detection(curve, snr.at[lane])));
            }
        }
        CHECK(worst < 1e-13);
    }
}

TEST_CASE("what an infrared satellite sees in lanes is what it sees", "[parity]")
{
    std::mt19937_64 random(7);
    InfraredParams p;
    p.satellite_longitude_rad = 60 * rad_per_deg;  // low over the horizon of the eastern targets
    p.threshold_wpsr = 1e5;
    p.brightness = {3, {0, 80e3, 300e3}, {1, 0.05, 0.6}};
    Plume<double> const plume{4e5, true};
    Plume<Lanes> const plumes{Lanes(4e5), Lanes(0.0) < Lanes(1.0)};
    auto const satellite = satellite_position_m(p, 0.5);
    int different = 0, visible = 0;
    for (int n = 0; n < 500; ++n) {
        auto const targets = random_targets(random);
        auto const in = plume_visible(p, in_every_lane<Lanes>(satellite), targets.lanes(),
                                      targets.altitude.lanes(), Lanes(8e3), plumes);
        for (int lane = 0; lane < width; ++lane) {
            bool const s = plume_visible(p, satellite, targets.scalar(lane),
                                         targets.altitude.at[lane], 8e3, plume);
            different += Lane<Lanes>::at(in, lane) != s ? 1 : 0;
            visible += s ? 1 : 0;
        }
    }
    CHECK(different == 0);
    CHECK(visible > 100);
    CHECK(visible < 500 * width);
}

TEST_CASE("the latest launch in lanes is the scalar one", "[parity]")
{
    std::mt19937_64 random(9);
    auto battery = std::make_unique<BatteryParams>();
    battery->frame = site_frame(site());
    battery->interceptor.booster.burnout_speed_mps = 4500;
    battery->interceptor.booster.boost_s = 70;
    battery->interceptor.range_max_m = 2500e3;
    battery->interceptor.altitude_min_m = 100e3;
    battery->interceptor.altitude_max_m = 1000e3;
    auto const surface =
        std::make_unique<FlyoutSurface>(flyout_surface(battery->interceptor, us_standard_1976()));
    double worst_s = 0;
    int different = 0, reachable = 0;
    for (int n = 0; n < 500; ++n) {
        auto const targets = random_targets(random);
        auto const t = latest_launch_s(*battery, *surface, Lanes(800.0), targets.lanes(),
                                       targets.altitude.lanes());
        for (int lane = 0; lane < width; ++lane) {
            double const s = latest_launch_s(*battery, *surface, 800.0, targets.scalar(lane),
                                             targets.altitude.at[lane]);
            bool const reached = s > -never_s;
            different += reached != (lane_of(t, lane) > -never_s) ? 1 : 0;
            reachable += reached ? 1 : 0;
            if (reached) { worst_s = std::fmax(worst_s, std::fabs(lane_of(t, lane) - s)); }
        }
    }
    CHECK(different == 0);
    CHECK(reachable > 200);
    CHECK(worst_s < 1e-9);
}
