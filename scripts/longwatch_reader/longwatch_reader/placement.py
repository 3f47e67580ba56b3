"""Placement files, which ``longwatch place`` writes, as labelled arrays."""

from __future__ import annotations

import io
from pathlib import Path

import h5py
import numpy as np
import xarray as xr

from .errors import ResultError
from .reader import plain, sealed_content

FILE_TYPE = "longwatch placement"

_DIMENSIONS = {
    "latitude_deg": ("candidate",), "longitude_deg": ("candidate",), "surface": ("candidate",),
    "coverage": ("candidate", "estimate"),
    "warning_time_p50_s": ("candidate", "consumer", "estimate"),
    "warning_time_p05_s": ("candidate", "consumer", "estimate"),
    "gain_s": ("candidate", "consumer", "estimate"),
    "objective": ("candidate", "estimate"), "objective_gain": ("candidate", "estimate"), "p_best": ("candidate",),
}


def file_type(path: str | Path) -> str:
    """What kind of file of ours it is, as ``longwatch result``.

    Raises
    ------
    ResultError
        Where the file is missing, damaged or not ours.
    """
    content = sealed_content(Path(path))
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            return str(file.attrs.get("file_type"))
    except OSError as error:
        raise ResultError(f"cannot read {path} ({error})") from error


def open_placement(path: str | Path) -> xr.Dataset:
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
        and ``high``. Attributes are those of the file, and ``study_text``, ``study_resolved``, ``assumptions``.

    Raises
    ------
    ResultError
        Where the file is missing, damaged, of another kind, or lacks something.
    """
    path = Path(path)
    kind = file_type(path)
    if kind != FILE_TYPE:
        raise ResultError(f"cannot read {path} (its file type is {kind!r}, not {FILE_TYPE!r})")
    try:
        with h5py.File(path, "r") as file:
            coordinates = {name: file[name].asstr()[:].astype(str) for name in ("candidate", "consumer")}
            coordinates["estimate"] = np.array(["value", "low", "high"])
            variables = {name: _variable(file[name], dimensions) for name, dimensions in _DIMENSIONS.items()}
            attributes = {name: plain(value) for name, value in file.attrs.items()}
            attributes["study_text"] = file["study/text"].asstr()[()]
            attributes["study_resolved"] = file["study/resolved"].asstr()[()]
            attributes["assumptions"] = list(file["study/assumption"].asstr()[:])
            return xr.Dataset(variables, coordinates, attributes)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise ResultError(f"cannot read {path} ({error})") from error


def _variable(item: h5py.Dataset, dimensions: tuple[str, ...]) -> xr.Variable:
    is_text = h5py.check_string_dtype(item.dtype) is not None
    values = item.asstr()[()].astype(str) if is_text else item[()]
    units = {key: plain(item.attrs[key]) for key in ("units", "description") if key in item.attrs}
    return xr.Variable(dimensions, values, units)
