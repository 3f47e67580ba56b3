// Ground tracks: what a result tells of where each threat flies.
#include <catch2/catch.hpp>

#include <algorithm>

#include "host/plan/ground_tracks.hpp"
#include "host/plan/prepare.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;

TEST_CASE("a ground track leads from the launch centre over the apogee to the aim centre", "[plan]")
{
    auto study = study_of(small_study);
    prepare(study);
    auto const tracks = ground_tracks(*study.scenario);
    REQUIRE(tracks.size() == study.threats.size());
    auto const& track = tracks.at(0);
    REQUIRE(track.t_s.size() == GroundTrack::points);
    CHECK(track.t_s.front() == 0);
    CHECK(std::is_sorted(track.t_s.begin(), track.t_s.end()));
    // The study's launch, 10 N 20 E, to the rounding of a geodetic place.
    CHECK(track.latitude_deg.front() == Approx(10).margin(1e-9));
    CHECK(track.longitude_deg.front() == Approx(20).margin(1e-9));
    CHECK(track.altitude_km.front() == Approx(0).margin(1e-6));
    // The study's aim, 12 N 24 E; aiming leaves at most aim_miss_99_max_m = 5 km, 0.05 degrees.
    CHECK(track.latitude_deg.back() == Approx(12).margin(0.05));
    CHECK(track.longitude_deg.back() == Approx(24).margin(0.05));
    CHECK(track.altitude_km.back() == Approx(0).margin(0.01));
    // The study's apogee, 150 km. Between two of the points, some 3 s apart, the flight falls by less
    // than 10 m/s^2 (1.5 s)^2 / 2 = 11 m; the aim map leaves up to 1 % of it.
    auto const apogee_km = *std::max_element(track.altitude_km.begin(), track.altitude_km.end());
    CHECK(apogee_km == Approx(150).epsilon(0.01));
}
