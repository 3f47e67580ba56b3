"""Studies: built, changed, checked and run from Python. What a study may say is the program's to judge."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit
import tomlkit.exceptions
import xarray as xr

from .entries import entries_of, listed
from .errors import CannotRun, FlightsFailed, Problem, Remark, StudyError, UsageError, unknown
from .program import Finished, call, complaints, find_program, wants_progress
from .reader import open as open_result_file
from .replay import Replay, read_replay
from .resolved import Resolved
from .result import Result
from .value import read_value

_PLACED = re.compile(r"(?P<file>.*?):(?P<line>\d+):(?P<column>\d+): (?P<message>.*)")
_KEY = re.compile(r"key '([^']+)'|lacks '([^']+)'")
_HASH = re.compile(r"^# study hash: ([0-9a-f]+)$", re.MULTILINE)


class Study:
    """A study: its text, comments and all, and the folder that its `catalog` is relative to.

    Tables with names are found by name, and what is set in them keeps the comments around it::

        study = Study.read("studies/trilateral-warning.toml")
        study["threat"]["irbm-over-japan"]["apogee_km"] = 1100
        result = study.run(flights=1000)

    Parameters
    ----------
    content : str or mapping
        TOML, or tables as dicts and lists of dicts.
    name : str
        What results call it; that of the file without its suffix, where it is read from one.
    folder : str or path
        What `catalog` is relative to; the working folder unless given.
    program : str or path, optional
        The program longwatch; see `find_program` for where it is looked for otherwise.
    catalog : str or path, optional
        Folder of the catalogue, in place of the one that the study names: which must lie in `folder`, be
        ``../models/catalog`` from there, or come with the program.

    Raises
    ------
    StudyError
        Where the text is no TOML.
    ValueError
        Where the name can be none of a file.
    """

    def __init__(self, content: str | Mapping[str, Any], *, name: str = "study", folder: str | PathLike[str] = ".",
                 program: str | PathLike[str] | None = None, catalog: str | PathLike[str] | None = None) -> None:
        if not name or "/" in name:
            raise ValueError(f"a study cannot be called {name!r} (it is the name of a file, without .toml)")
        self.name = name
        self.folder = Path(folder).resolve()
        self.program = program
        self.catalog = None if catalog is None else Path(catalog).resolve()
        if isinstance(content, str):
            try:
                self._document = tomlkit.parse(content)
            except tomlkit.exceptions.ParseError as error:
                problem = Problem(self.path, error.line, error.col, "", f"no valid TOML ({error})",
                                  _line(content, error.line))
                raise StudyError([problem]) from error
        else:
            self._document = tomlkit.document()
            for key, value in content.items():
                self._document[key] = value

    @classmethod
    def read(cls, path: str | PathLike[str], *, program: str | PathLike[str] | None = None,
             catalog: str | PathLike[str] | None = None) -> Study:
        """Read a study file.

        Raises
        ------
        StudyError
            Where it cannot be read, or is no TOML.
        """
        path = Path(path)
        try:
            text = path.read_bytes().decode()  # line ends as they are
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
            raise StudyError([Problem(path, 0, 0, "", f"cannot read the study ({why}) check the path")]) from error
        return cls(text, name=path.stem, folder=path.parent, program=program, catalog=catalog)

    @property
    def path(self) -> Path:
        """Where the study lies, or would lie."""
        return self.folder / f"{self.name}.toml"

    @property
    def text(self) -> str:
        """The study as TOML."""
        return tomlkit.dumps(self._document)

    def copy(self) -> Study:
        """The same study again, to change apart from this one."""
        return Study(self.text, name=self.name, folder=self.folder, program=self.program, catalog=self.catalog)

    def write(self, path: str | PathLike[str]) -> Path:
        """Write the text to a file, which is replaced. A relative `catalog` is then relative to that file."""
        path = Path(path)
        path.write_bytes(self.text.encode())
        return path

    def __getitem__(self, key: str) -> Any:
        if key not in self._document:
            raise unknown("key of the study", key, self._document)
        return entries_of(key, self._document[key])

    def __setitem__(self, key: str, value: Any) -> None:
        """Raises ValueError for a value that TOML does not have."""
        try:
            self._document[key] = value
        except tomlkit.exceptions.ConvertError as error:
            raise ValueError(f"study[{key!r}] = {value!r} (TOML has no such value: must be a text, number, bool, date, list or "
                             f"table) del study[{key!r}] takes the key away") from error

    def __delitem__(self, key: str) -> None:
        if key not in self._document:
            raise unknown("key of the study", key, self._document)
        del self._document[key]

    def __contains__(self, key: object) -> bool:
        return key in self._document

    def __repr__(self) -> str:
        return listed(f"{self.name}: {self._document.get('question', 'no question yet')}", self._document)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._document)

    def check(self) -> Resolved:
        """What the study says once every default and catalogue value is filled in.

        Returns
        -------
        Resolved
            SI units and radians.

        Raises
        ------
        StudyError
            With every problem of the study.
        CannotRun
            Where the program is not found or could not run.
        """
        done = self._call("check", [])
        found = _HASH.search(done.output)
        if found is None:
            raise CannotRun(f"{find_program(self.program)} checks a study but tells no hash (it is another version)")
        return Resolved(self.name, done.output, found[1], tuple(map(self._remark, done.messages)))

    def run(self, *, output: str | PathLike[str] | None = None, flights: int | None = None,
            seed: int | None = None, threads: int | None = None, device: str = "auto",
            resume: bool = False, restart: bool = False) -> Result:
        """Fly the study. An interrupted run leaves what it had flown in ``output.partial``.

        Parameters
        ----------
        output : str or path, optional
            The result file; without it the result is kept in memory only.
        flights, seed : int, optional
            In place of the study's.
        threads : int, optional
            CPU threads, one per core unless given; no number depends on them.
        device : {"auto", "cpu", "cuda"}
            "auto" is CUDA where a device is found.
        resume : bool
            Fly only what ``output.partial``, or ``output``, lacks of the flights.
        restart : bool
            Throw ``output.partial`` away and begin anew.

        Returns
        -------
        Result

        Raises
        ------
        ValueError
            Where a run without ``output`` is to be resumed or begun anew.
        StudyError
            With every problem of the study.
        UsageError
            Where what is asked makes no sense, as flights that are no whole raids, or going on from another run.
        CannotRun
            Where the program is not found, could not run, the file cannot be written, or an ``output.partial`` is there
            and neither resumed nor thrown away.

        Warns
        -----
        FlightsFailed
            Where flights failed; the result counts them by fate.
        Remark
            For what is remarkable about the study, though nothing is wrong.
        """
        if output is None and (resume or restart):
            raise ValueError("run(resume=True) and run(restart=True) need output, the file of the run (what had been flown lies "
                             "beside it)")
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(output).absolute() if output is not None else Path(scratch) / "result.h5"
            asked = _options(flights=flights, seed=seed, threads=threads, device=device)
            going_on = ["--resume"] * resume + ["--restart"] * restart
            done = self._call("run", ["--output", str(file), *asked, *going_on, *_quiet()])
            result = open_result_file(file)
        self._warn(done)
        return result if output is not None else Result(None, result.attrs, result.groups)

    def value(self, *, arm: str | None = None, flights: int | None = None, seed: int | None = None,
              threads: int | None = None, device: str = "auto") -> xr.Dataset:
        """Rank what each link and sensor of an arm is worth, by taking it away.

        Parameters
        ----------
        arm : str, optional
            The last one unless given.
        flights, seed, threads, device
            As for `run`.

        Returns
        -------
        xarray.Dataset
            Losses along ``rank`` (largest loss first; coordinates ``name``, ``kind``, ``loses_most``):
            ``usable_loss_s``, ``warning_loss_s``, ``p_warned_loss`` (rank, consumer, estimate),
            ``p_at_least_loss`` (rank, consumer, threshold_s, estimate), ``pk_loss`` (rank, estimate).

        Raises
        ------
        StudyError, UsageError, CannotRun
            As `run`, whose warnings are given too.
        """
        asked = _options(arm=arm, flights=flights, seed=seed, threads=threads, device=device)
        done = self._call("value", ["--json", *asked, *_quiet()])
        self._warn(done)
        return read_value(done.output)

    def replay(self, flight: int, *, output: str | PathLike[str] | None = None, arm: str | None = None,
               seed: int | None = None, device: str = "auto") -> Replay:
        """Fly one flight again and tell all of it.

        Parameters
        ----------
        flight : int
            Its number, from 0.
        output : str or path, optional
            A folder for the files (CSV, KML, CZML); without it only the tables are kept, in memory.
        arm : str, optional
            The arm to tell; all of them unless given.
        seed, device
            As for `run`.

        Returns
        -------
        Replay
            Tables by name, as ``replay["history"]``; docs/replay.md has every column and its unit.

        Raises
        ------
        StudyError, UsageError, CannotRun
            As `run`, whose warnings are given too.
        """
        with tempfile.TemporaryDirectory() as scratch:
            place = Path(output).absolute() if output is not None else Path(scratch) / "replay"
            asked = _options(flight=flight, arm=arm, seed=seed, device=device)
            done = self._call("replay", ["--output", str(place), *asked])
            replay = read_replay(place)
        self._warn(done)
        return replay

    def _call(self, verb: str, arguments: Sequence[str]) -> Finished:
        with self._as_file() as file:
            given = self._given_catalog(file)
            asked = [f"--catalog={given}"] if given is not None else []
            done = call(find_program(self.program), [verb, f"./{file.name}", *arguments, *asked], file.parent)
        if done.status == 2:
            # Problems of the study begin with its file, "./NAME.toml", never with the name of the program.
            if usage := complaints(done.messages):
                raise UsageError(usage)
            # The catalogue by the name that the study gives it.
            named = os.path.normpath(str(self._document.get("catalog", "../models/catalog")))
            told = [line.replace(str(given), named) if given is not None else line for line in done.messages]
            raise StudyError(map(self._problem, told))
        return done

    @contextlib.contextmanager
    def _as_file(self) -> Iterator[Path]:
        """The study's own file where it says the same; otherwise one in a folder of its own. So the text stays as it
        is, and the result keeps it so."""
        if self.path.is_file() and self.path.read_bytes() == self.text.encode():
            yield self.path
            return
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / self.path.name
            file.write_bytes(self.text.encode())
            yield file

    def _given_catalog(self, file: Path) -> Path | None:
        """What the program is to be given of the catalogue. From another file than the study's own a relative `catalog`
        leads elsewhere: then, if the program would take it from the study's own, where it leads from there."""
        if self.catalog is not None or file == self.path:
            return self.catalog
        named = Path(str(self._document.get("catalog", "../models/catalog")))
        found = (self.folder / named).resolve()
        may_be_named = found.is_relative_to(self.folder) or found == self.folder.parent / "models" / "catalog"
        return found if may_be_named and not named.is_absolute() and found.is_dir() else None

    def _problem(self, line: str) -> Problem:
        placed = _PLACED.fullmatch(line)
        file, _, message = line.partition(": ")
        if placed:
            file, message = placed["file"], placed["message"]
        key = _KEY.search(message)
        number, column = (int(placed["line"]), int(placed["column"])) if placed else (0, 0)
        path = Path(os.path.normpath(self.folder / file))
        excerpt = _line(self.text, number) if path == self.path else ""
        return Problem(path, number, column, next(filter(None, key.groups())) if key else "", message, excerpt)

    def _remark(self, line: str) -> str:
        return line.partition(": remark: ")[2] or line

    def _warn(self, done: Finished) -> None:
        """Give the program's remarks, and that flights failed, as warnings to the caller of the method."""
        for line in done.messages:
            if ": remark: " in line:
                warnings.warn(self._remark(line), Remark, stacklevel=3)
        if done.status == 1:
            warnings.warn(complaints(done.messages) or "flights failed", FlightsFailed, stacklevel=3)


def _line(text: str, number: int) -> str:
    """Line `number` of the text, from 1; empty where there is none."""
    lines = text.split("\n")
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _options(**asked: object) -> list[str]:
    return [text for name, value in asked.items() if value is not None for text in (f"--{name}", str(value))]


def _quiet() -> list[str]:
    return [] if wants_progress() else ["--quiet"]


@tomlkit.register_encoder
def _encode(value: object, **_: object) -> tomlkit.items.Item:
    """Numbers and arrays of numpy in a study, as the plain ones that they are, and paths as text."""
    if isinstance(value, (np.generic, np.ndarray)):
        return tomlkit.item(value.tolist())
    if isinstance(value, Path):
        return tomlkit.item(str(value))
    raise tomlkit.exceptions.ConvertError
