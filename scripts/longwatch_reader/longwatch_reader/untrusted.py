"""Opens HDF5 files that anybody may have made: what would lead out of the file, or beyond bounds, is refused first.

The HDF5 library itself may crash on a broken file, and Python then with it. ``longwatch show FILE --json`` reads a file in a
process of its own, and ends with status 3 where that happens.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from .errors import ResultError
from .fit import brief

#: As results/store/schema.hpp and hdf5_file.cpp have them.
FILE_SIZE_MAX = 1 << 31
VALUES_SIZE_MAX = 1 << 31
CHUNK_VALUES_MAX = 1 << 23
OBJECTS_MAX = 1000
MEMORY_MAX = 8 << 30
DEPTH_MAX = 4
#: What a library of HDF5's kind may raise over a file that says strange things.
FAILURES = (OSError, KeyError, ValueError, TypeError, RuntimeError, ArithmeticError, IndexError, MemoryError, AttributeError)

_FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE}


def plain_file_content(path: Path, size_max: int = FILE_SIZE_MAX) -> bytes:
    """The bytes of a plain file, not of a pipe or device, of at most so many bytes; raises `ResultError`."""
    try:
        # Without waiting: a pipe may have nobody at its other end.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ResultError(f"cannot read {path} (it is not a plain file)")
            if status.st_size > size_max:
                raise ResultError(f"cannot read {path} (it is larger than {size_max >> 20} MiB)")
            return file.read(status.st_size)
    except OSError as error:
        raise ResultError(f"cannot read {path} ({error.strerror})") from error


def limit_memory() -> None:
    """Lets this process have no more than 8 GiB, for programs of their own: what takes more ends in a MemoryError."""
    try:
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        least = MEMORY_MAX if most == resource.RLIM_INFINITY else min(most, MEMORY_MAX)
        resource.setrlimit(resource.RLIMIT_AS, (least, most))
    except (ImportError, ValueError, OSError):
        pass  # systems without it


def reason(error: BaseException) -> str:
    """Why a file cannot be read, in one line."""
    if isinstance(error, MemoryError):
        return "it takes more memory than there is"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, KeyError):
        return f"it lacks {brief(error.args[0] if error.args else '')}"
    return brief(error) or type(error).__name__


@contextmanager
def opened(content: bytes) -> Iterator[h5py.File]:
    """The file in these bytes, looked through; raises ValueError for what no file of ours has."""
    with h5py.File(io.BytesIO(content), "r") as file:
        _check_group(file, 0, {h5py.h5o.get_info(file.id).addr}, {"objects": 0, "bytes": 0})
        yield file


def _check_group(group: h5py.Group, depth: int, seen: set[object], counts: dict[str, int]) -> None:
    if depth > DEPTH_MAX:
        raise ValueError("its groups are nested too deeply")
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise ValueError(f"{name} is a soft or external link, which no result has")
        item = group[name]
        address = h5py.h5o.get_info(item.id).addr
        if isinstance(item, h5py.Group) and address in seen:
            raise ValueError(f"{name} is a group in two places")
        seen.add(address)
        counts["objects"] += 1
        if counts["objects"] > OBJECTS_MAX:
            raise ValueError("it holds more than any result")
        if isinstance(item, h5py.Group):
            _check_group(item, depth + 1, seen, counts)
        elif isinstance(item, h5py.Dataset):
            counts["bytes"] += _checked_size(name, item)
            if counts["bytes"] > VALUES_SIZE_MAX:
                raise ValueError("its values are more than 2 GiB")


def _checked_size(name: str, item: h5py.Dataset) -> int:
    """Bytes of its values, once nothing is wrong with how they are kept."""
    properties = item.id.get_create_plist()
    if properties.get_layout() == h5py.h5d.VIRTUAL or properties.get_external_count():
        raise ValueError(f"dataset {name} takes its values from elsewhere, which no result's does")
    filters = {properties.get_filter(number)[0] for number in range(properties.get_nfilters())}
    if not filters <= _FILTERS:
        raise ValueError(f"dataset {name} is filtered by other than shuffle and deflate")
    chunk = 1
    for length in item.chunks or ():
        chunk *= length
    if chunk > CHUNK_VALUES_MAX:
        raise ValueError(f"dataset {name} has chunks of more than 8 million values")
    if item.dtype.kind not in "iufOSV" or (item.dtype.kind == "O" and not h5py.check_string_dtype(item.dtype)
                                           and not h5py.check_vlen_dtype(item.dtype)):
        raise ValueError(f"dataset {name} is of no type that results have")
    size: int = int(item.size or 0) * item.dtype.itemsize
    return size
