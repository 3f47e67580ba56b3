"""Numbers as readers see them: with units, intervals, and as many digits as the interval bears."""

from __future__ import annotations

import math
from collections.abc import Callable

#: An estimate: its value and both ends of its 95 % interval.
Triple = tuple[float, float, float]

NOTHING = "–"


def is_known(estimate: Triple) -> bool:
    """False where there were no flights to estimate from."""
    return not any(math.isnan(x) for x in estimate)


def in_percent(estimate: Triple) -> Triple:
    """An estimate of a fraction in percent."""
    value, low, high = estimate
    return 100 * value, 100 * low, 100 * high


def minutes_text(estimate: Triple, signed: bool = False) -> str:
    """Seconds as ``19:06.7 (19:06.5 to 19:07.0)`` minutes."""
    if not is_known(estimate):
        return NOTHING
    half = (estimate[2] - estimate[1]) / 2
    places = 1 if half < 2 else 0
    return _with_interval(estimate, lambda x: _minutes(x, places, signed))


def percent_text(estimate: Triple, signed: bool = False) -> str:
    """A fraction as ``48.6 (48.4 to 48.8)``, in percent."""
    return number_text(in_percent(estimate), signed)


def number_text(estimate: Triple, signed: bool = False) -> str:
    """Any number, to the first digit of its half interval; nothing at all, in every flight, is told as 0."""
    if not is_known(estimate):
        return NOTHING
    if not any(estimate):
        return "0"
    half = (estimate[2] - estimate[1]) / 2
    if half == 0 or math.isinf(half):
        half = max(abs(estimate[0]), 1e-3) / 100
    places = min(max(0, -math.floor(math.log10(half))), 6)
    return _with_interval(estimate, lambda x: _number(x, places, signed))


def count_text(count: int | float) -> str:
    return f"{count:,.0f}"


def _number(x: float, places: int, signed: bool) -> str:
    text = f"{x:,.{places}f}"
    if float(text.replace(",", "")) == 0:
        return text.lstrip("-")
    return ("+" if signed and x > 0 else "") + text.replace("-", "−")


def _minutes(seconds: float, places: int, signed: bool) -> str:
    unit = 10 ** places
    ticks = round(abs(seconds) * unit)
    minutes, rest = divmod(ticks, 60 * unit)
    width = 3 + places if places else 2
    sign = "" if ticks == 0 else "−" if seconds < 0 else "+" if signed else ""
    return f"{sign}{minutes}:{rest / unit:0{width}.{places}f}"


def _with_interval(estimate: Triple, one: Callable[[float], str]) -> str:
    value, low, high = estimate
    if math.isinf(value):
        return "beyond what is told apart"
    if math.isinf(low) or math.isinf(high):
        start = "no bound" if math.isinf(low) else one(low)
        end = "no bound" if math.isinf(high) else one(high)
        return f"{one(value)} ({start} to {end})"
    return f"{one(value)} ({one(low)} to {one(high)})"
