"""Finds the program longwatch and runs it. All physics are in there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from .errors import CannotRun

_ENVIRONMENT = "LONGWATCH_PROGRAM"
_COMPLAINT = "longwatch: "
# How long a program that was told to end may take to clear up.
_ENDING_S = 10
# The share done, and at the end the rate. Everything else ends in an error or a warning.
_PROGRESS = re.compile(r" *\d+ %  |[\d,]+ flights in ")


class Finished(NamedTuple):
    """How the program ended: exit status 0 or 1 or 2 or 3, and what it printed."""

    status: int
    output: str
    messages: list[str]


def find_program(given: str | PathLike[str] | None = None) -> Path:
    """The program: the one given, that of the environment LONGWATCH_PROGRAM, build/release/longwatch of the
    source tree that this package lies in, or the first on PATH.

    Raises
    ------
    CannotRun
        Where there is none, or the one named is no program.
    """
    for named, by in ((given, "given"), (os.environ.get(_ENVIRONMENT), f"named by {_ENVIRONMENT}")):
        if named:
            path = shutil.which(named)
            if path is None:
                raise CannotRun(f"{os.fspath(named)} ({by}) is no program that can be run; build it with "
                                "scripts/build/preset release, or name another")
            return Path(path).resolve()
    tree = Path(__file__).resolve().parents[3]
    built = tree / "build/release/longwatch"
    found = shutil.which(built) or shutil.which("longwatch")
    if found is None:
        is_tree = (tree / "CMakePresets.json").exists()
        raise CannotRun(f"the program longwatch was not found (none is on PATH{f', nor is {built} built' * is_tree}) "
                        f"build it, and name it as program=... or in the environment variable {_ENVIRONMENT}")
    return Path(found).resolve()


def call(program: Path, arguments: Sequence[str], folder: Path) -> Finished:
    """Run the program to its end in a folder. On a terminal, its progress is shown as it comes.

    Raises
    ------
    CannotRun
        Where it does not start, could not run (exit status 3), or ended by a signal.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        try:
            process = subprocess.Popen([program, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace")
        except OSError as error:
            raise CannotRun(f"cannot start {program} in {folder} ({error.strerror})") from error
        with process:
            try:
                messages = _listen(process)
            except BaseException:  # as an interruption, which in a notebook does not reach the program itself
                _end(process)
                raise
        output.seek(0)
        finished = Finished(process.returncode, output.read(), messages)
    if finished.status < 0:
        raise CannotRun(f"{program} ended by signal {signal.Signals(-finished.status).name}")
    if finished.status not in (0, 1, 2):
        raise CannotRun(complaints(messages) or f"{program} ended with status {finished.status}")
    return finished


def complaints(messages: Sequence[str]) -> str:
    """What the program says went wrong, without its name; empty where it says nothing of the kind."""
    return "\n".join(line.removeprefix(_COMPLAINT) for line in messages if line.startswith(_COMPLAINT))


def wants_progress() -> bool:
    """Progress is for terminals; elsewhere, as in a notebook, it would only stay behind."""
    return sys.stderr is not None and sys.stderr.isatty()


def _listen(process: subprocess.Popen[str]) -> list[str]:
    messages: list[str] = []
    assert process.stderr is not None
    for line in process.stderr:
        messages.append(line.rstrip("\n"))
        if wants_progress() and _PROGRESS.match(line):
            print(messages[-1], file=sys.stderr)
    process.wait()
    return messages


def _end(process: subprocess.Popen[str]) -> None:
    """Ask it to end, so that it clears away what it was writing; kill it only if it does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_ENDING_S)
    except subprocess.TimeoutExpired:
        process.kill()
