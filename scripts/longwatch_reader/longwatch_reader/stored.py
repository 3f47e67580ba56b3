"""Reads single datasets and attributes of a file that anybody may have made: of the type and shape wanted, within bounds
that hold before anything is read, and with values that make sense. What is not so is a ValueError."""

from __future__ import annotations

import math
from collections.abc import Iterator

import h5py
import numpy as np

from .fit import brief, is_fit
from .schema import AXIS_MAX

#: Bytes of a text, of a study as given or resolved, and of all the texts of one dataset.
TEXT_MAX, STUDY_TEXT_MAX, TEXTS_MAX = 1 << 14, 1 << 22, 1 << 26
#: Characters of a name, with room for the label of a pair of arms.
NAME_MAX = 256
#: Values of one dataset.
CELLS_MAX = 1 << 26
#: No time in a file is longer: some thirty years.
TIME_MAX_S = 1e9

# Rounding may put the end of an interval on the wrong side of its value.
_ROUNDING = 1e-9


def dataset(group: h5py.Group, name: str) -> h5py.Dataset:
    """The dataset of that name."""
    item = group.get(name)
    if not isinstance(item, h5py.Dataset) or item.shape is None:
        raise ValueError(f"it has no dataset {name}")
    return item


def length(item: h5py.Dataset, name: str, most: int) -> int:
    """How many values a list has."""
    if len(item.shape) != 1:
        raise ValueError(f"dataset {name} is no list")
    if item.shape[0] > most:
        raise ValueError(f"dataset {name} has {item.shape[0]} values (at most {most})")
    return int(item.shape[0])


def numbers(item: h5py.Dataset, name: str, shape: tuple[int, ...], kind: str = "f") -> np.ndarray:
    """Values of a shape: int64 where `kind` is ``i``, float64 where it is ``f``."""
    if item.shape != shape:
        raise ValueError(f"dataset {name} has the shape {item.shape}, not {shape}")
    if math.prod(shape) > CELLS_MAX:
        raise ValueError(f"dataset {name} has more than {CELLS_MAX:,} values")
    if item.dtype.kind != kind or item.dtype.itemsize != 8 or h5py.check_enum_dtype(item.dtype):
        raise ValueError(f"dataset {name} has values of type {item.dtype}, not {'int64' if kind == 'i' else 'float64'}")
    return np.asarray(item[()])


def texts(item: h5py.Dataset, name: str, longest: int = TEXT_MAX) -> list[str]:
    """The texts of a list, or the one of a single value, each of at most so many bytes."""
    kind = h5py.check_string_dtype(item.dtype)
    if kind is None or kind.length is not None:
        raise ValueError(f"dataset {name} is no text")
    read: list[str] = []
    total = 0
    for text in _each(item):
        total += len(text)
        if len(text) > longest or total > TEXTS_MAX:
            raise ValueError(f"dataset {name} has more text than {longest:,} bytes each and {TEXTS_MAX:,} together")
        read.append(text.decode())
    return read


