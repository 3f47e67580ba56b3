"""Opens Longwatch results and builds, checks and runs studies. It tells what the program computed and computes no
estimate of its own."""

from importlib.metadata import version as _version

from .errors import (
    CannotRun,
    FlightsFailed,
    LongwatchError,
    Problem,
    Remark,
    ResultError,
    StudyError,
    UnknownName,
    UsageError,
)
from .placement import open_placement
from .plot import plot_warning_times
from .program import find_program
from .reader import SCHEMA_VERSION, open, open_result  # noqa: A004
from .replay import Replay, read_replay
from .resolved import Resolved
from .result import Estimate, Result
from .study import Study

__version__ = _version("longwatch_reader")

__all__ = [
    "SCHEMA_VERSION", "CannotRun", "Estimate", "FlightsFailed", "LongwatchError", "Problem", "Remark", "Replay",
    "Resolved", "Result", "ResultError", "Study", "StudyError", "UnknownName", "UsageError", "find_program", "open",
    "open_placement", "open_result", "plot_warning_times", "read_replay",
]
