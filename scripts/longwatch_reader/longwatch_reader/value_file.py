"""What ``longwatch value --json`` printed, out of a file that anybody may have made."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import xarray as xr

from .errors import ResultError, UsageError
from .fit import brief
from .schema import STUDY_MAX
from .stored import TIME_MAX_S
from .tables import names
from .untrusted import plain_file_content, reason

_SIZE_MAX = 1 << 24
_FLIGHTS_MAX = 1 << 40
_NAME = re.compile(r"[a-z0-9-]{1,64}")
# What a report tells of a consumer, and how far from nothing each can be.
_LOSSES = {"usable_loss_s": TIME_MAX_S, "p_warned_loss": 1.0}


def read_value_file(path: Path, result: xr.Dataset) -> dict[str, Any]:
    """The ranking in a file, of the study of a result.

    Raises
    ------
    UsageError
        Where the file is no ranking, or is of another study.
    """
    try:
        told = json.loads(plain_file_content(path, _SIZE_MAX), parse_constant=_refuse)
    except ResultError as error:
        raise UsageError(f"--value: {error}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise UsageError(f"--value {path} is no JSON ({reason(error)}) give what `longwatch value --json` printed") from error
    try:
        study_hash = _of(_is(told, dict, "the whole"), "study_hash", str)
        if study_hash != result.attrs["study_hash"]:
            raise UsageError(f"--value {path} is of another study (its hash is {brief(study_hash[:12])}, the result's "
                             f"{brief(result.attrs['study_hash'][:12])}) run `longwatch value` on the study of the result")
        _check(told, result)
    except ValueError as error:
        raise UsageError(f"--value {path} has no ranking ({error}; it is not what `longwatch value --json` printed)") from error
    value: dict[str, Any] = told
    return value


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _check(value: dict[str, Any], result: xr.Dataset) -> None:
    """That all that a report tells of it is there, of the right type, and possible."""
    if not 0 <= _of(value, "flights", int) <= _FLIGHTS_MAX:
        raise ValueError(f"flights is not from 0 to {_FLIGHTS_MAX}")
    if _of(value, "arm", str) not in names(result, "arm"):
        raise ValueError(f"the result has no arm '{brief(value['arm'])}'")
    ranking = _of(value, "ranking", list)
    if len(ranking) > STUDY_MAX["link"] + STUDY_MAX["sensor"]:
        raise ValueError("ranking has more entries than a study has links and sensors")
    seen = [_entry(entry, names(result, "consumer")) for entry in ranking]
    if len(set(seen)) < len(seen):
        raise ValueError("ranking has a link or sensor twice")


def _entry(entry: Any, known: list[str]) -> tuple[str, str]:
    """Kind and name of what is taken away, once all of it makes sense."""
    _is(entry, dict, "an entry of ranking")
    kind, name = _of(entry, "kind", str), _of(entry, "name", str)
    if kind not in ("link", "sensor"):
        raise ValueError(f"kind is '{brief(kind)}', neither link nor sensor")
    if not _NAME.fullmatch(name):
        raise ValueError(f"a name is '{brief(name)}', not 1 to 64 lower-case letters, digits and hyphens")
    _estimate(entry, "pk_loss", 1.0)
    consumers = [_consumer(consumer, known) for consumer in _of(entry, "consumers", list)]
    if len(set(consumers)) < len(consumers):
        raise ValueError(f"{name} has a consumer twice")
    if "loses_most" not in entry or entry["loses_most"] not in (None, *consumers):
        raise ValueError(f"loses_most of {name} is neither null nor one of its consumers")
    return kind, name


def _consumer(consumer: Any, known: list[str]) -> str:
    _is(consumer, dict, "a consumer")
    name: str = _of(consumer, "name", str)
    if name not in known:
        raise ValueError(f"the result has no consumer '{brief(name)}'")
    for key, most in _LOSSES.items():
        _estimate(consumer, key, most)
    return name


def _estimate(of: dict[str, Any], key: str, most: float) -> None:
    """Null, or a value within an interval; an end said to be open bounds nothing."""
    if key not in of:
        raise ValueError(f"{key} is not there")
    if of[key] is None:
        return
    told = _is(of[key], dict, key)
    value, low, high = (_number(told, end) for end in ("value", "low", "high"))
    # A mean that counts raids by their weights may stray from what is possible.
    if not (math.fabs(value) <= 2 * most and low <= value <= high):
        raise ValueError(f"{key} is {value:g} ({low:g} to {high:g}), which is not possible")


def _number(told: dict[str, Any], key: str) -> float:
    value = told.get(key)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.fabs(value) <= 2 * TIME_MAX_S:
        raise ValueError(f"{key} is no number that is possible")
    return float(value)


def _of(of: dict[str, Any], key: str, kind: type) -> Any:
    if key not in of:
        raise ValueError(f"{key} is not there")
    return _is(of[key], kind, key)


def _is(value: Any, kind: type, what: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        words = {dict: "object", list: "list", str: "text", int: "whole number"}
        raise ValueError(f"{what} is no {words[kind]}")
    return value
