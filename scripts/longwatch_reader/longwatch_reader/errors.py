"""What can go wrong, told so that it can be mended."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .fit import one_line


class LongwatchError(Exception):
    """What a study, a file or the program is at fault for. What a call asks that makes no sense is a ValueError, a name that is
    not there UnknownName."""


class ResultError(LongwatchError):
    """A file that cannot be read as a result; the message, one line, names the file and says why."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class UsageError(LongwatchError):
    """The program was asked for what makes no sense (its exit status 2)."""


class CannotRun(LongwatchError):
    """Asked well, but it could not be done here (exit status 3), or no program was found."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a study.

    Attributes
    ----------
    file : Path
        The study, or a file of the catalogue.
    line, column : int
        From 1, in the text as checked; 0 where the problem has no place.
    key : str
        The key that is wrong or lacking; empty where the problem is no single key's.
    message : str
        Problem (why) suggestion, in the program's words.
    excerpt : str
        The line of the study, as checked; a study that was changed may be in no file.
    """

    file: Path
    line: int
    column: int
    key: str
    message: str
    excerpt: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else str(self.file)
        excerpt = f"\n    {self.line} | {self.excerpt}" if self.excerpt else ""
        return f"{place}: {self.message}{excerpt}"


class StudyError(LongwatchError):
    """A study with problems (exit status 2); `problems` has them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[StudyError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # so that it comes whole out of a pool of processes


class FlightsFailed(UserWarning):
    """Flights ended in a failure (exit status 1); the result is there and counts them by fate."""


class Remark(UserWarning):
    """The program found something remarkable about a study, though nothing is wrong."""


class UnknownName(KeyError):
    """A name that is not there; the message has the nearest one, or all."""

    def __str__(self) -> str:
        return str(self.args[0])


def unknown(what: str, asked: object, known: Iterable[object]) -> UnknownName:
    """The error for a name that is not among the known ones, which it suggests."""
    names = [str(name) for name in known]
    near = difflib.get_close_matches(str(asked), names, n=1, cutoff=0.6)
    if near:
        hint = f"did you mean {near[0]!r}?"
    elif not names:
        hint = "there are none"
    else:
        shown = ", ".join(names[:12])
        hint = f"known: {shown}" + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return UnknownName(f"no {what} {asked!r}; {hint}")
