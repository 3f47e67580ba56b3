"""The page of a result or a placement: which figures and tables it has, and how each is to be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import xarray as xr

from . import figures, maps, tables
from .page import Panel, Section, escape, render_page
from .placement_report import objective_words
from .report_text import Report
from .scene import Scene, read_scene
from .tables import Table, names


def result_page(result: xr.Dataset, report: Report, value: dict[str, Any] | None = None) -> str:
    """The page of a result, as HTML text.

    Parameters
    ----------
    result : xarray.Dataset
        From `open_result`.
    report : Report
        What it says, in sentences and tables.
    value : dict, optional
        What ``longwatch value --json`` printed.

    Raises
    ------
    ImportError
        Where the coastlines or the plotting library are not installed.
    """
    by_name = {table.name: table for table in report.tables}
    arms, consumers = names(result, "arm"), names(result, "consumer")
    scene = read_scene(result.attrs["study_resolved"])
    sections = [_map_section(result, scene, by_name)] if scene.areas or scene.sites else []
    if consumers:
        sections += [_warning_section(result, consumers, by_name), _delay_section(result, consumers, by_name)]
    if consumers and len(arms) > 1:
        sections.append(_gain_section(result, consumers, by_name))
    if value is not None:
        sections.append(_value_section(value, by_name))
    if tables.has_engagements(result):
        sections.append(_engagement_section(result, by_name))
    sections += [_fates_section(result, by_name), *_closing_sections(result, report, by_name)]
    return render_page(report.title, report.question, report.sentences, arms if len(arms) > 1 else [], sections)


def placement_page(placement: xr.Dataset, report: Report) -> str:
    """The page of a placement, as HTML text; see `result_page`."""
    by_name = {table.name: table for table in report.tables}
    sections = []
    if placement.sizes["candidate"]:
        sections.append(_candidates_section(placement, by_name))
        if placement.sizes["member"] > 1:
            sections.append(_together_section(placement, by_name))
        if placement.sizes["consumer"]:
            panel = Panel("placement-gains", "With the best candidates", figures.placement_gains(placement),
                          "Gain of each consumer in usable warning with each of the best candidates")
            sections.append(Section(
                "warnings", "Who gains", "What each consumer gains in usable warning over the flights that concern it, "
                "too late or none counted as none, with one candidate added to the present layout. Lines are 95 % "
                "intervals.", [panel], [by_name["best_candidate_warnings"]], layout="one"))
    sections += _closing_sections(placement, report, by_name)
    return render_page(report.title, report.question, report.sentences, [], sections)


def _candidates_section(placement: xr.Dataset, by_name: dict[str, Table]) -> Section:
    count, failed = placement.sizes["candidate"], placement.attrs["failed_count"]
    panel = Panel("map-placement", f"Gain with each candidate: {objective_words(placement)}", maps.placement_map(placement),
                  f"Map of {count} candidates, coloured by gain in the objective")
    read = ("All candidates are judged by the same flights, one at a time beside the present layout; the farther along the "
            "colour bar, the better. Squares stand on land, circles on water; small hollow ones add nothing that these "
            "flights can tell. Hover tells the gain with its 95 % interval, for each consumer too, and the probability of "
            "being the best.")
    if failed:
        read += f" {failed:,} flights failed: their numbers are in no estimate."
    below = [by_name["best_candidates"]]
    if placement.sizes["member"] <= 1:
        below.append(by_name["checked"])
    return Section("candidates", "The candidates", read, [panel], below, layout="one", is_open=True)


def _together_section(placement: xr.Dataset, by_name: dict[str, Table]) -> Section:
    read = (f"Sets of {placement.sizes['member']}, chosen by the {placement.attrs['kept_flights']:,} flights kept. Each flight "
            "counts with the best of a set alone. Gains and bounds hold exactly for these flights; other flights give others, by "
            "about as much as the intervals of single candidates are wide. A gap of zero means that no set of so many is better. "
            "The sets were then flown in full, by other flights, with what several radars tell together.")
    return Section("together", "Several together", read, tables=[by_name["chosen"], by_name["checked"]], is_open=True)


def _id(prefix: str, number: int, name: str) -> str:
    return f"{prefix}-{number}-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"


def _map_section(result: xr.Dataset, scene: Scene, by_name: dict[str, Table]) -> Section:
    what = (f"{sum(s.kind == 'radar' for s in scene.sites)} radars, "
            f"{sum(s.kind == 'consumer' for s in scene.sites)} consumers and "
            f"{sum(s.kind == 'battery' for s in scene.sites)} batteries with a place, "
            f"{len({a.threat for a in scene.areas})} threats, {len(scene.links)} links")
    panels = [Panel("map", "The whole scene", maps.scene_map(result), f"Map of the study: {what}")]
    if maps.has_close_up(result):
        panels.append(Panel("map-close", "Close-up", maps.scene_map(result, close_up=True),
                            "Map of the part of the scene where most sites are"))
    shown = [by_name[name] for name in ("sites", "threats", "links") if name in by_name]
    read = ("Each threat flies from its launch area to its aim area along the ground track of its nominal flight. "
            "Dotted fans are where a radar is instrumented to see, which is not where it detects. Links that differ "
            "between the arms are drawn in the arms' colours, side by side; hover tells what each carries. A ring is a "
            "node that the study gives no place: it stands where its links pull it. Distances and bearings are true "
            "from the middle of the map only; borders are as Natural Earth draws them.")
    if scene.unplaced:
        read += f" Without a place in the study: {', '.join(scene.unplaced)}."
    return Section("map-section", "Map", read, panels, shown, layout="one")


def _warning_section(result: xr.Dataset, consumers: Sequence[str], by_name: dict[str, Table]) -> Section:
    panels = [Panel(_id("warning", i, name), name, figures.warning_curves(result, name),
                    f"Fraction of flights with at least so much warning for {name}, one curve per arm")
              for i, name in enumerate(consumers)]
    return Section(
        "warning", "Warning times",
        "A curve tells which fraction of the flights that concern the consumer leaves at least so many minutes; "
        "higher and farther right is better. It starts below 100 % by the flights without a message. Bands are 95 % "
        "intervals; symbols mark the warning time that 5 %, half and 95 % of the flights with a message have less of. "
        "Arms that coincide lie on each other, the later ones thinner and dashed.",
        panels, [by_name[name] for name in ("warnings", "false_warnings", "launches") if name in by_name]
        + [tables.curve_excerpt_table(result)])


def _delay_section(result: xr.Dataset, consumers: Sequence[str], by_name: dict[str, Table]) -> Section:
    panels = [Panel(_id("delay", i, name), name, figures.delay_waterfall(result, name),
                    f"Mean parts of the delay from ignition to acting for {name}, one bar per part and arm")
              for i, name in enumerate(consumers)]
    words = "; ".join(f"{part}: {tables.delay_words(part)}" for part in names(result, "delay"))
    return Section("delays", "Where the seconds go",
                   "From ignition to acting on the message, mean over the flights with one: each part begins where the "
                   f"part before it ends ({words}). Lines at the ends of bars are 95 % intervals.", panels,
                   [by_name["delays"]])


def _gain_section(result: xr.Dataset, consumers: Sequence[str], by_name: dict[str, Table]) -> Section:
    panels = [Panel(_id("gain", i, name), name, figures.gain_forest(result, name),
                    f"Gain in usable warning of each arm against each earlier one for {name}")
              for i, name in enumerate(consumers)]
    return Section("gains", "What arms gain",
                   "Both arms fly the same flights, so the difference is taken flight by flight; a message too late or "
                   "none counts as no warning. An interval across the line at zero means that these flights tell no "
                   "difference. Colour and symbol are those of the arm that gains.", panels, [by_name["gains"]])


def _value_section(value: dict[str, Any], by_name: dict[str, Table]) -> Section:
    panel = Panel("value", f"Taken away from {value['arm']}", figures.value_ranking(value),
                  "Usable warning lost without each link or sensor, largest first")
    return Section("value-section", "What links and sensors are worth",
                   f"The usable warning that the consumer named loses when the link or sensor is taken away and all "
                   f"else stays, over {value['flights']:,} flights, with 95 % intervals. What others can replace is "
                   "worth little here.", [panel], [by_name["value"]], layout="one")


def _engagement_section(result: xr.Dataset, by_name: dict[str, Table]) -> Section:
    is_raid = result.attrs["raid_size"] > 1
    measures = ["pk", "p_no_leaker", "leakers_mean", "shots_mean"] if is_raid else ["pk", "shots_mean"]
    panels = []
    for measure in measures:
        words = figures.ENGAGEMENT_MEASURES[measure][0]
        panels.append(Panel(f"engagement-{measure.replace('_', '-')}", words[0].upper() + words[1:],
                            figures.engagement_measure(result, measure), f"{words}, per arm"))
    if is_raid:
        panels.append(Panel("leakers", "How many of a raid leak", figures.leakers_per_raid(result),
                            "Fraction of raids with so many leakers, per arm"))
    panels.append(Panel("batteries", "What each battery kills", figures.battery_kills(result),
                        "Fraction killed of the flights each battery fires at, per arm"))
    shown = [by_name[name] for name in ("engagements", "engagement_gains", "leakers", "batteries")]
    return Section("engagements", "Engagements",
                   "Of the flights that some battery may take. Lines are 95 % intervals; those of single arms overlap "
                   "more than their difference is uncertain, which the paired table tells.", panels, shown)


def _fates_section(result: xr.Dataset, by_name: dict[str, Table]) -> Section:
    bad = int(result["fate_count"].sel(fate=[f for f in names(result, "fate") if f not in ("impact", "broke_up")]).sum())
    read = "Every flight ends in one of these. " + (
        f"{bad:,} flights failed: their numbers are in no estimate." if bad else "None failed.")
    return Section("fates", "How the flights ended", read, tables=[by_name["fates"]], is_open=True)


def _closing_sections(dataset: xr.Dataset, report: Report, by_name: dict[str, Table]) -> list[Section]:
    limits = "".join(f"<li>{escape(text)}</li>" for text in report.assumptions)
    study = ('<details class="study"><summary>The study as given</summary>'
             f"<pre>{escape(dataset.attrs['study_text'])}</pre></details>")
    return [Section("limits", "Assumptions and limits", more=f'<ul class="limits">{limits}</ul>'),
            Section("provenance", "Provenance", tables=[by_name["provenance"]], is_open=True, more=study)]
