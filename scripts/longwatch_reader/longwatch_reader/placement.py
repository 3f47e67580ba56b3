"""Placement files, which ``longwatch place`` writes, as labelled arrays."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import h5py
import numpy as np
import xarray as xr

from .errors import ResultError
from .reader import check_version, plain, sealed_content
from .untrusted import FAILURES, opened

FILE_TYPE = "longwatch placement"

_DIMENSIONS = {
    "latitude_deg": ("candidate",), "longitude_deg": ("candidate",), "surface": ("candidate",),
    "coverage": ("candidate", "estimate"),
    "warning_time_p50_s": ("candidate", "consumer", "estimate"),
    "warning_time_p05_s": ("candidate", "consumer", "estimate"),
    "gain_s": ("candidate", "consumer", "estimate"),
    "objective": ("candidate", "estimate"), "objective_gain": ("candidate", "estimate"), "p_best": ("candidate",),
}
_SETS = ("greedy", "exact")


def file_type(path: str | PathLike[str]) -> str:
    """What kind of file of ours it is, as ``longwatch result``.

    Raises
    ------
    ResultError
        Where the file is missing, damaged or not ours.
    """
    content = sealed_content(Path(path))
    try:
        with opened(content) as file:
            return str(file.attrs.get("file_type"))
    except FAILURES as error:
        raise ResultError(f"cannot read {path} ({error})") from error


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
    content = sealed_content(path)
    try:
        with opened(content) as file:
            check_version(path, file, FILE_TYPE)
            coordinates = {name: file[name].asstr()[:].astype(str) for name in ("candidate", "consumer")}
            coordinates |= {"estimate": np.array(["value", "low", "high"]), "set": np.array(_SETS)}
            variables = {name: _variable(file[name], dimensions) for name, dimensions in _DIMENSIONS.items()}
            attributes = {name: plain(value) for name, value in file.attrs.items()}
            variables |= _sets(file["chosen"], attributes["objective_units"])
            checked = file["checked"]
            coordinates["checked"] = checked["sites"].asstr()[:].astype(str)
            variables["checked_gain_s"] = _variable(checked["usable_gain_s"], ("checked", "consumer", "estimate"))
            variables["checked_pk_gain"] = _variable(checked["pk_gain"], ("checked", "estimate"))
            attributes["study_text"] = file["study/text"].asstr()[()]
            attributes["study_resolved"] = file["study/resolved"].asstr()[()]
            attributes["assumptions"] = list(file["study/assumption"].asstr()[:])
            return xr.Dataset(variables, coordinates, attributes)
    except FAILURES as error:
        raise ResultError(f"cannot read {path} ({error})") from error


def _variable(item: h5py.Dataset, dimensions: tuple[str, ...]) -> xr.Variable:
    is_text = h5py.check_string_dtype(item.dtype) is not None
    values = item.asstr()[()].astype(str) if is_text else item[()]
    units = {key: plain(item.attrs[key]) for key in ("units", "description") if key in item.attrs}
    return xr.Variable(dimensions, values, units)


def _sets(group: h5py.Group, objective_units: str) -> dict[str, xr.Variable]:
    """Both ways to choose several sites, as `open_placement` describes them."""
    sites = [list(group[name].asstr()[:]) for name in _SETS]
    longest = max(map(len, sites))
    padded = np.array([one + [""] * (longest - len(one)) for one in sites], dtype=str).reshape(len(_SETS), longest)
    sets = {"set_site": xr.Variable(("set", "member"), padded, {"units": "1", "description": "sites chosen together"})}
    for key, units, description in (("gain", objective_units, "gain of the objective on the present layout"),
                                    ("bound", objective_units, "no set of so many gains more"),
                                    ("gap", "1", "between gain and bound, as a fraction of the bound")):
        values = [float(group[name].attrs[key]) for name in _SETS]
        sets[f"set_{key}"] = xr.Variable(("set",), values, {"units": units, "description": description})
    return sets
