"""Reads a result file into labelled arrays. Nothing is computed here: what is stored is told."""

from __future__ import annotations

import zlib
from os import PathLike
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import xarray as xr

from .errors import ResultError
from .result import Result
from .untrusted import FAILURES, opened, plain_file_content

#: The version of docs/io_format.md that this reader was written for.
SCHEMA_VERSION = "4.2"
FILE_TYPE = "longwatch result"

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_SEAL_MARK = b"longwatch-crc32:"
_SEAL_SIZE = len(_SEAL_MARK) + 8
_HDF5_ATTRIBUTES = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"}


def open(path: str | PathLike[str]) -> Result:  # noqa: A001 (longwatch_reader.open is how it is called)
    """Read a result file, whole, into memory.

    Parameters
    ----------
    path : str or path
        A file that ``longwatch run`` has written.

    Returns
    -------
    Result
        Every dataset of the file with its dimensions, labels, units and description.

    Raises
    ------
    ResultError
        Where the file is missing, damaged, of another kind or of another major schema version.
    """
    path = Path(path)
    content = sealed_content(path)
    try:
        with opened(content) as file:
            check_version(path, file, FILE_TYPE)
            attributes = {name: plain(value) for name, value in file.attrs.items()}
            return Result(path, attributes, _groups(file))
    except FAILURES as error:
        raise ResultError(f"cannot read {path} ({error})") from error


def open_result(path: str | PathLike[str]) -> xr.Dataset:
    """Read a result file as one flat dataset: ``open(path).dataset``."""
    return open(path).dataset


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
    file_type = file.attrs.get("file_type")
    if file_type != wanted:
        raise ResultError(f"cannot read {path} (its file type is {file_type!r}, not {wanted!r})")
    version = str(file.attrs.get("schema_version"))
    major, own = version.split(".")[0], SCHEMA_VERSION.split(".")[0]
    if major == own:
        return
    is_newer = major.isdigit() and int(major) > int(own)
    hint = "install a newer longwatch_reader" if is_newer else "fly the study again"
    raise ResultError(f"cannot read {path} (its schema version is {version}, this reader reads {own}.x) {hint}")


def _groups(file: h5py.File) -> dict[str, xr.Dataset]:
    """The datasets of the root, as "/", and of each group below it. Where a group has no scale of its own for
    a dimension, the root's labels it."""
    root = _group(file)
    groups = {"/": root}
    for name, item in file.items():
        if not isinstance(item, h5py.Group):
            continue
        of_group = _group(item)
        labels = {label: root[label].variable for label in of_group.dims if label in root.coords}
        if "pair" in labels:
            labels |= {label: root[label].variable for label in ("pair_arm", "pair_versus")}
        missing = {label: variable for label, variable in labels.items() if label not in of_group.variables}
        groups[name] = of_group.assign_coords(missing)
    return groups


def _group(group: h5py.Group) -> xr.Dataset:
    found = {name: _variable(name, item) for name, item in group.items() if isinstance(item, h5py.Dataset)}
    return xr.Dataset(found).set_coords([name for name in ("pair_arm", "pair_versus") if name in found])


def _variable(name: str, item: h5py.Dataset) -> xr.Variable:
    is_text = h5py.check_string_dtype(item.dtype) is not None
    # A plain array of text, as labels are looked up by equality.
    values = np.asarray(item.asstr()[()], dtype=str) if is_text else item[()]
    attributes = {key: plain(value) for key, value in item.attrs.items() if key not in _HDF5_ATTRIBUTES}
    if item.is_scale:
        return xr.Variable((name,), values, attributes)
    dimensions = tuple(Path(dimension[0].name).name if len(dimension) else f"{name}_axis_{axis}"
                       for axis, dimension in enumerate(item.dims))
    return xr.Variable(dimensions, values, attributes)


def plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
