// Places on the Earth as a study gives them.
#pragma once

namespace longwatch {

/// Geodetic position on WGS 84.
struct Geodetic {
    double latitude_rad = 0;
    double longitude_rad = 0;
    double altitude_m = 0;
};

/// All places within a distance of a centre; places are drawn uniformly over it.
struct Area {
    Geodetic center;
    double radius_m = 0;
};

}  // namespace longwatch
