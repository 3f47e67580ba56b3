// Where the time from ignition to an actionable message goes, along the path of the message that came
// first. The parts follow one another in time, so they add up to the whole:
//
//   geometry      until the winning sensor has the flight in coverage (or the plume above the clouds)
//   detection     until it first detects it
//   confirmation  until its track is firm or its report is out; and, for an impact prediction, from
//                 there until the node that predicts knows enough
//   processing    at the sensor, and of fusion
//   link          on the way: transmission, waiting for a slot, for a repair or for retransmission
//   release       people and relays: until nodes pass on what they received, until links release it
//   decision      from the message to acting on it
//
// The winning sensor of an alert or a track is the one that made it. That of a prediction is the one
// whose track the predicting node held first; what later tracks add shortens the confirmation.
#pragma once

#include "models/math/real.hpp"

namespace longwatch {

enum class DelayPart : int {
    geometry,
    detection,
    confirmation,
    processing,
    link,
    release,
    decision
};
inline constexpr int delay_part_count = 7;
inline constexpr char const* delay_part_names[delay_part_count] = {
    "geometry", "detection", "confirmation", "processing", "link", "release", "decision"};

/// When a sensor's track or report came about; never_s where it did not.
template <class Real>
struct SensorTimes {
    Real t_visible_s;   ///< first in coverage
    Real t_detect_s;    ///< first detected
    Real t_firm_s;      ///< firm track, or report
    Real processing_s;  ///< from there to a message at the sensor's node
};

template <class Real>
struct DelayParts {
    Real part_s[delay_part_count];

    LW_FUNC Real& operator[](DelayPart part) { return part_s[static_cast<int>(part)]; }
};

/// The parts up to a message that travelled for `travel_s`, of which `link_s` on links.
template <class Real>
LW_FUNC DelayParts<Real> message_delay(SensorTimes<Real> const& sensor, Real const& travel_s,
                                       Real const& link_s)
{
    return {{sensor.t_visible_s, sensor.t_detect_s - sensor.t_visible_s,
             sensor.t_firm_s - sensor.t_detect_s, sensor.processing_s, link_s, travel_s - link_s,
             Real(0)}};
}

}  // namespace longwatch
