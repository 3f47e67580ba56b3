"""The numbers of a result as plain tables: what every figure shows, and what `longwatch report` writes as CSV,
JSON and Markdown. Nothing here needs a plotting library."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from .scene import Scene
from .wording import NOTHING, Triple, count_text, minutes_text, number_text, percent_text

_DELAY_WORDS = {
    "geometry": "until the first sensor can see it", "detection": "until it is detected",
    "confirmation": "until the track is firm", "processing": "in sensors and nodes", "link": "on links",
    "release": "until it may be passed on", "decision": "until the consumer acts", "total": "in all",
}


@dataclass(frozen=True)
class Column:
    """`kind` is text, count, number, fraction (shown in percent), probability, minutes (of seconds), or of a triple:
    estimate_s, estimate_fraction, estimate_number."""

    key: str
    label: str
    kind: str = "text"
    signed: bool = False

    @property
    def is_estimate(self) -> bool:
        return self.kind in ("estimate_s", "estimate_fraction", "estimate_number")

    def shown(self, cell: Any) -> str:
        """The cell, of what `kind` says, as a reader sees it."""
        if cell is None:
            return NOTHING
        match self.kind:
            case "estimate_s":
                return minutes_text(cell, self.signed)
            case "estimate_fraction":
                return percent_text(cell, self.signed)
            case "estimate_number":
                return number_text(cell, self.signed)
            case "probability":
                return f"{cell:.3f}"
            case "fraction":
                return f"{100 * cell:,.4g}".replace("-", "−")
            case "count":
                return count_text(cell)
            case "minutes":
                return f"{cell / 60:g}".replace("-", "−")
            case "number":
                return f"{cell:,.6g}".replace("-", "−")
        return str(cell)


@dataclass(frozen=True)
class Table:
    """Rows hold one cell per column; an estimate is a triple, a cell without a value None."""

    name: str
    title: str
    columns: list[Column]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    #: A table too long to read: written to files, left out of the page and of Markdown.
    is_long: bool = False

    def flat_names(self) -> list[str]:
        """Names of plain columns: an estimate takes three."""
        names = []
        for column in self.columns:
            names.append(column.key)
            if column.is_estimate:
                names += [f"{column.key}_low", f"{column.key}_high"]
        return names

    def flat_rows(self) -> Iterator[list[Any]]:
        for row in self.rows:
            flat: list[Any] = []
            for column, cell in zip(self.columns, row, strict=True):
                flat += list(cell) if column.is_estimate and cell is not None else \
                    [None] * 3 if column.is_estimate else [cell]
            yield [None if isinstance(x, float) and math.isnan(x) else x for x in flat]


def triple(estimates: xr.DataArray) -> Triple:
    """Value, low and high of an estimate picked out of a result."""
    return ends(estimates.sel(estimate=["value", "low", "high"]).values)


def ends(estimate: np.ndarray) -> Triple:
    """Value, low and high, out of an array that has them in this order, as every file does."""
    value, low, high = (float(x) for x in estimate)
    return value, low, high


def names(result: xr.Dataset, dimension: str) -> list[str]:
    return [str(name) for name in result[dimension].values]


def result_tables(result: xr.Dataset, scene: Scene, value: dict[str, Any] | None = None) -> list[Table]:
    """Every table of a result.

    Parameters
    ----------
    result : xarray.Dataset
        From `open_result`.
    scene : Scene
        Its places, from `read_scene`.
    value : dict, optional
        What ``longwatch value --json`` printed.
    """
    tables = [warnings_table(result), curve_table(result), false_warnings_table(result), delays_table(result),
              gains_table(result)]
    if has_engagements(result):
        tables += [engagements_table(result), leakers_table(result), batteries_table(result),
                   engagement_gains_table(result)]
    if value is not None:
        tables.append(value_table(value))
    if (result["launch_place_count"] > 0).any():
        tables.append(launches_table(result))
    if scene.sites or scene.areas:
        tables += [sites_table(scene), links_table(scene)]
    if "track_t_s" in result:
        tables += [threats_table(result), tracks_table(result)]
    return [*tables, fates_table(result), provenance_table(result)]


def has_engagements(result: xr.Dataset) -> bool:
    """True where some battery may take some flight."""
    return result.sizes["battery"] > 0 and bool((result["shots_count"] > 0).any())


def warnings_table(result: xr.Dataset) -> Table:
    columns = [Column("consumer", "Consumer"), Column("arm", "Arm"),
               Column("flights", "Flights that concern it", "count"),
               Column("p_warned", "Warned, %", "estimate_fraction"),
               Column("p_too_late", "Too late, %", "estimate_fraction"),
               Column("p_none", "No message, %", "estimate_fraction"),
               Column("warning_time_p05_s", "Warning time, 5 % have less, min:s", "estimate_s"),
               Column("warning_time_p50_s", "Median, min:s", "estimate_s"),
               Column("warning_time_p95_s", "5 % have more, min:s", "estimate_s")]
    rows = []
    result = result[["warned_count", "too_late_count", "none_count", *(c.key for c in columns[3:])]]
    for consumer in names(result, "consumer"):
        for arm in names(result, "arm"):
            one = result.sel(consumer=consumer, arm=arm)
            flights = int(one["warned_count"] + one["too_late_count"] + one["none_count"])
            rows.append((consumer, arm, flights, *(triple(one[c.key]) for c in columns[3:])))
    return Table("warnings", "Warned, and how long before (quantiles over the flights with a message)", columns, rows)


def curve_table(result: xr.Dataset) -> Table:
    """The warning-time curves at every threshold of the file."""
    columns = [Column("consumer", "Consumer"), Column("arm", "Arm"),
               Column("warning_threshold_s", "At least, s", "number"),
               Column("p_at_least", "Flights, %", "estimate_fraction")]
    rows = []
    thresholds = result["warning_threshold_s"].values
    for consumer in names(result, "consumer"):
        for arm in names(result, "arm"):
            curve = result["p_at_least"].sel(consumer=consumer, arm=arm)
            values = [curve.sel(estimate=end).values for end in ("value", "low", "high")]
            rows += [(consumer, arm, float(t), tuple(map(float, at)))
                     for t, *at in zip(thresholds, *values, strict=True)]
    return Table("warning_curve", "Flights with at least so much warning", columns, rows, is_long=True)


def false_warnings_table(result: xr.Dataset) -> Table:
    columns = [Column("consumer", "Consumer"), Column("arm", "Arm"),
               Column("precautions", "Only a precaution", "count"),
               Column("p_precaution", "Of the messages, %", "estimate_fraction"),
               Column("false_warnings", "Flights warned of in vain", "count"),
               Column("false_warning_mean_s", "Time from ignition to it, min:s", "estimate_s"),
               Column("all_clears", "All-clears", "count"),
               Column("all_clear_mean_s", "From the end of the clock to it, min:s", "estimate_s")]
    counts = ("precaution_count", "false_warning_count", "all_clear_count")
    rows = []
    result = result[[*counts, *(c.key for c in columns if c.is_estimate)]]
    for consumer in names(result, "consumer"):
        for arm in names(result, "arm"):
            one = result.sel(consumer=consumer, arm=arm)
            precautions, in_vain, clears = (int(one[count]) for count in counts)
            rows.append((consumer, arm, precautions, triple(one["p_precaution"]), in_vain,
                         triple(one["false_warning_mean_s"]), clears, triple(one["all_clear_mean_s"])))
    return Table("false_warnings", "Precautions, warnings in vain (of flights that broke up or came nowhere near), "
                 "all-clears", columns, rows)


def launches_table(result: xr.Dataset) -> Table:
    columns = [Column("sensor", "Infrared sensor"), Column("when", "Told at"),
               Column("flights", "Flights reported", "count"),
               Column("launch_place_m", "Launch place, longer half axis of one sigma, m", "estimate_number"),
               Column("launch_azimuth_rad", "Launch azimuth, one sigma, rad", "estimate_number")]
    rows = []
    for sensor in names(result, "sensor"):
        for when in names(result, "launch_estimate"):
            one = result.sel(sensor=sensor, launch_estimate=when)
            if int(one["launch_place_count"]):
                rows.append((sensor, when, int(one["launch_place_count"]), *(triple(one[c.key]) for c in columns[3:])))
    return Table("launches", "Where a flight came from, as infrared sensors tell it", columns, rows)


def curve_excerpt_table(result: xr.Dataset) -> Table:
    """A dozen points of each curve where it falls, at round minutes."""
    whole = curve_table(result)
    rows = []
    for consumer in names(result, "consumer"):
        here = [row for row in whole.rows if row[0] == consumer]
        falling = [row[2] for row in here if 0.001 < row[3][0] < 0.999]
        if not falling:
            continue
        low, high = min(falling), max(falling)
        step = next((s for s in (60, 120, 300, 600) if (high - low) / s <= 12), 900)
        rows += [row for row in here if low - step <= row[2] <= high + step and row[2] % step == 0]
    columns = [*whole.columns[:2], Column("warning_threshold_s", "At least, min", "minutes"), whole.columns[3]]
    return Table("warning_curve_excerpt", "Flights with at least so much warning, at round minutes", columns, rows)


def delays_table(result: xr.Dataset) -> Table:
    columns = [Column("consumer", "Consumer"), Column("arm", "Arm"), Column("part", "Part of the delay"),
               Column("delay_mean_s", "Mean, s", "estimate_number"),
               Column("delay_p05_s", "5 % have less, s", "estimate_number"),
               Column("delay_p50_s", "Median, s", "estimate_number"),
               Column("delay_p95_s", "5 % have more, s", "estimate_number")]
    rows = []
    result = result[[c.key for c in columns[3:]]]
    for consumer in names(result, "consumer"):
        for arm in names(result, "arm"):
            for part in names(result, "delay"):
                one = result.sel(consumer=consumer, arm=arm, delay=part)
                rows.append((consumer, arm, part, *(triple(one[c.key]) for c in columns[3:])))
    return Table("delays", "Where the time from ignition to acting on the message goes", columns, rows)


def delay_words(part: str) -> str:
    """What a part of the delay is, in a few words."""
    return _DELAY_WORDS.get(part, part)


def gains_table(result: xr.Dataset) -> Table:
    columns = [Column("consumer", "Consumer"), Column("arm", "Arm"), Column("versus", "Against"),
               Column("usable_gain_s", "Gain in usable warning, all flights, min:s", "estimate_s", True),
               Column("gain_s", "Gain over flights with a message in both, min:s", "estimate_s", True),
               Column("p_warned_gain", "Gain in warned, % points", "estimate_fraction", True),
               Column("newly_warned", "Newly warned", "count"), Column("lost_warning", "No longer warned", "count")]
    rows = []
    result = result[["newly_warned_count", "lost_warning_count", *(c.key for c in columns[3:6])]]
    for consumer in names(result, "consumer"):
        for pair in names(result, "pair"):
            one = result.sel(consumer=consumer, pair=pair)
            rows.append((consumer, str(one["pair_arm"].values), str(one["pair_versus"].values),
                         *(triple(one[c.key]) for c in columns[3:6]),
                         int(one["newly_warned_count"]), int(one["lost_warning_count"])))
    return Table("gains", "What an arm gains against an earlier one, flight by flight", columns, rows)


def engagements_table(result: xr.Dataset) -> Table:
    columns = [Column("arm", "Arm"), Column("flights", "Flights some battery may take", "count"),
               Column("raids", "Raids", "count"), Column("pk", "Killed, %", "estimate_fraction"),
               Column("p_leak", "Leaked, %", "estimate_fraction"),
               Column("p_no_leaker", "Raids without a leaker, %", "estimate_fraction"),
               Column("leakers_mean", "Leakers per raid", "estimate_number"),
               Column("shots_mean", "Shots per flight", "estimate_number")]
    rows = []
    for arm in names(result, "arm"):
        one = result.sel(arm=arm)
        rows.append((arm, int(one["shots_count"]), int(one["raid_leakers_count"]),
                     *(triple(one[c.key]) for c in columns[3:])))
    return Table("engagements", "Engagements", columns, rows)


def leakers_table(result: xr.Dataset) -> Table:
    columns = [Column("arm", "Arm"), Column("leakers", "Leakers of a raid", "count"),
               Column("p_leakers", "Of the raids, %", "estimate_fraction")]
    rows = [(arm, int(leakers), triple(result["p_leakers"].sel(arm=arm, leakers=leakers)))
            for arm in names(result, "arm") for leakers in result["leakers"].values]
    return Table("leakers", "How many of a raid leak", columns, rows)


def batteries_table(result: xr.Dataset) -> Table:
    columns = [Column("battery", "Battery"), Column("arm", "Arm"),
               Column("engaged", "Flights fired at", "count"), Column("remote", "On a remote track", "count"),
               Column("shots", "Shots", "count"), Column("wasted", "At dead flights", "count"),
               Column("killed", "Killed", "count"),
               Column("battery_pk", "Killed of fired at, %", "estimate_fraction"),
               Column("battery_left_mean", "Interceptors left per raid", "estimate_number"),
               Column("battery_first_intercept_s", "First intercept, min:s after ignition", "estimate_s")]
    counts = ("engaged", "remote", "shots", "wasted", "killed")
    rows = []
    for battery in names(result, "battery"):
        for arm in names(result, "arm"):
            one = result.sel(battery=battery, arm=arm)
            rows.append((battery, arm, *(int(one[f"battery_{count}_count"]) for count in counts),
                         *(triple(one[c.key]) for c in columns[7:])))
    return Table("batteries", "What each battery does", columns, rows)


def engagement_gains_table(result: xr.Dataset) -> Table:
    columns = [Column("arm", "Arm"), Column("versus", "Against"),
               Column("pk_gain", "Killed, % points", "estimate_fraction", True),
               Column("p_no_leaker_gain", "Raids without a leaker, % points", "estimate_fraction", True),
               Column("leakers_fewer", "Fewer leakers per raid", "estimate_number", True),
               Column("shots_saved", "Shots saved per raid", "estimate_number", True)]
    rows = []
    for pair in names(result, "pair"):
        one = result.sel(pair=pair)
        rows.append((str(one["pair_arm"].values), str(one["pair_versus"].values),
                     *(triple(one[c.key]) for c in columns[2:])))
    return Table("engagement_gains", "What an arm gains in engagements against an earlier one", columns, rows)


def value_triple(estimate: dict[str, Any] | None) -> Triple:
    """An estimate of ``value --json``; ends that bound nothing are infinite."""
    if estimate is None:
        return math.nan, math.nan, math.nan
    return (estimate["value"], -math.inf if estimate.get("low_open") else estimate["low"],
            math.inf if estimate.get("high_open") else estimate["high"])


def value_table(value: dict[str, Any]) -> Table:
    columns = [Column("kind", "Kind"), Column("name", "Link or sensor"), Column("consumer", "Consumer"),
               Column("usable_loss_s", "Usable warning lost without it, min:s", "estimate_s", True),
               Column("p_warned_loss", "Warned lost, % points", "estimate_fraction", True),
               Column("pk_loss", "Killed lost, % points", "estimate_fraction", True)]
    rows = [(entry["kind"], entry["name"], consumer["name"], value_triple(consumer["usable_loss_s"]),
             value_triple(consumer["p_warned_loss"]), value_triple(entry["pk_loss"]))
            for entry in value["ranking"] for consumer in entry["consumers"]]
    return Table("value", f"What each link and sensor of {value['arm']} is worth, by taking it away", columns, rows)


def sites_table(scene: Scene) -> Table:
    columns = [Column("name", "Name"), Column("kind", "Kind"), Column("node", "Node"),
               Column("latitude_deg", "Latitude, deg", "number"), Column("longitude_deg", "Longitude, deg", "number"),
               Column("range_km", "Range, km", "number"), Column("azimuth_deg", "Looks to, deg", "number"),
               Column("half_width_deg", "Half width, deg", "number")]
    rows = []
    for site in scene.sites:
        looks = (round(site.range_km, 3), round(site.azimuth_deg, 4), round(site.half_width_deg, 4)) \
            if site.kind == "radar" else (None,) * 3
        rows.append((site.name, site.kind, site.node, round(site.latitude_deg, 4), round(site.longitude_deg, 4), *looks))
    return Table("sites", "Sites", columns, rows)


def links_table(scene: Scene) -> Table:
    columns = [Column("link", "Link"), Column("from", "From"), Column("to", "To"), Column("arm", "Arm"),
               Column("carries", "Carries")]
    rows = [(link.name, link.source, link.target, arm, carried)
            for link in scene.links for arm, carried in link.passes.items()]
    return Table("links", "Links of each arm", columns, rows)


def threats_table(result: xr.Dataset) -> Table:
    columns = [Column("threat", "Threat"), Column("launch_latitude_deg", "From latitude, deg", "number"),
               Column("launch_longitude_deg", "longitude, deg", "number"),
               Column("aim_latitude_deg", "To latitude, deg", "number"),
               Column("aim_longitude_deg", "longitude, deg", "number"),
               Column("apogee_km", "Apogee, km", "number"), Column("flight_time_s", "Flight time, s", "number")]
    rows = []
    for threat in names(result, "threat"):
        one = result.sel(threat=threat)
        latitude, longitude = one["track_latitude_deg"].values, one["track_longitude_deg"].values
        rows.append((threat, *(round(float(x), 3) for x in (latitude[0], longitude[0], latitude[-1], longitude[-1])),
                     round(float(one["track_altitude_km"].max()), 1), round(float(one["track_t_s"].values[-1]), 1)))
    return Table("threats", "Nominal flight of each threat", columns, rows)


def tracks_table(result: xr.Dataset) -> Table:
    keys = ("track_t_s", "track_latitude_deg", "track_longitude_deg", "track_altitude_km")
    columns = [Column("threat", "Threat"), *(Column(key, key, "number") for key in keys)]
    rows = [(threat, *map(float, at)) for threat in names(result, "threat")
            for at in zip(*(result[key].sel(threat=threat).values for key in keys), strict=True)]
    return Table("tracks", "Ground tracks of the nominal flights", columns, rows, is_long=True)


def fates_table(result: xr.Dataset) -> Table:
    fates = names(result, "fate")
    columns = [Column("threat", "Threat"), *(Column(fate, fate.replace("_", " "), "count") for fate in fates)]
    rows = [(threat, *(int(result["fate_count"].sel(threat=threat, fate=fate)) for fate in fates))
            for threat in names(result, "threat")]
    return Table("fates", "Flights by how they ended", columns, rows)


def provenance_table(result: xr.Dataset) -> Table:
    a = result.attrs
    last = a["first_flight"] + a["flight_count"] + a.get("missing_flights", 0) - 1
    rows = [("study", a["study"]), ("study hash", a["study_hash"]), ("seed", str(a["seed"])),
            ("flights", f"{a['flight_count']:,}, of index {a['first_flight']:,} to {last:,}"
                        + (f"; {a['missing_flights']:,} between these are missing" if a.get("missing_flights") else "")),
            ("sampling", a["sampling"] + (f", {a['randomisations']} randomisations"
                                          if a["randomisations"] > 1 else "")),
            ("flights of a raid", str(a["raid_size"])), ("ended early", a["stopped"] or "no"),
            ("code version", f"{a['code_version']} (commit {a['git_hash']})"),
            ("device", f"{a['device']}; {a['precision']}, {a['instructions']}, {a['lanes']} lanes, "
                       f"{a['threads']} threads"),
            ("schema version", a["schema_version"]), ("made", a["created_utc"])]
    return Table("provenance", "Where the numbers come from", [Column("what", "What"), Column("is", "Is")], rows)


def cell_for_json(column: Column, cell: Any) -> Any:
    """The cell as JSON can hold it: ends without a bound are null and said to be open."""
    if not column.is_estimate:
        return None if isinstance(cell, float) and not math.isfinite(cell) else \
            cell.item() if isinstance(cell, np.generic) else cell
    if cell is None or any(math.isnan(x) for x in cell):
        return None
    ends = {key: x if math.isfinite(x) else None for key, x in zip(("value", "low", "high"), cell, strict=True)}
    return ends | {f"{key}_open": True for key, x in ends.items() if x is None}
