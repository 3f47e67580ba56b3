"""One flight in full, as tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from .errors import ResultError, unknown

FORMAT_MAJOR = "1"


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
        return "\n".join([head, *told])


def read_replay(folder: str | PathLike[str]) -> Replay:
    """Read the tables that ``longwatch replay`` has written.

    Raises
    ------
    ResultError
        Where the folder has no replay, an unfinished one, or one of another major version.
    """
    folder = Path(folder)
    try:
        index = json.loads((folder / "replay.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultError(f"cannot read {folder} (it has no index replay.json that can be read: {error})") from error
    if index.get("file_type") != "longwatch replay" or index.get("unfinished"):
        raise ResultError(f"cannot read {folder} (it is no finished replay) replay the flight again")
    version = str(index.get("format_version"))
    if version.split(".")[0] != FORMAT_MAJOR:
        raise ResultError(f"cannot read {folder} (its version is {version}, this reader reads {FORMAT_MAJOR}.x)")
    try:
        tables = {Path(name).stem: pd.read_csv(folder / name, keep_default_na=False, na_values=[""])
                  for name in index["files"] if name.endswith(".csv")}
    except (OSError, ValueError) as error:
        raise ResultError(f"cannot read {folder} ({error})") from error
    return Replay(index, tables)
