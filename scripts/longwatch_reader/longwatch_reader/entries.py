"""Tables of a study by the names that they carry."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, MutableSequence
from typing import Any

from .errors import unknown


class Entries:
    """The tables of one kind, as ``[[threat]]``, by name or by number.

    Tables are those of the study itself, not copies: what is set in one is set in the study.
    """

    def __init__(self, what: str, tables: MutableSequence[Any]) -> None:
        self._what = what
        self._tables = tables

    @property
    def names(self) -> list[str]:
        """The names, in the order of the study."""
        return [str(table.get("name", "")) for table in self._tables]

    def __getitem__(self, name: str | int) -> Any:
        return self._tables[self._number(name)]

    def __setitem__(self, name: str, table: Mapping[str, Any]) -> None:
        """Replace the table of that name, or add one: a copy of the table given."""
        plain = table.unwrap() if hasattr(table, "unwrap") else table
        named = {"name": name, **{key: value for key, value in plain.items() if key != "name"}}
        if name in self.names:
            self._tables[self._number(name)] = named
        else:
            self._tables.append(named)

    def __delitem__(self, name: str | int) -> None:
        del self._tables[self._number(name)]

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[Any]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return f"{len(self)} of {self._what}: {', '.join(self.names)}"

    def _ipython_key_completions_(self) -> list[str]:
        return self.names

    def _number(self, name: str | int) -> int:
        if isinstance(name, int):
            return name
        if name not in self.names:
            raise unknown(self._what, name, self.names)
        return self.names.index(name)


def entries_of(what: str, value: Any) -> Any:
    """The value itself, or by name where it is a list of tables that all have one."""
    is_list = isinstance(value, MutableSequence) and len(value) > 0
    if is_list and all(isinstance(table, Mapping) and "name" in table for table in value):
        return Entries(what, value)
    return value


def listed(head: str, values: Mapping[str, Any]) -> str:
    """A line for the study, and one for each kind of table with its names."""
    lines = textwrap.wrap(head, 100, subsequent_indent="  ")
    for key, value in values.items():
        entries = entries_of(key, value)
        if isinstance(entries, Entries):
            lines += textwrap.wrap(f"{key}: {', '.join(entries.names)}", 100, initial_indent="  ",
                                   subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines)