def _each(item: h5py.Dataset) -> Iterator[bytes]:
    """A few at a time: many may be one and the same in the file, but none is longer than the file."""
    if not item.shape:
        yield item[()]
        return
    step = max(1, TEXTS_MAX // item.file.id.get_filesize())
    for first in range(0, item.shape[0], step):
        yield from item[first:first + step]


def names(item: h5py.Dataset, name: str, most: int) -> list[str]:
    """Names of one kind, no two of them the same."""
    length(item, name, most)
    found = texts(item, name)
    check_names(f"dataset {name}", found)
    return found


def check_names(what: str, found: list[str]) -> None:
    """That they are names, no two of them the same."""
    for one in found:
        if not one or len(one) > NAME_MAX or not is_fit(one):
            raise ValueError(f"{what} has '{brief(one)}' (a name is 1 to {NAME_MAX} characters, none of them a control "
                             "character or a mark that turns the direction of writing)")
    if len(set(found)) < len(found):
        twice = next(one for one in found if found.count(one) > 1)
        raise ValueError(f"{what} has '{brief(twice)}' twice")


def within(values: np.ndarray, name: str, low: float, high: float, slack: float = 0.0) -> np.ndarray:
    """The values, if all are finite and within these bounds."""
    wrong = ~((values >= low - slack) & (values <= high + slack))
    if wrong.any():
        raise ValueError(f"dataset {name} has the value {values[wrong][0]} (from {low:g} to {high:g} is possible)")
    return values


def rising(values: np.ndarray, name: str) -> np.ndarray:
    """The values, if all are finite and each is larger than the one before."""
    if not (np.isfinite(values).all() and (np.diff(values) > 0).all()):
        raise ValueError(f"dataset {name} does not rise")
    return values


def estimates(item: h5py.Dataset, name: str, shape: tuple[int, ...], low: float, high: float,
              is_quantile: bool = False) -> np.ndarray:
    """Values with the ends of their intervals, the last axis, as docs/io_format.md has them: all three NaN, or the value
    within its interval and all within these bounds; an end that bounds nothing is infinite, and of quantiles the value too."""
    read = numbers(item, name, (*shape, 3))
    nan = np.isnan(read)
    if (nan.any(axis=-1) != nan.all(axis=-1)).any():
        raise ValueError(f"dataset {name} has an interval without a value, or a value without one")
    value, ends = read[..., 0], read[..., 1:]
    if np.isinf(value).any() and not is_quantile:
        raise ValueError(f"dataset {name} has a value that is infinite")
    with np.errstate(invalid="ignore"):
        slack = _ROUNDING * np.maximum(1, np.abs(value))
        wrong = (ends[..., 0] > value + slack) | (ends[..., 1] < value - slack)
    if wrong.any():
        raise ValueError(f"dataset {name} has a value outside its interval ({_told(read[wrong][0])})")
    within(read[np.isfinite(read)], name, low, high, _ROUNDING)
    return read


def _told(triple: np.ndarray) -> str:
    value, low, high = triple
    return f"{value:g}, {low:g} to {high:g}"


def text_attribute(item: h5py.HLObject, name: str) -> str:
    """An attribute that is one text."""
    value = _attribute(item, name)
    if not isinstance(value, str) or len(value) > TEXT_MAX:
        raise ValueError(f"attribute {name} is no text of at most {TEXT_MAX:,} characters")
    # What is no UTF-8 is read as halves of characters, which nothing can write.
    value.encode()
    return value


def number_attribute(item: h5py.HLObject, name: str, low: float, high: float, whole: bool = False) -> int | float:
    """An attribute that is one number within these bounds."""
    value = _attribute(item, name)
    wanted = np.integer if whole else (np.integer, np.floating)
    if not isinstance(value, wanted) or not low <= value <= high:
        told = brief(value) if isinstance(value, np.number) else "no number"
        raise ValueError(f"attribute {name} is {told} (a {'whole ' if whole else ''}number from {low:g} to {high:g} is possible)")
    plain: int | float = value.item()
    return plain


def _attribute(item: h5py.HLObject, name: str) -> object:
    if name not in item.attrs:
        raise ValueError(f"it has no attribute {name}")
    # A list is not read: its texts might be one text many times over.
    if item.attrs.get_id(name).get_space().get_simple_extent_type() != h5py.h5s.SCALAR:
        raise ValueError(f"attribute {name} is not a single value")
    value: object = item.attrs[name]
    return value


def study_text(group: h5py.Group, name: str) -> str:
    """A study, as given or resolved."""
    item = dataset(group, name)
    if item.shape != ():
        raise ValueError(f"dataset {name} is not a single text")
    return texts(item, name, STUDY_TEXT_MAX)[0]


def assumptions(group: h5py.Group) -> list[str]:
    """What a reader must know, in sentences."""
    item = dataset(group, "assumption")
    length(item, "assumption", AXIS_MAX["assumption"])
    return texts(item, "assumption")
