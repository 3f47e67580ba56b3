"""A study as the program resolved it: every default and catalogue value, in SI units."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from .entries import entries_of, listed
from .errors import unknown
from .fit import fit

# What stands in quotes, within one line.
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_DOTS_MAX = 200


def parsed(text: str) -> dict[str, Any]:
    """A study out of TOML; raises ValueError where it is none, or one made to take for ever."""
    if any(line.count(".") > _DOTS_MAX and _QUOTED.sub("", line).count(".") > _DOTS_MAX for line in text.splitlines()):
        raise ValueError(f"more than {_DOTS_MAX} dots in one line")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


class Resolved(Mapping[str, Any]):
    """The resolved study, by key; tables with names by name: ``resolved["threat"]["irbm"]["apogee_m"]``.

    Attributes
    ----------
    name : str
    text : str
        As TOML, SI units and radians.
    hash : str
        SHA-256 without seed and number of flights: results of equal hash are of the same question.
    remarks : tuple of str
        What is remarkable, though nothing is wrong; empty where it comes from a result.
    """

    def __init__(self, name: str, text: str, study_hash: str, remarks: tuple[str, ...] = ()) -> None:
        self.name = name
        self.text = text
        self.hash = study_hash
        self.remarks = remarks
        self._values = parsed(text)

    def __getitem__(self, key: str) -> Any:
        if key not in self._values:
            raise unknown("key", key, self._values)
        return entries_of(key, self._values[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def to_dict(self) -> dict[str, Any]:
        """The whole as plain dicts and lists, a copy."""
        return parsed(self.text)

    def __repr__(self) -> str:
        told = listed(f"{self.name}, resolved: {self._values.get('question', '')}", self._values)
        return fit("\n".join([told, f"  hash {self.hash}", *(f"  remark: {remark}" for remark in self.remarks)]))
