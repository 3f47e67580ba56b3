"""Reads a result file into labelled arrays. Nothing is computed here: what is stored is told, once it makes sense."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import xarray as xr

from . import schema, stored
from .errors import ResultError
from .fit import brief
from .result import Result
from .untrusted import FAILURES, opened, plain_file_content, reason

#: The version of docs/io_format.md that this reader was written for.
SCHEMA_VERSION = "4.2"
FILE_TYPE = "longwatch result"

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_SEAL_MARK = b"longwatch-crc32:"
_SEAL_SIZE = len(_SEAL_MARK) + 8
_QUANTILE = re.compile(r"_p\d\d_s$")
_FLIGHTS_MAX = float(1 << 63)
# Where a number of the ground tracks may lie.
_TRACK_BOUNDS = {"track_t_s": (0.0, stored.TIME_MAX_S), "track_latitude_deg": (-90.0, 90.0),
                 "track_longitude_deg": (-360.0, 360.0), "track_altitude_km": (-100.0, 1e6)}


def open(path: str | PathLike[str]) -> Result:  # noqa: A001 (longwatch_reader.open is how it is called)
    """Read a result file, whole, into memory.

    Parameters
    ----------
    path : str or path
        A file that ``longwatch run`` has written.

    Returns
    -------
    Result
        Every dataset that docs/io_format.md lists, with its dimensions, labels, units and description. What a newer minor
        version adds is left out.

    Raises
    ------
    ResultError
        Where the file is missing, damaged, of another kind or of another major schema version, or holds what no result does.
    """
    path = Path(path)
    return result_in(path, sealed_content(path))


def open_result(path: str | PathLike[str]) -> xr.Dataset:
    """Read a result file as one flat dataset: ``open(path).dataset``."""
    return open(path).dataset


def result_in(path: Path, content: bytes) -> Result:
    """The result that these bytes of a file are; raises `ResultError`."""
    try:
        with opened(content) as file:
            check_version(path, file, FILE_TYPE)
            return Result(path, _attributes(file), _groups(file))
    except FAILURES as error:
        raise ResultError(f"cannot read {path} ({reason(error)})") from error


def sealed_content(path: Path) -> bytes:
    content = plain_file_content(path)
    if not content.startswith(_SIGNATURE):
        raise ResultError(f"cannot read {path} (it is not an HDF5 file)")
    body, seal = content[:-_SEAL_SIZE], content[-_SEAL_SIZE:]
    if not seal.startswith(_SEAL_MARK):
        raise ResultError(f"cannot read {path} (it is cut short, or another program wrote it: "
                          "the checksum at its end is missing)")
    if seal != _SEAL_MARK + b"%08x" % zlib.crc32(body):
        raise ResultError(f"cannot read {path} (it is damaged or was changed: its checksum is wrong)")
    return content


def check_version(path: Path, file: h5py.File, wanted: str) -> None:
    """Raises `ResultError` where the file is of another kind than wanted, or of another major version."""
    file_type = stored.text_attribute(file, "file_type")
    if file_type != wanted:
        raise ResultError(f"cannot read {path} (its file type is '{brief(file_type)}', not '{wanted}')")
    version = stored.text_attribute(file, "schema_version")
    major, own = version.split(".")[0], SCHEMA_VERSION.split(".")[0]
    if major == own:
        return
    is_newer = len(major) < 9 and major.isdecimal() and int(major) > int(own)
    hint = "install a newer longwatch_reader" if is_newer else "fly the study again"
    raise ResultError(f"cannot read {path} (its schema version is {brief(version)}, this reader reads {own}.x) {hint}")


def _attributes(file: h5py.File) -> dict[str, Any]:
    found: dict[str, Any] = {name: stored.text_attribute(file, name) for name in schema.TEXT_ATTRIBUTES}
    found |= {name: stored.number_attribute(file, name, least, 2.0 ** 64, whole=True)
              for name, least in schema.COUNT_ATTRIBUTES.items()}
    found |= {name: stored.number_attribute(file, name, 0.0, stored.TIME_MAX_S) for name in schema.NUMBER_ATTRIBUTES}
    if found["sampling"] not in schema.SAMPLINGS:
        raise ValueError(f"attribute sampling is '{brief(found['sampling'])}' (known: {', '.join(schema.SAMPLINGS)})")
    return found


class _Labels:
    """The axes of a file, and what hangs on them."""

    def __init__(self) -> None:
        self.axes: dict[str, xr.Variable] = {}
        #: The two arms of a pair, once pairs are known.
        self.pair_arms: dict[str, xr.Variable] = {}
        self._cells = 0

    def shape(self, axes: tuple[str, ...]) -> tuple[int, ...]:
        """How long datasets along these axes are; raises ValueError where all of them together are beyond bounds."""
        shape = tuple(len(self.axes[axis]) for axis in axes)
        self._cells += int(np.prod(shape, dtype=float))
        if self._cells > stored.CELLS_MAX:
            raise ValueError(f"it holds more than {stored.CELLS_MAX:,} numbers")
        return shape

    def add_names(self, group: h5py.Group, *axes: str) -> None:
        for axis in axes:
            item = stored.dataset(group, axis)
            found = stored.names(item, axis, schema.AXIS_MAX[axis])
            fixed = schema.FIXED_LABELS.get(axis)
            if fixed and tuple(found) != fixed:
                raise ValueError(f"dataset {axis} is {brief(', '.join(found))} (it must be {', '.join(fixed)})")
            self.axes[axis] = _variable(item, (axis,), _objects(found))

    def add_values(self, group: h5py.Group, *axes: str, kind: str = "f") -> None:
        for axis in axes:
            item = stored.dataset(group, axis)
            size = stored.length(item, axis, schema.AXIS_MAX[axis])
            self.axes[axis] = _variable(item, (axis,), stored.rising(stored.numbers(item, axis, (size,), kind), axis))

    def add_pair_arms(self, file: h5py.File) -> None:
        """Each arm against each before it, as the labels of pairs say too."""
        arms = [str(arm) for arm in self.axes["arm"].values]
        wanted = [(arm, versus) for number, arm in enumerate(arms) for versus in arms[:number]]
        if [str(pair) for pair in self.axes["pair"].values] != [f"{arm} against {versus}" for arm, versus in wanted]:
            raise ValueError("dataset pair does not have each arm against each before it")
        for name, of_pair in (("pair_arm", [arm for arm, _ in wanted]), ("pair_versus", [versus for _, versus in wanted])):
            item = stored.dataset(file, name)
            stored.length(item, name, schema.AXIS_MAX["pair"])
            if stored.texts(item, name) != of_pair:
                raise ValueError(f"dataset {name} does not have the arms of the pairs")
            self.pair_arms[name] = _variable(item, ("pair",), _objects(of_pair))

    def dataset(self, variables: Mapping[str, xr.Variable]) -> xr.Dataset:
        """These variables, with the labels of their axes."""
        axes = {str(axis) for variable in variables.values() for axis in variable.dims}
        labels = {axis: self.axes[axis] for axis in self.axes if axis in axes}
        return xr.Dataset(dict(variables), labels | (self.pair_arms if "pair" in axes else {}))


def _groups(file: h5py.File) -> dict[str, xr.Dataset]:
    """The datasets of the root, as "/", and of each group below it."""
    labels = _Labels()
    labels.add_names(file, *schema.ROOT_LABELS)
    labels.add_values(file, *schema.ROOT_VALUES)
    labels.add_pair_arms(file)
    root = labels.dataset({name: _tally(file, name, labels, axes) for name, axes in schema.TALLIES.items()})
    groups = {"/": root.assign_coords({axis: labels.axes[axis] for axis in schema.ROOT_LABELS + schema.ROOT_VALUES})}
    groups["estimates"] = _estimates(_group(file, "estimates"), labels)
    groups["study"] = _study(_group(file, "study"), labels)
    groups["failures"] = _failures(_group(file, "failures"), labels)
    if "randomisations" in file:
        group = _group(file, "randomisations")
        labels.add_values(group, "randomisation", kind="i")
        groups["randomisations"] = labels.dataset({name: _tally(group, name, labels, ("randomisation", *axes))
                                                   for name, axes in schema.TALLIES.items()})
    # Files of schema 4.0 have no scene, and older ones than 4.2 no gaps.
    if "scene" in file:
        groups["scene"] = _scene(_group(file, "scene"), labels)
    if "gaps" in file:
        groups["gaps"] = _gaps(_group(file, "gaps"), labels)
    return groups


def _group(file: h5py.File, name: str) -> h5py.Group:
    group = file.get(name)
    if not isinstance(group, h5py.Group):
        raise ValueError(f"it has no group {name}")
    return group


def _tally(group: h5py.Group, name: str, labels: _Labels, axes: tuple[str, ...]) -> xr.Variable:
    item = stored.dataset(group, name)
    values = stored.numbers(item, name, labels.shape(axes), "i")
    if name.endswith(("_count", "_histogram")):
        stored.within(values, name, 0, _FLIGHTS_MAX)
    return _variable(item, axes, values)


def _estimates(group: h5py.Group, labels: _Labels) -> xr.Dataset:
    labels.add_names(group, "estimate")
    labels.add_values(group, "warning_threshold_s")
    found = {}
    for name, axes in schema.ESTIMATES.items():
        item = stored.dataset(group, name)
        values = stored.estimates(item, name, labels.shape((*axes, "estimate"))[:-1], *_bounds(name),
                                  is_quantile=bool(_QUANTILE.search(name)))
        found[name] = _variable(item, (*axes, "estimate"), values)
    return labels.dataset(found)


def _bounds(name: str) -> tuple[float, float]:
    """Between which an estimate of that name lies."""
    if name in ("p_warned_gain", "p_at_least_gain"):
        return -1, 1
    if name == "pk" or name.endswith("_pk") or (name.removeprefix("battery_").startswith("p_") and not name.endswith("_gain")):
        return 0, 1
    return -stored.TIME_MAX_S, stored.TIME_MAX_S


def _scene(group: h5py.Group, labels: _Labels) -> xr.Dataset:
    labels.add_values(group, "track_point")
    shape = labels.shape(("threat", "track_point"))
    found = {}
    for name, bounds in _TRACK_BOUNDS.items():
        item = stored.dataset(group, name)
        found[name] = _variable(item, ("threat", "track_point"), stored.within(stored.numbers(item, name, shape), name, *bounds))
    return labels.dataset(found)


def _study(group: h5py.Group, labels: _Labels) -> xr.Dataset:
    found = {name: _study_text(group, name) for name in ("text", "resolved")}
    labels.add_names(group, "origin", "node", "link")
    labels.axes["assumption"] = _variable(group["assumption"], ("assumption",), _objects(stored.assumptions(group)))
    return labels.dataset(found).assign_coords({axis: labels.axes[axis] for axis in ("assumption", "origin", "node", "link")})


def _study_text(group: h5py.Group, name: str) -> xr.Variable:
    item = stored.dataset(group, name)
    return _variable(item, (), np.array(stored.study_text(group, name), dtype=object))


def _failures(group: h5py.Group, labels: _Labels) -> xr.Dataset:
    labels.add_values(group, "flight", kind="i")
    stored.within(labels.axes["flight"].values, "flight", 0, _FLIGHTS_MAX)
    item = stored.dataset(group, "fate")
    size = stored.length(item, "fate", schema.AXIS_MAX["flight"])
    fates = stored.texts(item, "fate")
    if size != len(labels.axes["flight"]) or not set(fates) <= set(schema.FIXED_LABELS["fate"]):
        raise ValueError("dataset failures/fate does not have the fates of the flights that failed")
    return labels.dataset({"fate": _variable(item, ("flight",), _objects(fates))})


def _gaps(group: h5py.Group, labels: _Labels) -> xr.Dataset:
    labels.add_values(group, "gap", kind="i")
    found = {}
    for name in ("first_flight", "flight_count"):
        item = stored.dataset(group, name)
        values = stored.numbers(item, name, labels.shape(("gap",)), "i")
        found[name] = _variable(item, ("gap",), stored.within(values, name, 0, 2.0 ** 62))
    return labels.dataset(found)


def _variable(item: h5py.Dataset, axes: tuple[str, ...], values: np.ndarray) -> xr.Variable:
    told = {key: stored.text_attribute(item, key) for key in ("units", "unit", "description") if key in item.attrs}
    return xr.Variable(axes, values, {"units": "1", "description": ""} | told)


def _objects(texts: list[str]) -> np.ndarray:
    """An array of texts that is no larger than they are: one of fixed width would give each the room of the longest."""
    return np.array(texts, dtype=object)
