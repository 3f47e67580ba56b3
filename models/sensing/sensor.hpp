// A sensor of a study: a radar or a space infrared sensor, its place and its node.
#pragma once

#include <cstdint>

#include "models/earth/position.hpp"
#include "models/earth/site.hpp"
#include "models/limits.hpp"
#include "models/math/distribution.hpp"
#include "models/sensing/detection_curve.hpp"

namespace longwatch {

enum class SensorKind : int { radar, infrared };

/// The limits of a radar's coverage, or of its search, as directions, so that no angle need be found for a
/// target.
struct RadarSector {
    double sin_elevation_min, cos_elevation_min, sin_elevation_max, cos_elevation_max;
    double cos_half_width;
    int face_count;
    double sin_boresight[max_faces], cos_boresight[max_faces];
};

/// A surveillance radar, sized by a published or assumed reference range: at reference_range_m a
/// target of reference_rcs_m2 gives the signal-to-noise ratio reference_snr (a ratio, not dB).
struct RadarParams {
    double reference_range_m = 0;
    double reference_rcs_m2 = 1;
    double reference_snr = 20;  ///< of all pulses of a look together
    double instrumented_range_m = 0;
    double azimuth_center_rad = 0;  ///< clockwise from north
    int face_count = 1;
    double face_offset_rad[max_faces] = {0};  ///< boresight of each face, from azimuth_center
    double azimuth_half_width_rad = 0;        ///< of each face's sector, about its boresight
    double face_tilt_rad = 0;                 ///< elevation of the boresights
    double scan_loss_exponent = 0;  ///< SNR falls as this power of the cosine off boresight
    double elevation_min_rad = 0;   ///< mask, above the local horizontal
    double elevation_max_rad = 0;
    double earth_radius_factor = 1;  ///< 1 true horizon; 4/3 standard refraction
    /// Where it searches; it follows a cue anywhere in coverage.
    double fence_elevation_min_rad = 0, fence_elevation_max_rad = 0, fence_half_width_rad = 0;
    double look_period_s = 0;  ///< search frame time
    double cue_gain = 1;    ///< factor on SNR for a look that knows where to point (ratio, not dB)
    int hits_required = 0;  ///< m of
    int looks_considered = 0;    ///< n for a firm track
    double firm_sigma_m = 0;     ///< position across the line that a firm track must know; 0: any
    double bandwidth_hz = 0;     ///< range accuracy
    double beamwidth_rad = 0;    ///< 3 dB, angle accuracy
    double range_floor_m = 0;    ///< error of a range however strong the echo
    double angle_floor_rad = 0;  ///< the same of an angle
    int swerling = 1;            ///< case 0 to 4
    int pulses = 1;              ///< of a look
    bool coherent = true;        ///< pulses are added up before detection, else after it
    double cfar_loss = 1;        ///< ratio, not dB
    double false_alarm_probability = 0;  ///< per look
    // filled by preparing
    RadarSector coverage, fence;
    DetectionCurve detection;  ///< probability of detection of one look against its SNR
};

/// How bright a plume looks against height, as a factor on its intensity low in the air; linear between
/// rows, constant beyond them.
struct BrightnessTable {
    int count = 1;
    double altitude_m[max_brightness_rows] = {0};
    double factor[max_brightness_rows] = {1};
};

/// A staring or scanning infrared sensor on a satellite. It sees a burning plume above the clouds that is
/// bright enough.
struct InfraredParams {
    /// Geostationary, or on an orbit of half a sidereal day whose apogee lies in the north, at this longitude.
    bool elliptical = false;
    double satellite_longitude_rad = 0;
    double apogee_side_s = 0;   ///< elliptical: a flight finds it within this time of its apogee
    double threshold_wpsr = 0;  ///< least intensity it notices; 0: any
    double line_of_sight_sigma_rad = 0;  ///< error of a direction, per axis; 0: not told
    BrightnessTable brightness;
    Distribution cloud_top_m;
    double revisit_s = 0;
    double probability_of_detection = 0;  ///< per scan of a visible plume
    int hits_required = 0;                ///< m of
    int looks_considered = 0;             ///< n scans for a report
};

struct SensorParams {
    SensorKind kind = SensorKind::radar;
    std::uint32_t name_hash = 0;  ///< of the sensor's name: keys its draws
    int node = 0;                 ///< the node that holds its information first
    int origin = 0;               ///< index of the state it belongs to
    int same_way_as = 0;          ///< first sensor of this node and origin; filled by preparing
    Geodetic site;                ///< radars
    double patrol_radius_m = 0;   ///< a ship's: it stands anywhere so near to its site
    SiteFrame frame;              ///< of the site; filled by preparing
    RadarParams radar;
    InfraredParams infrared;
    double availability = 1;            ///< probability that it works during a flight
    double false_reports_per_year = 0;  ///< without a launch
    Distribution processing_s;          ///< from a firm track or report to a message at the node
};

}  // namespace longwatch
