// What the nodes of an exercise send one another. Instants are seconds since the beginning of the raid, on the exercise's clock, as
// far as they say nothing else; never_s or more: never.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "models/track/information.hpp"
#include "models/warning/network.hpp"

namespace longwatch {

/// The same piece of information, by whatever way it comes.
struct MessageId {
    std::int64_t flight = 0;
    MessageKind kind = MessageKind::alert;
    int maker = 0;  ///< the sensor of an alert or a track; the node of a prediction or an all-clear
    /// Of a track: its looks so far. Of a prediction: release class and quality in one number. Of an all-clear: the consumer.
    int number = 0;

    friend bool operator==(MessageId const& a, MessageId const& b)
    {
        return std::tie(a.flight, a.kind, a.maker, a.number) ==
               std::tie(b.flight, b.kind, b.maker, b.number);
    }
    friend bool operator<(MessageId const& a, MessageId const& b)
    {
        return std::tie(a.flight, a.kind, a.maker, a.number) <
               std::tie(b.flight, b.kind, b.maker, b.number);
    }
};

/// What a radar's looks tell of a flight, all of them so far: so that a lost update costs nothing once the next has come.
struct TrackReport {
    double t_look_s = 0;  ///< the last look in it
    double t_burnout_s =
        0;  ///< the epoch: the information is of the state then, see information.hpp
    std::array<double, information_size> information{};
    /// Information times the error of the estimate that these looks make: sums of looks are errors of fused estimates.
    std::array<double, state_size> error{};
};

/// Where a flight comes down, as its maker knows it.
struct ImpactEstimate {
    double latitude_rad = 0, longitude_rad = 0, t_impact_s = 0;
    /// The ellipse of one standard deviation: half axes, and the azimuth of the longer one, clockwise from north.
    double half_axis_major_m = 0, half_axis_minor_m = 0, major_azimuth_rad = 0;
    double time_sigma_s = 0;
};

/// Where a flight came from, as an infrared sensor saw it.
struct LaunchEstimate {
    double latitude_rad = 0, longitude_rad = 0, half_axis_m = 0;
};

struct LiveMessage {
    MessageId id;
    OriginSet origins = 0;   ///< that it rests on
    int stamp_origin = -1;   ///< the state that has re-stamped it; -1: none, it is as it was made
    double t_made_s = 0;     ///< by its maker's own clock
    double t_expires_s = 0;  ///< likewise
    std::optional<LaunchEstimate> launch;  ///< of an alert that tells it
    std::optional<TrackReport> track;
    std::optional<ImpactEstimate> impact;  ///< of a prediction
    std::vector<std::uint8_t> signature;   ///< its maker's, where it has come by a wire

    /// Whose it is by the rules of release.
    OriginSet counts_as() const
    {
        return stamp_origin < 0 ? origins : OriginSet{1} << stamp_origin;
    }
};

/// A message on its way to the end of a link.
struct SentMessage {
    int link = 0;
    double t_leaves_s = 0, t_arrives_s = 0;
    LiveMessage message;
};

}  // namespace longwatch
