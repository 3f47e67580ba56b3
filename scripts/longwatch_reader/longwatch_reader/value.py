"""What ``longwatch value --json`` tells, as labelled arrays."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xarray as xr

_ENDS = ("value", "low", "high")
_BY_CONSUMER = {
    "usable_loss_s": ("s", "mean usable warning lost over the flights that concern the consumer"),
    "warning_loss_s": ("s", "mean warning time lost over flights with a message in both"),
    "p_warned_loss": ("1", "loss in the fraction warned"),
}


def read_value(text: str) -> xr.Dataset:
    """The ranking as `Study.value` describes it; infinite and NaN ends as in a result file."""
    told = json.loads(text)
    ranking = told.pop("ranking")
    consumers = [consumer["name"] for consumer in ranking[0]["consumers"]] if ranking else []
    thresholds = list(ranking[0]["consumers"][0]["p_at_least_loss_s"]) if consumers else []
    losses: dict[str, Any] = {}
    for name, (unit, description) in _BY_CONSUMER.items():
        values = [[_ends(consumer[name]) for consumer in thing["consumers"]] for thing in ranking]
        losses[name] = _array(("rank", "consumer", "estimate"), values, (len(ranking), len(consumers), 3), unit,
                              description)
    at_least = [[[_ends((consumer["p_at_least_loss_s"] or {}).get(one)) for one in thresholds]
                 for consumer in thing["consumers"]] for thing in ranking]
    losses["p_at_least_loss"] = _array(("rank", "consumer", "threshold_s", "estimate"), at_least,
                                       (len(ranking), len(consumers), len(thresholds), 3), "1",
                                       "loss in the fraction with at least that much warning")
    losses["pk_loss"] = _array(("rank", "estimate"), [_ends(thing["pk_loss"]) for thing in ranking],
                               (len(ranking), 3), "1", "loss in the fraction killed")
    labels = {"rank": _label("rank", np.arange(1, len(ranking) + 1), "1 is the largest loss"),
              "consumer": _label("consumer", np.array(consumers, dtype=str), "names of the consumers"),
              "estimate": _label("estimate", np.array(_ENDS), "value and ends of its 95 % interval"),
              "threshold_s": _label("threshold_s", np.array(thresholds, dtype=float), "warning times", "s")}
    for name, description in (("name", "of the link or sensor taken away"), ("kind", "link or sensor"),
                              ("loses_most", "the consumer who loses most")):
        labels[name] = _label("rank", np.array([thing[name] or "" for thing in ranking], dtype=str), description)
    return xr.Dataset(losses, coords=labels, attrs=told)


def _label(dimension: str, values: np.ndarray, description: str, unit: str = "1") -> xr.Variable:
    return xr.Variable((dimension,), values, {"units": unit, "description": description})


def _array(dimensions: tuple[str, ...], values: list[Any], shape: tuple[int, ...], unit: str,
           description: str) -> xr.Variable:
    filled = np.array(values, dtype=float).reshape(shape)
    return xr.Variable(dimensions, filled, {"units": unit, "description": description})


def _ends(estimate: dict[str, Any] | None) -> tuple[float, float, float]:
    if estimate is None:
        return np.nan, np.nan, np.nan
    low = -np.inf if estimate.get("low_open") else estimate["low"]
    high = np.inf if estimate.get("high_open") else estimate["high"]
    return estimate["value"], low, high
