// Several faces of one radar, what looking off boresight costs, and a search that covers less than the radar does.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/sensing/look.hpp"

using namespace longwatch;

namespace {

RadarParams two_faces()
{
    RadarParams p;
    p.reference_range_m = 1e6;
    p.reference_snr = 20;
    p.instrumented_range_m = 5e6;
    p.azimuth_center_rad = 90 * rad_per_deg;
    p.face_count = 2;
    p.face_offset_rad[0] = -60 * rad_per_deg;
    p.face_offset_rad[1] = 60 * rad_per_deg;
    p.azimuth_half_width_rad = 60 * rad_per_deg;
    p.elevation_min_rad = 3 * rad_per_deg;
    p.elevation_max_rad = 85 * rad_per_deg;
    return p;
}

RadarGeometry<double> at(double azimuth_deg, double elevation_deg)
{
    double const a = azimuth_deg * rad_per_deg, e = elevation_deg * rad_per_deg, R = 1e6;
    double const level = R * std::cos(e);
    return {R, level * std::sin(a), level * std::cos(a), R * std::sin(e), level};
}

double off_boresight_db(RadarParams const& p, double azimuth_deg, double elevation_deg)
{
    return 10 * std::log10(scan_factor(p, radar_sector(p), at(azimuth_deg, elevation_deg)));
}

}  // namespace

TEST_CASE("two faces cover what either covers", "[sensing]")
{
    auto const p = two_faces();
    auto const sees = [&](double azimuth_deg) {
        return in_coverage(p, radar_sector(p), at(azimuth_deg, 20));
    };
    // Boresights at 30 and 150 deg, sectors from -30 to 90 and from 90 to 210.
    for (double const azimuth : {-29.0, 0.0, 30.0, 89.0, 91.0, 150.0, 209.0}) {
        CHECK(sees(azimuth));
    }
    for (double const azimuth : {-31.0, 211.0, 270.0}) { CHECK_FALSE(sees(azimuth)); }
}

TEST_CASE("off boresight the echo falls by the power of the cosine", "[sensing]")
{
    auto p = two_faces();
    CHECK(off_boresight_db(p, 90, 0) == 0);
    p.scan_loss_exponent = 3;
    CHECK(off_boresight_db(p, 30, 0) == Approx(0).margin(1e-9));
    CHECK(off_boresight_db(p, 150, 0) == Approx(0).margin(1e-9));
    // Halfway between the faces: 60 deg off both. 30 log10(cos 60) = -9.03 dB.
    CHECK(off_boresight_db(p, 90, 0) == Approx(-9.0309).margin(1e-3));
    CHECK(off_boresight_db(p, 30, 45) == Approx(30 * std::log10(std::cos(pi / 4))).margin(1e-9));
    p.face_tilt_rad = 20 * rad_per_deg;
    CHECK(off_boresight_db(p, 30, 20) == Approx(0).margin(1e-9));
    CHECK(off_boresight_db(p, 30, 0) ==
          Approx(30 * std::log10(std::cos(20 * rad_per_deg))).margin(1e-9));
    // The angle between two directions, by the law of cosines on the sphere.
    double const e = 50 * rad_per_deg, d = 40 * rad_per_deg, tilt = p.face_tilt_rad;
    double const cosine = std::sin(tilt) * std::sin(e) + std::cos(tilt) * std::cos(e) * std::cos(d);
    CHECK(off_boresight_db(p, 70, 50) == Approx(30 * std::log10(cosine)).margin(1e-9));
}

TEST_CASE("a search covers its fence, a cue all of the coverage", "[sensing]")
{
    auto p = two_faces();
    p.fence_elevation_min_rad = 3 * rad_per_deg;
    p.fence_elevation_max_rad = 10 * rad_per_deg;
    p.fence_half_width_rad = 60 * rad_per_deg;
    auto const fence = fence_sector(p);
    CHECK(in_sector(fence, at(30, 5)));
    CHECK_FALSE(in_sector(fence, at(30, 11)));
    p.false_alarm_probability = 1e-6;
    p.detection = detection_curve(detection_rule(p));
    auto const above = take_look(p, true, false, 1e4, 0.5);
    CHECK(above.hit_cued);
    CHECK_FALSE(above.hit_searching);
    auto const inside = take_look(p, true, true, 1e4, 0.5);
    CHECK(inside.hit_searching);
}
