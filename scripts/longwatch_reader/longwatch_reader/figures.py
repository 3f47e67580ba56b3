"""The figures of the report, as functions: each takes a result and gives a plotly figure, here or in a notebook.

    import longwatch_reader
    from longwatch_reader import figures
    result = longwatch_reader.open("result.h5")
    figures.warning_curves(result, "tokyo").show()

What a page needs beyond the figure is in `meta`: of a trace, `arms` (it is shown where all of these are) and
`theme` (which of its colours follow light and dark); `names` and `numbers` mark texts that a narrow screen has no room
for, `narrow_hover` is what hover says there; `scales`: its marks are made for a figure 1150 pixels wide and shrink with it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
import xarray as xr

from .fit import fit
from .placement_report import ranked
from .result import Result, flat
from .tables import delay_words, names, triple, value_triple
from .wording import Triple, in_percent, is_known, minutes_text, number_text, percent_text

# Okabe and Ito's colours, told apart with every common colour vision; arms beyond them begin again with other
# dashes, symbols and hatching, which alone tell arms apart too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F")
DASHES = ("solid", "8px,3px", "2px,2px", "10px,3px,2px,3px", "14px,4px", "5px,2px,1px,2px", "4px,6px")
SYMBOLS = ("circle", "square", "triangle-up", "diamond", "x", "triangle-down", "star", "pentagon")
HATCHES = ("", "/", "x", ".", "\\", "-", "+", "|")
# Earlier arms wider and below: arms that coincide stay visible.
_WIDEST_PX, _THINNEST_PX = 5.0, 1.8
# Axes end where fewer than this fraction of the flights lies beyond.
_BEYOND_AXES_FRAC = 0.001

#: Colours that follow light and dark on a page; here as in the light.
THEME = {"text": "#1f2328", "soft": "#59636e", "grid": "#dfe3e8", "zero": "#8b949e", "land": "#ece8dd",
         "coast": "#a9a28c", "sea": "#f5f9fc", "mark": "#1f2328", "halo": "#ffffff",
         "least": "#d3e3f0", "some": "#3787c0", "most": "#08306b"}
THEME_DARK = {"text": "#e6edf3", "soft": "#a3adb8", "grid": "#2f3742", "zero": "#76818d", "land": "#2d332f",
              "coast": "#66705f", "sea": "#10161d", "mark": "#e6edf3", "halo": "#0d1117",
              "least": "#1f3d58", "some": "#3f8fca", "most": "#e8f4ff"}


def plain(text: str) -> str:
    """A name as plotly shows it letter by letter: it takes some HTML, and names may hold its signs."""
    return fit(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"


def base_figure(height_px: int = 340) -> go.Figure:
    """An empty figure on a ground of none, which any page or notebook shows through."""
    figure = go.Figure()
    axis = {"gridcolor": THEME["grid"], "zeroline": False, "automargin": True, "linecolor": THEME["zero"],
            "title": {"standoff": 8}}
    figure.update_layout(
        template="none", height=height_px, margin={"l": 48, "r": 12, "t": 12, "b": 44},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        font={"family": _FONT, "size": 13, "color": THEME["text"]},
        hoverlabel={"align": "left", "font": {"size": 12, "family": _FONT}},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": THEME["zero"], "activecolor": THEME["text"]},
        xaxis=axis, yaxis=dict(axis), dragmode=False,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0, "itemsizing": "trace"})
    return figure


def arm_style(number: int) -> dict[str, str]:
    """Colour, dash, symbol and hatching of the arm of that number."""
    return {"colour": COLOURS[number % len(COLOURS)], "dash": DASHES[number % len(DASHES)],
            "symbol": SYMBOLS[number % len(SYMBOLS)], "hatch": HATCHES[number % len(HATCHES)]}


def _width_px(number: int, count: int) -> float:
    return _WIDEST_PX + (_THINNEST_PX - _WIDEST_PX) * number / max(count - 1, 1)


def _of_arm(number: int, arm: str, **more: Any) -> dict[str, Any]:
    return {"name": plain(arm), "legendgroup": f"arm {number}", "meta": {"arms": [arm]}, **more}


def _say_nothing(figure: go.Figure, why: str) -> go.Figure:
    figure.add_annotation(text=why, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)
    figure.update_layout(height=110)
    return figure.update_xaxes(visible=False).update_yaxes(visible=False)


def _error(estimates: list[Triple]) -> dict[str, Any]:
    """Asymmetric bars to the ends of intervals; none where an end has no bound."""
    far = [(v, lo, hi) if math.isfinite(lo) and math.isfinite(hi) else (v, v, v) for v, lo, hi in estimates]
    return {"type": "data", "symmetric": False, "array": [hi - v for v, _, hi in far],
            "arrayminus": [v - lo for v, lo, _ in far], "thickness": 1.6, "width": 4}


def warning_curves(result: xr.Dataset | Result, consumer: str) -> go.Figure:
    """The fraction of flights with at least so much warning, one curve per arm with its 95 % band.

    The symbols on a curve stand at the warning times that 5 %, half and 95 % of the flights with a message have
    less of. Hover tells the estimate, its interval, how many flights have a warning time in that step, and these
    quantiles.
    """
    result = flat(result)
    of_consumer = result.sel(consumer=consumer)
    figure = base_figure()
    arms = names(result, "arm")
    first, last = _falling(of_consumer)
    for number, arm in enumerate(arms):
        one = of_consumer.sel(arm=arm).isel(warning_threshold_s=slice(first, last + 1))
        if np.isnan(one["p_at_least"].values).any():
            continue
        _add_curve(figure, number, len(arms), arm, one)
    if not figure.data:
        return _say_nothing(figure, "no flight concerns it")
    for number, arm in enumerate(arms):
        _add_quantiles(figure, number, arm, of_consumer.sel(arm=arm))
    figure.add_vline(x=0, line={"color": THEME["zero"], "width": 1})
    figure.update_xaxes(title_text="warning time, minutes")
    figure.update_yaxes(title_text="flights with at least that, %", range=[-2, 102], tickvals=[0, 25, 50, 75, 100])
    figure.update_xaxes(unifiedhovertitle={"text": "at least %{x:.1f} min"})
    return figure.update_layout(hovermode="x unified")


def _falling(of_consumer: xr.Dataset) -> tuple[int, int]:
    """The thresholds between which some curve falls, with zero among them."""
    curves = of_consumer["p_at_least"].sel(estimate="value").values
    curves = curves[~np.isnan(curves).any(axis=1)]
    thresholds = of_consumer["warning_threshold_s"].values
    zero = int(np.searchsorted(thresholds, 0))
    if not curves.size:
        return zero, min(zero + 1, len(thresholds) - 1)
    fallen = np.flatnonzero((curves[:, :1] - curves > _BEYOND_AXES_FRAC).any(axis=0))
    standing = np.flatnonzero((curves > _BEYOND_AXES_FRAC).any(axis=0))
    low = max(fallen[0] - 1, 0) if fallen.size else zero
    high = min(standing[-1] + 2, len(thresholds) - 1) if standing.size else zero + 1
    return min(low, zero), max(high, zero + 1)


def _add_curve(figure: go.Figure, number: int, count: int, arm: str, one: xr.Dataset) -> None:
    style = arm_style(number)
    minutes = one["warning_threshold_s"].values / 60
    value, low, high = (100 * one["p_at_least"].sel(estimate=end).values for end in ("value", "low", "high"))
    minutes, value, low, high = (np.round(x, 4) for x in (minutes, value, low, high))
    figure.add_scatter(
        x=np.concatenate([minutes, minutes[::-1]]), y=np.concatenate([high, low[::-1]]), fill="toself", mode="lines",
        fillcolor=style["colour"], opacity=0.22, line={"width": 0}, hoverinfo="skip", showlegend=False,
        **_of_arm(number, arm))
    figure.add_scatter(
        x=minutes, y=value, customdata=np.column_stack([low, high, _step_counts(one)]), mode="lines",
        line={"color": style["colour"], "dash": style["dash"], "width": _width_px(number, count)},
        hovertemplate="%{y:.2f} % (%{customdata[0]:.2f} to %{customdata[1]:.2f}); %{customdata[2]:,} flights in this "
                      f"step<br>{_quantiles_text(one)}",
        **_of_arm(number, arm, meta={
            "arms": [arm], "narrow_hover": "%{y:.2f} % (%{customdata[0]:.2f} to %{customdata[1]:.2f})"}))


def _step_counts(one: xr.Dataset) -> np.ndarray:
    """Flights with a warning time from each threshold up to the next, out of the histogram; the last step is open."""
    edges = one["warning_threshold_s"].values
    step_of_bin = np.searchsorted(edges, one["warning_time_bin_s"].values + 1e-9, side="right") - 1
    counts = np.bincount(step_of_bin[step_of_bin >= 0], weights=one["warning_time_histogram"].values[step_of_bin >= 0],
                         minlength=len(edges))
    return counts.astype(int)


_QUANTILES = {"5 %": "warning_time_p05_s", "half": "warning_time_p50_s", "95 %": "warning_time_p95_s"}


def _quantiles_text(one: xr.Dataset) -> str:
    times = {words: triple(one[key]) for words, key in _QUANTILES.items()}
    told = [f"{words} {minutes_text(time).split(' ')[0]}" for words, time in times.items()
            if is_known(time) and math.isfinite(time[0])]
    return f"  with a message, less than: {', '.join(told)} min" if told else ""


def _add_quantiles(figure: go.Figure, number: int, arm: str, one: xr.Dataset) -> None:
    style = arm_style(number)
    times = [float(one[key].sel(estimate="value")) for key in _QUANTILES.values()]
    times = [time for time in times if math.isfinite(time)]
    thresholds = one["warning_threshold_s"].values
    curve = 100 * one["p_at_least"].sel(estimate="value").values
    figure.add_scatter(
        x=[time / 60 for time in times], y=[float(np.interp(time, thresholds, curve)) for time in times],
        mode="markers", showlegend=False, hoverinfo="skip",
        marker={"symbol": style["symbol"], "size": 9, "color": style["colour"],
                "line": {"width": 1, "color": THEME["halo"]}},
        **_of_arm(number, arm, meta={"arms": [arm], "theme": {"marker.line.color": "halo"}}))


def delay_waterfall(result: xr.Dataset | Result, consumer: str) -> go.Figure:
    """Where the seconds go: mean parts of the delay from ignition to acting, each beginning where the last ended.

    Over the flights with a message. Bars at an end are the 95 % interval of that part's mean.
    """
    result = flat(result)
    parts = names(result, "delay")
    figure = base_figure(60 + 14 * len(parts) * max(2, min(len(names(result, "arm")), 8)))
    for number, arm in enumerate(names(result, "arm")):
        means = [triple(result["delay_mean_s"].sel(consumer=consumer, arm=arm, delay=part)) for part in parts]
        if not all(map(is_known, means)):
            continue
        style = arm_style(number)
        steps = [0.0 if part == "total" else mean[0] for part, mean in zip(parts, means, strict=True)]
        ends = np.concatenate([[0.0], np.cumsum(steps)[:-1]])
        start = [0.0 if part == "total" else float(at) for part, at in zip(parts, ends, strict=True)]
        figure.add_bar(
            orientation="h", y=parts, base=start, x=[mean[0] for mean in means], offsetgroup=f"arm {number}",
            marker={"color": style["colour"], "line": {"width": 0.5, "color": style["colour"]},
                    "pattern": {"shape": style["hatch"], "fillmode": "overlay", "fgcolor": "#ffffff",
                                "fgopacity": 0.6, "size": 6}},
            error_x=_error(means) | {"color": THEME["soft"]},
            customdata=[[number_text(mean), delay_words(part)] for part, mean in zip(parts, means, strict=True)],
            hovertemplate="%{y}, %{customdata[1]}: %{customdata[0]} s",
            **_of_arm(number, arm, meta={"arms": [arm], "theme": {"error_x.color": "soft"}}))
    if not figure.data:
        return _say_nothing(figure, "no flight of which it gets a message")
    figure.update_yaxes(autorange="reversed", gridcolor="rgba(0,0,0,0)", categoryorder="array", categoryarray=parts)
    figure.update_xaxes(title_text="seconds since ignition, mean", rangemode="tozero")
    return figure.update_layout(barmode="group", bargap=0.25, bargroupgap=0.05)


def gain_forest(result: xr.Dataset | Result, consumer: str) -> go.Figure:
    """What each arm gains against each earlier one in usable warning, flight by flight, with 95 % intervals.

    Over all flights that concern the consumer; a message too late or none counts as no warning.
    """
    result = flat(result)
    pairs = names(result, "pair")
    figure = base_figure(86 + 44 * len(pairs))
    arms = names(result, "arm")
    for pair in pairs:
        one = result.sel(pair=pair, consumer=consumer)
        gain = triple(one["usable_gain_s"])
        if not is_known(gain):
            continue
        arm, versus = str(one["pair_arm"].values), str(one["pair_versus"].values)
        style = arm_style(arms.index(arm))
        figure.add_scatter(
            x=[gain[0]], y=[f"{plain(arm)}<br>against {plain(versus)}"], mode="markers", showlegend=False,
            name=plain(arm), error_x=_error([gain]) | {"color": style["colour"]},
            marker={"symbol": style["symbol"], "size": 10, "color": style["colour"]},
            customdata=[[minutes_text(gain, True), minutes_text(triple(one["gain_s"]), True),
                         percent_text(triple(one["p_warned_gain"]), True)]],
            hovertemplate="usable warning %{customdata[0]} min<br>over flights with a message in both "
                          "%{customdata[1]} min<br>warned %{customdata[2]} % points<extra></extra>",
            meta={"arms": [arm, versus]})
    if not figure.data:
        return _say_nothing(figure, "no flight concerns it")
    figure.add_vline(x=0, line={"color": THEME["zero"], "width": 1.5})
    figure.update_xaxes(title_text="gain in usable warning, seconds")
    return figure.update_yaxes(autorange="reversed")


#: What `engagement_measure` can show: its words, and what percent or number it is.
ENGAGEMENT_MEASURES = {
    "pk": ("killed, of the flights some battery may take, %", True),
    "p_no_leaker": ("raids without a leaker, %", True),
    "leakers_mean": ("leakers per raid", False),
    "shots_mean": ("shots per flight some battery may take", False),
}


def engagement_measure(result: xr.Dataset | Result, measure: str) -> go.Figure:
    """One measure of the engagements, an arm to a row, with its 95 % interval; see `ENGAGEMENT_MEASURES`."""
    result = flat(result)
    words, is_percent = ENGAGEMENT_MEASURES[measure]
    arms = names(result, "arm")
    figure = base_figure(86 + 30 * len(arms))
    for number, arm in enumerate(arms):
        estimate = triple(result[measure].sel(arm=arm))
        if is_percent:
            estimate = in_percent(estimate)
        if not is_known(estimate):
            continue
        style = arm_style(number)
        figure.add_scatter(
            x=[estimate[0]], y=[plain(arm)], mode="markers", showlegend=False,
            error_x=_error([estimate]) | {"color": style["colour"]},
            marker={"symbol": style["symbol"], "size": 11, "color": style["colour"]},
            customdata=[number_text(estimate)], hovertemplate="%{customdata}<extra></extra>", **_of_arm(number, arm))
    if not figure.data:
        return _say_nothing(figure, "no battery may take any flight")
    figure.update_xaxes(title_text=words)
    return figure.update_yaxes(autorange="reversed")


def leakers_per_raid(result: xr.Dataset | Result) -> go.Figure:
    """How many flights of a raid leak: the fraction of raids per number, arms side by side, with 95 % intervals."""
    result = flat(result)
    figure = base_figure(320)
    shown = _leakers_shown(result)
    for number, arm in enumerate(names(result, "arm")):
        estimates = [in_percent(triple(result["p_leakers"].sel(arm=arm, leakers=n))) for n in shown]
        _add_bars(figure, number, arm, dict(zip((f"{n:.0f}" for n in shown), estimates, strict=True)), is_vertical=True)
    if not figure.data:
        return _say_nothing(figure, "no battery may take any flight")
    figure.update_xaxes(title_text="leakers of a raid", type="category")
    figure.update_yaxes(title_text="raids, %", rangemode="tozero")
    return figure.update_layout(barmode="group", bargap=0.2)


def _leakers_shown(result: xr.Dataset) -> list[float]:
    """From none to the most that some raid has."""
    some = result["p_leakers"].sel(estimate="value").max("arm").values
    seen = np.flatnonzero(np.nan_to_num(some) > 0)
    return [float(n) for n in result["leakers"].values[:(seen[-1] + 1 if seen.size else 1)]]


def _add_bars(figure: go.Figure, number: int, arm: str, estimates: dict[str, Triple], is_vertical: bool = False
              ) -> None:
    """Bars of one arm, by what they are of."""
    known = [(row, estimate) for row, estimate in estimates.items() if is_known(estimate)]
    if not known:
        return
    style = arm_style(number)
    labels, values = [row for row, _ in known], [estimate[0] for _, estimate in known]
    along, across = ("x", "y") if is_vertical else ("y", "x")
    figure.add_bar(
        orientation="v" if is_vertical else "h", offsetgroup=f"arm {number}",
        marker={"color": style["colour"], "line": {"width": 0.5, "color": style["colour"]},
                "pattern": {"shape": style["hatch"], "fillmode": "overlay", "fgcolor": "#ffffff", "fgopacity": 0.6,
                            "size": 6}},
        customdata=[number_text(estimate) for _, estimate in known],
        hovertemplate=f"%{{{along}}}: %{{customdata}} %",
        **{along: labels, across: values,
           f"error_{across}": _error([e for _, e in known]) | {"color": THEME["soft"]}},
        **_of_arm(number, arm, meta={"arms": [arm], "theme": {f"error_{across}.color": "soft"}}))


def battery_kills(result: xr.Dataset | Result) -> go.Figure:
    """What each battery kills of the flights it fires at, arms side by side, with 95 % intervals."""
    result = flat(result)
    batteries, arms = names(result, "battery"), names(result, "arm")
    figure = base_figure(90 + 16 * len(batteries) * max(2, len(arms)))
    for number, arm in enumerate(arms):
        estimates = [in_percent(triple(result["battery_pk"].sel(arm=arm, battery=b))) for b in batteries]
        _add_bars(figure, number, arm, dict(zip(map(plain, batteries), estimates, strict=True)))
    if not figure.data:
        return _say_nothing(figure, "no battery fired")
    figure.update_yaxes(autorange="reversed", gridcolor="rgba(0,0,0,0)")
    figure.update_xaxes(title_text="killed, of the flights it fired at, %", rangemode="tozero")
    return figure.update_layout(barmode="group", bargap=0.25)


def placement_gains(placement: xr.Dataset, most: int = 12) -> go.Figure:
    """Who gains how much usable warning with each of the best candidates, with 95 % intervals, best first.

    Parameters
    ----------
    placement : xarray.Dataset
        From `open_placement`.
    most : int, optional
        Candidates shown.
    """
    best = placement.isel(candidate=ranked(placement)[:most])
    candidates = names(best, "candidate")
    figure = base_figure(110 + 26 * len(candidates))
    for number, consumer in enumerate(names(best, "consumer")):
        gains = [(name, triple(best["gain_s"].sel(candidate=name, consumer=consumer))) for name in candidates]
        known = [(name, gain) for name, gain in gains if is_known(gain)]
        style = arm_style(number)
        figure.add_scatter(
            x=[gain[0] for _, gain in known], y=[plain(name) for name, _ in known], mode="markers", name=plain(consumer),
            marker={"symbol": style["symbol"], "size": 10, "color": style["colour"]},
            error_x=_error([gain for _, gain in known]) | {"color": style["colour"]},
            customdata=[number_text(gain, True) for _, gain in known],
            hovertemplate="%{y}: %{customdata} s<extra>%{fullData.name}</extra>")
    if not any(trace.x for trace in figure.data):
        return _say_nothing(figure, "no flight concerns any consumer")
    figure.add_vline(x=0, line={"color": THEME["zero"], "width": 1})
    figure.update_xaxes(title_text="gain in usable warning, s", rangemode="tozero")
    return figure.update_yaxes(categoryorder="array", categoryarray=[plain(name) for name in candidates][::-1])


def value_ranking(value: dict[str, Any], most: int = 15) -> go.Figure:
    """What each link and sensor of an arm is worth: the usable warning that the consumer it matters most to loses
    without it, with 95 % intervals; at most so many, largest first.

    Parameters
    ----------
    value : dict
        What ``longwatch value --json`` printed.
    most : int, optional
    """
    # Without a consumer that it matters most to, nobody loses anything.
    entries = [entry for entry in value["ranking"] if entry["loses_most"]][:most]
    figure = base_figure(86 + 30 * max(len(entries), 1))
    for kind, symbol, colour in (("link", "circle", COLOURS[0]), ("sensor", "square", COLOURS[1])):
        chosen = [entry for entry in entries if entry["kind"] == kind]
        if not chosen:
            continue
        losses = [next(value_triple(c["usable_loss_s"]) for c in entry["consumers"]
                       if c["name"] == entry["loses_most"]) for entry in chosen]
        figure.add_scatter(
            x=[loss[0] for loss in losses],
            y=[f"{plain(entry['name'])} ({plain(entry['loses_most'])})" for entry in chosen],
            mode="markers+text", name=f"{kind}s", marker={"symbol": symbol, "size": 10, "color": colour},
            text=[f"  {minutes_text(loss, True)} min" for loss in losses], textposition="middle right",
            textfont={"size": 11, "color": THEME["text"]}, cliponaxis=False,
            meta={"theme": {"textfont.color": "text"}, "numbers": True},
            error_x=_error(losses) | {"color": colour},
            customdata=[[minutes_text(loss, True), percent_text(value_triple(entry["pk_loss"]), True)]
                        for loss, entry in zip(losses, chosen, strict=True)],
            hovertemplate="%{y}<br>usable warning lost %{customdata[0]} min<br>killed lost %{customdata[1]} "
                          "% points<extra></extra>")
    if not entries:
        return _say_nothing(figure, "nobody loses warning without any one link or sensor")
    figure.add_vline(x=0, line={"color": THEME["zero"], "width": 1.5})
    longest = max(value_triple(c["usable_loss_s"])[0] for e in entries for c in e["consumers"]
                  if c["name"] == e["loses_most"])
    # Room for the numbers beside the marks.
    figure.update_xaxes(title_text="usable warning lost, s", range=[-0.04 * longest, 1.45 * longest])
    order = [f"{plain(e['name'])} ({plain(e['loses_most'])})" for e in entries]
    return figure.update_yaxes(categoryorder="array", categoryarray=order[::-1])
