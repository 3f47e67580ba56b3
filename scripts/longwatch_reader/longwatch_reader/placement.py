"""Placement files, which ``longwatch place`` writes, as labelled arrays."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import xarray as xr

from . import schema, stored
from .errors import ResultError
from .fit import brief, is_fit
from .reader import check_version, sealed_content
from .untrusted import FAILURES, opened, reason

FILE_TYPE = "longwatch placement"

#: As host/study/read_placement.cpp has it.
CANDIDATES_MAX = 10_000
#: What counts, and in which unit.
OBJECTIVES = {"expected-warning": "s", "worst-consumer": "s", "probability-of-warning": "1", "kill-probability": "1"}

_BY_CONSUMER = ("warning_time_p50_s", "warning_time_p05_s", "gain_s")
_SETS = ("greedy", "exact")
_TEXT_ATTRIBUTES = ("file_type", "schema_version", "code_version", "git_hash", "created_utc", "study", "question", "study_hash",
                    "device", "precision", "instructions", "arm", "sensor", "objective", "objective_units")
_COUNT_ATTRIBUTES = ("seed", "flight_count", "failed_count", "kept_flights", "first_flight", "lanes", "threads")


def file_type(path: Path, content: bytes) -> str:
    """What kind of file of ours these bytes are, as ``longwatch result``; raises `ResultError` where they are none."""
    try:
        with opened(content) as file:
            return stored.text_attribute(file, "file_type")
    except FAILURES as error:
        raise ResultError(f"cannot read {path} ({reason(error)})") from error


def open_placement(path: str | PathLike[str]) -> xr.Dataset:
    """Read a placement file.

    Parameters
    ----------
    path : str or Path
        A file that ``longwatch place`` has written.

    Returns
    -------
    xarray.Dataset
        Per ``candidate``: place, surface (``land`` or ``water``), coverage, median and 5th percentile of the
        warning time and gain over the present layout per ``consumer``, the objective, its gain, and the
        probability of being the best. Estimates have a dimension ``estimate`` with the labels ``value``, ``low``
        and ``high``. Per ``set`` (``greedy``, ``exact``) of sites chosen together: their names, ``set_site``
        (set, member), in the order chosen and empty beyond the last; ``set_gain`` and ``set_bound`` (no set of so
        many gains more) in the units of the objective; ``set_gap``, the fraction of the bound between them.
        Per ``checked`` set of sites (names with commas between), flown in full by further flights:
        ``checked_gain_s`` per consumer and ``checked_pk_gain``, NaN without batteries.
        Attributes are those of the file, and ``study_text``, ``study_resolved``, ``assumptions``.

    Raises
    ------
    ResultError
        Where the file is missing, damaged, of another kind or version, or lacks something.
    """
    path = Path(path)
    return placement_in(path, sealed_content(path))


def placement_in(path: Path, content: bytes) -> xr.Dataset:
    """The placement that these bytes of a file are, as `open_placement` describes it; raises `ResultError`."""
    try:
        with opened(content) as file:
            check_version(path, file, FILE_TYPE)
            attributes = _attributes(file)
            coordinates = {name: _labels(file, name, most)
                           for name, most in (("candidate", CANDIDATES_MAX), ("consumer", schema.AXIS_MAX["consumer"]))}
            coordinates |= {"estimate": np.array(schema.FIXED_LABELS["estimate"], dtype=object),
                            "set": np.array(_SETS, dtype=object)}
            variables = _candidates(file, coordinates, attributes["objective_units"])
            variables |= _sets(file, coordinates["candidate"], attributes["objective_units"])
            coordinates["checked"], of_checked = _checked(file, len(coordinates["consumer"]))
            attributes |= {f"study_{name}": stored.study_text(file["study"], name) for name in ("text", "resolved")}
            attributes["assumptions"] = stored.assumptions(file["study"])
            return xr.Dataset(variables | of_checked, coordinates, attributes)
    except FAILURES as error:
        raise ResultError(f"cannot read {path} ({reason(error)})") from error


def _attributes(file: h5py.File) -> dict[str, Any]:
    found: dict[str, Any] = {name: stored.text_attribute(file, name) for name in _TEXT_ATTRIBUTES}
    found |= {name: stored.number_attribute(file, name, 0, 2.0 ** 64, whole=True) for name in _COUNT_ATTRIBUTES}
    found["at_least_s"] = stored.number_attribute(file, "at_least_s", 0, stored.TIME_MAX_S)
    stored.check_names("attribute arm", [found["arm"]])
    stored.check_names("attribute sensor", [found["sensor"]])
    if OBJECTIVES.get(found["objective"]) != found["objective_units"]:
        raise ValueError(f"its objective is '{brief(found['objective'])}' in '{brief(found['objective_units'])}' "
                         f"(known: {', '.join(f'{name} in {unit}' for name, unit in OBJECTIVES.items())})")
    wanted = schema.FIXED_LABELS["estimate"]
    if "estimate" in file and tuple(stored.names(stored.dataset(file, "estimate"), "estimate", len(wanted))) != wanted:
        raise ValueError("dataset estimate is not value, low, high")
    return found


def _labels(file: h5py.File, name: str, most: int) -> np.ndarray:
    return np.array(stored.names(stored.dataset(file, name), name, most), dtype=object)


def _candidates(file: h5py.File, labels: dict[str, np.ndarray], units: str) -> dict[str, xr.Variable]:
    """What there is of each candidate."""
    count, consumers = len(labels["candidate"]), len(labels["consumer"])
    seconds = (-stored.TIME_MAX_S, stored.TIME_MAX_S)
    found = {"surface": _variable(file["surface"], ("candidate",), _surfaces(file, count))}
    for name, low, high in (("latitude_deg", -90, 90), ("longitude_deg", -360, 360), ("p_best", 0, 1)):
        item = stored.dataset(file, name)
        found[name] = _variable(item, ("candidate",), stored.within(stored.numbers(item, name, (count,)), name, low, high))
    for name, bounds in (("coverage", (0, 1)), ("objective", (0, 1) if units == "1" else seconds),
                         ("objective_gain", (-1, 1) if units == "1" else seconds)):
        item = stored.dataset(file, name)
        found[name] = _variable(item, ("candidate", "estimate"), stored.estimates(item, name, (count,), *bounds))
    if (np.isnan(found["objective_gain"].values) != np.isnan(found["objective"].values)).any():
        raise ValueError("dataset objective_gain lacks a value that objective has, or has one that it lacks")
    for name in _BY_CONSUMER:
        item = stored.dataset(file, name)
        values = stored.estimates(item, name, (count, consumers), *seconds, is_quantile=name != "gain_s")
        found[name] = _variable(item, ("candidate", "consumer", "estimate"), values)
    return found


def _surfaces(file: h5py.File, count: int) -> np.ndarray:
    item = stored.dataset(file, "surface")
    stored.length(item, "surface", CANDIDATES_MAX)
    found = stored.texts(item, "surface")
    if len(found) != count or not set(found) <= {"land", "water"}:
        raise ValueError("dataset surface is not land or water for each candidate")
    return np.array(found, dtype=object)


def _variable(item: h5py.Dataset, dimensions: tuple[str, ...], values: np.ndarray) -> xr.Variable:
    told = {key: stored.text_attribute(item, key) for key in ("units", "description") if key in item.attrs}
    return xr.Variable(dimensions, values, told)


def _sets(file: h5py.File, candidates: np.ndarray, objective_units: str) -> dict[str, xr.Variable]:
    """Both ways to choose several sites, as `open_placement` describes them."""
    items = {name: stored.dataset(file["chosen"], name) for name in _SETS}
    sites = [stored.names(item, f"chosen/{name}", CANDIDATES_MAX) for name, item in items.items()]
    unknown = set().union(*sites) - set(candidates)
    if unknown:
        raise ValueError(f"group chosen has '{brief(min(unknown))}', which is no candidate")
    padded = np.full((len(_SETS), max(map(len, sites))), "", dtype=object)
    for number, chosen in enumerate(sites):
        padded[number, :len(chosen)] = chosen
    found = {"set_site": xr.Variable(("set", "member"), padded, {"units": "1", "description": "sites chosen together"})}
    most = 1.0 if objective_units == "1" else stored.TIME_MAX_S
    for key, units, high, description in (("gain", objective_units, most, "gain of the objective on the present layout"),
                                          ("bound", objective_units, most, "no set of so many gains more"),
                                          ("gap", "1", 1.0, "between gain and bound, as a fraction of the bound")):
        values = [float(stored.number_attribute(item, key, -high, high)) for item in items.values()]
        found[f"set_{key}"] = xr.Variable(("set",), values, {"units": units, "description": description})
    return found


def _checked(file: h5py.File, consumers: int) -> tuple[np.ndarray, dict[str, xr.Variable]]:
    """Sets of sites that were flown in full, and what they gain."""
    group = file["checked"]
    sites = stored.dataset(group, "sites")
    count = stored.length(sites, "checked/sites", schema.AXIS_MAX["assumption"])
    labels = stored.texts(sites, "checked/sites")
    if len(set(labels)) < count or not all(map(is_fit, labels)):
        raise ValueError("dataset checked/sites has the same sites twice, or what is no name")
    gain, kills = (stored.dataset(group, name) for name in ("usable_gain_s", "pk_gain"))
    found = {
        "checked_gain_s": _variable(gain, ("checked", "consumer", "estimate"), stored.estimates(
            gain, "usable_gain_s", (count, consumers), -stored.TIME_MAX_S, stored.TIME_MAX_S)),
        "checked_pk_gain": _variable(kills, ("checked", "estimate"), stored.estimates(
            kills, "pk_gain", (count,), -stored.TIME_MAX_S, stored.TIME_MAX_S))}
    return np.array(labels, dtype=object), found
