// A battery: its interceptors, where it stands, and the doctrine by which it fires them.
#pragma once

#include <cstdint>

#include "models/earth/site.hpp"
#include "models/engage/interceptor.hpp"
#include "models/math/distribution.hpp"

namespace longwatch {

struct BatteryParams {
    int node = 0;
    std::uint32_t name_hash = 0;
    Geodetic site;
    SiteFrame frame;            ///< of the site; filled by preparing
    std::uint32_t threats = 0;  ///< bit per threat it may take
    int quality = 0;            ///< index of the quality it needs to commit
    InterceptorParams interceptor;
    int surface = 0;          ///< which of the scenario's fly-out surfaces; filled by preparing
    Distribution commit_s;    ///< from good enough track to launch
    int tier = 1;             ///< a battery waits while one of a lower number can still engage
    double keep_out_m = 0;    ///< altitude below which it must not intercept
    int salvo = 1;            ///< interceptors per salvo
    int salvos_max = 1;       ///< at one flight; more than one: shoot, look, shoot
    int shots_max = 1;        ///< at one flight
    double assessment_s = 0;  ///< from an intercept until it is told whether the flight is killed
    double false_kill = 0;    ///< probability that one which lives is taken for killed
    double missed_kill = 0;   ///< probability that one which is killed is taken for alive
    int inventory = 1;        ///< interceptors for the whole raid
    double launch_interval_s = 0;  ///< between launches, of a salvo or of two
    int fire_channels = 0;         ///< salvos in flight at a time; 0: any number
    double availability = 1;       ///< probability that it takes part in a raid at all
    double discrimination =
        1;  ///< probability that it aims at the right object: of all shots at a flight
    double common_failure = 0;  ///< probability that all its shots at a flight fail together
};

LW_FUNC bool may_take(BatteryParams const& battery, int threat)
{
    return (battery.threats >> threat & 1U) != 0;
}

/// Instants slot * slot_s of a flight at which an intercept is considered.
struct InterceptGrid {
    int slot_count = 0;
    double slot_s = 0;
};

}  // namespace longwatch
