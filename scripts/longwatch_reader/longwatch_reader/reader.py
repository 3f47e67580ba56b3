"""Result files as labelled arrays."""

from __future__ import annotations

import zlib
from pathlib import Path

import h5py
import numpy as np
import xarray as xr

#: The version of docs/io_format.md that this reader was written for.
SCHEMA_VERSION = "4.1"
FILE_TYPE = "longwatch result"

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_SEAL_MARK = b"longwatch-crc32:"
_SEAL_SIZE = len(_SEAL_MARK) + 8
_HDF5_ATTRIBUTES = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"}


class ResultError(Exception):
    """A file that cannot be read as a result; the message names the file and says why."""


def open_result(path: str | Path) -> xr.Dataset:
    """Read a result file.

    Parameters
    ----------
    path : str or Path
        A file that ``longwatch run`` has written.

    Returns
    -------
    xarray.Dataset
        Every dataset of the file, with its named dimensions, labels, units and description. Estimates
        have a dimension ``estimate`` with the labels ``value``, ``low`` and ``high``; NaN where no flights
        are, infinite where an interval has no bound on that side or a quantile lies beyond the histogram.
        Attributes are those of the file, and ``study_text``, ``study_resolved`` and ``assumptions``.

    Raises
    ------
    ResultError
        Where the file is missing, damaged, of another kind or of another major schema version.
    """
    path = Path(path)
    _check_seal(path)
    try:
        with h5py.File(path, "r") as file:
            _check_version(path, file)
            return _dataset(file)
    except (OSError, KeyError, ValueError) as error:
        raise ResultError(f"cannot read {path} ({error})") from error


def _check_seal(path: Path) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ResultError(f"cannot read {path} ({error.strerror})") from error
    if not content.startswith(_SIGNATURE):
        raise ResultError(f"cannot read {path} (it is not an HDF5 file)")
    body, seal = content[:-_SEAL_SIZE], content[-_SEAL_SIZE:]
    if not seal.startswith(_SEAL_MARK):
        raise ResultError(f"cannot read {path} (it is cut short, or another program wrote it: "
                          "the checksum at its end is missing)")
    if seal != _SEAL_MARK + b"%08x" % zlib.crc32(body):
        raise ResultError(f"cannot read {path} (it is damaged or was changed: its checksum is wrong)")


def _check_version(path: Path, file: h5py.File) -> None:
    file_type = file.attrs.get("file_type")
    if file_type != FILE_TYPE:
        raise ResultError(f"cannot read {path} (its file type is {file_type!r}, not {FILE_TYPE!r})")
    version = str(file.attrs.get("schema_version"))
    if version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise ResultError(f"cannot read {path} (its schema version is {version}, this reader reads "
                          f"{SCHEMA_VERSION.split('.')[0]}.x)")


def _dataset(file: h5py.File) -> xr.Dataset:
    variables: dict[str, xr.Variable] = {}
    # Files of schema 4.0 have no scene.
    for group in (file, file["estimates"], file.get("scene", {})):
        for name, item in group.items():
            if isinstance(item, h5py.Dataset):
                variables[name] = _variable(name, item)
    attributes = {name: _plain(value) for name, value in file.attrs.items()}
    study = file["study"]
    attributes["study_text"] = study["text"].asstr()[()]
    attributes["study_resolved"] = study["resolved"].asstr()[()]
    attributes["assumptions"] = list(study["assumption"].asstr()[:])
    result = xr.Dataset(variables, attrs=attributes)
    return result.set_coords([name for name in ("pair_arm", "pair_versus") if name in result])


def _variable(name: str, item: h5py.Dataset) -> xr.Variable:
    is_text = h5py.check_string_dtype(item.dtype) is not None
    # A plain array of text, as labels are looked up by equality.
    values = np.asarray(item.asstr()[()], dtype=str) if is_text else item[()]
    attributes = {key: _plain(value) for key, value in item.attrs.items() if key not in _HDF5_ATTRIBUTES}
    if item.is_scale:
        return xr.Variable((name,), values, attributes)
    dimensions = tuple(Path(dimension[0].name).name for dimension in item.dims)
    return xr.Variable(dimensions, values, attributes)


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value
