// What a random number is for.
#pragma once

#include <cstdint>

#include "models/math/real.hpp"

namespace longwatch {

/// Kinds of draws. A number once given is never given to another kind.
enum class DrawKind : std::uint32_t {
    launch_place = 1,
    aim_place = 2,
    thrust = 3,
    specific_impulse = 4,
    drag = 5,
    ballistic_coefficient = 6,
    air_density = 7,
    rcs = 8,
    look_phase = 9,
    look = 10,
    cloud_top = 11,
    processing = 12,
    link_latency = 13,
    link_availability = 14,
    relay = 15,
    fusion = 16,
    decision = 17,
    commit = 18,
    shot = 19,
    wind_east = 20,
    wind_north = 21,
    density_profile = 22,
    scramble = 23,
    stratum = 24,
    link_release = 25,
    link_slot = 26,
    link_repair = 27,
    link_loss = 28,
    sensor_availability = 29,
    orbit = 30,
    break_up = 31,
    track_loss = 32,
    patrol = 33,
    link_queue = 34,
    node_release = 35,
    precaution = 36,
    fusion_wait = 37,
    ignition = 38,
    battery_availability = 39,
    discrimination = 40,
    common_failure = 41,
    handover = 42,
    seeker_noise = 43,
    assessment = 44,
    importance = 45,
    measurement = 46,
};

/// What the flights of one raid have in common: outages, where ships stand, the weather, the attack itself.
LW_FUNC bool is_of_raid(DrawKind kind)
{
    switch (kind) {
    case DrawKind::link_availability:
    case DrawKind::link_repair:
    case DrawKind::sensor_availability:
    case DrawKind::patrol:
    case DrawKind::orbit:
    case DrawKind::cloud_top:
    case DrawKind::air_density:
    case DrawKind::wind_east:
    case DrawKind::wind_north:
    case DrawKind::density_profile:
    case DrawKind::ignition:
    case DrawKind::battery_availability:
    case DrawKind::importance: return true;
    default: return false;
    }
}

/// A kind, and the hash of the name of the entity it is drawn for (0 for the flight itself).
struct Purpose {
    DrawKind kind;
    std::uint32_t name_hash = 0;
};

}  // namespace longwatch
