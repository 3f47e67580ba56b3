// Interceptors and the batteries that fire them.
#pragma once

#include <cstdint>

#include "models/earth/position.hpp"
#include "models/earth/site.hpp"
#include "models/math/distribution.hpp"

namespace longwatch {

/// Least time of flight over ground range and altitude, made on the host by flyout.hpp.
/// Entry [i][j]: range i * range_step_m, altitude j * altitude_step_m; never_s where out of reach.
inline constexpr int flyout_range_points = 96;
inline constexpr int flyout_altitude_points = 64;
struct FlyoutTable {
    double range_step_m = 0;
    double altitude_step_m = 0;
    double time_s[flyout_range_points * flyout_altitude_points] = {};
};

struct InterceptorParams {
    double burnout_speed_mps = 0;  ///< ideal, without gravity loss
    double boost_s = 0;            ///< constant acceleration until then
    double range_max_m = 0;        ///< ground range limit of the kill vehicle's employment
    double altitude_min_m = 0;
    double altitude_max_m = 0;
    double kill_probability = 0;  ///< single shot
};

/// A battery as the doctrine uses it.
struct BatteryParams {
    int node = 0;
    std::uint32_t name_hash = 0;
    Geodetic site;
    SiteFrame frame;            ///< of the site; filled by preparing
    std::uint32_t threats = 0;  ///< bit per threat it may take
    int quality = 0;            ///< index of the quality it needs to commit
    InterceptorParams interceptor;
    Distribution commit_s;    ///< from good enough track to launch
    int salvo = 1;            ///< interceptors per salvo
    int salvos_max = 1;       ///< more than one: shoot, look, shoot
    double assessment_s = 0;  ///< kill assessment between salvos
    int inventory = 0;        ///< interceptors that may be spent on one flight
    FlyoutTable flyout;
};

LW_FUNC bool may_take(BatteryParams const& battery, int threat)
{
    return (battery.threats >> threat & 1U) != 0;
}

}  // namespace longwatch
