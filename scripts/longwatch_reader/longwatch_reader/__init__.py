"""Opens Longwatch result files and draws them. It reads what is stored and computes no estimate of its own."""

from .plot import plot_warning_times
from .reader import SCHEMA_VERSION, ResultError, open_result

__all__ = ["SCHEMA_VERSION", "ResultError", "open_result", "plot_warning_times"]
