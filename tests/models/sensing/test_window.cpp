// The bound on when a radar could see a flight, against moving targets at random.
#include <catch2/catch.hpp>

#include <cmath>
#include <random>

#include "models/sensing/window.hpp"

using namespace longwatch;

namespace {

SensorParams sensor(double earth_radius_factor)
{
    SensorParams s;
    s.frame = site_frame({0.7, 2.3, 100});
    s.radar.instrumented_range_m = 2000e3;
    s.radar.azimuth_center_rad = 3;
    s.radar.azimuth_half_width_rad = 1;
    s.radar.face_count = 2;
    s.radar.face_offset_rad[1] = 1.5;
    s.radar.elevation_min_rad = 0.05;
    s.radar.elevation_max_rad = 1.4;
    s.radar.earth_radius_factor = earth_radius_factor;
    fill_sectors(s.radar);
    return s;
}

class Chance {
public:
    double between(double low, double high)
    {
        return std::uniform_real_distribution<double>(low, high)(words_);
    }
    /// A step of any direction.
    Vec3<double, Ecef> step(double length_m)
    {
        std::normal_distribution<double> normal;
        Vec3<double, Ecef> const v{normal(words_), normal(words_), normal(words_)};
        return (length_m / std::sqrt(dot(v, v))) * v;
    }

private:
    std::mt19937_64 words_{11};
};

bool is_covered(SensorParams const& s, Vec3<double, Ecef> const& point_m)
{
    return in_coverage(s.radar, s.radar.coverage,
                       radar_geometry(s.frame, s.radar.earth_radius_factor, point_m));
}

/// Anywhere within 2600 km of the radar and not below its horizon by more than 10 degrees.
Vec3<double, Ecef> near_by(SensorParams const& s, Chance& chance)
{
    double const range_m = 2600e3 * std::cbrt(chance.between(0, 1));
    double const azimuth = chance.between(-pi, pi), elevation = chance.between(-0.17, pi / 2);
    double const level_m = range_m * std::cos(elevation);
    auto const& axes = s.frame.enu_from_ecef;
    return s.frame.position_m + (level_m * std::sin(azimuth)) * axes.row_x +
           (level_m * std::cos(azimuth)) * axes.row_y +
           (range_m * std::sin(elevation)) * axes.row_z;
}

double out_m(SensorParams const& s, Vec3<double, Ecef> const& point_m)
{
    return out_of_view_m(s.radar, straight_geometry(s.frame, point_m));
}

}  // namespace

TEST_CASE("no target comes into a radar's coverage by moving less than it is out of view",
          "[sensing]")
{
    for (double const k : {1.0, 4.0 / 3, 1.2}) {
        auto const s = sensor(k);
        Chance chance;
        int entered = 0;
        for (int n = 0; n < 60000; ++n) {
            auto const inside = near_by(s, chance);
            double const step_m = std::pow(10.0, chance.between(2, 6));
            auto const outside = inside + chance.step(step_m);
            if (!is_covered(s, inside) || is_covered(s, outside)) { continue; }
            ++entered;
            // Rounding of positions of some 1e7 m.
            REQUIRE(out_m(s, outside) <= step_m + 1e-6);
            REQUIRE(may_see(s, outside, step_m + 1e-6));
        }
        CHECK(entered > 500);
    }
}

TEST_CASE(
    "without refraction a target that is out of view by nothing is in coverage, and no other is",
    "[sensing]")
{
    auto const s = sensor(1);
    Chance chance;
    int covered = 0;
    for (int n = 0; n < 20000; ++n) {
        auto const point = near_by(s, chance);
        REQUIRE(is_covered(s, point) == (out_m(s, point) <= 0));
        covered += is_covered(s, point) ? 1 : 0;
    }
    CHECK((covered > 2000 && covered < 18000));
}

TEST_CASE(
    "a target straight beyond a radar's range, above its sector or below it is out by the shortest "
    "way",
    "[sensing]")
{
    auto const s = sensor(1);
    auto const at = [](double range_m, double elevation_rad) {
        double const level_m = range_m * std::cos(elevation_rad);
        // On the boresight of the first face.
        return RadarGeometry<double>{range_m, level_m * std::sin(3.0), level_m * std::cos(3.0),
                                     range_m * std::sin(elevation_rad), level_m};
    };
    CHECK(out_of_view_m(s.radar, at(2500e3, 0.5)) == Approx(500e3).epsilon(1e-12));
    CHECK(out_of_view_m(s.radar, at(1000e3, 1.5)) == Approx(1000e3 * std::sin(0.1)).epsilon(1e-9));
    CHECK(out_of_view_m(s.radar, at(1000e3, 0.01)) ==
          Approx(1000e3 * std::sin(0.04)).epsilon(1e-9));
    // Nothing seen is far out of view, and nothing far out of view may be seen.
    CHECK(out_of_view_m(s.radar, at(1000e3, 0.5)) < 0);
    CHECK_FALSE(may_see(s, s.frame.position_m + 2500e3 * s.frame.enu_from_ecef.row_z, 400e3));
    CHECK_FALSE(may_see(s, s.frame.position_m + -1e6 * s.frame.enu_from_ecef.row_z, 100e3));
}
