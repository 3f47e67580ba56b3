"""One flight in full, as tables."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from .errors import ResultError, unknown
from .fit import brief, fit
from .untrusted import FAILURES, plain_file_content, reason

FORMAT_MAJOR = "1"

_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_INDEX_SIZE_MAX, _TABLE_SIZE_MAX = 1 << 20, 1 << 28
_KEYS = {"study": str, "threat": str, "fate": str, "seed": int, "flight": int, "arms": list, "files": dict}


class Replay(Mapping[str, pd.DataFrame]):
    """The tables of a replayed flight by name, ``replay["history"]``; units are in the names of the columns,
    instants are seconds since ignition, NaN where there is nothing to tell.

    Attributes
    ----------
    index : dict
        Study, seed, flight, threat, fate, arms, and what each file has (docs/replay.md).
    """

    def __init__(self, index: dict[str, Any], tables: dict[str, pd.DataFrame]) -> None:
        self.index = index
        self._tables = tables

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            raise unknown("table", name, self._tables)
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        index = self.index
        head = (f"flight {index['flight']} of {index['study']}, {index['threat']}, seed {index['seed']}: "
                f"{index['fate']}")
        told = [f"  {name}: {len(table)} rows, {index['files'].get(f'{name}.csv', '')}"
                for name, table in self._tables.items()]
        return fit("\n".join([head, *told]))


def read_replay(folder: str | PathLike[str]) -> Replay:
    """Read the tables that ``longwatch replay`` has written.

    Raises
    ------
    ResultError
        Where the folder has no replay, an unfinished one, one of another major version, or one that names files elsewhere.
    """
    folder = Path(folder)
    index = _index(folder)
    try:
        tables = {Path(name).stem: _table(folder, name) for name in index["files"] if name.endswith(".csv")}
    except FAILURES as error:
        raise ResultError(f"cannot read {folder} ({reason(error)})") from error
    return Replay(index, tables)


def _index(folder: Path) -> dict[str, Any]:
    """What replay.json says, once all that is told of it is there."""
    try:
        index = json.loads(_content(folder, "replay.json", _INDEX_SIZE_MAX))
    except (ResultError, *FAILURES) as error:
        raise ResultError(f"cannot read {folder} (it has no index replay.json that can be read: {reason(error)})") from error
    if not isinstance(index, dict) or index.get("file_type") != "longwatch replay" or index.get("unfinished"):
        raise ResultError(f"cannot read {folder} (it is no finished replay) replay the flight again")
    version = brief(index.get("format_version"))
    if version.split(".")[0] != FORMAT_MAJOR:
        raise ResultError(f"cannot read {folder} (its version is {version}, this reader reads {FORMAT_MAJOR}.x)")
    for key, kind in _KEYS.items():
        if not isinstance(index.get(key), kind) or isinstance(index[key], bool):
            raise ResultError(f"cannot read {folder} ('{key}' of its replay.json is not what it must be)")
    if not all(isinstance(told, str) for told in index["files"].values()):
        raise ResultError(f"cannot read {folder} ('files' of its replay.json does not say what each has)")
    return index


def _content(folder: Path, name: str, size_max: int) -> bytes:
    """Of a file of the folder itself, not of one that its name or a link leads to elsewhere."""
    if not _FILE_NAME.fullmatch(name) or (folder / name).is_symlink():
        raise ValueError(f"'{brief(name)}' is not the name of a plain file in the folder")
    return plain_file_content(folder / name, size_max)


def _table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(_content(folder, name, _TABLE_SIZE_MAX)), keep_default_na=False, na_values=[""])
