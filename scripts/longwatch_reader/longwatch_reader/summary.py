"""A result in a screenful of text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from .fit import fit

if TYPE_CHECKING:
    from .result import Result

_ROWS_MAX = 60


def summary(result: Result) -> str:
    """The question, what was flown, and per consumer and arm the warning with its interval."""
    attrs = result.attrs
    place = str(result.path) if result.path else "in memory"
    lines = [*textwrap.wrap(f"{attrs['study']}: {attrs['question']}", 100, subsequent_indent="  "),
             f"{_flights(attrs['flight_count'])}, seed {attrs['seed']}, on {attrs['device']}; "
             f"Longwatch {attrs['code_version']}; {place}"]
    if attrs["stopped"]:
        lines.append(f"stopped {attrs['stopped']}")
    if result.missing_flights:
        lines.append(f"{_flights(result.missing_flights)} MISSING between the first and the last: see groups['gaps']")
    if result.failed_count:
        lines.append(f"{_flights(result.failed_count)} FAILED: see failures")
    arms = [str(name) for name in result.tallies["arm"].values]
    consumers = [str(name) for name in result.tallies["consumer"].values]
    if consumers:
        warned = [(consumer, arm, _minutes(result.select("warning_time_p50_s", arm=arm, consumer=consumer)),
                   _per_cent(result.select("p_warned", arm=arm, consumer=consumer)))
                  for consumer in consumers for arm in arms]
        lines += ["", *_table(("consumer", "arm", "median warning, min:s", "warned, %"), warned)]
    if result.tallies["shots_count"].sum() > 0:
        engaged = [(arm, _per_cent(result.select("pk", arm=arm)), _per_cent(result.select("p_leak", arm=arm)))
                   for arm in arms]
        lines += ["", *_table(("arm", "killed, %", "leaked, %"), engaged)]
    lines += ["", "Brackets hold 95 % intervals. See .estimates, .tallies, .study, .assumptions."]
    return fit("\n".join(lines))


def _flights(count: int) -> str:
    return "1 flight" if count == 1 else f"{count:,} flights"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    shown = rows[:_ROWS_MAX]
    widths = [max(len(row[k]) for row in [heads, *shown]) for k in range(len(heads))]
    texts = [k for k in range(len(heads)) if heads[k] in ("consumer", "arm")]

    def line(row: tuple[str, ...]) -> str:
        cells = (cell.ljust(width) if k in texts else cell.rjust(width)
                 for k, (cell, width) in enumerate(zip(row, widths, strict=True)))
        return ("  " + "  ".join(cells)).rstrip()

    more = [f"  and {len(rows) - len(shown)} rows more"] if len(rows) > len(shown) else []
    return [line(heads), *map(line, shown), *more]


def _minutes(estimate: xr.DataArray) -> str:
    return _bracketed(estimate, _min_s)


def _per_cent(estimate: xr.DataArray) -> str:
    return _bracketed(estimate, lambda value: "no bound" if np.isinf(value) else f"{100 * value:.1f}")


def _bracketed(estimate: xr.DataArray, text: Callable[[float], str]) -> str:
    value, low, high = (float(estimate.sel(estimate=end)) for end in ("value", "low", "high"))
    return "-" if np.isnan(value) else f"{text(value)} ({text(low)} to {text(high)})"


def _min_s(seconds: float) -> str:
    if np.isinf(seconds):
        return "no bound"
    tenths = round(abs(seconds) * 10)
    return f"{'-' if seconds < 0 and tenths else ''}{tenths // 600}:{tenths % 600 / 10:04.1f}"
