"""What a result file holds, as docs/io_format.md lists it: what is not here is not read, and no more of it than here."""

from __future__ import annotations

#: Most of each kind that a study takes (models/limits.hpp).
STUDY_MAX = {"threat": 16, "sensor": 64, "node": 64, "link": 256, "arm": 16, "consumer": 32, "battery": 16}

#: Axes whose labels are the same in every file.
FIXED_LABELS = {
    "fate": ("impact", "broke_up", "timed_out", "arc_full", "non_finite"),
    "launch_estimate": ("report", "burnout"),
    "delay": ("geometry", "detection", "confirmation", "processing", "link", "release", "decision", "total"),
    "estimate": ("value", "low", "high"),
}

#: Most labels or values of each axis.
AXIS_MAX = STUDY_MAX | {name: len(labels) for name, labels in FIXED_LABELS.items()} | {
    "pair": 120, "gain_threshold_s": 64, "leakers": 101, "warning_time_bin_s": 1 << 15, "delay_bin_s": 1 << 12,
    "sum_limb": 8, "sum_squares_limb": 8, "warning_threshold_s": 1 << 11, "randomisation": 1 << 16, "track_point": 1 << 10,
    "assumption": 4000, "origin": 16, "gap": 1 << 16, "flight": 1000,
}

_BATTERY_MOMENTS = ("left", "opportunities")
_BATTERY_TIMES = ("first_intercept", "last_intercept")
_RAID_MOMENTS = ("flights", "leakers", "leakers_and_flights", "shots", "shots_and_flights", "weight")
_RAID_GAINS = ("killed_gain", "no_leaker_gain", "shots_saved")


def _spread(names: str, *axes: str) -> dict[str, tuple[str, ...]]:
    return {name: axes for name in names.split()}


def _moment(name: str, unit: str, *axes: str) -> dict[str, tuple[str, ...]]:
    """A count, a sum and a sum of squares; `unit` is that of the sum."""
    squared = f"{unit}2" if unit else ""
    return {f"{name}_count": axes, f"{name}_sum{unit}": (*axes, "sum_limb"),
            f"{name}_sum_squares{squared}": (*axes, "sum_squares_limb")}


def _tallies() -> dict[str, tuple[str, ...]]:
    found = {
        **_spread("fate_count", "threat", "fate"),
        **_spread("warned_count too_late_count none_count precaution_count", "arm", "consumer"),
        **_moment("warning_time", "_us", "arm", "consumer"),
        **_spread("warning_time_histogram", "arm", "consumer", "warning_time_bin_s"),
        **_spread("warning_time_below_count warning_time_above_count", "arm", "consumer"),
        **_moment("delay", "_us", "arm", "consumer", "delay"),
        **_spread("delay_histogram", "arm", "consumer", "delay", "delay_bin_s"),
        **_spread("delay_below_count delay_above_count", "arm", "consumer", "delay"),
        **_moment("false_warning", "_us", "arm", "consumer"),
        **_moment("all_clear", "_us", "arm", "consumer"),
        **_moment("launch_place", "_m", "sensor", "launch_estimate"),
        **_moment("launch_azimuth", "_urad", "sensor", "launch_estimate"),
        **_moment("gain", "_us", "pair", "consumer"),
        **_moment("usable_gain", "_us", "pair", "consumer"),
        **_spread("newly_reached_count lost_message_count newly_warned_count lost_warning_count", "pair", "consumer"),
        **_spread("newly_at_least_count lost_at_least_count", "pair", "consumer", "gain_threshold_s"),
        **_spread("killed_count leaked_count", "arm"),
        **_moment("shots", "", "arm"),
        **_spread("battery_engaged_count battery_remote_count battery_shots_count battery_wasted_count "
                  "battery_acquired_count battery_close_count battery_hit_count battery_killed_count", "arm", "battery"),
        **_spread("newly_killed_count lost_kill_count newly_clean_count lost_clean_count", "pair"),
        **_moment("raids_with_leakers", "", "arm", "leakers"),
    }
    for name in _BATTERY_MOMENTS:
        found |= _moment(f"battery_{name}", "", "arm", "battery")
    for name in _BATTERY_TIMES:
        found |= _moment(f"battery_{name}", "_us", "arm", "battery")
    for name in _RAID_MOMENTS:
        found |= _moment(f"raid_{name}", "", "arm")
    for name in _RAID_GAINS:
        found |= _moment(f"raid_{name}", "", "pair")
    return found


#: Whole numbers, by their axes; in the group randomisations once more, with that axis first.
TALLIES = _tallies()

#: Numbers with an interval, by their axes but the last, which is `estimate`.
ESTIMATES = {
    **_spread("p_warned p_too_late p_none p_precaution warning_time_mean_s warning_time_p05_s warning_time_p50_s "
              "warning_time_p95_s false_warning_mean_s all_clear_mean_s", "arm", "consumer"),
    **_spread("delay_mean_s delay_p05_s delay_p50_s delay_p95_s", "arm", "consumer", "delay"),
    **_spread("p_at_least", "arm", "consumer", "warning_threshold_s"),
    **_spread("launch_place_m launch_azimuth_rad", "sensor", "launch_estimate"),
    **_spread("gain_s usable_gain_s p_warned_gain", "pair", "consumer"),
    **_spread("p_at_least_gain", "pair", "consumer", "gain_threshold_s"),
    **_spread("pk p_leak p_no_leaker leakers_mean shots_mean", "arm"),
    **_spread("p_leakers", "arm", "leakers"),
    **_spread("battery_pk battery_p_remote battery_p_hit battery_p_reached battery_left_mean "
              "battery_opportunities_mean battery_first_intercept_s battery_last_intercept_s", "arm", "battery"),
    **_spread("pk_gain p_no_leaker_gain leakers_fewer shots_saved", "pair"),
}

#: Axes of the root and of estimates: names, and numbers.
ROOT_LABELS = ("threat", "fate", "arm", "consumer", "battery", "sensor", "launch_estimate", "pair", "delay")
ROOT_VALUES = ("gain_threshold_s", "leakers", "warning_time_bin_s", "delay_bin_s", "sum_limb", "sum_squares_limb")

TRACKS = ("track_t_s", "track_latitude_deg", "track_longitude_deg", "track_altitude_km")

#: Attributes of the file: text, whole numbers with the least each may be, and other numbers.
TEXT_ATTRIBUTES = ("code_version", "git_hash", "created_utc", "study", "question", "study_hash", "sampling", "stopped", "device",
                   "precision", "instructions", "file_type", "schema_version")
COUNT_ATTRIBUTES = {"randomisations": 1, "seed": 0, "first_flight": 0, "flight_count": 0, "raid_size": 1, "lanes": 0,
                    "threads": 0, "limb_bits": 1}
NUMBER_ATTRIBUTES = ("time_quantum_s", "warning_time_bin_width_s")
SAMPLINGS = ("monte-carlo", "latin-hypercube", "sobol")
