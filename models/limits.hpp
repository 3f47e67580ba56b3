// The largest study one run takes. Parameters are plain structs of these sizes, so that a whole
// scenario is copied to a device in one piece; the study reader refuses what does not fit.
#pragma once

namespace longwatch {

inline constexpr int max_threats = 16;
inline constexpr int max_stages = 4;
inline constexpr int max_thrust_points = 8;
inline constexpr int max_drag_points = 16;
inline constexpr int max_weather_rows = 16;
inline constexpr int max_brightness_rows = 8;
inline constexpr int max_aspect_rows = 8;
inline constexpr int max_faces = 4;  ///< of a radar
inline constexpr int max_sensors = 64;
inline constexpr int max_origins = 16;  ///< states whose sensors feed the network
inline constexpr int max_nodes = 64;
inline constexpr int max_links = 256;
inline constexpr int max_arms = 16;
inline constexpr int max_consumers = 32;
inline constexpr int max_batteries = 16;
inline constexpr int max_raid_size = 100;     ///< flights of one attack
inline constexpr int max_fire_channels = 16;  ///< of one battery
inline constexpr int max_salvo = 8;
inline constexpr int max_release_classes =
    8;  ///< distinct sets of origins an arm's predictions may rest on
inline constexpr int max_initiation_looks = 32;  ///< n of m-of-n
inline constexpr int max_tracks_required = 4;    ///< before a node predicts
inline constexpr int max_qualities = 8;          ///< distinct track qualities asked for

}  // namespace longwatch
