"""Pictures of results."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from .result import Result

# From Okabe and Ito's colours, told apart with every common colour vision; light ones first, to lie below.
_COLOURS = ("#BBBBBB", "#E69F00", "#0072B2", "#000000", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
# Earlier arms are drawn wider and below, later ones thinner and broken: arms that coincide stay visible.
_WIDEST_PT, _THINNEST_PT = 6.0, 1.4
_DASHES = ((0, ()), (0, ()), (0, (3, 1.5)), (0, (1.5, 2.5)), (0, (6, 2, 1.5, 2)))
# Axes end where fewer than this fraction of the flights lies beyond.
_BEYOND_AXES_FRAC = 0.001
_PANEL_WIDTH_IN, _PANEL_HEIGHT_IN = 3.2, 2.6


class Picture(Figure):
    """A figure of its own: notebooks show it, `savefig` writes it, and no window or backend is touched."""

    def _repr_png_(self) -> bytes:
        content = io.BytesIO()
        self.savefig(content, format="png", dpi=80)
        return content.getvalue()


def plot_warning_times(result: Result | xr.Dataset) -> Picture:
    """Draw, for each consumer, the fraction of flights with at least so much warning, one curve per arm.

    Parameters
    ----------
    result : Result or xarray.Dataset
        From `open` or `open_result`. Drawn is its ``p_at_least``, with the 95 % interval as a band.

    Returns
    -------
    Picture
        A matplotlib figure: one panel per consumer, warning time in minutes.

    Raises
    ------
    ValueError
        Where the result has no consumers.
    """
    result = result.dataset if isinstance(result, Result) else result
    consumers = [str(name) for name in result["consumer"].values]
    if not consumers:
        raise ValueError("the result has no consumers to draw")
    columns = _columns(len(consumers))
    rows = -(-len(consumers) // columns)
    figure = Picture(figsize=(_PANEL_WIDTH_IN * columns, _PANEL_HEIGHT_IN * rows + 1.1), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharey=True)
    handles: list[Any] = []
    for panel, consumer in zip(panels.flat, consumers, strict=False):
        of_consumer = result.sel(consumer=consumer)
        handles = _draw_consumer(panel, of_consumer, consumer) or handles
        panel.set_xlim(_limits_min(of_consumer))
    for panel in panels.flat[len(consumers):]:
        panel.set_visible(False)
    for column in range(columns):
        lowest = [panel for panel in panels[:, column] if panel.get_visible()][-1]
        lowest.set_xlabel("warning time, minutes")
    figure.supylabel("flights with at least that much warning", fontsize="medium")
    figure.suptitle(_title(result), fontsize="medium")
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 5), frameon=False,
                      handlelength=4)
    return figure


def _draw_consumer(panel: Axes, result: xr.Dataset, consumer: str) -> list[Any]:
    arms = [str(name) for name in result["arm"].values]
    minutes = result["warning_threshold_s"].values / 60
    handles: list[Any] = []
    for number, arm in enumerate(arms):
        curve = result["p_at_least"].sel(arm=arm)
        value = curve.sel(estimate="value").values
        if np.isnan(value).all():
            continue
        colour = _COLOURS[number % len(_COLOURS)]
        width = _WIDEST_PT + (_THINNEST_PT - _WIDEST_PT) * number / max(len(arms) - 1, 1)
        panel.fill_between(minutes, curve.sel(estimate="low").values, curve.sel(estimate="high").values,
                           color=colour, alpha=0.2, linewidth=0)
        # To the first zero and no farther: lines along the axis would hide each other.
        end = int(np.argmin(value > 0)) + 1 if value[-1] <= 0 < value[0] else len(value)
        handles += panel.plot(minutes[:end], value[:end], color=colour, linewidth=width, label=arm,
                              linestyle=_DASHES[number % len(_DASHES)])
    if not handles:
        panel.text(0.5, 0.5, "no flight concerns it", transform=panel.transAxes, ha="center", va="center")
    panel.axvline(0, color="0.6", linewidth=0.8, zorder=0)
    panel.set_title(consumer, fontsize="medium")
    panel.set_ylim(-0.02, 1.02)
    panel.yaxis.set_major_formatter(PercentFormatter(1))
    panel.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10], integer=True))
    panel.grid(color="0.9", linewidth=0.6)
    panel.set_axisbelow(True)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    return handles


def _columns(count: int) -> int:
    return count if count <= 2 else 3


def _limits_min(result: xr.Dataset) -> tuple[float, float]:
    """The warning times over which the curves fall, with zero in sight and a little room."""
    curves = result["p_at_least"].sel(estimate="value").values.reshape(-1, result.sizes["warning_threshold_s"])
    minutes = result["warning_threshold_s"].values / 60
    curves = curves[~np.isnan(curves).any(axis=1)]
    fallen = np.flatnonzero((curves[:, :1] - curves > _BEYOND_AXES_FRAC).any(axis=0))
    standing = np.flatnonzero((curves > _BEYOND_AXES_FRAC).any(axis=0))
    if fallen.size == 0 or standing.size == 0:
        return -1.0, 10.0
    low, high = min(minutes[max(fallen[0] - 1, 0)], 0.0), max(minutes[standing[-1]], 0.0)
    room = 0.03 * (high - low) + 0.1
    return low - room, high + room


def _title(result: xr.Dataset) -> str:
    attributes = result.attrs
    return (f"{attributes['study']}: {attributes['flight_count']:,} flights, seed {attributes['seed']}; "
            "bands are 95 % intervals")
